import { base64url } from 'multiformats/bases/base64'
import { formatPeerId, parsePeerId } from '../identity/peer-id.ts'
import { decodeBase64url, encodeAddress } from './link-text.ts'
import { readAddresses } from './links.ts'

/** What a `palabre:link?…` says: which device adds another, the token that it expects, and where it may be reached. */
export interface DeviceLink {
  /** 32-byte key of the device that shows the link. */
  readonly device: Uint8Array
  /** 16 bytes, good once and for ten minutes. A secret. */
  readonly token: Uint8Array
  /** Multiaddrs as text, without peer ID; that they are dialable is for whoever dials. */
  readonly addresses: readonly string[]
}

export const LINK_TOKEN_BYTES = 16
/** More make a QR code that no camera reads. */
export const MAX_DEVICE_LINK_ADDRESSES = 4

const PREFIX = 'palabre:link?'
const MAX_DEVICE_LINK_LENGTH = 2_048

/** `palabre:link?d=<peer id>&t=<base64url>[&a=<multiaddr>…]` (LNK1) */
export function formatDeviceLink({ device, token, addresses }: DeviceLink): string {
  const parameters = [
    `d=${formatPeerId(device)}`,
    `t=${base64url.baseEncode(token)}`,
    ...addresses.slice(0, MAX_DEVICE_LINK_ADDRESSES).map((address) => `a=${encodeAddress(address)}`),
  ]
  return `${PREFIX}${parameters.join('&')}`
}

/**
 * The link's parts; undefined for anything that isn't one. White space around it, other parameters and addresses past
 * the fourth are passed over.
 */
export function parseDeviceLink(text: string): DeviceLink | undefined {
  const trimmed = text.trim()
  if (trimmed.length > MAX_DEVICE_LINK_LENGTH) return undefined
  if (trimmed.slice(0, PREFIX.length).toLowerCase() !== PREFIX) return undefined
  const query = trimmed.slice(PREFIX.length)
  const device = parsePeerId(onlyOf(query, 'd') ?? '')
  const token = decodeBase64url(onlyOf(query, 't') ?? '', LINK_TOKEN_BYTES)
  const addresses = readAddresses(query)
  if (device === undefined || token === undefined || addresses === undefined) return undefined
  return { device, token, addresses: addresses.slice(0, MAX_DEVICE_LINK_ADDRESSES) }
}

/** Value of a parameter that stands there once. */
function onlyOf(query: string, name: string): string | undefined {
  const values = query.split('&').filter((parameter) => parameter.startsWith(`${name}=`))
  return values.length === 1 ? values[0]?.slice(name.length + 1) : undefined
}
