/**
 * Links about an account that people hand to one another (GRD1 … GRD3 in docs/protocol/guardians.md):
 *
 *   palabre:guard?p=<ward>&n=<name>                                    be a guardian of this account
 *   palabre:guardian?p=<ward>&k=<key32>&s=<proof64>&g=<guardian>&n=<name>   the answer: a key made for it
 *   palabre:recover?p=<account>&d=<key32 sealKey32 proof64 nonce8>&n=<name>    a new device asks for it
 *
 * p and g are peer IDs of profile addresses, bytes are base64url without padding, names percent-encoded. What is in a
 * link is a claim: proofs are checked by whoever takes it.
 */
import { base64url } from 'multiformats/bases/base64'
import { utf8Length } from '../codec/dag-cbor.ts'
import { REQUEST_NONCE_BYTES } from '../identity/notice.ts'
import { MAX_DEVICE_NAME_BYTES } from '../identity/operation.ts'
import { formatPeerId, parsePeerId } from '../identity/peer-id.ts'
import { concatBytes } from '../util/bytes.ts'
import { MAX_NAME_BYTES } from './limits.ts'
import { decodeBase64url, decodePercent } from './link-text.ts'

export interface GuardLink {
  /** Address of the account that asks, 32 bytes. */
  readonly ward: Uint8Array
  /** What it calls itself. */
  readonly name: string
}

export interface GuardianLink {
  readonly ward: Uint8Array
  /** The key made for the ward, 32 bytes, and the proof that it is held (IDN8), 64 bytes. */
  readonly key: Uint8Array
  readonly proof: Uint8Array
  /** Address of the guardian, 32 bytes. */
  readonly guardian: Uint8Array
  readonly name: string
}

export interface RecoverLink {
  /** Address of the account that the device asks for, 32 bytes. */
  readonly address: Uint8Array
  /** Ed25519, 32 bytes, X25519, 32 bytes, and the proof over both (IDN8), 64 bytes. */
  readonly key: Uint8Array
  readonly sealKey: Uint8Array
  readonly proof: Uint8Array
  /** 8 bytes. */
  readonly nonce: Uint8Array
  /** Of the device, at most 64 bytes of UTF-8. */
  readonly name: string
}

/** Longest of any of them; one that was made here has less than half, and fits a QR code. */
const MAX_LINK_LENGTH = 1_024
const MAX_PARAMETERS = 16

export function formatGuardLink({ ward, name }: GuardLink): string {
  return format('guard', { p: formatPeerId(ward), n: name })
}

export function formatGuardianLink({ ward, key, proof, guardian, name }: GuardianLink): string {
  return format('guardian', {
    p: formatPeerId(ward),
    k: base64url.baseEncode(key),
    s: base64url.baseEncode(proof),
    g: formatPeerId(guardian),
    n: name,
  })
}

export function formatRecoverLink({ address, key, sealKey, proof, nonce, name }: RecoverLink): string {
  const device = base64url.baseEncode(concatBytes(key, sealKey, proof, nonce))
  return format('recover', { p: formatPeerId(address), d: device, n: name })
}

/** Undefined for anything else. White space around a link and parameters of others are passed over. */
export function parseGuardLink(text: string): GuardLink | undefined {
  const parameters = parse('guard', text)
  const ward = readPeerId(parameters, 'p')
  const name = readName(parameters, MAX_NAME_BYTES)
  return ward === undefined || name === undefined ? undefined : { ward, name }
}

/** Undefined for anything else. */
export function parseGuardianLink(text: string): GuardianLink | undefined {
  const parameters = parse('guardian', text)
  const [ward, guardian] = [readPeerId(parameters, 'p'), readPeerId(parameters, 'g')]
  const [key, proof] = [readBytes(parameters, 'k', 32), readBytes(parameters, 's', 64)]
  const name = readName(parameters, MAX_NAME_BYTES)
  if (ward === undefined || guardian === undefined || name === undefined) return undefined
  return key === undefined || proof === undefined ? undefined : { ward, key, proof, guardian, name }
}

/** Undefined for anything else. */
export function parseRecoverLink(text: string): RecoverLink | undefined {
  const parameters = parse('recover', text)
  const address = readPeerId(parameters, 'p')
  const device = readBytes(parameters, 'd', 32 + 32 + 64 + REQUEST_NONCE_BYTES)
  const name = readName(parameters, MAX_DEVICE_NAME_BYTES)
  if (address === undefined || device === undefined || name === undefined) return undefined
  const [key, sealKey, proof] = [device.slice(0, 32), device.slice(32, 64), device.slice(64, 128)]
  return { address, key, sealKey, proof, nonce: device.slice(128), name }
}

function format(what: string, parameters: Readonly<Record<string, string>>): string {
  const query = Object.entries(parameters).map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
  return `palabre:${what}?${query.join('&')}`
}

/** Of a name that comes twice there is no telling which one counts: undefined. */
function parse(what: string, text: string): ReadonlyMap<string, string> | undefined {
  const trimmed = text.trim()
  const start = `palabre:${what}?`
  if (trimmed.length > MAX_LINK_LENGTH || trimmed.slice(0, start.length).toLowerCase() !== start) return undefined
  const pairs = trimmed.slice(start.length).split('&')
  const parameters = new Map<string, string>()
  for (const pair of pairs) {
    const at = pair.indexOf('=')
    const name = at < 0 ? pair : pair.slice(0, at)
    const value = decodePercent(at < 0 ? '' : pair.slice(at + 1))
    if (value === undefined || parameters.has(name) || parameters.size >= MAX_PARAMETERS) return undefined
    parameters.set(name, value)
  }
  return parameters
}

function readPeerId(parameters: ReadonlyMap<string, string> | undefined, name: string): Uint8Array | undefined {
  return parsePeerId(parameters?.get(name) ?? '')
}

function readBytes(
  parameters: ReadonlyMap<string, string> | undefined,
  name: string,
  length: number,
): Uint8Array | undefined {
  return decodeBase64url(parameters?.get(name) ?? '', length)
}

/** A name left out is an empty one. */
function readName(parameters: ReadonlyMap<string, string> | undefined, maxBytes: number): string | undefined {
  if (parameters === undefined) return undefined
  const name = parameters.get('n') ?? ''
  return name.isWellFormed() && utf8Length(name) <= maxBytes ? name : undefined
}
