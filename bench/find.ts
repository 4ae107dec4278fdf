/**
 * A profile of which only the peer ID is known, found among 30 nodes while the one by which all came is dead: the bootstrap
 * seed, three seeds, people who follow the next two in a ring, and newcomers who join by the address of one of them when
 * the bootstrap node has gone. The newcomers look for all the others at the same time, each for one after the other, from
 * `profiles.find` to the search's end; half a second of it is waiting for others who may know more. Every node is whole,
 * with a store, a libp2p and ports of its own, and they talk over loopback TCP; but all are in one process and share one
 * thread besides those of their stores: times are upper bounds.
 *
 *     node bench/find.ts [--nodes 30]
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { createRouterClient } from '@orpc/server'
import type { PersonSearch } from '../core/contract/finding.ts'
import { createNode, type PalabreNode } from '../core/node/create-node.ts'
import { loadNetworkDescriptor } from '../core/node/network-descriptor.ts'
import { silentLogger } from '../core/util/logger.ts'
import { eventually } from '../test/harness/wait.ts'
import { inGroups, percentile, printFigure, printMachine, readNumber } from './harness.ts'

const NODES = readNumber('--nodes', 30, { least: 12, most: 60 })
const OTHER_SEEDS = 3
const NEWCOMERS = 5
const PEOPLE = NODES - OTHER_SEEDS - NEWCOMERS - 1
/** How far along the ring somebody follows. */
const FOLLOWED = [1, 2]
const LOOK_EVERY_MS = 20
/** Until a network of so many is connected on a busy machine. */
const SETTLED_LIMIT_MS = 600_000

const folder = await mkdtemp(join(tmpdir(), 'palabre-find-'))
const network = await loadNetworkDescriptor('local')
const nodes: PalabreNode[] = []

function clientOf(node: PalabreNode) {
  return createRouterClient(node.router, { context: { carrier: 'local' } })
}

interface Member {
  readonly name: string
  readonly node: PalabreNode
  readonly client: ReturnType<typeof clientOf>
  readonly addresses: readonly string[]
  readonly peerId: string
}

async function start(role: 'peer' | 'seed', name: string, peers: readonly string[]): Promise<Member> {
  const dataDir = join(folder, name)
  const listen = ['/ip4/127.0.0.1/tcp/0']
  const config = { role, name: role === 'seed' ? null : name, dataDir, listen, peers, network } as const
  const node = await createNode({ ...config, announce: [], pins: [], admit: 'all' }, { logger: silentLogger })
  nodes.push(node)
  await node.start()
  const { addresses, peerId } = await node.listening
  return { name, node, client: clientOf(node), addresses, peerId }
}

async function find({ client }: Member, profile: string): Promise<{ ms: number; search: PersonSearch }> {
  const startedAt = performance.now()
  let search: PersonSearch | null = await client.profiles.find({ profile })
  while (search === null || search.state === 'asking') {
    await pause(LOOK_EVERY_MS)
    search = await client.profiles.search({ profile })
  }
  return { ms: performance.now() - startedAt, search }
}

const peersOf = async ({ client }: Member) => (await client.network.status()).peers.map(({ peerId }) => peerId)

async function everybody(wish: string, members: readonly Member[], isSo: (peers: string[]) => boolean): Promise<void> {
  const look = async () => (await Promise.all(members.map(peersOf))).every(isSo)
  await eventually(wish, look, SETTLED_LIMIT_MS)
  process.stderr.write(`${wish}: ${Math.round(performance.now() / 1_000)} s\n`)
}

/** The way that led there; `held` where there was nothing to look for. */
function wayOf({ state, ways }: PersonSearch): string {
  if (state !== 'found') return 'none'
  return ways.find((way) => way.state === 'found')?.way ?? (ways.length === 0 ? 'held' : 'unnamed')
}

printMachine()
try {
  const bootstrap = await start('seed', 'bootstrap', [])
  await inGroups(OTHER_SEEDS, (index) => start('seed', `seed-${index}`, bootstrap.addresses))
  const people = await inGroups(PEOPLE, (index) => start('peer', `person-${index}`, bootstrap.addresses))
  const profiles = await Promise.all(people.map(async ({ client }) => (await client.account.get()).profile))
  for (const [index, person] of people.entries()) {
    for (const step of FOLLOWED) {
      await person.client.follows.add({ profile: profiles[(index + step) % PEOPLE] as string })
    }
  }
  await everybody('everybody knows somebody besides the bootstrap node', people, (peers) => peers.length > 1)
  await bootstrap.node.stop()
  nodes.splice(nodes.indexOf(bootstrap.node), 1)
  await everybody('everybody has noticed that it is gone', people, (peers) => !peers.includes(bootstrap.peerId))

  const newcomers = await inGroups(NEWCOMERS, (index) =>
    start('peer', `newcomer-${index}`, people[index % PEOPLE]?.addresses ?? []),
  )
  const took = new Map<string, number[]>()
  const lookForAll = async (newcomer: Member) => {
    for (const profile of profiles) {
      const { ms, search } = await find(newcomer, profile)
      const way = wayOf(search)
      took.set(way, [...(took.get(way) ?? []), ms])
      if (way === 'none') process.stderr.write(`${newcomer.name}: ${JSON.stringify(search)}\n`)
    }
    process.stderr.write(`${newcomer.name} has looked for ${PEOPLE}: ${Math.round(performance.now() / 1_000)} s\n`)
  }
  await Promise.all(newcomers.map(lookForAll))
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
  await Promise.all(nodes.map((node) => node.stop()))
  await rm(folder, { recursive: true, force: true })
}
