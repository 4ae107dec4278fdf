/**
 * `npm start`: builds what is needed, then opens the desktop window where there is a display and an Electron binary
 * exists or can be fetched. Otherwise it serves the same window on loopback and says why in one line. What follows `--`
 * is for `palabre start` (docs/cli.md). Plain JavaScript, as freshness.mjs says.
 */
import { bringUpToDate, COMMAND_LINE, WINDOW } from './freshness.mjs'
import { whyNoDesktop } from './why-no-desktop.mjs'

const args = process.argv.slice(2)

if (!args.includes('--help') && !args.includes('-h')) {
  bringUpToDate(WINDOW)
  const missing = whyNoDesktop() ?? (await (await import('./desktop.ts')).openDesktop(args))
  process.stderr.write(`The window is in the browser: ${missing}.\n`)
}
bringUpToDate(COMMAND_LINE)
process.argv.splice(2, Number.POSITIVE_INFINITY, 'start', ...args)
await import(COMMAND_LINE.proof.href)
