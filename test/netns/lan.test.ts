import { describe, expect, it } from 'vitest'
import { pause, type ReachNode } from '../harness/reach-node.ts'
import { exchange, printFigure, REACH_TEST_MS, ReachWorld } from '../harness/reach-world.ts'
import { eventually } from '../harness/wait.ts'

async function isConnected(from: ReachNode, to: ReachNode): Promise<boolean> {
  await pause()
  return (await from.peer(to)) !== undefined
}

describe('two hosts behind one router, without internet, who know nobody', () => {
  it(
    'find each other by multicast DNS and exchange posts; where multicast is dropped they do not: the control (DSC8)',
    async (context) => {
      const nodes = ReachWorld.open(context)
      const { world } = nodes
      const router = world.addRouter('home', 'cone')
      world.unplug(router)
      const hosts = [world.addHostBehind(router, 'a'), world.addHostBehind(router, 'b')] as const
      for (const host of hosts) world.dropMulticast(host)
      const [a, b] = await Promise.all([nodes.person(hosts[0], []), nodes.person(hosts[1], [])])
      await eventually('both have asked twice who is near', async () => {
        await pause()
        return hosts.every((host) => world.droppedMulticast(host) > 1)
      })
      expect([await isConnected(a, b), await isConnected(b, a)]).toEqual([false, false])

      for (const host of hosts) world.passMulticast(host)
      const passedAt = performance.now()
      await eventually('they have found each other', () => isConnected(a, b))
      printFigure('one router, nobody known, found by multicast', performance.now() - passedAt)
      expect((await a.peer(b))?.address).toContain(`/ip4/${router.inside}.`)
      await exchange(a, b, 'nearby')
    },
    REACH_TEST_MS,
  )
})
