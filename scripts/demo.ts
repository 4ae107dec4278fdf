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
import { buildRenderer } from './build.ts'
import { later, opening, type PersonKey, people } from './demo/community.ts'
import { SquareProcess } from './demo/square-process.ts'
import { pictureOf, Story } from './demo/story.ts'

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
const running: SquareProcess[] = []

try {
  await buildRenderer()
  say('A seed and four peers are starting on this computer …')
  const seed = await SquareProcess.start({
    command: 'seed',
    dataDir: join(folder, 'seed'),
    options: ['--name', 'La Remise'],
  })
  running.push(seed)
  const seedAddress = seed.ready.addresses[0] as string
  const started = await Promise.all(
    people.map(async (person): Promise<[PersonKey, SquareProcess]> => {
      const node = await SquareProcess.start({
        command: 'start',
        dataDir: join(folder, person.key),
        options: ['--name', person.name, '--peer', seedAddress, '--no-open'],
      })
      running.push(node)
      return [person.key, node]
    }),
  )
  const nodes = new Map(started)
  await introduce(nodes)
  const url = nodes.get('solene')?.ready.url as string
  say(`\nYou are ${people[0]?.name}. The square is at\n\n  ${url}\n\nCtrl-C ends it.`)
  if (!values['no-open'] && canOpenBrowser()) openBrowser(url)
  const story = new Story(nodes)
  for (const step of opening) {
    if (ending.signal.aborted) break
    await story.tell(step)
  }
  say(`${opening.length} things have happened so far; the others go on talking.`)
  for (const step of later) {
    await wait(pauseMs, undefined, { signal: ending.signal }).catch(() => undefined)
    if (ending.signal.aborted) break
    await story.tell(step)
  }
  if (!ending.signal.aborted) await new Promise((resolve) => ending.signal.addEventListener('abort', resolve))
} finally {
  clearTimeout(timer)
  await Promise.all(running.map((node) => node.stop()))
  await rm(folder, { recursive: true, force: true })
}

/** Everybody says who they are and follows the others. */
async function introduce(nodes: ReadonlyMap<PersonKey, SquareProcess>): Promise<void> {
  await Promise.all(
    people.map(async ({ key, bio }) => {
      const { client } = nodes.get(key) as SquareProcess
      const avatar = await client.media.add({ path: pictureOf(`avatar-${key}.webp`), alt: '' })
      await client.profiles.update({ bio, avatar })
      for (const other of nodes.values()) {
        const profile = other.ready.profile
        if (other !== nodes.get(key) && profile !== null) await client.follows.add({ profile })
      }
    }),
  )
}
