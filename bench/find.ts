/**
 * A profile of which only the peer ID is known, found among 30 real nodes while the one by which all came is dead. All are
 * processes of their own: the bootstrap seed, three seeds, people who follow the next two in a ring, and newcomers who join
 * by the address of one of them when the bootstrap node has gone: whoever was there before has heard of everybody by
 * gossip. Each newcomer looks for each of the others, from `profiles.find` to the search's end, as `palabre find` does it;
 * half a second of it is waiting for others who may know more. Loopback only.
 *
 *     node bench/find.ts [--nodes 30]
 */
import { setTimeout as pause } from 'node:timers/promises'
import type { PersonSearch } from '../core/contract/finding.ts'
import { eventually } from '../test/harness/wait.ts'
import { percentile, printFigure, printMachine, readNumber } from './harness.ts'
import { type CrowdNode, inGroups, NodeCrowd } from './node-crowd.ts'

const NODES = readNumber('--nodes', 30, { least: 12, most: 60 })
const OTHER_SEEDS = 3
const NEWCOMERS = 5
const PEOPLE = NODES - OTHER_SEEDS - NEWCOMERS - 1
/** How far along the ring somebody follows. */
const FOLLOWED = [1, 2]
const LOOK_EVERY_MS = 20
/** Until a network of so many is connected on a busy machine. */
const SETTLED_LIMIT_MS = 600_000

async function find(asker: CrowdNode, profile: string): Promise<{ ms: number; search: PersonSearch }> {
  const startedAt = performance.now()
  let search: PersonSearch | null = await asker.client.profiles.find({ profile })
  while (search === null || search.state === 'asking') {
    await pause(LOOK_EVERY_MS)
    search = await asker.client.profiles.search({ profile })
  }
  return { ms: performance.now() - startedAt, search }
}

/** The way that led there; `held` where there was nothing to look for. */
function wayOf({ state, ways }: PersonSearch): string {
  if (state !== 'found') return 'none'
  return ways.find((way) => way.state === 'found')?.way ?? (ways.length === 0 ? 'held' : 'unnamed')
}

printMachine()
const crowd = await NodeCrowd.open()
try {
  const bootstrap = await crowd.start('seed', 'bootstrap', [])
  const { addresses } = bootstrap.ready
  await inGroups(OTHER_SEEDS, (index) => crowd.start('seed', `seed-${index}`, addresses))
  const people = await inGroups(PEOPLE, (index) => crowd.start('start', `person-${index}`, addresses))
  const profileOf = (index: number) => people[index % PEOPLE]?.ready.profile as string
  for (const [index, person] of people.entries()) {
    for (const step of FOLLOWED) await person.client.follows.add({ profile: profileOf(index + step) })
  }
  await eventually(
    'everybody knows somebody besides the bootstrap node',
    async () => {
      const counts = await Promise.all(people.map(async ({ client }) => (await client.network.status()).peers.length))
      return counts.every((count) => count > 1)
    },
    SETTLED_LIMIT_MS,
  )
  await bootstrap.kill()
  await eventually(
    'everybody has noticed that it is gone',
    async () => {
      const statuses = await Promise.all(people.map(({ client }) => client.network.status()))
      return statuses.every(({ peers }) => peers.every(({ peerId }) => peerId !== bootstrap.ready.peerId))
    },
    SETTLED_LIMIT_MS,
  )

  const doors = people.map(({ ready }) => ready.addresses)
  const newcomers = await inGroups(NEWCOMERS, (index) => crowd.start('start', `newcomer-${index}`, doors[index] ?? []))
  const took = new Map<string, number[]>()
  for (const newcomer of newcomers) {
    for (const [index] of people.entries()) {
      const { ms, search } = await find(newcomer, profileOf(index))
      const way = wayOf(search)
      took.set(way, [...(took.get(way) ?? []), ms])
    }
    process.stderr.write(`${newcomer.name} has looked for ${people.length}\n`)
  }
  const looked = NEWCOMERS * PEOPLE - (took.get('held') ?? []).length
  const found = [...took].filter(([way]) => way !== 'held' && way !== 'none').flatMap(([, times]) => times)
  printFigure({ figure: 'find.p50', unit: 'ms', value: percentile(found, 0.5), samples: found.length })
  printFigure({ figure: 'find.p99', unit: 'ms', value: percentile(found, 0.99), samples: found.length })
  printFigure({ figure: 'find.found', unit: '%', value: (100 * found.length) / looked, samples: looked })
  for (const [way, times] of took) {
    printFigure({ figure: `find.${way}.count`, unit: 'count', value: times.length, samples: times.length })
    printFigure({ figure: `find.${way}.p50`, unit: 'ms', value: percentile(times, 0.5), samples: times.length })
  }
} finally {
  await crowd.close()
}
