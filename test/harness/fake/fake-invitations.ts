import { ORPCError } from '@orpc/server'
import type { InvitationView, InviteSeed, JoinView } from '../../../core/contract/invitations.ts'
import { keyPairFromSeed } from '../../../core/identity/keys.ts'
import { formatPeerId, parsePeerId } from '../../../core/identity/peer-id.ts'
import { createSignatureVerifier } from '../../../core/identity/signature.ts'
import {
  checkInvitation,
  countFitting,
  formatInvitation,
  type InvitationWord,
  MAX_QR_INVITATION_LENGTH,
  signInvitation,
} from '../../../core/record/invitation.ts'
import { fakeFollow } from './fake-follows.ts'
import type { FakeHome } from './fake-home.ts'
import type { FakeOs } from './fake-os.ts'
import { bytesOfName, fakePeerId } from './ids.ts'

const DOMAIN = 'palabre'
const NETWORK = 'local'
const device = keyPairFromSeed(bytesOfName('device that invites'))
const keyOf = (profile: string) => parsePeerId(profile) ?? new Uint8Array(32)
const seedAt = (key: string, host: string) => `/dns4/${host}/tcp/4001/p2p/${fakePeerId(key)}`
const write = (word: InvitationWord) =>
  formatInvitation(signInvitation(word, { secretKey: device.secretKey, domain: DOMAIN }))

/** An invitation that Awa has made for somebody new. */
function sampleInvitation(change: Partial<InvitationWord> = {}): string {
  const person = (key: string, name: string) => ({ address: keyOf(fakePeerId(key)), name })
  return write({
    network: NETWORK,
    inviter: keyOf(fakePeerId('awa')),
    name: 'Awa Ndiaye',
    device: device.publicKey,
    ts: Date.UTC(2026, 10, 19, 18, 5),
    seeds: [seedAt('seed-mill', 'graine.moulin.example'), seedAt('seed-library', 'bibliotheque.example')],
    people: [person('tom', 'Tom Hiddink'), person('marguerite', 'Marguerite Roy'), person('nobody yet', 'Kossi')],
    ...change,
  })
}

/** Invitations of the sample node: signed by a key of its own, read by the real rules. */
export class FakeInvitations {
  readonly #home: FakeHome
  readonly #verifier = createSignatureVerifier()
  /** What one from here can name. */
  seeds: InviteSeed[] = [
    this.#seed('seed-mill', 'graine.moulin.example', 'Seed of the mill'),
    this.#seed('seed-library', 'bibliotheque.example', 'Bibliothèque'),
  ]
  join: JoinView | null = null
  /** The text of an invitation that somebody else made. */
  readonly sample = sampleInvitation

  constructor(home: FakeHome) {
    this.#home = home
  }

  #seed(key: string, host: string, name: string): InviteSeed {
    const address = seedAt(key, host)
    const peerId = fakePeerId(key)
    return { address, peerId, name, scope: 'public', isConnected: true, kind: 'seed', isSuggested: true }
  }

  /** What was accepted goes on: its first seed answers. */
  settle(cause: string | null = null): void {
    if (this.join === null) return
    const seeds = this.join.seeds.map((seed, at) => ({
      ...seed,
      state: cause === null && at === 0 ? ('connected' as const) : ('unreachable' as const),
      cause: cause ?? (at === 0 ? null : 'ECONNREFUSED'),
    }))
    this.join = { ...this.join, seeds }
    this.#home.emit({ type: 'network' })
  }

  make(profiles: readonly string[], seeds?: readonly string[]) {
    const square = this.#home.square()
    if (square.me === null) throw new ORPCError('no-account', { message: 'there is no account here yet' })
    const named = seeds ?? this.seeds.filter(({ isSuggested }) => isSuggested).map(({ address }) => address)
    const people = profiles.map((profile) => ({ address: keyOf(profile), name: square.person(profile).name }))
    const { name } = square.person(square.me)
    const ts = this.#home.now()
    const word = {
      network: NETWORK,
      inviter: keyOf(square.me),
      name,
      device: device.publicKey,
      ts,
      seeds: named,
      people,
    }
    const linkPeople = countFitting(word, MAX_QR_INVITATION_LENGTH)
    return {
      link: write({ ...word, people: people.slice(0, linkPeople) }),
      linkPeople,
      file: { name: `${name}.palabre-invitation`, text: `${write(word)}\n` },
      people: people.length,
      seeds: [...named],
    }
  }

  read(text: string): InvitationView {
    const checked = checkInvitation(text, this.#verifier, DOMAIN)
    const fault = (reason: InvitationView['fault'], network: string | null = null) => ({
      fault: reason,
      network,
      invitation: null,
    })
    if (!checked.ok) return fault(checked.reason)
    const { network, inviter, name, ts, seeds, people } = checked.invitation
    if (network !== NETWORK) return fault('other-network', network)
    if (formatPeerId(inviter) === this.#home.square().me) return fault('own', network)
    const shown = seeds.map((address) => ({
      address,
      peerId: address.split('/p2p/')[1] ?? '',
      name: '',
      scope: address.startsWith('/ip4/127.') ? ('loopback' as const) : ('public' as const),
      isConnected: false,
      isUsable: !address.startsWith('/ip4/127.'),
    }))
    const views = people.map((person) => this.#view(formatPeerId(person.address), person.name))
    const inviterView = this.#view(formatPeerId(inviter), name)
    return {
      fault: null,
      network,
      invitation: { inviter: inviterView, signer: 'unknown', ts, seeds: shown, people: views },
    }
  }

  accept(input: { text: string; seeds: readonly string[]; people: readonly string[] }): JoinView {
    const { fault, invitation } = this.read(input.text)
    if (invitation === null) throw new ORPCError('bad-invitation', { message: 'it can not be used', data: { fault } })
    for (const profile of input.people) fakeFollow(this.#home, profile)
    const { inviter } = invitation
    const chosen = [inviter, ...invitation.people].filter(({ profile }) => input.people.includes(profile))
    this.join = {
      inviter: { profile: inviter.profile, name: inviter.name },
      acceptedAt: this.#home.now(),
      seeds: input.seeds.map((address) => ({
        address,
        peerId: address.split('/p2p/')[1] ?? '',
        state: 'waiting',
        cause: null,
      })),
      people: chosen.map(({ profile, name, avatar }) => ({ profile, name, avatar, state: 'pending' })),
      needsAccount: false,
      isDone: false,
    }
    this.#home.emit({ type: 'network' })
    return this.status() as JoinView
  }

  status(): JoinView | null {
    if (this.join === null) return null
    const square = this.#home.square()
    const people = this.join.people.map((one) => ({
      ...one,
      state: square.me === null ? ('pending' as const) : square.person(one.profile).follow,
    }))
    const isReached = this.join.seeds.length === 0 || this.join.seeds.some(({ state }) => state === 'connected')
    const isDone = isReached && people.every(({ state }) => state !== 'pending')
    return { ...this.join, people, needsAccount: square.me === null, isDone }
  }

  #view(profile: string, hint: string) {
    const square = this.#home.square()
    const { name, avatar, follow } = square.people.get(profile) ?? { name: '', avatar: null, follow: 'none' as const }
    return { profile, name: name || hint, isNameClaimed: name === '', avatar, follow, isMe: profile === square.me }
  }

  routes(os: FakeOs) {
    return {
      seeds: os.invitations.seeds.handler(() => ({ items: this.seeds })),
      make: os.invitations.make.handler(({ input }) => this.make(input.people, input.seeds)),
      read: os.invitations.read.handler(({ input }) => this.read(input.text)),
      accept: os.invitations.accept.handler(({ input }) => this.accept(input)),
      status: os.invitations.status.handler(() => ({ join: this.status() })),
    }
  }
}
