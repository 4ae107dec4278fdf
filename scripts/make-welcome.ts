/**
 * `node scripts/make-welcome.ts [day]`: makes core/node/welcome/pack-data.ts anew from scripts/welcome/texts.ts, dated to the
 * noon (UTC) of a day such as 2026-11-12, else to the last one that was. Its keys are new each time and are kept nowhere:
 * nobody, the project included, can add a word to a pack that was given out.
 */
import { writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { systemRandom } from '../core/util/random.ts'
import { makeWelcomePack } from './welcome/make-pack.ts'
import { packModule } from './welcome/pack-module.ts'

const DAY_MS = 86_400_000
const [day] = process.argv.slice(2)
const madeAt =
  day === undefined ? Math.floor(Date.now() / DAY_MS) * DAY_MS - DAY_MS / 2 : Date.parse(`${day}T12:00:00Z`)
if (!Number.isSafeInteger(madeAt)) throw new Error(`expected a day such as 2026-11-12, got ${day}`)
const pack = makeWelcomePack({ random: systemRandom, madeAt })
await writeFile(fileURLToPath(new URL('../core/node/welcome/pack-data.ts', import.meta.url)), packModule(pack, madeAt))
process.stdout.write(`${pack.bytes.length} bytes, of ${new Date(madeAt).toISOString()}\n`)
