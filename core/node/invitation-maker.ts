import type { InviteSeed, MadeInvitation } from '../contract/invitations.ts'
import type { Follow } from '../contract/views.ts'
import { formatPeerId, parsePeerId } from '../identity/peer-id.ts'
import { addressOf, peerIdOf } from '../net/addresses.ts'
import {
  countFitting,
  formatInvitation,
  hintOf,
  INVITATION_FILE_ENDING,
  type InvitationWord,
  MAX_QR_INVITATION_LENGTH,
  signInvitation,
} from '../record/invitation.ts'
import { MAX_NAME_BYTES } from '../record/limits.ts'
import type { PeerCard } from '../record/peer-card.ts'
import type { LogReader } from '../store/log-reader.ts'
import type { TimelineReader } from '../timeline/reader.ts'
import type { Clock } from '../util/clock.ts'
import { BadRequestError, NoAccountError } from '../util/errors.ts'
import { rankSeeds, type SeedCandidate } from './invite-seeds.ts'
import type { ConnectedPeers, OwnIdentity } from './ports.ts'

/** Remembered seeds that are looked at. */
const MAX_REMEMBERED = 12

export interface InvitationMakerComponents {
  readonly identity: OwnIdentity & { readonly deviceSeed: Uint8Array }
  readonly reader: Pick<TimelineReader, 'follows' | 'profile'>
  readonly chains: Pick<LogReader, 'findAuthorOfDevice'>
  readonly peers: ConnectedPeers
  /** Seeds that were met, those that answered lately first. */
  readonly cards: { seeds(limit: number): readonly PeerCard[] }
  /** This node's own dialable addresses; none where the person keeps them back. */
  readonly ownAddresses: () => readonly string[]
  readonly clock: Clock
}

export interface InvitationMakerInit {
  /** Name of the network, and the domain of its signatures. */
  readonly network: string
  readonly domain: string
  /** Loopback addresses mean something to the others too. */
  readonly isLocal: boolean
  readonly role: 'peer' | 'seed'
}

/** Makes invitations: which seeds they can name, and the signed text (INV5, INV6). */
export class InvitationMaker {
  readonly #c: InvitationMakerComponents
  readonly #init: InvitationMakerInit

  constructor(components: InvitationMakerComponents, init: InvitationMakerInit) {
    this.#c = components
    this.#init = init
  }

  async seeds(): Promise<InviteSeed[]> {
    return rankSeeds(await this.#candidates(), this.#init.isLocal)
  }

  /**
   * `people`: of those whom this account follows. `seeds`: left out, the suggested ones.
   *
   * @throws NoAccountError, BadRequestError for somebody who isn't followed and for an address that can't be named
   */
  async make(asked: {
    readonly people: readonly string[]
    readonly seeds?: readonly string[] | undefined
  }): Promise<MadeInvitation> {
    const { identity, reader, clock } = this.#c
    const { address: inviter, profile } = identity
    if (inviter === null || profile === null) throw new NoAccountError()
    const { name } = await reader.profile(profile)
    const word: InvitationWord = {
      network: this.#init.network,
      inviter,
      name: hintOf(name, MAX_NAME_BYTES),
      device: identity.deviceKey,
      ts: clock.now(),
      seeds: chooseSeeds(await this.seeds(), asked.seeds),
      people: choosePeople(await reader.follows(), asked.people),
    }
    const linkPeople = countFitting(word, MAX_QR_INVITATION_LENGTH)
    return {
      link: this.#sign({ ...word, people: word.people.slice(0, linkPeople) }),
      linkPeople,
      file: { name: fileNameOf(word.name), text: `${this.#sign(word)}\n` },
      people: word.people.length,
      seeds: [...word.seeds],
    }
  }

  #sign(word: InvitationWord): string {
    const init = { secretKey: this.#c.identity.deviceSeed, domain: this.#init.domain }
    return formatInvitation(signInvitation(word, init))
  }

  /** Those that are connected, those of the own profile, those that were met before; then this node. */
  async #candidates(): Promise<SeedCandidate[]> {
    const { identity, reader, peers, cards, ownAddresses } = this.#c
    const connected = new Map(peers.listConnected().map((peer) => [peer.peerId, peer]))
    const named = identity.profile === null ? [] : (await reader.profile(identity.profile)).seeds
    const found = [
      ...[...connected.values()].flatMap(({ peerId, isSeed, dialable }) =>
        isSeed && dialable !== null ? [{ peerId, addresses: [dialable] }] : [],
      ),
      ...named,
      ...cards.seeds(MAX_REMEMBERED).map(({ device, addresses }) => ({ peerId: formatPeerId(device), addresses })),
    ]
    const seeds = found.map(async ({ peerId, addresses }): Promise<SeedCandidate> => {
      const peer = connected.get(peerId)
      return {
        peerId,
        addresses: addresses.map((address) => addressOf(address, peerId)),
        name: peer?.name ?? '',
        isConnected: peer !== undefined,
        operator: await this.#operatorOf(peerId),
        kind: 'seed',
      }
    })
    const own = formatPeerId(identity.deviceKey)
    const addresses = ownAddresses().filter((address) => peerIdOf(address) === own)
    const isSeed = this.#init.role === 'seed'
    return [
      ...(await Promise.all(seeds)),
      { peerId: own, addresses, name: '', isConnected: false, operator: own, kind: isSeed ? 'seed' : 'own' },
    ]
  }

  /** The account whose chain lists it: what a seed says of itself proves nothing. */
  async #operatorOf(peerId: string): Promise<string> {
    const key = parsePeerId(peerId)
    const author = key === undefined ? null : await this.#c.chains.findAuthorOfDevice(key)
    return author === null ? peerId : formatPeerId(author)
  }
}

function chooseSeeds(options: readonly InviteSeed[], asked: readonly string[] | undefined): readonly string[] {
  if (asked === undefined) return options.filter(({ isSuggested }) => isSuggested).map(({ address }) => address)
  const unknown = asked.find((address) => !options.some((option) => option.address === address))
  if (unknown !== undefined) {
    throw new BadRequestError(
      `an invitation from here can't name ${unknown.slice(0, 80)}: invitations.seeds lists those`,
    )
  }
  return [...new Set(asked)]
}

function choosePeople(follows: readonly Follow[], asked: readonly string[]): InvitationWord['people'] {
  return [...new Set(asked)].map((profile) => {
    const follow = follows.find((one) => one.profile === profile && one.state === 'following')
    const address = parsePeerId(profile)
    if (follow === undefined || address === undefined) {
      throw new BadRequestError(`only people whom this account follows can be suggested, not ${profile.slice(0, 80)}`)
    }
    return { address, name: hintOf(follow.name) }
  })
}

/** For every file system: letters, digits, spaces and hyphens of the name. */
function fileNameOf(name: string): string {
  const safe = name
    .normalize('NFC')
    .replace(/[^\p{L}\p{N} -]/gu, '')
    .trim()
  return `${hintOf(safe) || 'palabre'}${INVITATION_FILE_ENDING}`
}
