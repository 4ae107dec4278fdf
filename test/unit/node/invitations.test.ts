import { describe, expect, it } from 'vitest'
import type { Follow, ProfileView } from '../../../core/contract/views.ts'
import type { IdentityState } from '../../../core/identity/chain.ts'
import { keyPairFromSeed } from '../../../core/identity/keys.ts'
import { formatPeerId } from '../../../core/identity/peer-id.ts'
import { InvitationMaker } from '../../../core/node/invitation-maker.ts'
import { Invitations } from '../../../core/node/invitations.ts'
import {
  decodeInvitation,
  formatInvitation,
  type InvitationWord,
  signInvitation,
} from '../../../core/record/invitation.ts'
import { FakeSquare } from '../../harness/fake/fake-square.ts'
import { fakeNetworkStatus } from '../../harness/fake/network-status.ts'
import { seededRandom } from '../../harness/seeded-random.ts'

const random = seededRandom('invitations of a node')
const laptop = keyPairFromSeed(random(32))
const me = random(32)
const inviter = random(32)
const seedAddress = `/ip4/8.8.8.8/tcp/4001/p2p/${formatPeerId(random(32))}`
const tom = { address: random(32), name: 'Tom' }

const word: InvitationWord = {
  network: 'square',
  inviter,
  name: 'Awa',
  device: laptop.publicKey,
  ts: 1_795_904_739_000,
  seeds: [seedAddress],
  people: [tom],
}
const write = (change: Partial<InvitationWord> = {}, domain = 'palabre') =>
  formatInvitation(signInvitation({ ...word, ...change }, { secretKey: laptop.secretKey, domain }))

function createWorld(
  init: {
    devices?: IdentityState['devices'] | null
    follows?: readonly Follow[]
    /** Of the node itself. */
    addresses?: readonly string[]
  } = {},
) {
  const kept: string[] = []
  const noted: string[] = []
  const wished: string[] = []
  const states = new Map<string, unknown>()
  const identity = { profile: formatPeerId(me), address: me, deviceKey: laptop.publicKey, deviceSeed: laptop.secretKey }
  const reader = {
    profile: async (profile: string) =>
      ({
        profile,
        name: profile === identity.profile ? 'Me' : '',
        avatar: null,
        follow: 'none',
        isMe: false,
        seeds: [],
      }) as unknown as ProfileView,
    follows: async () => [...(init.follows ?? [])],
  }
  const network = {
    keep: (address: string) => void kept.push(address),
    listConnected: () => [],
    status: async () =>
      fakeNetworkStatus('offline', 0, new FakeSquare(), {
        clockOffsetMs: 0,
        patch: { unreachable: [{ address: seedAddress, cause: 'ECONNREFUSED', nextTryAt: 1 }] },
        archive: { importing: null },
        drill: { running: undefined },
        storage: { space: undefined },
      }),
  }
  const clock = { now: () => 1_795_000_000_000 }
  const names = { network: 'square', domain: 'palabre', isLocal: false }
  const maker = new InvitationMaker(
    {
      identity,
      reader,
      chains: { findAuthorOfDevice: async () => null },
      peers: network,
      cards: { seeds: () => [] },
      ownAddresses: () => init.addresses ?? [`/ip4/8.8.4.4/tcp/1/p2p/${formatPeerId(laptop.publicKey)}`],
      clock,
    },
    { ...names, role: 'peer' },
  )
  const invitations = new Invitations(
    {
      identity,
      maker,
      reader,
      chains: { state: async () => (init.devices ? ({ devices: init.devices } as unknown as IdentityState) : null) },
      follows: { wish: async (profiles) => void wished.push(...profiles) },
      network,
      knownPeers: { note: (address) => void noted.push(address) },
      states: {
        getState: async (key) => states.get(key) ?? null,
        setState: async (key, value) => void states.set(key, value),
      },
      events: { publish: () => {} },
      clock,
    },
    names,
  )
  return { invitations, kept, noted, wished, states }
}

const device = (key: Uint8Array, status: 'active' | 'retired') =>
  ({ key, status }) as unknown as IdentityState['devices'][number]

describe('Invitations', () => {
  it('says what one would do, and does nothing of it (INV4)', async () => {
    const world = createWorld()
    const view = await world.invitations.read(write())
    expect(view).toMatchObject({
      fault: null,
      network: 'square',
      invitation: {
        inviter: { profile: formatPeerId(inviter), name: 'Awa', isNameClaimed: true },
        signer: 'unknown',
        seeds: [{ address: seedAddress, scope: 'public', isUsable: true, isConnected: false }],
        people: [{ profile: formatPeerId(tom.address), name: 'Tom' }],
      },
    })
    expect([world.kept, world.noted, world.wished, world.states.size]).toEqual([[], [], [], 0])
    expect(await world.invitations.status()).toBeNull()
  })

  it.each([
    ['another network, whose signature means nothing here', write({ network: 'elsewhere' }, 'other'), 'other-network'],
    ['a changed one', write().replace('Tom', 'Eve'), 'bad-signature'],
    ['one of a network with the same name', write({}, 'other'), 'bad-signature'],
    ['the own one', write({ inviter: me }), 'own'],
    ['another sort of link', `palabre:${formatPeerId(inviter)}`, 'not-invitation'],
  ])('refuses %s, and accepting it (INV4)', async (_, text, fault) => {
    const world = createWorld()
    expect(await world.invitations.read(text)).toMatchObject({ fault, invitation: null })
    const accepting = world.invitations.accept({ text, seeds: [], people: [formatPeerId(tom.address)] })
    await expect(accepting).rejects.toMatchObject({ code: 'bad-invitation', data: { fault } })
    expect([world.kept, world.wished]).toEqual([[], []])
  })

  it('knows by the chain whose device signed it (INV4)', async () => {
    const signerOf = async (devices: IdentityState['devices'] | null) => {
      const { fault, invitation } = await createWorld({ devices }).invitations.read(write())
      return fault ?? invitation?.signer
    }
    expect(await signerOf(null)).toBe('unknown')
    expect(await signerOf([device(laptop.publicKey, 'active')])).toBe('active')
    expect(await signerOf([device(laptop.publicKey, 'retired')])).toBe('former')
    expect(await signerOf([device(random(32), 'active')])).toBe('other-signer')
  })

  it('dials and follows what was chosen, and only that (INV7)', async () => {
    const world = createWorld()
    const people = [formatPeerId(tom.address)]
    const join = await world.invitations.accept({ text: write(), seeds: [seedAddress], people })
    expect([world.kept, world.noted, world.wished]).toEqual([[seedAddress], [seedAddress], people])
    expect(join).toMatchObject({
      inviter: { name: 'Awa' },
      seeds: [{ address: seedAddress, state: 'unreachable', cause: 'ECONNREFUSED' }],
      people: [{ name: 'Tom', state: 'none' }],
      isDone: false,
    })
    expect(await world.invitations.status()).toEqual(join)
  })

  it('refuses what the invitation does not name, what leads to this computer, and no choice at all (INV7)', async () => {
    const { invitations, kept } = createWorld()
    const loopback = `/ip4/127.0.0.1/tcp/1/p2p/${formatPeerId(random(32))}`
    const text = write({ seeds: [seedAddress, loopback] })
    expect((await invitations.read(text)).invitation?.seeds.map(({ isUsable }) => isUsable)).toEqual([true, false])
    const choices = [
      { seeds: [loopback], people: [] },
      { seeds: [`/ip4/8.8.8.9/tcp/1/p2p/${formatPeerId(random(32))}`], people: [] },
      { seeds: [], people: [formatPeerId(random(32))] },
      { seeds: [], people: [] },
    ]
    for (const choice of choices) {
      await expect(invitations.accept({ text, ...choice })).rejects.toMatchObject({ code: 'bad-request' })
    }
    expect(kept).toEqual([])
  })
})

describe('InvitationMaker', () => {
  const follow = (profile: string, name: string, state: Follow['state'] = 'following'): Follow => ({
    profile,
    name,
    avatar: null,
    state,
    since: 1,
  })
  const many = Array.from({ length: 30 }, (_, i) => follow(formatPeerId(random(32)), `Person number ${i}`))

  it('names people in the order asked for, as many as the link has room for, and all in the file (INV6)', async () => {
    const { invitations } = createWorld({ follows: many })
    const people = many.map(({ profile }) => profile).reverse()
    const made = await invitations.make({ people })
    const [link, file] = [decodeInvitation(made.link), decodeInvitation(made.file.text)]
    const named = (decoded: typeof link) =>
      decoded.ok ? decoded.invitation.people.map(({ address }) => formatPeerId(address)) : []
    expect(made.link.length).toBeLessThanOrEqual(900)
    expect(made).toMatchObject({ people: 30, file: { name: 'Me.palabre-invitation' } })
    expect(made.linkPeople).toBeGreaterThan(3)
    expect(named(link)).toEqual(people.slice(0, made.linkPeople))
    expect(named(file)).toEqual(people)
    const reader = createWorld().invitations
    expect(await reader.read(made.file.text)).toMatchObject({ fault: 'own' })
  })

  it('names its own node where no seed is known, and none where none is asked for (INV5)', async () => {
    const { invitations } = createWorld()
    expect((await invitations.make({ people: [] })).seeds).toEqual([
      `/ip4/8.8.4.4/tcp/1/p2p/${formatPeerId(laptop.publicKey)}`,
    ])
    expect((await invitations.make({ people: [], seeds: [] })).seeds).toEqual([])
  })

  it('does not name a node that keeps its addresses back (INV5)', async () => {
    const { invitations } = createWorld({ addresses: [] })
    const made = await invitations.make({ people: [] })
    expect([made.seeds, await invitations.seeds()]).toEqual([[], []])
    expect(decodeInvitation(made.file.text)).toMatchObject({ ok: true, invitation: { seeds: [] } })
  })

  it('suggests nobody whom the account does not follow, and no address of its own making (INV5)', async () => {
    const waiting = follow(formatPeerId(random(32)), '', 'pending')
    const { invitations } = createWorld({ follows: [waiting] })
    for (const asked of [
      { people: [waiting.profile] },
      { people: [formatPeerId(random(32))] },
      { people: [], seeds: [seedAddress] },
    ]) {
      await expect(invitations.make(asked)).rejects.toMatchObject({ code: 'bad-request' })
    }
  })
})
