/**
 * `npm run palabre`: the command line, built. Where the sources have changed since it is built first, which is said in a
 * line; nothing older than they are is ever run. Plain JavaScript, as freshness.mjs says.
 */
import { bringUpToDate, COMMAND_LINE } from './freshness.mjs'

bringUpToDate(COMMAND_LINE)
await import(COMMAND_LINE.proof.href)
