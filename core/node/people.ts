import { formatPeerId, parsePeerId } from '../identity/peer-id.ts'
import { MAX_ADDRESS_LENGTH, parseAddress, peerIdOf } from '../net/addresses.ts'
import { formatProfileLink, parseProfileLink } from '../record/links.ts'
import type { LogReader } from '../store/log-reader.ts'
import { BadRequestError } from '../util/errors.ts'
import type { ConnectedPeers, OwnIdentity } from './ports.ts'

/** Seed addresses that a link carries: enough to be found, short enough for a QR code. */
const MAX_LINK_ADDRESSES = 2

/** Somebody, as a person named them. */
export interface NamedPerson {
  /** 32 bytes: a profile address, or a device key whose author isn't known here. */
  readonly key: Uint8Array
  /** Where they may be found. */
  readonly addresses: readonly string[]
}

export interface PeopleComponents {
  readonly identity: OwnIdentity
  readonly chains: Pick<LogReader, 'findAuthorOfDevice'>
  readonly peers: ConnectedPeers
  /** This node's own dialable addresses; none where the person keeps them back. */
  readonly ownAddresses: () => readonly string[]
  /** Where devices of the profile's account were seen, as far as that is known. */
  readonly whereabouts: (profile: string) => readonly string[]
}

/** From what people paste to keys, and back to links. */
export class People {
  readonly #components: PeopleComponents

  constructor(components: PeopleComponents) {
    this.#components = components
  }

  /**
   * Takes a profile address, the peer ID of a device, a `palabre:` link, or a multiaddr that ends in a peer ID.
   *
   * @throws BadRequestError for anything else
   */
  async find(text: string): Promise<NamedPerson> {
    const named = parsePerson(text)
    if (named === undefined) {
      throw new BadRequestError(`expected a peer ID (12D3Koo…) or a palabre: link, got ${text.slice(0, 80)}`)
    }
    const author = await this.#components.chains.findAuthorOfDevice(named.key)
    return author === null ? named : { key: author, addresses: named.addresses }
  }

  /** Profile address for what a person gave. @throws BadRequestError */
  async resolve(text: string): Promise<string> {
    return formatPeerId((await this.find(text)).key)
  }

  /** `palabre:` link with addresses of seeds, or of the person's own devices where no seed answers. */
  linkOf(profile: string, seeds: readonly { readonly addresses: readonly string[] }[]): string {
    const addresses = [...new Set(this.#addressesFor(profile, seeds))]
    return formatProfileLink({ profile, addresses: addresses.slice(0, MAX_LINK_ADDRESSES) })
  }

  /** Those that answer now before those that may be gone, and one of each seed before a second of any: they fail one by one. */
  #addressesFor(profile: string, seeds: readonly { readonly addresses: readonly string[] }[]): readonly string[] {
    const { identity, peers, ownAddresses, whereabouts } = this.#components
    const named = [
      ...seeds.flatMap(({ addresses }) => addresses.slice(0, 1)),
      ...seeds.flatMap(({ addresses }) => addresses.slice(1)),
    ]
    const met = peers.listConnected().flatMap((peer) => (peer.isSeed && peer.dialable !== null ? [peer.dialable] : []))
    const alive = named.filter((address) => met.includes(address))
    // Where a seed answers, nobody needs to know where this node is.
    const own = met.length > 0 ? met : ownAddresses()
    const others = profile === identity.profile ? own : whereabouts(profile)
    return alive.length > 0 ? [...alive, ...named, ...others] : [...others, ...named]
  }
}

/** Undefined for what is neither an ID, a link nor an address with an ID. */
export function parsePerson(given: string): NamedPerson | undefined {
  const text = given.trim()
  if (text.startsWith('/')) {
    const peerId = peerIdOf(text)
    const key = peerId === null ? undefined : parsePeerId(peerId)
    return key === undefined ? undefined : { key, addresses: [text] }
  }
  const key = parsePeerId(text)
  if (key !== undefined) return { key, addresses: [] }
  const link = parseProfileLink(text)
  const linked = link === undefined ? undefined : parsePeerId(link.profile)
  return link === undefined || linked === undefined ? undefined : { key: linked, addresses: link.addresses }
}

/** Addresses that a person gave beside a profile. @throws BadRequestError for one that is no multiaddr */
export function checkAddresses(addresses: readonly string[]): readonly string[] {
  for (const address of addresses) {
    if (address.length > MAX_ADDRESS_LENGTH || parseAddress(address) === undefined) {
      throw new BadRequestError(`expected a multiaddr like /ip4/127.0.0.1/tcp/4001, got ${address.slice(0, 80)}`)
    }
  }
  return addresses
}
