import { BlockList } from 'node:net'
import { type Multiaddr, multiaddr } from '@multiformats/multiaddr'

/** Longest address text that is parsed, bytes; longer ones are no address. */
export const MAX_ADDRESS_LENGTH = 512

/** The multiaddr, or undefined for anything that isn't one. */
export function parseAddress(text: string): Multiaddr | undefined {
  if (text.length > MAX_ADDRESS_LENGTH || !/^\/[^/]/.test(text)) return undefined
  try {
    return multiaddr(text)
  } catch {
    return undefined
  }
}

/** The peer ID at the end of the address, null where it names none. */
export function peerIdOf(address: Multiaddr | string): string | null {
  const parsed = typeof address === 'string' ? parseAddress(address) : address
  return parsed?.getComponents().findLast((component) => component.name === 'p2p')?.value ?? null
}

/** Every peer ID that the address names, relays on the way first. */
export function peerIdsOf(address: Multiaddr): string[] {
  return address.getComponents().flatMap(({ name, value }) => (name === 'p2p' && value !== undefined ? [value] : []))
}

/** The IP address that the multiaddr starts with, null for names and everything else. */
export function ipOf(address: Multiaddr): { family: 'ipv4' | 'ipv6'; host: string } | null {
  const first = address.getComponents()[0]
  if (first?.value === undefined) return null
  if (first.name === 'ip4') return { family: 'ipv4', host: first.value }
  if (first.name === 'ip6') return { family: 'ipv6', host: first.value }
  return null
}

/** True for an address that leads through a relay. */
export function isCircuit(address: string): boolean {
  return address.includes('/p2p-circuit')
}

/** Ranges of IP addresses that mean something inside a network only, or nothing (RFC 6890, RFC 6598). */
const NOT_PUBLIC = new BlockList()
for (const [network, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
] as const) {
  NOT_PUBLIC.addSubnet(network, bits, 'ipv4')
}

/** True for an address that starts with a name, or with an IP address that means the same everywhere. */
export function isPublicAddress(address: string): boolean {
  const parsed = parseAddress(address)
  if (parsed === undefined) return false
  const ip = ipOf(parsed)
  if (ip === null) return parsed.getComponents()[0]?.name.startsWith('dns') === true
  return ip.family === 'ipv4' ? !NOT_PUBLIC.check(ip.host) : /^[23]/.test(ip.host)
}

/** Ranges of one household or office: its routers pass nothing of them on (RFC 1918, RFC 3927, RFC 4193, RFC 4291). */
const NEAR = new BlockList()
for (const [network, bits] of [
  ['10.0.0.0', 8],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
] as const) {
  NEAR.addSubnet(network, bits, 'ipv4')
}
NEAR.addAddress('::1', 'ipv6')
NEAR.addSubnet('fc00::', 7, 'ipv6')
NEAR.addSubnet('fe80::', 10, 'ipv6')

/** True for an address that leads there without the internet: names, relays and what says no IP address may need it. */
export function isNearAddress(address: string): boolean {
  const parsed = parseAddress(address)
  const ip = parsed === undefined || isCircuit(address) ? null : ipOf(parsed)
  return ip !== null && NEAR.check(ip.host, ip.family)
}

/** This computer: its own addresses, and those that lead there where nothing is bound to them (RFC 6890). */
const LOOPBACK = new BlockList()
for (const network of ['127.0.0.0', '0.0.0.0']) LOOPBACK.addSubnet(network, 8, 'ipv4')
for (const host of ['::', '::1']) LOOPBACK.addAddress(host, 'ipv6')

/** True for an address that starts on this computer, whoever reads it: by number or by the name `localhost`. */
export function isLoopbackAddress(address: string): boolean {
  const first = parseAddress(address)
    ?.getComponents()
    .find(({ name }) => name !== 'ip6zone')
  const host = first?.value ?? ''
  if (first?.name === 'ip4') return LOOPBACK.check(host, 'ipv4')
  if (first?.name === 'ip6') return LOOPBACK.check(host, 'ipv6')
  return first?.name.startsWith('dns') === true && /^(.+\.)?localhost\.?$/i.test(host)
}

/** Plain TCP before everything else, loopback last among equals: a stranger gets the address that may work first. */
export function compareAddresses(a: string, b: string): number {
  return rankOf(a) - rankOf(b)
}

function rankOf(address: string): number {
  const isTcp = /\/tcp\/\d+(\/p2p\/[^/]+)?$/.test(address)
  return (isTcp ? 0 : 2) + (isLoopbackAddress(address) ? 1 : 0)
}

/** The address with the peer ID of whoever is dialled at its end; one that ends in a relay's gets it too. */
export function addressOf(address: string, peerId: string): string {
  return address.endsWith(`/p2p/${peerId}`) ? address : `${address}/p2p/${peerId}`
}

/** A set of IP ranges: loopback always, and what the caller adds in CIDR form (`10.7.0.0/16`). */
export class AddressRanges {
  readonly #ranges = new BlockList()

  /** @throws RangeError for a text that is no CIDR range. */
  constructor(cidrs: readonly string[] = []) {
    this.#ranges.addSubnet('127.0.0.0', 8, 'ipv4')
    this.#ranges.addAddress('::1', 'ipv6')
    for (const cidr of cidrs) {
      const [host, bits] = cidr.split('/')
      if (host === undefined || bits === undefined) throw new RangeError(`expected a CIDR range, got ${cidr}`)
      this.#ranges.addSubnet(host, Number(bits), host.includes(':') ? 'ipv6' : 'ipv4')
    }
  }

  /** True only for a literal IP address inside: a name could lead anywhere. */
  contains(address: Multiaddr): boolean {
    const ip = ipOf(address)
    return ip !== null && this.#ranges.check(ip.host, ip.family)
  }
}
