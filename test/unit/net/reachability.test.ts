import { describe, expect, it } from 'vitest'
import { isPublicAddress } from '../../../core/net/addresses.ts'
import { judgeReach, type ReachFacts } from '../../../core/net/reachability.ts'

const NOTHING: ReachFacts = {
  isLocal: false,
  announced: [],
  addresses: [
    { address: '/ip4/127.0.0.1/tcp/4001', isVerified: true, type: 'transport' },
    { address: '/ip4/192.168.1.5/tcp/4001', isVerified: true, type: 'transport' },
  ],
  peers: 0,
  offers: 0,
  isRefused: false,
  relays: [],
  hasCrossed: false,
  observed: [],
  places: null,
}

const OPEN = { address: '/ip4/11.2.0.2/tcp/4001', isVerified: true, type: 'transport' }

describe('judgeReach', () => {
  it.each<[string, Partial<ReachFacts>, string, string, string]>([
    ['on a local network', { isLocal: true, addresses: [OPEN] }, 'local-only', 'none', 'local-network'],
    ['with nobody', {}, 'local-only', 'none', 'no-peer'],
    ['with peers that pass nothing on', { peers: 3 }, 'local-only', 'none', 'no-relay'],
    ['with a full relay', { peers: 1, offers: 1, isRefused: true }, 'local-only', 'none', 'relay-full'],
    ['before the first relay answers', { peers: 1, offers: 1 }, 'local-only', 'none', 'waiting'],
    ['with a place', { peers: 1, offers: 1, relays: ['r'] }, 'relayed', 'relay', 'open-port'],
    ['after a crossing', { peers: 2, offers: 1, relays: ['r'], hasCrossed: true }, 'direct', 'crossing', 'open-port'],
    ['dialled back', { peers: 1, addresses: [OPEN] }, 'public', 'autonat', 'none'],
    [
      'not dialled back yet',
      { peers: 1, addresses: [{ ...OPEN, isVerified: false }] },
      'local-only',
      'none',
      'no-relay',
    ],
    ['through the router', { addresses: [{ ...OPEN, type: 'ip-mapping' }] }, 'public', 'upnp', 'none'],
    ['announced', { announced: ['/dns4/seed.example.org/tcp/4001'] }, 'public', 'announced', 'none'],
  ])('judges a node %s', (_what, facts, kind, source, hint) => {
    expect(judgeReach({ ...NOTHING, ...facts })).toMatchObject({ kind, source, hint })
  })

  it('does not take an address through a relay for one of its own, and names the port to open', () => {
    const address = `/ip4/11.2.0.2/tcp/4009/p2p/12D3KooWMtbnPRD3etQbGawr6AJdQi6RpXURQpqMeWSLKA7oKBYL/p2p-circuit`
    const circuit = { address, isVerified: true, type: 'transport' }
    const facts = { ...NOTHING, peers: 1, addresses: [circuit, ...NOTHING.addresses] }
    expect(judgeReach(facts)).toMatchObject({ kind: 'local-only', port: 4_001 })
  })
})

describe('isPublicAddress', () => {
  it.each([
    ['/ip4/8.8.8.8/tcp/1', true],
    ['/ip4/10.1.2.3/tcp/1', false],
    ['/ip4/100.64.1.1/tcp/1', false],
    ['/ip4/192.168.0.1/tcp/1', false],
    ['/ip4/172.32.0.1/tcp/1', true],
    ['/ip4/224.0.0.1/udp/1', false],
    ['/ip6/2001:db8::1/tcp/1', true],
    ['/ip6/fe80::1/tcp/1', false],
    ['/ip6/fd00::1/tcp/1', false],
    ['/dns4/seed.example.org/tcp/1', true],
    ['no address', false],
  ])('%s: %s', (address, isPublic) => {
    expect(isPublicAddress(address)).toBe(isPublic)
  })
})
