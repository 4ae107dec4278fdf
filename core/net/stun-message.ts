import { isIPv4, isIPv6 } from 'node:net'

/**
 * The two messages of STUN (RFC 8489) that telling somebody their own address takes: a binding request in, a binding
 * success out, with one XOR-MAPPED-ADDRESS and nothing else.
 */

const HEADER_BYTES = 20
const COOKIE = 0x2112a442
const BINDING_REQUEST = 0x0001
const BINDING_SUCCESS = 0x0101
const XOR_MAPPED_ADDRESS = 0x0020
/** Attributes from here on may be ignored by whoever doesn't know them (RFC 8489, section 14). */
const FIRST_OPTIONAL_ATTRIBUTE = 0x8000

/** Longer ones are dropped unread: the smallest datagram that every path carries, less its headers. */
export const MAX_REQUEST_BYTES = 548

/** Bytes that travel from request to answer: the magic cookie and the transaction ID. */
export type Transaction = Uint8Array

/**
 * The transaction of a binding request; null for everything else: another message, a length that doesn't fit, torn
 * attributes, and attributes that a server must understand and this one doesn't. Such a request gets no answer at all,
 * where the RFC has an error: what says nothing can't be turned against a third party.
 */
export function decodeBindingRequest(message: Uint8Array): Transaction | null {
  if (message.byteLength < HEADER_BYTES || message.byteLength > MAX_REQUEST_BYTES) return null
  const view = new DataView(message.buffer, message.byteOffset, message.byteLength)
  if (view.getUint16(0) !== BINDING_REQUEST || view.getUint32(4) !== COOKIE) return null
  if (view.getUint16(2) !== message.byteLength - HEADER_BYTES || message.byteLength % 4 !== 0) return null
  let at = HEADER_BYTES
  while (at < message.byteLength) {
    if (view.getUint16(at) < FIRST_OPTIONAL_ATTRIBUTE) return null
    at += 4 + Math.ceil(view.getUint16(at + 2) / 4) * 4
  }
  return at === message.byteLength ? message.slice(4, HEADER_BYTES) : null
}

/**
 * 32 bytes for an address of version 4, 44 for one of version 6. An address of version 4 that is written as one of
 * version 6 (`::ffff:192.0.2.1`) counts as what it is.
 *
 * @throws RangeError for what is no IP address
 */
export function encodeBindingSuccess(transaction: Transaction, address: string, port: number): Uint8Array {
  const host = addressBytes(address)
  const message = new Uint8Array(HEADER_BYTES + 8 + host.byteLength)
  const view = new DataView(message.buffer)
  view.setUint16(0, BINDING_SUCCESS)
  view.setUint16(2, 8 + host.byteLength)
  message.set(transaction, 4)
  view.setUint16(20, XOR_MAPPED_ADDRESS)
  view.setUint16(22, 4 + host.byteLength)
  view.setUint8(25, host.byteLength === 4 ? 1 : 2)
  view.setUint16(26, port ^ (COOKIE >>> 16))
  for (const [i, byte] of host.entries()) message[28 + i] = byte ^ (transaction[i] as number)
  return message
}

function addressBytes(address: string): Uint8Array {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1] ?? address
  if (isIPv4(mapped)) return Uint8Array.from(mapped.split('.'), Number)
  const [plain = ''] = address.split('%')
  if (!isIPv6(plain)) throw new RangeError(`expected an IP address, got ${address.slice(0, 64)}`)
  const [head = '', tail] = plain.split('::')
  const left = groupsOf(head)
  const right = tail === undefined ? [] : groupsOf(tail)
  const groups = [...left, ...Array(8 - left.length - right.length).fill(0), ...right]
  return Uint8Array.from(groups.flatMap((group) => [group >> 8, group & 0xff]))
}

function groupsOf(text: string): number[] {
  if (text === '') return []
  return text.split(':').flatMap((group) => {
    if (!group.includes('.')) return [Number.parseInt(group, 16)]
    const [a = 0, b = 0, c = 0, d = 0] = group.split('.').map(Number)
    return [a * 256 + b, c * 256 + d]
  })
}
