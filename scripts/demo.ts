/**
 * `npm run demo`: a seed and four peers on this computer, in a process each, with a small bilingual community that goes
 * on talking. Opens the window of one of them. Nothing leaves the machine; what it wrote is removed at the end.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { canOpenBrowser, openBrowser } from '../cli/browser.ts'
import { buildCli, buildRenderer } from './build.ts'
import { later, opening, people } from './demo/community.ts'
import { DemoSquare } from './demo/demo-square.ts'

const HELP = `npm run demo -- [options]
  --no-open      only print the address of the window
  --minutes N    end by itself after N minutes (1 to 480, default 120)
  --pause MS     between two posts of the community (default 25000)
`

const { values } = parseArgs({
  options: {
    'no-open': { type: 'boolean', default: false },
    minutes: { type: 'string', default: '120' },
    pause: { type: 'string', default: '25000' },
    help: { type: 'boolean', default: false },
  },
})
if (values.help) {
  process.stdout.write(HELP)
  process.exit(0)
}
const minutes = Number(values.minutes)
const pauseMs = Number(values.pause)
if (!(minutes >= 1 && minutes <= 480) || !(pauseMs >= 100 && pauseMs <= 3_600_000)) {
  process.stderr.write(HELP)
  process.exit(2)
}

const say = (line: string): void => void process.stdout.write(`${line}\n`)
const ending = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => ending.abort())
const timer = setTimeout(() => ending.abort(), minutes * 60_000)

const folder = await mkdtemp(join(tmpdir(), 'palabre-demo-'))
let square: DemoSquare | null = null

try {
  await buildRenderer()
  await buildCli()
  say('A seed and four peers are starting on this computer …')
  square = await DemoSquare.start(folder)
  const url = square.person('solene').ready.url as string
  say(`\nYou are ${people[0]?.name}. The square is at\n\n  ${url}\n\nCtrl-C ends it.`)
  if (!values['no-open'] && canOpenBrowser()) openBrowser(url)
  for (const step of opening) {
    if (ending.signal.aborted) break
    await square.story.tell(step)
  }
  say(`${opening.length} things have happened so far; the others go on talking.`)
  for (const step of later) {
    await wait(pauseMs, undefined, { signal: ending.signal }).catch(() => undefined)
    if (ending.signal.aborted) break
    await square.story.tell(step)
  }
  if (!ending.signal.aborted) await new Promise((resolve) => ending.signal.addEventListener('abort', resolve))
} finally {
  clearTimeout(timer)
  await square?.stop()
  await rm(folder, { recursive: true, force: true })
}
