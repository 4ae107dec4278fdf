import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { CardBook } from '../../../core/discovery/card-book.ts'
import { DISCOVERY_TIMES, Discovery, type DiscoveryInit } from '../../../core/discovery/discovery.ts'
import { RESIGN_AFTER_MS } from '../../../core/discovery/limits.ts'
import { createSignatureVerifier } from '../../../core/identity/signature.ts'
import { checkPeerCard, encodePeerCard } from '../../../core/record/peer-card.ts'
import { equalBytes } from '../../../core/util/bytes.ts'
import { ManualClock } from '../../../core/util/clock.ts'
import { silentLogger } from '../../../core/util/logger.ts'
import { keyOf } from '../../harness/chains.ts'
import { type MemoryHost, MemoryNetwork } from '../../harness/memory-hosts.ts'
import { CARD_TIME, cardOf, peerIdOfName } from '../../harness/peer-cards.ts'

const verifier = createSignatureVerifier()

let network: MemoryNetwork
let clock: ManualClock
const running: Discovery[] = []

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'setTimeout', 'clearTimeout'] })
  network = new MemoryNetwork()
  clock = new ManualClock(CARD_TIME)
})
afterEach(async () => {
  vi.useRealTimers()
  await Promise.all(running.splice(0).map((one) => one.stop()))
})

/** What one of these nodes is told; each is its own whole world. */
function open(name: string, change: Partial<DiscoveryInit> = {}, addresses: readonly string[] = []) {
  const host: MemoryHost & { told?: readonly string[] } = network.host(peerIdOfName(name))
  const listening = { addresses: [...addresses] }
  Object.assign(host, { addresses: () => listening.addresses })
  const wanted: Uint8Array[] = []
  const isWanted = (author: Uint8Array) => wanted.some((one) => equalBytes(one, author))
  const book = new CardBook({ clock }, { isWanted })
  const called: string[][] = []
  const discovery = new Discovery(
    {
      host: host.peerHost,
      dials: { call: (list) => void called.push([...list]) },
      book,
      verifier,
      random: (length) => new Uint8Array(length),
      logger: silentLogger,
      clock,
    },
    {
      network: 'palabre',
      role: 'peer',
      isLocal: false,
      deviceSeed: keyOf(name).secretKey,
      author: () => keyOf(`${name}'s account`).publicKey,
      saidOf: () => ({ role: 'unknown', profile: null }),
      isWanted,
      wanted: () => wanted,
      findAuthorOfDevice: async () => null,
      times: DISCOVERY_TIMES,
      sharesAddresses: () => true,
      ...change,
    },
  )
  running.push(discovery)
  return { host, discovery, book, wanted, called, listening }
}

describe('the own card (DSC3)', () => {
  const lan = '/ip4/192.168.1.7/tcp/4001'
  const world = '/ip4/8.8.4.4/tcp/4001'

  it('names what the world can dial, and what means something at home only to a local network', () => {
    const mixed = [lan, '/ip4/127.0.0.1/tcp/4001', `${world}/p2p/${peerIdOfName('ada')}`]
    const card = open('ada', {}, mixed).discovery.ownCard()
    expect(card?.addresses).toEqual([world])
    expect(checkPeerCard(encodePeerCard(card as never), verifier)).toMatchObject({ ok: true })
    expect(open('ada', { isLocal: true }, mixed).discovery.ownCard()?.addresses).toHaveLength(3)
  })

  it('is none where there is nothing to tell, and takes back what was told before', () => {
    const { discovery, listening } = open('ada', {}, [lan])
    expect(discovery.ownCard()).toBeNull()
    listening.addresses = [world]
    const told = discovery.ownCard()
    listening.addresses = []
    const back = discovery.ownCard()
    expect(back?.addresses).toEqual([])
    expect(back?.ts).toBeGreaterThan(told?.ts as number)
  })

  it('names no address where the person keeps them back, and takes back those before (DSC13)', () => {
    let isShared = true
    const { discovery } = open('ada', { sharesAddresses: () => isShared }, [world])
    const told = discovery.ownCard()
    isShared = false
    const back = discovery.ownCard()
    expect(back).toMatchObject({ addresses: [], role: 'peer' })
    expect(back?.ts).toBeGreaterThan(told?.ts as number)
    // Nothing was told since this start; what was told before it is taken back as well.
    expect(open('bo', { sharesAddresses: () => false }, [world]).discovery.ownCard()?.addresses).toEqual([])
    isShared = true
    expect(discovery.ownCard()?.addresses).toEqual([world])
  })

  it('is signed anew when its addresses change and after a day, and not before', () => {
    const { discovery, listening } = open('ada', {}, [world])
    const first = discovery.ownCard()
    clock.advance(RESIGN_AFTER_MS - 1)
    expect(discovery.ownCard()).toBe(first)
    clock.advance(1)
    const second = discovery.ownCard()
    expect(second?.ts).toBe(CARD_TIME + RESIGN_AFTER_MS)
    listening.addresses = [world, '/dns4/ada.example/tcp/4001']
    expect(discovery.ownCard()?.addresses).toHaveLength(2)
  })
})

describe('who is asked and dialled', () => {
  it('asks whoever comes for the devices of wanted people, and dials them (DSC7, DSC8)', async () => {
    const near = open('near')
    const far = open('far')
    const friend = cardOf('friend')
    near.wanted.push(friend.author as Uint8Array)
    far.book.note(friend)
    far.book.note(cardOf('stranger'))
    await Promise.all([near.discovery.start(), far.discovery.start()])
    network.join(near.host, far.host)
    await vi.waitFor(() => expect(near.book.get(friend.device)).toEqual(friend))
    expect(near.book.get(cardOf('stranger').device)).toBeNull()
    await vi.advanceTimersByTimeAsync(DISCOVERY_TIMES.planEveryMs)
    expect(near.called.at(-1)).toEqual([`${friend.addresses[0]}/p2p/${peerIdOfName('friend')}`])
  })

  it('puts a device that the chain lists before one that only says so', async () => {
    const [real, false_] = [cardOf('real'), cardOf('false', { author: cardOf('real').author, ts: CARD_TIME + 9 })]
    const near = open('near', {
      findAuthorOfDevice: async (device) => (equalBytes(device, real.device) ? real.author : null),
    })
    const far = open('far')
    near.wanted.push(real.author as Uint8Array)
    for (const card of [false_, real]) far.book.note(card)
    await Promise.all([near.discovery.start(), far.discovery.start()])
    network.join(near.host, far.host)
    await vi.waitFor(() => expect(near.book.wanted(2)).toEqual([real, false_]))
  })
})

describe('direct mode (DSC9)', () => {
  it('begins 15 seconds after the last seed has gone, and ends with the next; a seed has none', async () => {
    const role = 'seed'
    const changes: (number | null)[] = []
    const near = open('near', {
      saidOf: () => ({ role, profile: null }),
      onModeChange: () => void changes.push(near.discovery.directSince),
    })
    const seed = open('seed', { role: 'seed' })
    await Promise.all([near.discovery.start(), seed.discovery.start()])
    network.join(near.host, seed.host)
    await vi.advanceTimersByTimeAsync(DISCOVERY_TIMES.planEveryMs)
    network.part(near.host, seed.host)
    await vi.advanceTimersByTimeAsync(DISCOVERY_TIMES.planEveryMs)
    clock.advance(DISCOVERY_TIMES.directAfterMs - 1)
    await vi.advanceTimersByTimeAsync(DISCOVERY_TIMES.planEveryMs)
    expect(near.discovery.directSince).toBeNull()
    clock.advance(1)
    await vi.advanceTimersByTimeAsync(DISCOVERY_TIMES.planEveryMs)
    expect(near.discovery.directSince).toBe(CARD_TIME)
    expect(seed.discovery.directSince).toBeNull()
    network.join(near.host, seed.host)
    await vi.advanceTimersByTimeAsync(DISCOVERY_TIMES.planEveryMs)
    expect(changes).toEqual([CARD_TIME, null])
  })
})
