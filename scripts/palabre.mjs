/**
 * `npm run palabre`: the command line, built. Where the sources have changed since it is built first, which is said in a
 * line; nothing older than they are is ever run. Plain JavaScript, as freshness.mjs says.
 */
import { COMMAND_LINE, isFresh } from './freshness.mjs'

if (!isFresh(COMMAND_LINE)) await (await import('./build.ts')).buildCli()
await import(COMMAND_LINE.proof.href)
