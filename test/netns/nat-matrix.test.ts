import { describe, expect, it } from 'vitest'
import { REACHES, type Reach } from '../harness/netns-world.ts'
import { pause, type ReachNode } from '../harness/reach-node.ts'
import { exchange, printFigure, REACH_TEST_MS, ReachWorld } from '../harness/reach-world.ts'
import { FUZZ_IS_LONG } from '../harness/seeded-random.ts'
import { eventually } from '../harness/wait.ts'

/** Pairs of NATs of which neither can foretell the other's port; all others let a direct connection through. */
const STAYS_RELAYED: readonly (readonly [Reach, Reach])[] = [
  ['symmetric', 'symmetric'],
  ['symmetric', 'cone'],
  ['cone', 'symmetric'],
  ['symmetric', 'firewall'],
  ['firewall', 'symmetric'],
]

const PAIRS = REACHES.flatMap((from) => REACHES.map((to) => [from, to] as const))

const isDirectPair = (from: Reach, to: Reach) => !STAYS_RELAYED.some(([a, b]) => a === from && b === to)

/**
 * What a caller finds out about itself in the end. Behind a symmetric NAT it meets an open node directly, where there is
 * one.
 */
const KINDS: Readonly<Record<Reach, string>> = {
  open: 'public',
  cone: 'direct',
  symmetric: 'direct',
  firewall: 'direct',
}

/** Connects through the relay, exchanges posts, and waits for the path that these two NATs allow. */
async function meet(caller: ReachNode, called: ReachNode, circuit: string, isDirect: boolean) {
  const startedAt = performance.now()
  await caller.connect(circuit)
  await exchange(caller, called, `${caller.host.name} to ${called.host.name}`)
  const exchangedMs = performance.now() - startedAt
  await eventually(
    `${caller.host.name} reaches ${called.host.name} ${isDirect ? 'directly' : 'by relay'}`,
    async () => {
      await pause()
      return (await caller.peer(called))?.isRelayed === !isDirect
    },
  )
  return { exchangedMs, settledMs: performance.now() - startedAt }
}

describe('nodes behind NATs (F10)', () => {
  it(
    'exchange posts whatever the two NATs, directly wherever that can be (RCH3)',
    async (context) => {
      const nodes = ReachWorld.open(context)
      const relay = await nodes.relay('relay')
      const start = (side: string) =>
        Promise.all(REACHES.map((reach) => nodes.person([`${side}-${reach}`, reach], [relay])))
      const [callers, called] = await Promise.all([start('caller'), start('called')])
      const circuits = await Promise.all(called.map((node) => node.circuit(relay)))
      // Each node is in one pair of a round.
      for (let round = 0; round < REACHES.length; round++) {
        const pairs = callers.map((caller, i) => {
          const j = (i + round) % REACHES.length
          const isDirect = isDirectPair(REACHES[i] as Reach, REACHES[j] as Reach)
          return meet(caller, called[j] as ReachNode, circuits[j] as string, isDirect)
        })
        const figures = await Promise.all(pairs)
        printFigure(`${pairs.length} pairs at once, the slowest`, Math.max(...figures.map((each) => each.exchangedMs)))
      }
      const kinds = await Promise.all(callers.map(async (node) => (await node.status()).reach?.kind))
      expect(kinds).toEqual(callers.map((_caller, i) => KINDS[REACHES[i] as Reach]))
    },
    REACH_TEST_MS,
  )

  // Sixteen worlds, one after the other, are for the long tier.
  it.for(FUZZ_IS_LONG ? PAIRS : [])(
    'exchange posts, each pair alone: %s to %s (RCH3)',
    { timeout: REACH_TEST_MS },
    async ([from, to], context) => {
      const nodes = ReachWorld.open(context)
      const relay = await nodes.relay('relay')
      const [caller, called] = await Promise.all([
        nodes.person(['caller', from], [relay]),
        nodes.person(['called', to], [relay]),
      ])
      const isDirect = isDirectPair(from, to)
      const { exchangedMs, settledMs } = await meet(caller, called, await called.circuit(relay), isDirect)
      printFigure(`${from} to ${to}, exchanged`, exchangedMs)
      printFigure(`${from} to ${to}, ${isDirect ? 'direct' : 'relayed'}`, settledMs)
    },
  )
})
