import { parseRecordId } from '../codec/cid.ts'
import { parsePeerId } from '../identity/peer-id.ts'
import { decodePercent, encodeAddress, MAX_LINK_ADDRESS_LENGTH } from './link-text.ts'

/** What a `palabre:` link says: a profile or one of its posts, and where it may be found. */
export interface ProfileLink {
  /** Peer ID of the profile address, or of one of its devices. */
  readonly profile: string
  /** Record id as CID text. */
  readonly record?: string
  /** Multiaddrs as text; that they are dialable is for whoever dials. */
  readonly addresses: readonly string[]
}

const SCHEME = 'palabre:'
const MAX_LINK_LENGTH = 4_096
const MAX_LINK_ADDRESSES = 8

/** `palabre:<peer id>[/<record id>][?a=<multiaddr>&a=…]` */
export function formatProfileLink(link: ProfileLink): string {
  const path = link.record === undefined ? link.profile : `${link.profile}/${link.record}`
  const query = link.addresses.slice(0, MAX_LINK_ADDRESSES).map((address) => `a=${encodeAddress(address)}`)
  return `${SCHEME}${path}${query.length === 0 ? '' : `?${query.join('&')}`}`
}

/**
 * The link's parts; undefined for anything that isn't one. White space around it and parameters other than `a` are
 * passed over, and so are addresses past the eighth.
 */
export function parseProfileLink(text: string): ProfileLink | undefined {
  const trimmed = text.trim()
  if (trimmed.length > MAX_LINK_LENGTH || trimmed.slice(0, SCHEME.length).toLowerCase() !== SCHEME) return undefined
  const rest = trimmed.slice(SCHEME.length)
  const queryAt = rest.indexOf('?')
  const [profile, record, ...more] = (queryAt < 0 ? rest : rest.slice(0, queryAt)).split('/')
  if (profile === undefined || parsePeerId(profile) === undefined || more.length > 0) return undefined
  if (record !== undefined && parseRecordId(record) === undefined) return undefined
  const addresses = queryAt < 0 ? [] : readAddresses(rest.slice(queryAt + 1))
  if (addresses === undefined) return undefined
  return { profile, ...(record === undefined ? {} : { record }), addresses }
}

/** Addresses of the query's `a` parameters, the first eight; undefined when one is none. */
export function readAddresses(query: string): string[] | undefined {
  const addresses: string[] = []
  for (const parameter of query.split('&')) {
    if (!parameter.startsWith('a=')) continue
    const address = decodePercent(parameter.slice(2))
    if (address === undefined || !address.startsWith('/') || address.length > MAX_LINK_ADDRESS_LENGTH) return undefined
    if (addresses.length < MAX_LINK_ADDRESSES) addresses.push(address)
  }
  return addresses
}
