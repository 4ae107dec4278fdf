import { expect, it, onTestFinished } from 'vitest'
import { FUZZ_IS_LONG } from '../harness/seeded-random.ts'
import { SplitWorld } from '../harness/split-world.ts'
import { eventually } from '../harness/wait.ts'
import type { WorldNode } from '../harness/world.ts'

const {
  nodes: NODES,
  splitMs: SPLIT_MS,
  perSecond: PER_SECOND,
} = FUZZ_IS_LONG ? { nodes: 50, splitMs: 60_000, perSecond: 20 } : { nodes: 20, splitMs: 10_000, perSecond: 5 }
const LOOK_EVERY_MS = 500
/** Less than the five minutes after which everybody syncs everything anyway. */
const DEADLINE_MS = 200_000

it(
  `${NODES} nodes that were split in halves hold the same sets soon after they are healed (F7)`,
  async () => {
    const split = new SplitWorld({ nodes: NODES, writers: FUZZ_IS_LONG ? NODES : NODES / 2 })
    const { nodes, halves, world } = split
    onTestFinished(() => split.close())
    await split.start()
    await eventually('everybody is connected', () => split.isJoined, DEADLINE_MS)
    const areAlike = async (some: readonly WorldNode[]) => {
      // The look takes its time, which the nodes need for healing.
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS))
      return split.areAlike(some)
    }

    split.split()
    await split.writeFor(SPLIT_MS, PER_SECOND)
    for (const half of halves) await eventually('a half holds the same', () => areAlike(half), DEADLINE_MS)
    // The control: what the checker sees while they are apart.
    expect(split.areAlike(nodes)).toBe(false)
    expect(nodes.every((node) => split.faultsOf(node).length > 0)).toBe(true)

    world.heal()
    await eventually('all hold the same', () => areAlike(nodes), DEADLINE_MS)
    expect(nodes.flatMap((node) => split.faultsOf(node))).toEqual([])

    // And live again, over where the cut was.
    const id = split.write()
    await eventually('all have it', () => nodes.every(({ arrivals }) => arrivals.has(id)), DEADLINE_MS)
    expect(nodes.filter(({ arrivals }) => arrivals.get(id) === 'gossip').length).toBeGreaterThan(NODES / 2)
  },
  2 * SPLIT_MS + 5 * DEADLINE_MS,
)
