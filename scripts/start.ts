/**
 * `npm start`: builds what is needed, then opens the desktop window where there is a display and an Electron binary
 * exists or can be fetched. Otherwise it serves the same window on loopback and says why in one line. What follows `--`
 * is for `palabre start` (docs/cli.md).
 */
import { runCli } from '../cli/run.ts'
import { buildDesktop, buildRenderer } from './build.ts'
import { findDesktop, readDesktopOptions, runDesktop } from './desktop.ts'

const say = (line: string): void => {
  process.stderr.write(`${line}\n`)
}

const args = process.argv.slice(2)
if (!args.includes('--help') && !args.includes('-h')) {
  await buildRenderer({ say })
  say(`The window is in the browser: ${await startDesktop()}.`)
}
await runCli(['start', ...args])

/** Doesn't return when the desktop window was open; otherwise why there is none, in a few words. */
async function startDesktop(): Promise<string> {
  const options = readDesktopOptions(args)
  if (options === undefined) return 'these options are for the command line'
  const desktop = await findDesktop({ say })
  if ('missing' in desktop) return desktop.missing
  await buildDesktop({ say })
  const code = await runDesktop(desktop.binary, options)
  if (code === 0) process.exit(0)
  return `Electron ended with code ${code}`
}
