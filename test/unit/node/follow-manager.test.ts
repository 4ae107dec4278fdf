import { describe, expect, it } from 'vitest'
import type { Follow, NodeEvent } from '../../../core/contract/views.ts'
import { createIdentity } from '../../../core/identity/genesis.ts'
import { generateKeyPair, generateSealKeyPair } from '../../../core/identity/keys.ts'
import { formatPeerId } from '../../../core/identity/peer-id.ts'
import type { OwnDraft } from '../../../core/ingest/own-log.ts'
import { FollowManager } from '../../../core/node/follow-manager.ts'
import { People } from '../../../core/node/people.ts'
import type { PendingFollow } from '../../../core/node/ports.ts'
import { Drafts } from '../../../core/node/publish/drafts.ts'
import { decodeBody } from '../../../core/record/kinds/kind-table.ts'
import { equalBytes, toHex } from '../../../core/util/bytes.ts'
import { silentLogger } from '../../../core/util/logger.ts'
import { systemRandom } from '../../../core/util/random.ts'

function person() {
  const keyPair = generateKeyPair()
  const { address, operation } = createIdentity({
    device: { keyPair, sealKey: generateSealKeyPair().publicKey, name: 'laptop' },
  })
  return { address, genesisHash: operation.id, device: keyPair.publicKey, profile: formatPeerId(address) }
}

type Person = ReturnType<typeof person>

class World {
  readonly me = person()
  readonly held: Person[] = []
  readonly pending = new Map<string, PendingFollow>()
  readonly following = new Map<string, Follow>()
  readonly drafts: OwnDraft[] = []
  readonly kept: string[] = []
  readonly sought: Uint8Array[] = []
  readonly events: NodeEvent[] = []
  wantedChanges = 0
  /** Times that something was put into the book of those that wait. */
  additions = 0
  onPublish: () => void = () => {}
  readonly manager: FollowManager

  /** `hasAccount` false: until `identity` gets one. */
  readonly identity: { profile: string | null; address: Uint8Array | null; deviceKey: Uint8Array }

  constructor(hasAccount = true) {
    const { profile, address, device } = this.me
    const identity = hasAccount
      ? { profile, address, deviceKey: device }
      : { profile: null, address: null, deviceKey: device }
    this.identity = identity
    const chains = {
      findAuthorOfDevice: async (device: Uint8Array) =>
        this.held.find((one) => equalBytes(one.device, device))?.address ?? null,
      findGenesis: async (author: Uint8Array) =>
        this.held.find((one) => equalBytes(one.address, author))?.genesisHash ?? null,
    }
    this.manager = new FollowManager({
      identity,
      people: new People({
        identity,
        chains,
        peers: { listConnected: () => [] },
        ownAddresses: () => [],
        whereabouts: () => [],
      }),
      book: {
        addPendingFollows: async (targets, addresses) => {
          this.additions++
          for (const target of targets) this.pending.set(toHex(target), { target, addresses, since: 1 })
        },
        removePendingFollows: async (targets) => {
          for (const target of targets) this.pending.delete(toHex(target))
        },
        listPendingFollows: async () => [...this.pending.values()],
      },
      chains,
      reader: { follows: async () => [...this.following.values()] },
      publisher: {
        publish: async (drafts) => {
          this.onPublish()
          this.drafts.push(...drafts)
          for (const { kind, body } of drafts) {
            const decoded = decodeBody(kind, body)
            if (!decoded.ok || decoded.kind !== 'follow') continue
            const profile = formatPeerId(decoded.body.subject.address)
            if (decoded.body.on) {
              this.following.set(profile, { profile, name: '', avatar: null, state: 'following', since: 1 })
            } else this.following.delete(profile)
          }
          return []
        },
      },
      drafts: new Drafts({ random: systemRandom }),
      addresses: { keep: (address) => void this.kept.push(address) },
      events: { publish: (event) => void this.events.push(event) },
      logger: silentLogger,
      onWanted: () => void this.wantedChanges++,
      onUnknown: (key) => void this.sought.push(key),
      onChanged: () => {},
    })
  }

  bodies() {
    return this.drafts.map(({ kind, body }) => decodeBody(kind, body))
  }
}

const address = '/ip4/127.0.0.1/tcp/4001'

describe('FollowManager', () => {
  it('signs a follow at once where the chain is held', async () => {
    const world = new World()
    const nour = person()
    world.held.push(nour)
    expect(await world.manager.add(nour.profile, [])).toEqual({ profile: nour.profile, state: 'following' })
    expect(await world.manager.add(nour.profile, [])).toEqual({ profile: nour.profile, state: 'following' })
    expect(world.bodies()).toMatchObject([
      { kind: 'follow', body: { on: true, subject: { address: nour.address, genesis: nour.genesisHash.slice(0, 8) } } },
    ])
  })

  it('keeps a wish from before there is an account, and signs it when there is one (INV7)', async () => {
    const world = new World(false)
    const [nour, awa] = [person(), person()]
    world.held.push(nour)
    const wished = [nour, awa, nour].map(({ profile }) => profile)
    await world.manager.wish(wished, [address])
    await world.manager.settle()
    expect([world.pending.size, world.drafts]).toEqual([2, []])
    Object.assign(world.identity, { profile: world.me.profile, address: world.me.address })
    await world.manager.settle()
    expect(world.following.has(nour.profile)).toBe(true)
    expect(world.pending.size).toBe(1)
    await world.manager.wish([world.me.profile], [])
    expect(world.drafts).toHaveLength(1)
  })

  it('signs what is known of many wishes in one go, and looks for the others only (INV7)', async () => {
    const world = new World()
    const [first, ...others] = Array.from({ length: 40 }, () => person()) as [Person, ...Person[]]
    const stranger = person()
    world.held.push(first, ...others)
    await world.manager.add(first.profile, [])
    let published = 0
    world.onPublish = () => published++
    await world.manager.wish(
      [first, ...others, stranger, world.me].map(({ profile }) => profile),
      [address],
    )
    expect([published, world.additions]).toEqual([1, 1])
    expect(world.drafts).toHaveLength(40)
    expect(new Set(world.following.keys())).toEqual(new Set([first, ...others].map(({ profile }) => profile)))
    expect([...world.pending.values()].map(({ target }) => target)).toEqual([stranger.address])
    expect(world.sought).toEqual([stranger.address])
  })

  it('waits for the chain, then signs', async () => {
    const world = new World()
    const nour = person()
    expect(await world.manager.add(`palabre:${nour.profile}?a=${address}`, [`${address}/ws`])).toEqual({
      profile: nour.profile,
      state: 'pending',
    })
    expect(world.kept).toEqual([`${address}/ws`, address])
    expect(world.wantedChanges).toBe(1)
    expect(world.sought).toEqual([nour.address])
    await world.manager.settle()
    expect(world.drafts).toEqual([])
    world.held.push(nour)
    await world.manager.settle()
    await world.manager.settle()
    expect(world.pending.size).toBe(0)
    expect(world.following.has(nour.profile)).toBe(true)
    expect(world.drafts).toHaveLength(1)
    expect(world.events).toContainEqual({ type: 'profile', profile: nour.profile })
  })

  it('signs in one go what waited for chains that come together, once for each person', async () => {
    const world = new World()
    const people = Array.from({ length: 150 }, () => person())
    for (const { profile } of people) await world.manager.add(profile, [])
    const [first] = people as [Person]
    await world.manager.add(formatPeerId(first.device), [])
    const stranger = person()
    await world.manager.add(stranger.profile, [])
    world.held.push(...people)
    let published = 0
    const { length } = world.events
    world.onPublish = () => published++
    await world.manager.settle()
    expect(published).toBe(1)
    expect(world.drafts).toHaveLength(people.length)
    expect(new Set(world.following.keys())).toEqual(new Set(people.map(({ profile }) => profile)))
    expect([...world.pending.values()].map(({ target }) => formatPeerId(target))).toEqual([stranger.profile])
    expect(world.events.slice(length).filter(({ type }) => type !== 'profile')).toHaveLength(2)
  })

  it('puts the author in the place of a device once a chain lists it', async () => {
    const world = new World()
    const nour = person()
    const device = formatPeerId(nour.device)
    expect(await world.manager.add(`${address}/p2p/${device}`, [])).toEqual({ profile: device, state: 'pending' })
    world.held.push(nour)
    await world.manager.settle()
    expect([...world.following.keys()]).toEqual([nour.profile])
    expect(world.pending.size).toBe(0)
    expect(await world.manager.add(device, [])).toEqual({ profile: nour.profile, state: 'following' })
  })

  it('refuses oneself, one’s own device, nonsense and bad addresses', async () => {
    const world = new World()
    for (const text of [world.me.profile, formatPeerId(world.me.device)]) {
      await expect(world.manager.add(text, [])).rejects.toThrow('this is you')
    }
    await expect(world.manager.add('somebody', [])).rejects.toMatchObject({ code: 'bad-request' })
    await expect(world.manager.add(person().profile, ['localhost:4001'])).rejects.toThrow('expected a multiaddr')
    expect(world.kept).toEqual([])
    expect(world.pending.size).toBe(0)
  })

  it('ends a follow with a record and a wish without one', async () => {
    const world = new World()
    const [nour, aya] = [person(), person()]
    world.held.push(nour)
    await world.manager.add(nour.profile, [])
    await world.manager.add(aya.profile, [])
    expect(await world.manager.remove(nour.profile)).toEqual({ profile: nour.profile, state: 'none' })
    expect(await world.manager.remove(aya.profile)).toEqual({ profile: aya.profile, state: 'none' })
    expect(await world.manager.remove(aya.profile)).toEqual({ profile: aya.profile, state: 'none' })
    expect(world.bodies()).toMatchObject([{ body: { on: true } }, { body: { on: false } }])
    expect(world.pending.size).toBe(0)
  })
})
