import { ORPCError } from '@orpc/server'
import type { NetworkStatus } from '../../../core/contract/views.ts'
import type { FakeOs } from './fake-os.ts'
import type { FakeSquare } from './fake-square.ts'
import { fakePeerId } from './ids.ts'

const MINUTE_MS = 60_000

/** What a small node says of its network: two seeds and a friend, or nobody. */
export function fakeNetworkStatus(
  state: NetworkStatus['state'],
  nowMs: number,
  square: FakeSquare,
  facts: {
    readonly clockOffsetMs: number
    /** What is said otherwise. */
    readonly patch: Partial<NetworkStatus>
    readonly archive: { readonly importing: NetworkStatus['import'] }
    readonly drill: { readonly running: NetworkStatus['drill'] }
    readonly storage: { readonly space: NetworkStatus['storage']['space'] }
  },
): NetworkStatus {
  const { clockOffsetMs: offsetMs, patch } = facts
  const { space } = facts.storage
  const { running: drill } = facts.drill
  const isConnected = state === 'connected'
  const own = [...square.posts.values()].filter((post) => post.author === square.me)
  const peer = (key: string, name: string, role: 'peer' | 'seed', port: number, ownHeld: number) => ({
    peerId: fakePeerId(key),
    profile: role === 'peer' ? fakePeerId(key) : null,
    name,
    role,
    address: `/ip4/127.0.0.1/tcp/${port}/p2p/${fakePeerId(key)}`,
    direction: 'out' as const,
    latencyMs: 12 + (port % 40),
    connectedSince: nowMs - 90 * MINUTE_MS,
    syncedAt: nowMs - 2 * MINUTE_MS,
    ownHeld,
    feed: role === 'seed' ? (key === 'seed-mill' ? ('whole' as const) : ('named' as const)) : null,
  })
  return {
    peerId: fakePeerId('device'),
    profile: square.me,
    role: 'peer',
    network: 'local',
    state,
    addresses: state === 'starting' ? [] : [`/ip4/127.0.0.1/tcp/4005/p2p/${fakePeerId('device')}`],
    peers: isConnected
      ? [
          peer('seed-mill', 'Seed of the mill', 'seed', 4001, own.length),
          peer('seed-library', 'Bibliothèque', 'seed', 4002, Math.max(0, own.length - 1)),
          peer('awa', 'Awa Ndiaye', 'peer', 4003, own.length),
        ]
      : [],
    seeds: isConnected ? 2 : 0,
    direct: null,
    unreachable: isConnected
      ? []
      : [{ address: '/ip4/127.0.0.1/tcp/4001', cause: 'ECONNREFUSED', nextTryAt: nowMs + 30_000 }],
    data: { receivedBytes: 4_812_113, sentBytes: 982_004 },
    storage: {
      records: square.posts.size * 3,
      posts: square.posts.size,
      authors: square.people.size,
      recordBytes: square.posts.size * 1_430,
      mediaBytes: [...square.files.values()].reduce((sum, file) => sum + file.bytes.length, 0),
      ownRecords: own.length,
      ownUnheld: own.filter((post) => post.holding?.cause !== 'held').length,
      space,
    },
    lastConnectedAt: isConnected ? nowMs : nowMs - 40 * MINUTE_MS,
    catchUp: null,
    import: facts.archive.importing,
    reach: {
      kind: 'relayed',
      source: 'relay',
      hint: 'open-port',
      port: 4005,
      observed: ['198.51.100.24'],
      relays: isConnected ? [fakePeerId('seed-mill'), fakePeerId('seed-library')] : [],
      places: null,
    },
    clock: { offsetMs: isConnected ? offsetMs : null, warning: isConnected && Math.abs(offsetMs) > 2 * MINUTE_MS },
    ...(drill === undefined ? {} : { drill }),
    ...patch,
  }
}

/** @throws ORPCError for an address without a peer ID */
export function fakeConnect(address: string): { peerId: string } {
  const peerId = address.split('/p2p/')[1]
  if (peerId === undefined) throw new ORPCError('unreachable', { message: `nobody answers at ${address}` })
  return { peerId }
}

/** Nobody abuses the sample node. */
export function fakeBanRoutes(os: FakeOs) {
  return {
    list: os.bans.list.handler(() => ({ items: [] })),
    lift: os.bans.lift.handler(() => ({ lifted: false })),
  }
}
