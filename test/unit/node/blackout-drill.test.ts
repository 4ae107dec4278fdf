import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { ProfileView } from '../../../core/contract/views.ts'
import { formatPeerId } from '../../../core/identity/peer-id.ts'
import {
  BlackoutDrill,
  type BlackoutDrillComponents,
  type BlackoutDrillInit,
  DRILL_LOOK_EVERY_MS,
  DRILL_RETURN_LIMIT_MS,
} from '../../../core/node/blackout-drill.ts'
import type { PeerFacts, RunningNetwork } from '../../../core/node/network-service.ts'
import { ManualClock } from '../../../core/util/clock.ts'
import { silentLogger } from '../../../core/util/logger.ts'
import { fakeKey } from '../../harness/memory-square.ts'

const MINUTE_MS = 60_000
const peerIdOf = (name: string) => formatPeerId(fakeKey(name))
const [MILL, LIBRARY, PUBLIC, AWA] = ['mill', 'library', 'public', 'awa'].map(peerIdOf) as [
  string,
  string,
  string,
  string,
]

let clock: ManualClock
let steady: ManualClock
let connected: string[]
let states: Map<string, unknown>
/** What the store says of its figures. */
let stats: () => Promise<unknown>
const running: BlackoutDrill[] = []

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
  clock = new ManualClock(1_767_225_600_000)
  steady = new ManualClock(5)
  connected = [MILL, AWA]
  states = new Map()
  stats = async () => ({ ownRecords: 0, holders: [] })
})
afterEach(async () => {
  await Promise.all(running.splice(0).map((drill) => drill.stop()))
  vi.useRealTimers()
})

/** The seed of the mill says what it is; the library is named by the own profile, the public one by the descriptor. */
function open(change: Partial<BlackoutDrillInit> = {}, hasNetwork = true): BlackoutDrill {
  const network = {
    factsOf: (peerId: string): Partial<PeerFacts> => ({ role: peerId === MILL ? 'seed' : 'unknown', profile: null }),
    finding: { directSince: null, lanPeers: null, findProviders: () => null },
    host: {
      connections: () => connected.map((peerId) => ({ peerId })),
      traffic: () => ({ receivedBytes: 0, sentBytes: 0 }),
    },
    reachability: () => null,
    requestAuthors: () => {},
  } as unknown as RunningNetwork
  const seeds = [{ peerId: LIBRARY, addresses: [] }]
  const components: BlackoutDrillComponents = {
    identity: { deviceKey: fakeKey('device'), profile: peerIdOf('me') },
    network: { current: hasNetwork ? network : null },
    reader: { follows: async () => [], profile: async () => ({ seeds }) as unknown as ProfileView },
    cards: { book: { get: () => null } },
    storage: { stats: async () => (await stats()) as never },
    states: { getState: async (key) => states.get(key), setState: async (key, value) => void states.set(key, value) },
    events: { publish: () => {} },
    clock,
    steady,
    logger: silentLogger,
  }
  const bootstrap = [`/dns4/seed.example/tcp/4001/p2p/${PUBLIC}`]
  const drill = new BlackoutDrill(components, { role: 'peer', isLocal: false, bootstrap, ...change })
  running.push(drill)
  return drill
}

async function pass(ms: number): Promise<void> {
  steady.advance(ms)
  clock.advance(ms)
  await vi.advanceTimersByTimeAsync(DRILL_LOOK_EVERY_MS)
}

it('cuts whoever says to be a seed, and whom a profile or the descriptor names, and nobody else (RCH10)', async () => {
  const drill = open()
  expect(drill.cut.coversPeer(MILL)).toBe(false)
  await drill.begin('seeds', 5)
  expect([MILL, LIBRARY, PUBLIC, AWA].map((peerId) => drill.cut.coversPeer(peerId))).toEqual([true, true, true, false])
})

it('ends by itself after its time, however the clock is set, and waits for a seed (RCH10)', async () => {
  const drill = open()
  await drill.begin('seeds', 5)
  connected = [AWA]
  clock.advance(-60 * MINUTE_MS)
  await pass(4.9 * MINUTE_MS)
  expect(drill.running()?.cut).toBe('seeds')
  await pass(0.1 * MINUTE_MS)
  expect(drill.running()).toBeNull()
  expect(drill.cut.coversPeer(MILL)).toBe(false)
  expect(await drill.status()).toMatchObject({ state: 'returning', seeds: { before: 1, lowest: 0, last: 0 } })
  connected = [AWA, MILL]
  await pass(2_000)
  expect(await drill.status()).toMatchObject({ state: 'ended', seedsBackMs: 2_000 })
  expect(states.get('drill')).toEqual(await drill.status())
})

it('gives up the waiting when no seed comes back (RCH10)', async () => {
  const drill = open()
  await drill.begin('seeds', 5)
  connected = []
  await drill.end()
  await pass(DRILL_RETURN_LIMIT_MS + 1)
  expect(await drill.status()).toMatchObject({ state: 'ended', seedsBackMs: null })
})

it('lets everybody in when the node stops, and starts with the report and without a cut (RCH10)', async () => {
  const drill = open()
  await drill.begin('internet', 5)
  await drill.stop()
  expect(drill.cut.coversAddress('/ip4/8.8.8.8/tcp/1')).toBe(false)
  const next = open()
  await next.start()
  expect(next.running()).toBeNull()
  expect(await next.status()).toMatchObject({ cut: 'internet', state: 'ended' })
  states.set('drill', { cut: 'power' })
  const other = open()
  await other.start()
  expect(await other.status()).toBeNull()
})

it('has one report for all who end it, also when the node stops meanwhile (RCH10)', async () => {
  const drill = open()
  await drill.begin('seeds', 5)
  const figures = Promise.withResolvers<unknown>()
  stats = () => figures.promise
  const ends = [drill.end(), drill.end()]
  const stopped = drill.stop()
  figures.resolve({ ownRecords: 0, holders: [] })
  await stopped
  for (const end of ends) expect((await end)?.state).not.toBe('running')
  expect(states.get('drill')).toMatchObject({ cut: 'seeds', state: 'ended' })
})

it('is over when it can not be summed up, and the node stops all the same (RCH10)', async () => {
  const drill = open()
  await drill.begin('internet', 5)
  stats = () => Promise.reject(new Error('the store is gone'))
  await expect(drill.end()).rejects.toThrow('the store is gone')
  expect(drill.cut.coversAddress('/ip4/8.8.8.8/tcp/1')).toBe(false)
  expect([drill.running(), await drill.status()]).toEqual([null, null])
  stats = async () => ({ ownRecords: 0, holders: [] })
  await drill.begin('seeds', 5)
  stats = () => Promise.reject(new Error('the store is gone'))
  await drill.stop()
  expect(drill.running()).toBeNull()
})

it('begins one at a time, not without a network, and not on a seed (RCH10)', async () => {
  const drill = open()
  const first = drill.begin('seeds', 5)
  await expect(drill.begin('seeds', 5)).rejects.toMatchObject({ code: 'busy' })
  await first
  await expect(drill.begin('internet', 1)).rejects.toMatchObject({ code: 'busy' })
  await expect(open({}, false).begin('seeds', 5)).rejects.toMatchObject({ code: 'unreachable' })
  await expect(open({ role: 'seed' }).begin('seeds', 5)).rejects.toMatchObject({ code: 'bad-request' })
})
