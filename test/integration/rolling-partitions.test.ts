import { expect, it, onTestFailed, onTestFinished } from 'vitest'
import { TestAuthor } from '../harness/authors.ts'
import { FUZZ_IS_LONG, fuzzSeed, SeededChoice } from '../harness/seeded-random.ts'
import { findInFiles, holdingOf, listDeletedTexts, listFaults, type Written } from '../harness/set-checker.ts'
import { eventually } from '../harness/wait.ts'
import { type Link, World, WorldNode } from '../harness/world.ts'
import { PARTITIONS } from '../harness/world-partitions.ts'
import { WorldWriter } from '../harness/world-writer.ts'

const SEED = fuzzSeed('rolling partitions')
const {
  peers: PEERS,
  seeds: SEEDS,
  rounds: ROUNDS,
  roundMs: ROUND_MS,
} = FUZZ_IS_LONG
  ? { peers: 22, seeds: 2, rounds: 40, roundMs: 6_000 }
  : { peers: 6, seeds: 1, rounds: 7, roundMs: 1_500 }
/** Peers know those who stand so far from them in a ring, and are known by them. */
const STEPS = [1, 2, 5]
const WRITE_EVERY_MS = 60
const LOOK_EVERY_MS = 1_000
const DEADLINE_MS = 200_000

it(
  `nothing acknowledged is lost and nothing deleted comes back under rolling partitions (F8), seed ${SEED}`,
  async () => {
    const choice = new SeededChoice(SEED)
    const count = PEERS + SEEDS
    const authors = Array.from({ length: count }, (_, i) => new TestAuthor(`node ${i}`))
    const nodes = authors.map(
      (author, i) => new WorldNode(author, { isPublic: true, role: i < PEERS ? 'peer' : 'seed' }),
    )
    const world = new World(nodes)
    onTestFinished(() => world.remove())
    onTestFinished(() => world.stop())
    await world.start()
    for (const node of nodes) {
      const followed = authors.filter((author) => author !== node.author && choice.below(3) > 0)
      node.meet(followed)
      if (followed.length > 0) node.follow(followed)
    }
    for (let from = 0; from < PEERS; from++) {
      const others = STEPS.flatMap((step) => [from + step, from + PEERS - step]).map((to) => to % PEERS)
      for (const to of new Set(others)) await world.link(from, to)
      // Whoever isn't reached by those who want the same is reached by a seed.
      for (let seed = PEERS; seed < count; seed++) await world.link(from, seed)
    }
    const isJoined = ({ from, to }: Link) => {
      return world.node(from).stack.host.isConnected(world.node(to).stack.host.peerId)
    }
    await eventually('everybody is connected', () => world.links.every(isJoined), DEADLINE_MS)

    const writer = new WorldWriter(nodes, choice)
    const rounds: string[] = []
    onTestFailed(() => void process.stderr.write(`seed ${SEED}, partitions: ${rounds.join(', ')}\n`))
    for (let round = 0; round < ROUNDS; round++) {
      // Each kind once before any comes again; the last one is a clean cut.
      const partition = PARTITIONS[round % PARTITIONS.length] ?? choice.pick(PARTITIONS)
      rounds.push(partition.name)
      world.shape(partition.shape(count, choice))
      const end = Date.now() + ROUND_MS
      for (let writes = 0; writes < ROUND_MS / WRITE_EVERY_MS || Date.now() < end; writes++) {
        writer.writeOne()
        await pause(WRITE_EVERY_MS)
      }
    }
    const faultsOf = (node: WorldNode) => listFaults(writer.written, holdingOf(node.name, node.square))
    // The control: what the checker sees while they are apart.
    expect(nodes.flatMap(faultsOf).length).toBeGreaterThan(0)

    world.heal()
    let faults: string[] = []
    await eventually(
      'every acknowledged record is where it is wanted',
      async () => {
        // The look at all records takes its time, which the nodes need for healing.
        await pause(LOOK_EVERY_MS)
        const node = nodes.find((each) => faultsOf(each).length > 0)
        faults = node === undefined ? [] : faultsOf(node)
        return node === undefined
      },
      DEADLINE_MS,
    ).catch((error: unknown) => {
      throw new Error(`${faults.length} faults: ${faults.slice(0, 10).join('; ')}`, { cause: error })
    })

    expect(kindsOf(writer.written)).toEqual([1, 2, 3, 7])
    const deleted = listDeletedTexts(writer.written)
    expect(deleted.length).toBeGreaterThan(0)
    for (const { square } of nodes) square.tick()
    await world.stop()
    expect(
      nodes.flatMap(({ name, dataDir }) => findInFiles(dataDir, deleted).map((where) => `${name} ${where}`)),
    ).toEqual([])
    // The control: texts that stay are found.
    const kept = writer.listKeptTexts()
    for (const { dataDir } of nodes) expect(findInFiles(dataDir, kept)).not.toEqual([])
  },
  4 * ROUNDS * ROUND_MS + 3 * DEADLINE_MS,
)

async function pause(ms: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, ms))
}

function kindsOf(written: readonly Written[]): number[] {
  return [...new Set(written.map(({ kind }) => kind))].toSorted((a, b) => a - b)
}
