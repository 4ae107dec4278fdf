import { describe, expect, it } from 'vitest'
import { formatPeerId } from '../../../core/identity/peer-id.ts'
import { rankSeeds, type SeedCandidate, scopeOf } from '../../../core/node/invite-seeds.ts'
import { seededRandom } from '../../harness/seeded-random.ts'

const random = seededRandom('invite seeds')

function candidate(operator: string, hosts: readonly string[], change: Partial<SeedCandidate> = {}): SeedCandidate {
  const peerId = formatPeerId(random(32))
  const addresses = hosts.map((host) => `${host}/p2p/${peerId}`)
  return { peerId, addresses, name: '', isConnected: true, operator, kind: 'seed', ...change }
}
const hostsOf = (items: ReturnType<typeof rankSeeds>) => items.map(({ address }) => address.split('/p2p/')[0])

describe('the seeds that an invitation names (INV5)', () => {
  it('are of different operators before a second one of any, and three at most', () => {
    const items = rankSeeds(
      [
        candidate('a', ['/dns4/a1.example/tcp/1']),
        candidate('a', ['/dns4/a2.example/tcp/1']),
        candidate('b', ['/dns4/b.example/tcp/1'], { isConnected: false }),
        candidate('c', ['/dns4/c.example/tcp/1'], { isConnected: false }),
      ],
      false,
    )
    expect(hostsOf(items)).toEqual(['a1', 'b', 'c', 'a2'].map((host) => `/dns4/${host}.example/tcp/1`))
    expect(items.map(({ isSuggested }) => isSuggested)).toEqual([true, true, true, false])
  })

  it('stand with public addresses before private ones, of each the best, and through a relay last', () => {
    const circuit = `/dns4/relay.example/tcp/1/p2p/${formatPeerId(random(32))}/p2p-circuit`
    const items = rankSeeds(
      [
        candidate('near', ['/ip4/192.168.1.7/tcp/1']),
        candidate('far', [circuit, '/ip4/8.8.8.8/tcp/2/ws', '/ip4/10.0.0.1/tcp/1', '/ip4/8.8.8.8/tcp/1']),
        candidate('behind', [circuit]),
      ],
      false,
    )
    expect(hostsOf(items).slice(0, 1)).toEqual(['/ip4/8.8.8.8/tcp/1'])
    expect(items.map(({ scope }) => scope)).toEqual(['public', 'public', 'private'])
  })

  it('are left out where an invitation has no room for the address', () => {
    const long = `/dns4/${'a'.repeat(60)}.${'b'.repeat(60)}.${'c'.repeat(60)}.example/tcp/4001/ws`
    expect(hostsOf(rankSeeds([candidate('a', [long]), candidate('b', ['/dns4/b.example/tcp/1'])], false))).toEqual([
      '/dns4/b.example/tcp/1',
    ])
  })

  it('are never on loopback, but on a local network', () => {
    const seed = candidate('a', ['/ip4/127.0.0.1/tcp/1'])
    expect(rankSeeds([seed], false)).toEqual([])
    expect(rankSeeds([seed], true)).toMatchObject([{ scope: 'loopback', isSuggested: true }])
  })

  it('are this node itself only where there is none', () => {
    const own = candidate('me', ['/ip4/8.8.4.4/tcp/1'], { kind: 'own', isConnected: false })
    expect(rankSeeds([own], false)).toMatchObject([{ kind: 'own', isSuggested: true }])
    const far = candidate('a', ['/ip4/10.0.0.1/tcp/1'])
    expect(rankSeeds([own, far, far], false)).toMatchObject([
      { kind: 'seed', isSuggested: true },
      { kind: 'own', isSuggested: false },
    ])
  })

  it.each([
    ['/ip4/127.8.0.1/tcp/1', 'loopback'],
    ['/ip4/0.0.0.0/tcp/1', 'loopback'],
    ['/ip6/::1/tcp/1', 'loopback'],
    ['/ip6/::/tcp/1', 'loopback'],
    ['/ip6/::ffff:127.0.0.1/tcp/1', 'loopback'],
    ['/dns4/localhost/tcp/1', 'loopback'],
    ['/dns4/a.localhost/tcp/1', 'loopback'],
    ['/dns4/notlocalhost/tcp/1', 'public'],
    ['/ip4/192.168.1.7/tcp/1', 'private'],
    ['/ip6/fd00::1/tcp/1', 'private'],
    ['/ip6/2001:4860::1/tcp/1', 'public'],
    ['/ip4/8.8.8.8/tcp/1', 'public'],
    ['/dns4/seed.example/tcp/1', 'public'],
  ])('%s is %s', (address, scope) => {
    expect(scopeOf(address)).toBe(scope)
  })
})
