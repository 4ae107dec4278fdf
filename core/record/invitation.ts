/**
 * Invitations (INV1 … in docs/protocol/invitations.md): who invites, seeds to begin with, and people whom the inviter
 * suggests; signed, so that nobody can change the list on its way without it being seen. Nothing in one is a secret, and
 * nothing in one happens by itself: whoever reads it chooses.
 *
 *   palabre:join?v=1&n=<network>&p=<inviter>&i=<name>&d=<device>&t=<ms>[&a=<multiaddr>]…[&f=<person>[:<name>]]…&s=<signature>
 */
import { base64url } from 'multiformats/bases/base64'
import { type CborValue, encodeCbor, utf8Length } from '../codec/dag-cbor.ts'
import { signingInput } from '../identity/domains.ts'
import { signBytes } from '../identity/keys.ts'
import { formatPeerId, parsePeerId } from '../identity/peer-id.ts'
import type { SignatureReason, SignatureVerifier } from '../identity/signature.ts'
import { equalBytes, toHex } from '../util/bytes.ts'
import { MAX_NAME_BYTES, MAX_TS_MS, MIN_TS_MS, SIGNATURE_BYTES } from './limits.ts'
import { base64urlLength, decodeBase64url, decodePercent, encodeAddress, MAX_LINK_ADDRESS_LENGTH } from './link-text.ts'
import type { Sign } from './sign-record.ts'

/** Somebody whom the inviter suggests. */
export interface InvitedPerson {
  /** 32-byte profile address. */
  readonly address: Uint8Array
  /** What the inviter's computer calls them: a hint until their own profile is here; '' for none. */
  readonly name: string
}

export interface InvitationWord {
  /** Name of the network, as its descriptor says it. */
  readonly network: string
  /** 32-byte profile address of the inviter; a claim until that account's chain lists the device. */
  readonly inviter: Uint8Array
  /** What the inviter is called, '' for nothing. */
  readonly name: string
  /** 32-byte key of the inviter's device that signed it. */
  readonly device: Uint8Array
  /** Integer milliseconds since 1970, by the inviter's clock. */
  readonly ts: number
  /** Multiaddrs as text that end in a peer ID, best first; that they are dialable is for whoever dials. */
  readonly seeds: readonly string[]
  readonly people: readonly InvitedPerson[]
}

export interface Invitation extends InvitationWord {
  /** 64 bytes over "<network's domain>/invite/1\0" ‖ the array of the seven elements before it. */
  readonly signature: Uint8Array
}

/**
 * not-invitation: something else · too-large · newer: of a later version · malformed: a parameter is missing, unknown, there
 * twice or not decodable · too-many: seeds or people · bad-seed: no address with a peer ID, or there twice · bad-person: no
 * profile address, there twice, or the inviter · bad-name · ts-range
 */
export type InvitationFault =
  | 'not-invitation'
  | 'too-large'
  | 'newer'
  | 'malformed'
  | 'too-many'
  | 'bad-seed'
  | 'bad-person'
  | 'bad-name'
  | 'ts-range'
  | SignatureReason

export type DecodedInvitation =
  | { readonly ok: true; readonly invitation: Invitation }
  | { readonly ok: false; readonly reason: InvitationFault }

/** Of the whole text, characters, white space aside. */
export const MAX_INVITATION_LENGTH = 16_384
/** Of one that is shown as a QR code, characters: 113 modules a side, which a camera still reads from a screen. */
export const MAX_QR_INVITATION_LENGTH = 900
export const MAX_INVITATION_SEEDS = 4
export const MAX_INVITATION_PEOPLE = 64
/** Of a suggested person's name. */
export const MAX_HINT_BYTES = 48
/** With the white space in it: however a text was wrapped on its way, there is room for it. */
export const MAX_WRAPPED_INVITATION_LENGTH = 2 * MAX_INVITATION_LENGTH
/** Of a file that holds one: the text, and room for a line feed or two. */
export const MAX_INVITATION_FILE_BYTES = MAX_INVITATION_LENGTH + 16
export const INVITATION_FILE_ENDING = '.palabre-invitation'

const PREFIX = 'palabre:join?'
/** In so many characters it shows whether a text begins with it, however that was wrapped. */
const MAX_START_LENGTH = 4 * PREFIX.length
const VERSION = '1'
const PEER_ID_LENGTH = 52
/** Parameters that stand there once, and those that may be repeated or left out. */
const SINGLE = ['v', 'n', 'p', 'i', 'd', 't', 's'] as const
const REPEATED = ['a', 'f'] as const

type Single = (typeof SINGLE)[number]
type Repeated = (typeof REPEATED)[number]

/** True for a text that wants to be an invitation, whether it is a good one or not. */
export function isInvitation(text: string): boolean {
  const start = text.trimStart().slice(0, MAX_START_LENGTH).replace(/\s+/gu, '')
  return start.slice(0, PREFIX.length).toLowerCase() === PREFIX
}

/**
 * What it returns passes `checkInvitation`.
 * @throws RangeError when a field is outside of what an invitation allows
 */
export function signInvitation(
  word: InvitationWord,
  init: { readonly secretKey: Uint8Array; readonly domain: string },
  sign: Sign = signBytes,
): Invitation {
  const fault = faultOf(word)
  if (fault !== null) throw new RangeError(`an invitation can't say that: ${fault}`)
  return { ...word, signature: sign(init.secretKey, inputOf(word, init.domain)) }
}

/** The link; with a line feed behind it, the file. */
export function formatInvitation(invitation: Invitation): string {
  return `${formatWord(invitation)}&s=${base64url.baseEncode(invitation.signature)}`
}

/** How many of the people, from the first on, an invitation of at most so many characters has room for. */
export function countFitting(word: InvitationWord, maxLength: number): number {
  let left = maxLength - formatWord({ ...word, people: [] }).length - '&s='.length - base64urlLength(SIGNATURE_BYTES)
  let count = 0
  for (const person of word.people) {
    left -= `&${formatPerson(person)}`.length
    if (left < 0) break
    count++
  }
  return count
}

/** Structure only; white space in it, as mail programs put it there, is passed over. Never throws for bad text. */
export function decodeInvitation(text: string): DecodedInvitation {
  if (!isInvitation(text)) return refuse('not-invitation')
  if (text.length > MAX_WRAPPED_INVITATION_LENGTH) return refuse('too-large')
  const link = text.replace(/\s+/gu, '')
  if (link.length > MAX_INVITATION_LENGTH) return refuse('too-large')
  const query = link.slice(PREFIX.length)
  if (!/^[\x21-\x7e]*$/.test(query)) return refuse('malformed')
  const parameters = readParameters(query)
  if (parameters === undefined) return refuse('malformed')
  const version = parameters.single.get('v')
  if (version !== undefined && version !== VERSION && /^[1-9]\d{0,8}$/.test(version)) return refuse('newer')
  const invitation = version === VERSION && parameters.unknown === 0 ? readInvitation(parameters) : undefined
  if (invitation === undefined) return refuse('malformed')
  const fault = faultOf(invitation)
  return fault === null ? { ok: true, invitation } : refuse(fault)
}

/** Structure and signature, without identity and without a clock: the same answer on every computer of a network. */
export function checkInvitation(text: string, verifier: SignatureVerifier, domain: string): DecodedInvitation {
  const decoded = decodeInvitation(text)
  if (!decoded.ok) return decoded
  const { invitation } = decoded
  const fault = verifier.verify(invitation.device, inputOf(invitation, domain), invitation.signature)
  return fault === null ? decoded : refuse(fault)
}

/** A name as an invitation may say it: without control characters, cut between characters to so many bytes. */
export function hintOf(name: string, maxBytes = MAX_HINT_BYTES): string {
  let hint = ''
  let left = maxBytes
  for (const character of name
    .toWellFormed()
    .replace(/\p{Cc}/gu, ' ')
    .trim()) {
    left -= utf8Length(character)
    if (left < 0) break
    hint += character
  }
  return hint.trimEnd()
}

function inputOf(word: InvitationWord, domain: string): Uint8Array {
  return signingInput('invite', encodeCbor(elementsOf(word)), domain)
}

function elementsOf({ network, inviter, name, device, ts, seeds, people }: InvitationWord): CborValue[] {
  return [network, inviter, name, device, ts, [...seeds], people.map((person) => [person.address, person.name])]
}

function formatWord({ network, inviter, name, device, ts, seeds, people }: InvitationWord): string {
  const parameters = [
    `v=${VERSION}`,
    `n=${encodeURIComponent(network)}`,
    `p=${formatPeerId(inviter)}`,
    `i=${encodeURIComponent(name)}`,
    `d=${formatPeerId(device)}`,
    `t=${ts}`,
    ...seeds.map((address) => `a=${encodeAddress(address)}`),
    ...people.map(formatPerson),
  ]
  return `${PREFIX}${parameters.join('&')}`
}

function formatPerson({ address, name }: InvitedPerson): string {
  return `f=${formatPeerId(address)}${name === '' ? '' : `:${encodeURIComponent(name)}`}`
}

interface Parameters {
  readonly single: ReadonlyMap<Single, string>
  readonly repeated: ReadonlyMap<Repeated, readonly string[]>
  /** How many have a name that this version doesn't know. */
  readonly unknown: number
}

/** Undefined where a value isn't percent-encoded UTF-8, or one that stands there once stands there twice. */
function readParameters(query: string): Parameters | undefined {
  const single = new Map<Single, string>()
  const repeated = new Map<Repeated, string[]>(REPEATED.map((name) => [name, []]))
  let unknown = 0
  for (const pair of query.split('&')) {
    const value = pair[1] === '=' ? decodePercent(pair.slice(2)) : undefined
    const name = pair[0] as Single | Repeated
    if (value === undefined || single.has(name as Single)) return undefined
    if (SINGLE.some((known) => known === name)) single.set(name as Single, value)
    else if (repeated.has(name as Repeated)) repeated.get(name as Repeated)?.push(value)
    else unknown++
  }
  return { single, repeated, unknown }
}

/** Undefined where something is missing or can't be read; what it says is judged by `faultOf`. */
function readInvitation({ single, repeated }: Parameters): Invitation | undefined {
  const [network, name, time] = [single.get('n'), single.get('i'), single.get('t')]
  const [inviter, device] = [parsePeerId(single.get('p') ?? ''), parsePeerId(single.get('d') ?? '')]
  const signature = decodeBase64url(single.get('s') ?? '', SIGNATURE_BYTES)
  if (network === undefined || name === undefined || time === undefined || signature === undefined) return undefined
  if (inviter === undefined || device === undefined || !/^[1-9]\d{0,15}$/.test(time)) return undefined
  const people = (repeated.get('f') ?? []).map(readPerson)
  return { network, inviter, name, device, ts: Number(time), seeds: repeated.get('a') ?? [], people, signature }
}

/** One that isn't readable has an address of no bytes, which `faultOf` refuses. */
function readPerson(value: string): InvitedPerson {
  const [id, rest] = [value.slice(0, PEER_ID_LENGTH), value.slice(PEER_ID_LENGTH)]
  const isShaped = rest === '' || (rest.startsWith(':') && rest.length > 1)
  return { address: (isShaped ? parsePeerId(id) : undefined) ?? new Uint8Array(), name: rest.slice(1) }
}

function faultOf(word: InvitationWord): InvitationFault | null {
  const { network, inviter, name, device, ts, seeds, people } = word
  if (!/^[a-z0-9][a-z0-9-]{0,31}$/.test(network) || inviter.length !== 32 || device.length !== 32) return 'malformed'
  if (!Number.isSafeInteger(ts) || ts < MIN_TS_MS || ts > MAX_TS_MS) return 'ts-range'
  if (seeds.length > MAX_INVITATION_SEEDS || people.length > MAX_INVITATION_PEOPLE) return 'too-many'
  if (!seeds.every(isSeedLike) || new Set(seeds).size < seeds.length) return 'bad-seed'
  if (!people.every(({ address }) => address.length === 32 && !equalBytes(address, inviter))) return 'bad-person'
  if (new Set(people.map(({ address }) => toHex(address))).size < people.length) return 'bad-person'
  if (!isName(name, MAX_NAME_BYTES) || !people.every((person) => isName(person.name, MAX_HINT_BYTES))) return 'bad-name'
  return null
}

/** True for an address that an invitation can name: whoever dials it knows whom to expect there. */
export function isSeedLike(address: string): boolean {
  const peerId = /^\/[^/\s].*\/p2p\/([^/]+)$/u.exec(address)?.[1]
  if (peerId === undefined || parsePeerId(peerId) === undefined || !address.isWellFormed()) return false
  return utf8Length(address) <= MAX_LINK_ADDRESS_LENGTH && !/\p{Cc}/u.test(address)
}

function isName(name: string, maxBytes: number): boolean {
  return name.isWellFormed() && utf8Length(name) <= maxBytes && !/\p{Cc}/u.test(name)
}

function refuse(reason: InvitationFault): DecodedInvitation {
  return { ok: false, reason }
}
