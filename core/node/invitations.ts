import { z } from 'zod'
import type {
  InvitationProblem,
  InvitationView,
  InvitedView,
  JoinView,
  MadeInvitation,
} from '../contract/invitations.ts'
import type { NodeEvent, ProfileView } from '../contract/views.ts'
import { formatPeerId, parsePeerId } from '../identity/peer-id.ts'
import { createSignatureVerifier } from '../identity/signature.ts'
import { peerIdOf } from '../net/addresses.ts'
import { checkInvitation, decodeInvitation, type Invitation } from '../record/invitation.ts'
import type { TimelineReader } from '../timeline/reader.ts'
import { equalBytes } from '../util/bytes.ts'
import type { Clock } from '../util/clock.ts'
import { BadRequestError, PalabreError } from '../util/errors.ts'
import type { InvitationCalls, NetworkCalls } from './api/services.ts'
import type { FollowManager } from './follow-manager.ts'
import type { IdentityChains } from './identity-chains.ts'
import type { InvitationMaker } from './invitation-maker.ts'
import { scopeOf } from './invite-seeds.ts'
import type { AddressKeeper, ConnectedPeers, OwnIdentity, StateBook } from './ports.ts'

/** Where the one that was accepted last is remembered. */
const STATE_KEY = 'invitation'
/** Invitations are read one at a time: a few keys are enough. */
const MAX_VERIFY_KEYS = 16

const acceptedSchema = z.object({
  inviter: z.object({ profile: z.string(), name: z.string() }),
  acceptedAt: z.number(),
  seeds: z.array(z.string()),
  people: z.array(z.object({ profile: z.string(), name: z.string() })),
})
type Accepted = z.infer<typeof acceptedSchema>

const SENTENCES: Readonly<Record<InvitationProblem, string>> = {
  'not-invitation': 'that is no invitation: one begins with palabre:join?',
  'too-large': 'that is longer than any invitation',
  newer: 'the invitation was made by a later version of Palabre',
  malformed: 'the invitation is damaged: something is missing or was changed',
  'too-many': 'the invitation names more seeds or people than one may',
  'bad-seed': 'the invitation names a seed by what is no address',
  'bad-person': 'the invitation names somebody by what is no profile address',
  'bad-name': 'the invitation gives somebody a name that can not be one',
  'ts-range': 'the invitation gives a time that can not be one',
  'bad-key': 'the key that signed the invitation is none',
  'bad-signature': 'the invitation was changed after it was signed',
  'other-network': 'the invitation is for another network than that of this node',
  'other-signer': 'the invitation was not signed by a device of the account that it names',
  own: 'that is an invitation by this account itself',
}

/** An invitation that can't be used; `data.fault` says why. */
class InvitationError extends PalabreError {
  constructor(fault: InvitationProblem, network: string | null) {
    super('bad-invitation', SENTENCES[fault], { data: { fault, network } })
  }
}

export interface InvitationsComponents {
  readonly identity: OwnIdentity
  readonly maker: Pick<InvitationMaker, 'make' | 'seeds'>
  readonly reader: Pick<TimelineReader, 'follows' | 'profile'>
  readonly chains: Pick<IdentityChains, 'state'>
  readonly follows: Pick<FollowManager, 'wish'>
  readonly network: AddressKeeper & ConnectedPeers & Pick<NetworkCalls, 'status'>
  /** Addresses that are dialled again after a restart. */
  readonly knownPeers: { note(address: string): void }
  readonly states: StateBook
  readonly events: { publish(event: NodeEvent): void }
  readonly clock: Clock
}

export interface InvitationsInit {
  /** Name of the network, and the domain of its signatures. */
  readonly network: string
  readonly domain: string
  /** Loopback addresses lead somewhere. */
  readonly isLocal: boolean
}

type Judged =
  | { readonly invitation: Invitation; readonly signer: 'unknown' | 'active' | 'former' }
  | { readonly fault: InvitationProblem; readonly network: string | null }

/** Invitations as a person meets them: making one, seeing what one would do, and choosing from it (INV4, INV7). */
export class Invitations implements InvitationCalls {
  readonly #c: InvitationsComponents
  readonly #init: InvitationsInit
  readonly #verifier = createSignatureVerifier({ maxKeys: MAX_VERIFY_KEYS })

  constructor(components: InvitationsComponents, init: InvitationsInit) {
    this.#c = components
    this.#init = init
  }

  seeds() {
    return this.#c.maker.seeds()
  }

  make(asked: Parameters<InvitationCalls['make']>[0]): Promise<MadeInvitation> {
    return this.#c.maker.make(asked)
  }

  async read(text: string): Promise<InvitationView> {
    const judged = await this.#judge(text)
    if ('fault' in judged) return { fault: judged.fault, network: judged.network, invitation: null }
    const { invitation, signer } = judged
    const { network, ts, people } = invitation
    const connected = new Map(this.#c.network.listConnected().map(({ peerId, name }) => [peerId, name]))
    const seeds = invitation.seeds.map((address) => {
      const peerId = peerIdOf(address) ?? ''
      const isConnected = connected.has(peerId)
      const usable = { scope: scopeOf(address), isConnected, isUsable: this.#isUsable(address) }
      return { address, peerId, name: connected.get(peerId) ?? '', ...usable }
    })
    const inviter = await this.#view(invitation.inviter, invitation.name)
    const views = await Promise.all(people.map(({ address, name }) => this.#view(address, name)))
    return { fault: null, network, invitation: { inviter, signer, ts, seeds, people: views } }
  }

  /** @throws InvitationError, BadRequestError for what the invitation doesn't name, and for no choice at all */
  async accept(init: {
    readonly text: string
    readonly seeds: readonly string[]
    readonly people: readonly string[]
  }): Promise<JoinView> {
    const judged = await this.#judge(init.text)
    if ('fault' in judged) throw new InvitationError(judged.fault, judged.network)
    const accepted = this.#choose(judged.invitation, init)
    const { network, knownPeers, states, follows, events } = this.#c
    for (const address of accepted.seeds) {
      knownPeers.note(address)
      network.keep(address)
    }
    await states.setState(STATE_KEY, accepted)
    const people = accepted.people.map(({ profile }) => profile)
    await follows.wish(people, accepted.seeds)
    events.publish({ type: 'network' })
    return await this.#progress(accepted)
  }

  async status(): Promise<JoinView | null> {
    const parsed = acceptedSchema.safeParse(await this.#c.states.getState(STATE_KEY))
    return parsed.success ? await this.#progress(parsed.data) : null
  }

  async #judge(text: string): Promise<Judged> {
    const decoded = decodeInvitation(text)
    if (!decoded.ok) return { fault: decoded.reason, network: null }
    const { invitation } = decoded
    const { network } = invitation
    // Its signature means nothing here, so this is said first.
    if (network !== this.#init.network) return { fault: 'other-network', network }
    const checked = checkInvitation(text, this.#verifier, this.#init.domain)
    if (!checked.ok) return { fault: checked.reason, network }
    const own = this.#c.identity.address
    if (own !== null && equalBytes(own, invitation.inviter)) return { fault: 'own', network }
    const state = await this.#c.chains.state(invitation.inviter)
    if (state === null) return { invitation, signer: 'unknown' }
    const device = state.devices.find(({ key }) => equalBytes(key, invitation.device))
    if (device === undefined) return { fault: 'other-signer', network }
    return { invitation, signer: device.status === 'active' ? 'active' : 'former' }
  }

  #choose(
    invitation: Invitation,
    { seeds, people }: Pick<Parameters<Invitations['accept']>[0], 'seeds' | 'people'>,
  ): Accepted {
    const inviter = { profile: formatPeerId(invitation.inviter), name: invitation.name }
    const named = [inviter, ...invitation.people.map(({ address, name }) => ({ profile: formatPeerId(address), name }))]
    const chosen = named.filter(({ profile }) => people.includes(profile) && profile !== this.#c.identity.profile)
    const stranger = people.find((profile) => !named.some((one) => one.profile === profile))
    if (stranger !== undefined) throw new BadRequestError(`the invitation doesn't name ${stranger.slice(0, 80)}`)
    const unusable = seeds.find((address) => !invitation.seeds.includes(address) || !this.#isUsable(address))
    if (unusable !== undefined)
      throw new BadRequestError(`${unusable.slice(0, 80)} is no seed that this invitation leads to`)
    if (chosen.length === 0 && seeds.length === 0) throw new BadRequestError('choose a seed or somebody to follow')
    return { inviter, acceptedAt: this.#c.clock.now(), seeds: [...new Set(seeds)], people: chosen }
  }

  async #progress({ inviter, acceptedAt, seeds, people }: Accepted): Promise<JoinView> {
    const { reader, network, identity } = this.#c
    const [follows, { peers, unreachable }] = await Promise.all([reader.follows(), network.status()])
    const connected = new Set(peers.map(({ peerId }) => peerId))
    const tried = new Map(unreachable.map(({ address, cause }) => [address, cause]))
    const seedViews = seeds.map((address): JoinView['seeds'][number] => {
      const peerId = peerIdOf(address) ?? ''
      const cause = tried.get(address) ?? null
      if (connected.has(peerId)) return { address, peerId, state: 'connected', cause: null }
      return { address, peerId, state: cause === null ? 'waiting' : 'unreachable', cause }
    })
    const known = new Map(follows.map((follow) => [follow.profile, follow]))
    const personViews = people.map(({ profile, name }) => {
      const follow = known.get(profile)
      return { profile, name: follow?.name || name, avatar: follow?.avatar ?? null, state: follow?.state ?? 'none' }
    })
    const isReached = seedViews.length === 0 || seedViews.some(({ state }) => state === 'connected')
    return {
      inviter: { ...inviter, name: known.get(inviter.profile)?.name || inviter.name },
      acceptedAt,
      seeds: seedViews,
      people: personViews,
      needsAccount: identity.profile === null,
      isDone: isReached && personViews.every(({ state }) => state !== 'pending'),
    }
  }

  async #view(address: Uint8Array, hint: string): Promise<InvitedView> {
    const profile = formatPeerId(address)
    const known: Pick<ProfileView, 'name' | 'avatar' | 'follow' | 'isMe'> = await this.#c.reader.profile(profile)
    const { name, avatar, follow, isMe } = known
    return { profile, name: name || hint, isNameClaimed: name === '', avatar, follow, isMe }
  }

  /** A loopback address would lead a stranger's invitation to what runs on this computer. */
  #isUsable(address: string): boolean {
    const peerId = peerIdOf(address)
    const isOther =
      peerId !== null && parsePeerId(peerId) !== undefined && peerId !== formatPeerId(this.#c.identity.deviceKey)
    return isOther && (this.#init.isLocal || scopeOf(address) !== 'loopback')
  }
}
