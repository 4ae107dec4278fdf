import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { parsePeerId } from '../../core/identity/peer-id.ts'
import { DHT_LIES, type DhtLie, LyingDhtNode } from '../harness/lying-dht.ts'
import { TestSquare } from '../harness/square.ts'
import { eventually } from '../harness/wait.ts'

const TIMEOUT_MS = 240_000
/** As many as Kademlia asks about a key. */
const LIARS = 20

let square: TestSquare
let liars: LyingDhtNode[]

beforeEach(() => {
  square = new TestSquare()
  square.watch()
  liars = []
})
afterEach(async () => {
  await square.close()
  await Promise.all(liars.map(({ host }) => host.stop()))
})

/** Nour, whom nobody asks, and an asker to whose DHT nobody belongs but liars. */
async function openAmongLiars() {
  const nour = await square.add({ name: 'Nour', discovers: true })
  const key = parsePeerId(await nour.profile()) as Uint8Array
  const start = (_: unknown, i: number) => LyingDhtNode.start('palabre', DHT_LIES[i % DHT_LIES.length] as DhtLie, key)
  liars = await Promise.all(Array.from({ length: LIARS }, start))
  const aya = await square.add({ name: 'Aya', discovers: true, peers: liars.map(({ address }) => address) })
  await eventually('all liars are near', async () => (await aya.api.network.status()).peers.length === LIARS)
  return { nour, aya }
}

const askedLiars = () => liars.filter(({ asked }) => asked > 0).length

describe('where everybody near a key in the DHT lies (DSC11)', () => {
  it(
    'somebody is found by those who know them, and it is said by which way (DSC10)',
    async () => {
      const { nour, aya } = await openAmongLiars()
      const lea = await square.add({ name: 'Léa', discovers: false, peers: [await nour.address()] })
      await lea.follow(nour)
      await aya.api.network.connect({ address: await lea.address() })
      const search = await aya.find(await nour.profile())
      expect(search).toMatchObject({ state: 'found', profile: await nour.profile() })
      expect(search.ways.filter(({ state }) => state === 'found').map(({ way }) => way)).toEqual(['peers'])
    },
    TIMEOUT_MS,
  )

  it(
    'nobody is found where the DHT is the only way, and that is said: the control',
    async () => {
      const { nour, aya } = await openAmongLiars()
      const search = await aya.find(await nour.profile())
      expect(search.state).toBe('nothing')
      expect(search.ways.every(({ state }) => state === 'nothing' || state === 'off')).toBe(true)
      expect(askedLiars()).toBeGreaterThan(LIARS / 2)
    },
    TIMEOUT_MS,
  )
})
