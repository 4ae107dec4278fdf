import { describe, expect, it } from 'vitest'
import { pause, type ReachNode } from '../harness/reach-node.ts'
import { exchange, printFigure, REACH_TEST_MS, ReachWorld } from '../harness/reach-world.ts'
import { eventually } from '../harness/wait.ts'

/** Through which relay the one reaches the other; undefined for none. */
async function relayBetween(a: ReachNode, b: ReachNode, relays: readonly ReachNode[]): Promise<ReachNode | undefined> {
  const peer = await a.peer(b)
  return relays.find((relay) => peer?.isRelayed === true && peer.address.includes(relay.peerId))
}

async function post(from: ReachNode, to: ReachNode, text: string): Promise<number> {
  const startedAt = performance.now()
  await from.client.posts.create({ text })
  await to.sees(from, text)
  return performance.now() - startedAt
}

/** Each of these is several processes. */
describe('two nodes behind symmetric NATs', () => {
  it(
    'go on by the other relay when the one between them dies, and by the first when it is back (F10, RCH2, RCH3)',
    async (context) => {
      const nodes = ReachWorld.open(context)
      const relays = await Promise.all([nodes.relay('relay-1'), nodes.relay('relay-2')])
      const [a, b] = await Promise.all([
        nodes.person(['a', 'symmetric'], relays),
        nodes.person(['b', 'symmetric'], relays),
      ])
      await Promise.all(relays.map((relay) => b.circuit(relay)))
      await a.connect(await b.circuit(relays[0]))
      await exchange(a, b, 'by the first')
      expect(await relayBetween(a, b, relays)).toBe(relays[0])

      await relays[0].kill()
      const diedAt = performance.now()
      await eventually('the other relay', async () => {
        await pause()
        return (await relayBetween(a, b, relays)) === relays[1]
      })
      await post(b, a, 'by the second')
      printFigure('a relay died, a post by the other', performance.now() - diedAt)

      await relays[0].restart()
      const backAt = performance.now()
      await eventually('a place with the first again', async () => {
        await pause()
        return (await b.status()).reach?.relays.includes(relays[0].peerId)
      })
      printFigure('a relay came back, a place with it again', performance.now() - backAt)
    },
    REACH_TEST_MS,
  )

  it(
    'never meet through a relay that passes nothing on: the control (RCH1)',
    async (context) => {
      const nodes = ReachWorld.open(context)
      const relay = await nodes.relay('relay', ['--relay-places', '0'])
      const [a, b] = await Promise.all([
        nodes.person(['a', 'symmetric'], [relay]),
        nodes.person(['b', 'symmetric'], [relay]),
      ])
      for (const node of [a, b]) {
        await eventually('it knows that nobody passes on', async () => {
          await pause()
          return (await node.status()).reach?.hint === 'no-relay'
        })
      }
      await expect(a.connect(`${relay.address}/p2p-circuit/p2p/${b.peerId}`)).rejects.toThrow()
      expect(await a.peer(b)).toBeUndefined()
    },
    REACH_TEST_MS,
  )

  it(
    'exchange posts over lines that are slow and lose packets (F9)',
    async (context) => {
      const nodes = ReachWorld.open(context)
      const relay = await nodes.relay('relay')
      const [a, b] = await Promise.all([
        nodes.person(['a', 'symmetric'], [relay]),
        nodes.person(['b', 'cone'], [relay]),
      ])
      const circuit = await b.circuit(relay)
      for (const { host } of [a, b]) {
        nodes.world.limitRate(host, 256)
        nodes.world.losePackets(host, 50)
      }
      await a.connect(circuit)
      printFigure('relayed, 256 kbit/s and 5 % loss each way', await exchange(a, b, 'slowly'))
    },
    REACH_TEST_MS,
  )
})

describe('two nodes behind one router', () => {
  it(
    'exchange posts by a known address while there is no internet',
    async (context) => {
      const nodes = ReachWorld.open(context)
      const router = nodes.world.addRouter('home', 'cone')
      nodes.world.unplug(router)
      const [a, b] = await Promise.all([
        nodes.person(nodes.world.addHostBehind(router, 'a'), []),
        nodes.person(nodes.world.addHostBehind(router, 'b'), []),
      ])
      await a.connect(`/ip4/${b.host.address}/tcp/4001/p2p/${b.peerId}`)
      printFigure('one router, no internet', await exchange(a, b, 'at home'))
      expect((await a.peer(b))?.isRelayed).toBe(false)
      expect((await a.status()).reach).toMatchObject({ kind: 'local-only', hint: 'no-relay' })
    },
    REACH_TEST_MS,
  )
})
