import { describe, expect, it } from 'vitest'
import type { ProfileView } from '../../../core/contract/views.ts'
import { generateKeyPair } from '../../../core/identity/keys.ts'
import { formatPeerId } from '../../../core/identity/peer-id.ts'
import { HomeSeeds, mergeSeeds } from '../../../core/node/home-seeds.ts'
import { People } from '../../../core/node/people.ts'
import type { ConnectedPeer } from '../../../core/node/ports.ts'
import type { ProfileDraft } from '../../../core/node/publish/drafts.ts'
import { systemClock } from '../../../core/util/clock.ts'
import { silentLogger } from '../../../core/util/logger.ts'
import { eventually } from '../../harness/wait.ts'

const peerId = () => formatPeerId(generateKeyPair().publicKey)
const me = peerId()
const identity = { profile: me, address: new Uint8Array(32), deviceKey: new Uint8Array(32) }
const address = (port: number) => `/ip4/127.0.0.1/tcp/${port}`
const seedPeer = (port: number): ConnectedPeer => ({
  peerId: peerId(),
  isSeed: true,
  name: '',
  dialable: address(port),
})

function people(connected: readonly ConnectedPeer[] = [], whereabouts = (_profile: string): string[] => []): People {
  return new People({
    identity,
    chains: { findAuthorOfDevice: async () => null },
    peers: { listConnected: () => connected },
    ownAddresses: () => [address(1), address(2), address(3)],
    whereabouts,
  })
}

describe('People', () => {
  it('makes links with one address of each seed before a second of any', () => {
    const seeds = [{ addresses: [address(10), address(11)] }, { addresses: [address(20)] }]
    expect(people().linkOf(peerId(), seeds)).toMatch(`?a=${address(10)}&a=${address(20)}`)
  })

  it('falls back to connected seeds, then to own addresses, for oneself only', () => {
    expect(people([seedPeer(30)]).linkOf(me, [])).toBe(`palabre:${me}?a=${address(30)}`)
    expect(people().linkOf(me, [])).toBe(`palabre:${me}?a=${address(1)}&a=${address(2)}`)
    const other = peerId()
    expect(people([seedPeer(30)]).linkOf(other, [])).toBe(`palabre:${other}`)
  })

  it('names a seed that answers before one that doesn’t, and a device that was seen where no seed does', () => {
    const seeds = [{ addresses: [address(10)] }, { addresses: [address(20)] }]
    expect(people([seedPeer(20)]).linkOf(me, seeds)).toBe(`palabre:${me}?a=${address(20)}&a=${address(10)}`)
    expect(people().linkOf(me, seeds)).toBe(`palabre:${me}?a=${address(1)}&a=${address(2)}`)
    const other = peerId()
    const seen = people([], (profile) => (profile === other ? [address(40)] : []))
    expect(seen.linkOf(other, seeds)).toBe(`palabre:${other}?a=${address(40)}&a=${address(10)}`)
  })

  it('resolves IDs, links and addresses to a profile and refuses the rest', async () => {
    const other = peerId()
    expect(await people().resolve(` ${other} `)).toBe(other)
    expect(await people().resolve(`palabre:${other}?a=${address(1)}`)).toBe(other)
    expect(await people().resolve(`${address(1)}/p2p/${other}`)).toBe(other)
    for (const text of ['', 'nour', address(1), 'https://example.org', `${other}x`]) {
      await expect(people().resolve(text)).rejects.toMatchObject({ code: 'bad-request' })
    }
  })
})

describe('mergeSeeds', () => {
  const seeds = [1, 2, 3, 4].map((port) => ({ peerId: `seed-${port}`, addresses: [address(port)] }))

  it('adds up to three and leaves the person’s own choice alone', () => {
    expect(mergeSeeds([], seeds)).toEqual(seeds.slice(0, 3))
    expect(mergeSeeds(seeds, [{ peerId: 'new', addresses: [address(9)] }])).toBeNull()
    expect(mergeSeeds(seeds.slice(0, 1), seeds.slice(0, 1))).toBeNull()
  })

  it('takes the new address of a seed that moved', () => {
    const moved = { peerId: 'seed-1', addresses: [address(99)] }
    expect(mergeSeeds(seeds, [moved])).toEqual([moved, ...seeds.slice(1)])
  })
})

describe('HomeSeeds', () => {
  it('writes one profile for seeds that come together', async () => {
    const connected = [seedPeer(1), seedPeer(2), { ...seedPeer(3), dialable: null }]
    const written: (ProfileDraft | null)[] = []
    const homeSeeds = new HomeSeeds(
      {
        identity,
        peers: { listConnected: () => connected },
        writing: {
          rewriteProfile: async (_profile, change) => {
            written.push(change({ name: 'Nour', bio: '', avatar: null, seeds: [] }))
          },
        },
        reader: { profile: async () => ({ seeds: [] }) as unknown as ProfileView },
        events: { publish() {} },
        book: { getState: async () => null, setState: async () => {} },
        clock: systemClock,
        logger: silentLogger,
      },
      { debounceMs: 5 },
    )
    homeSeeds.start()
    for (const _peer of connected) homeSeeds.notePeers()
    await eventually('the profile', () => written.length > 0)
    await homeSeeds.stop()
    expect(written).toHaveLength(1)
    expect(written[0]?.seeds.map(({ addresses }) => addresses)).toEqual([[address(1)], [address(2)]])
  })
})
