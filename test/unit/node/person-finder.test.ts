import { afterEach, describe, expect, it } from 'vitest'
import type { PersonSearch } from '../../../core/contract/finding.ts'
import { NetworkError } from '../../../core/net/errors.ts'
import { LOCAL_SEARCH_TIMES } from '../../../core/node/chain-search.ts'
import { PersonFinder, type SearchReach } from '../../../core/node/person-finder.ts'
import { systemClock } from '../../../core/util/clock.ts'
import { silentLogger } from '../../../core/util/logger.ts'
import { fakeKey } from '../../harness/memory-square.ts'
import { peerIdOfName } from '../../harness/peer-cards.ts'
import { eventually } from '../../harness/wait.ts'

const SOMEBODY = fakeKey('somebody')

interface World {
  /** Peers that are connected, and whether they know the chain. */
  readonly connected: Map<string, boolean>
  /** Address → who answers there. */
  readonly answering: Map<string, string>
  readonly known: Set<string>
  /** Dials that wait for this. */
  dialling: () => Promise<void>
  /** Addresses that connected peers remember. */
  located: () => readonly string[]
  providers: () => AsyncIterable<{ peerId: string; addresses: readonly string[] }>
}

const running: PersonFinder[] = []
afterEach(() => Promise.all(running.splice(0).map((finder) => finder.stop())))

async function* nobody(): AsyncGenerator<never> {}

function open(change: Partial<World> = {}, limitMs = 20_000) {
  const world: World = {
    connected: new Map(),
    answering: new Map(),
    known: new Set(),
    dialling: async () => {},
    located: () => [],
    providers: nobody,
    ...change,
  }
  const listeners = new Set<() => void>()
  let isHeld = false
  const reach: SearchReach = {
    whois: {
      peers: () => [...world.connected.keys()],
      onPeer: (listener) => {
        listeners.add(listener)
        return () => listeners.delete(listener)
      },
      ask: async (peerId) => {
        isHeld ||= world.connected.get(peerId) === true
        return world.connected.get(peerId) === true ? [SOMEBODY] : []
      },
    },
    finding: {
      locate: async (_, { onFound }) => {
        for (const address of world.located()) onFound([address])
      },
      findProviders: () => world.providers(),
      lanPeers: null,
    },
    connect: async (address) => {
      await world.dialling()
      const peerId = world.answering.get(address)
      if (peerId === undefined) throw new NetworkError('unreachable', 'nobody listens there')
      world.connected.set(peerId, world.known.has(peerId))
      for (const listener of listeners) listener()
      return peerId
    },
  }
  const wanted: Uint8Array[] = []
  const finder = new PersonFinder(
    {
      network: { running: Promise.resolve(reach) },
      chains: {
        findAuthorOfDevice: async () => null,
        findGenesis: async () => (isHeld ? new Uint8Array(32) : null),
      },
      wanted: { set: async (_, addresses) => void wanted.splice(0, wanted.length, ...addresses) },
      events: { publish: () => {} },
      clock: systemClock,
      logger: silentLogger,
    },
    { limitMs, times: LOCAL_SEARCH_TIMES, onFound: () => {} },
  )
  running.push(finder)
  const come = (peerId: string) => {
    world.connected.set(peerId, false)
    for (const listener of listeners) listener()
  }
  return { finder, wanted, come }
}

async function answer(finder: PersonFinder): Promise<PersonSearch> {
  return await eventually('an answer', () => {
    const search = finder.stateOf(SOMEBODY)
    return search?.state === 'asking' ? null : search
  })
}

const wayOf = (search: PersonSearch, name: string) => search.ways.find(({ way }) => way === name)
const addressOfName = (name: string) => `/dns4/${name}.example/tcp/1/p2p/${peerIdOfName(name)}`

describe('a search by peer ID (DSC10)', () => {
  it.each<[string, 'address' | 'memory' | 'dht']>([
    ['an address of the link', 'address'],
    ['where peers remember a device', 'memory'],
    ['who the DHT names', 'dht'],
  ])('is led to the person by %s, says so, and has their records asked for', async (_, way) => {
    const [peerId, address] = [peerIdOfName('keeper'), addressOfName('keeper')]
    const { finder, wanted } = open({
      answering: new Map([[address, peerId]]),
      known: new Set([peerId]),
      located: () => (way === 'memory' ? [address] : []),
      providers: async function* () {
        if (way === 'dht') yield { peerId, addresses: ['/dns4/keeper.example/tcp/1'] }
      },
    })
    finder.find(SOMEBODY, way === 'address' ? [address] : [])
    const search = await answer(finder)
    expect(search.state).toBe('found')
    expect(wayOf(search, way)?.state).toBe('found')
    expect(wanted).toEqual([SOMEBODY])
  })

  it.each(['memory', 'dht'] as const)(
    'asks once more by %s when somebody came who knows more: a newcomer has nobody yet',
    async (way) => {
      const [peerId, address, seed] = [peerIdOfName('keeper'), addressOfName('keeper'), peerIdOfName('seed')]
      let hasCome = false
      let asked = 0
      const { finder, come } = open({
        answering: new Map([[address, peerId]]),
        known: new Set([peerId]),
        located: () => {
          asked++
          return way === 'memory' && hasCome ? [address] : []
        },
        providers: async function* () {
          if (way === 'dht' && hasCome) yield { peerId, addresses: ['/dns4/keeper.example/tcp/1'] }
        },
      })
      finder.find(SOMEBODY, [])
      await eventually('everybody who is there has been asked', () => asked > 0)
      hasCome = true
      come(seed)
      const search = await answer(finder)
      expect(search.state).toBe('found')
      expect(wayOf(search, way)).toEqual({ way, state: 'found', asked: 1 })
    },
  )

  it('finds them all the same when everybody whom the DHT names lies (DSC11)', async () => {
    const liars = Array.from({ length: 20 }, (_, i) => `liar-${i}`)
    const { finder } = open({
      connected: new Map([[peerIdOfName('honest'), true]]),
      answering: new Map(liars.map((name) => [addressOfName(name), peerIdOfName(name)])),
      providers: async function* () {
        for (const name of liars) yield { peerId: peerIdOfName(name), addresses: [`/dns4/${name}.example/tcp/1`] }
      },
    })
    finder.find(SOMEBODY, [])
    const search = await answer(finder)
    expect(search.state).toBe('found')
    expect(wayOf(search, 'peers')?.state).toBe('found')
  })

  it('ends when the time is over, with what was tried, also where a way breaks or never ends', async () => {
    const { finder, wanted } = open(
      {
        connected: new Map([[peerIdOfName('somebody else'), false]]),
        located: () => [addressOfName('gone')],
        providers: async function* () {
          yield { peerId: peerIdOfName('gone'), addresses: ['/dns4/gone.example/tcp/1'] }
          throw new Error('the table broke')
        },
      },
      1_500,
    )
    finder.find(SOMEBODY, [addressOfName('gone')])
    const search = await answer(finder)
    expect(search.state).toBe('nothing')
    expect(search.ways.map(({ way, state, asked }) => [way, state, asked])).toEqual(
      expect.arrayContaining([
        ['address', 'nothing', 1],
        ['memory', 'nothing', 1],
        ['dht', 'nothing', 1],
        ['peers', 'nothing', 1],
        ['lan', 'off', 0],
      ]),
    )
    expect(wanted).toEqual([])
  })

  it.each(['memory', 'dht'] as const)(
    'dials a few at a time by %s, however many name somebody (DSC10)',
    async (way) => {
      const names = Array.from({ length: 12 }, (_, i) => `keeper-${i}`)
      const first = Promise.withResolvers<void>()
      let [underWay, most, begun] = [0, 0, 0]
      const { finder } = open(
        {
          dialling: async () => {
            most = Math.max(most, ++underWay)
            begun++
            await first.promise
            underWay--
          },
          located: () => (way === 'memory' ? names.map(addressOfName) : []),
          providers: async function* () {
            for (const name of way === 'dht' ? names : [])
              yield { peerId: peerIdOfName(name), addresses: [`/dns4/${name}.example/tcp/1`] }
          },
        },
        3_000,
      )
      finder.find(SOMEBODY, [])
      await eventually('some are dialled', () => begun >= 4)
      await new Promise((resolve) => setImmediate(resolve))
      expect(begun).toBe(4)
      first.resolve()
      await eventually('all are dialled', () => begun === names.length)
      expect(most).toBe(4)
    },
  )

  it('goes on with the search that runs, and begins a new one after its end', async () => {
    const { finder } = open({}, 1_000)
    const first = finder.find(SOMEBODY, [])
    expect(finder.find(SOMEBODY, []).startedAt).toBe(first.startedAt)
    await answer(finder)
    expect(finder.find(SOMEBODY, []).state).toBe('asking')
  })
})
