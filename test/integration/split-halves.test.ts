import { expect, it, onTestFinished } from 'vitest'
import { encodePost, KIND } from '../../core/record/kinds/kind-table.ts'
import { toHex } from '../../core/util/bytes.ts'
import { systemRandom } from '../../core/util/random.ts'
import { TestAuthor } from '../harness/authors.ts'
import { FUZZ_IS_LONG } from '../harness/seeded-random.ts'
import { fingerprint, holdingOf, listFaults, type Written } from '../harness/set-checker.ts'
import { eventually } from '../harness/wait.ts'
import { World, WorldNode } from '../harness/world.ts'

const {
  nodes: NODES,
  splitMs: SPLIT_MS,
  perSecond: PER_SECOND,
} = FUZZ_IS_LONG ? { nodes: 50, splitMs: 60_000, perSecond: 20 } : { nodes: 20, splitMs: 10_000, perSecond: 5 }
/** A ring with chords: those in the middle of a half know nobody of the other one. */
const STEPS = [1, 3, 4]
const LOOK_EVERY_MS = 500
/** Less than the five minutes after which everybody syncs everything anyway. */
const DEADLINE_MS = 200_000

it(
  `${NODES} nodes that were split in halves hold the same sets soon after they are healed (F7)`,
  async () => {
    const authors = Array.from({ length: NODES }, (_, i) => new TestAuthor(`node ${i}`))
    const writers = authors.filter((_, i) => FUZZ_IS_LONG || i % 2 === 0)
    const nodes = authors.map((author) => new WorldNode(author, { isPublic: true, pins: writers }))
    const world = new World(nodes)
    onTestFinished(() => world.remove())
    onTestFinished(() => world.stop())
    await world.start()
    for (const from of nodes.keys()) {
      for (const step of STEPS) await world.link(from, (from + step) % NODES)
    }
    await eventually('everybody is connected', () => {
      return nodes.every((node) => node.stack.host.connections().length >= 2 * STEPS.length)
    })

    const written: Written[] = []
    const write = (index: number, text: string) => {
      const node = world.node(index)
      const { id } = node.publish(KIND.post, encodePost({ salt: systemRandom(8), text }))
      const author = toHex(node.author.address)
      written.push({ id: toHex(id), author, kind: KIND.post, text, subject: null })
      return toHex(id)
    }
    const addresses = writers.map(({ address }) => address)
    const holdTheSame = async (some: readonly WorldNode[]) => {
      // The look takes its time, which the nodes need for healing.
      await pause(LOOK_EVERY_MS)
      return areAlike(some)
    }
    const areAlike = ([first, ...others]: readonly WorldNode[]) => {
      const print = fingerprint((first as WorldNode).square, addresses)
      return others.toReversed().every(({ square }) => fingerprint(square, addresses) === print)
    }
    const halves = [nodes.slice(0, NODES / 2), nodes.slice(NODES / 2)]
    const isFirst = (index: number) => index < NODES / 2

    world.shape((from, to) => (isFirst(from) === isFirst(to) ? 'open' : 'cut'))
    const posts = (SPLIT_MS / 1_000) * PER_SECOND
    for (let post = 0; post < posts; post++) {
      write(authors.indexOf(writers[(post * 7) % writers.length] as TestAuthor), `post ${post}`)
      await pause(1_000 / PER_SECOND)
    }
    await eventually(
      'each half holds the same',
      async () => (await holdTheSame(halves[0] ?? [])) && (await holdTheSame(halves[1] ?? [])),
      DEADLINE_MS,
    )
    // The control: what the checker sees while they are apart.
    expect(areAlike(nodes)).toBe(false)
    expect(nodes.every(({ name, square }) => listFaults(written, holdingOf(name, square)).length > 0)).toBe(true)

    world.heal()
    await eventually('all hold the same', () => holdTheSame(nodes), DEADLINE_MS)
    expect(nodes.flatMap(({ name, square }) => listFaults(written, holdingOf(name, square)))).toEqual([])

    // And live again, over where the cut was.
    const id = write(0, 'we are one')
    await eventually('all have it', () => nodes.every(({ arrivals }) => arrivals.has(id)))
    expect(nodes.filter(({ arrivals }) => arrivals.get(id) === 'gossip').length).toBeGreaterThan(NODES / 2)
  },
  2 * SPLIT_MS + 3 * DEADLINE_MS,
)

async function pause(ms: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, ms))
}
