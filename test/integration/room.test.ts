import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type TestPeer, TestSquare } from '../harness/square.ts'
import { eventually } from '../harness/wait.ts'

const TIMEOUT_MS = 240_000

let square: TestSquare

beforeEach(() => {
  square = new TestSquare()
  square.watch()
})
afterEach(() => square.close())

/** Which of them have a connection with that node. */
async function guestsOf(host: TestPeer, peers: readonly TestPeer[]): Promise<boolean[]> {
  const connected = (await host.api.network.status()).peers.map(({ peerId }) => peerId)
  return Promise.all(peers.map(async (peer) => connected.includes(await peer.peerId())))
}

const count = (flags: readonly boolean[]) => flags.filter(Boolean).length

describe('a full seed (RCH8)', () => {
  it(
    'closes on readers who have another for those who have none; nobody is left without',
    async () => {
      // Room for two: a part of the connections is the door.
      const full = await square.add({ role: 'seed', maxConnections: 4 })
      const other = await square.add({ role: 'seed' })
      const both = [await other.address(), await full.address()]
      const readers = [await square.add({ peers: both }), await square.add({ peers: both })]
      await eventually('they are with the other', async () => count(await guestsOf(other, readers)) === 2)
      const alone = [await square.add({ peers: [both[1] as string] }), await square.add({ peers: [both[1] as string] })]
      await eventually('those who have nobody have a place', async () => {
        const [theirs, readersThere] = [await guestsOf(full, alone), await guestsOf(full, readers)]
        return count(theirs) === 2 && count(readersThere) === 0
      })
      expect(await guestsOf(other, readers)).toEqual([true, true])
      const evidence = await readers[0]?.api.network.evidence({})
      expect(evidence?.items ?? []).toEqual([])
    },
    TIMEOUT_MS,
  )

  it(
    'refuses whoever comes last where room isn’t made: the control',
    async () => {
      const full = await square.add({ role: 'peer', maxConnections: 2 })
      const other = await square.add({ role: 'seed' })
      const both = [await other.address(), await full.address()]
      const readers = [await square.add({ peers: both }), await square.add({ peers: both })]
      await eventually('it is full', async () => count(await guestsOf(full, readers)) === 2)
      const alone = await square.add({ peers: [both[1] as string] })
      await eventually('it has tried', async () => {
        const { unreachable } = await alone.api.network.status()
        return unreachable.length > 0
      })
      expect(await guestsOf(full, [alone, ...readers])).toEqual([false, true, true])
    },
    TIMEOUT_MS,
  )

  it(
    'closes on a stranger for somebody whose profile names it',
    async () => {
      const full = await square.add({ role: 'seed', maxConnections: 4 })
      const peers = [await full.address()]
      const named = await square.add({ peers, name: 'Nour' })
      const profile = await named.profile()
      const namesIt = async () => (await full.api.profiles.get({ profile })).seeds.length > 0
      await eventually('the seed knows its profile', () => namesIt().catch(() => false))
      await named.stop()
      const strangers = [await square.add({ peers }), await square.add({ peers })]
      await eventually('strangers fill it', async () => count(await guestsOf(full, strangers)) === 2)
      await named.start()
      await eventually('a stranger made room', async () => {
        const [there] = await guestsOf(full, [named])
        return there === true && count(await guestsOf(full, strangers)) === 1
      })
    },
    TIMEOUT_MS,
  )
})
