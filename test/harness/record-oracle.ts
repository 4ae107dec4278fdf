/**
 * What a record is, judged once more without our decoder, limits or signature code: the library's DAG-CBOR with
 * decode → re-encode → compare, and node:crypto. Written from docs/protocol/records.md; slow and plain on purpose.
 */
import { createHash } from 'node:crypto'
import { CID } from 'multiformats/cid'
import { canonicalValue as canonical, isByteString as isBytes, isPlainMap as isMap } from './canonical.ts'
import { isSignedByNode } from './node-signatures.ts'

export type OracleAnswer = 'accept' | 'unreadable' | 'reject'

const isInt = (value: unknown): value is number => typeof value === 'number'
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest()

/** `knownKeys` are hex keys that SIG1 takes: the curve is left to the tests of the signature rule. */
export function judgeRecord(bytes: Uint8Array, knownKeys: ReadonlySet<string>): OracleAnswer {
  const wire = bytes.length > 8_521 ? undefined : canonical(bytes)?.value
  if (!Array.isArray(wire) || (wire.length !== 3 && wire.length !== 4)) return 'reject'
  const [headerBytes, signature, body, reason] = wire as unknown[]
  if (!(headerBytes instanceof Uint8Array) || !isBytes(signature, 64) || headerBytes.length > 256) return 'reject'
  const header = canonical(headerBytes)?.value
  if (!Array.isArray(header) || header.length < 9) return 'reject'
  const [version, kind, author, device, seq, prev, ts, length, hash] = header as unknown[]
  if (!isInt(version) || version < 1 || (version === 1 && header.length !== 9)) return 'reject'
  if (!isInt(kind) || kind < 1 || kind > 65_535 || !isInt(seq) || !isInt(ts) || !isInt(length)) return 'reject'
  if (!isBytes(author, 32) || !isBytes(device, 32) || !isBytes(hash, 32)) return 'reject'
  if (!(prev === null ? seq === 1 : isBytes(prev, 32) && seq >= 2 && seq < 2 ** 32)) return 'reject'
  if (ts < 1 || ts > 253_402_300_799_999 || length > 8_192) return 'reject'
  if (body === null) {
    if (wire.length === 4 && !isReason(reason)) return 'reject'
    if (version === 1 && kind === 7) return 'reject'
  } else {
    if (wire.length !== 3 || !(body instanceof Uint8Array) || body.length !== length) return 'reject'
    if (!sha256(body).equals(hash)) return 'reject'
  }
  if (!knownKeys.has(Buffer.from(device).toString('hex')) || !isSigned(device, headerBytes, signature)) return 'reject'
  if (body === null || version !== 1) return 'accept'
  return isReadable(kind, body as Uint8Array) ? 'accept' : 'unreadable'
}

function isReason(reason: unknown): boolean {
  if (!Array.isArray(reason)) return false
  if (reason[0] === 0) return reason.length === 2 && isBytes(reason[1], 32)
  return reason.length === 1 && (reason[0] === 1 || reason[0] === 2)
}

function isSigned(device: Uint8Array, headerBytes: Uint8Array, signature: Uint8Array): boolean {
  return isSignedByNode(device, Buffer.concat([Buffer.from('palabre/record/1\0'), headerBytes]), signature)
}

type Fields = Record<string, unknown>
type Check = (value: unknown, body: Fields) => boolean

const text =
  (most: number, least = 0): Check =>
  (value) =>
    typeof value === 'string' && Buffer.byteLength(value) >= least && Buffer.byteLength(value) <= most
const pair =
  (first: number, second: number): Check =>
  (value) =>
    Array.isArray(value) && value.length === 2 && isBytes(value[0], first) && isBytes(value[1], second)
const list =
  (most: number, check: Check, least = 1): Check =>
  (value, body) =>
    Array.isArray(value) && value.length >= least && value.length <= most && value.every((one) => check(one, body))
const whole =
  (least: number, most: number): Check =>
  (value) =>
    isInt(value) && value >= least && value <= most
const bool: Check = (value) => typeof value === 'boolean'

const isMediaLink: Check = (value) =>
  value instanceof CID && (value.code === 0x55 || value.code === 0x70) && value.multihash.code === 0x12

function isMedia(value: unknown): boolean {
  if (!isMap(value) || !isMediaLink(value.cid, value)) return false
  const { type, kind } = value
  const match =
    typeof type === 'string' &&
    Buffer.byteLength(type) <= 64 &&
    /^(image|video|audio)\/[a-z0-9][a-z0-9.+-]*$/.exec(type)
  if (!match || (kind !== undefined && kind !== match[1])) return false
  const side = whole(match[1] === 'audio' ? 0 : 1, 65_535)
  const thumb = value.thumb
  return (
    whole(1, 2 ** 53 - 1)(value.size, value) &&
    side(value.width, value) &&
    side(value.height, value) &&
    text(1_000)(value.alt, value) &&
    (thumb === undefined || (thumb instanceof Uint8Array && thumb.length >= 1 && thumb.length <= 32))
  )
}

function isAttachments(value: unknown): boolean {
  if (!Array.isArray(value) || value.length < 1 || value.length > 8 || !value.every(isMedia)) return false
  return value.length === 1 || value.every((entry) => entry.type.startsWith('image/'))
}

/** Ranges of the body's text: ascending, apart, on borders of characters. */
function isRanges(value: unknown, body: Fields, length: number): boolean {
  if (!Array.isArray(value) || value.length < 1 || value.length > 32) return false
  const bytes = Buffer.from(String(body.text))
  let from = 0
  for (const range of value) {
    if (!Array.isArray(range) || range.length !== length) return false
    const [start, end, address, genesis] = range
    if (!isInt(start) || !isInt(end) || start < from || start >= end || end > bytes.length) return false
    if (length === 4 && !(isBytes(address, 32) && isBytes(genesis, 8))) return false
    for (const at of [start, end]) if (at < bytes.length && ((bytes[at] as number) & 0xc0) === 0x80) return false
    from = end
  }
  return true
}

const isReply: Check = (value, body) =>
  isMap(value) && pair(32, 32)(value.root, body) && pair(32, 32)(value.parent, body)
const isSeed: Check = (value, body) =>
  isMap(value) && isBytes(value.peer, 32) && list(8, text(256, 1), 0)(value.addrs, body)

const isLabelSubject: Check = (value, body) =>
  pair(32, 32)(value, body) || pair(32, 8)(value, body) || isMediaLink(value, body)
const isBox: Check = (value) => [256, 1_024, 4_096, 7_680].some((length) => isBytes(value, length))
const isGrant: Check = (value) =>
  Array.isArray(value) && value.length === 3 && isBytes(value[0], 8) && isBytes(value[1], 32) && isBytes(value[2], 48)
const bytes =
  (length: number): Check =>
  (value) =>
    isBytes(value, length)

/** What a post and an edit have in common. */
const CONTENT: Readonly<Record<string, Check>> = {
  text: text(3_000),
  'lang?': (value, body) => text(35, 1)(value, body) && /^[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*$/.test(String(value)),
  'media?': isAttachments,
  'warn?': text(256, 1),
  'mentions?': (value, body) => isRanges(value, body, 4),
  'tags?': (value, body) => isRanges(value, body, 2),
}

/** Kind → fields; a name that ends in '?' may be missing. */
const SCHEMAS: Readonly<Record<number, Readonly<Record<string, Check>>>> = {
  1: { ...CONTENT, 'reply?': isReply, 'quote?': pair(32, 32), 'gate?': text(32, 1) },
  2: { ...CONTENT, subject: pair(32, 32) },
  3: { subject: pair(32, 32), emoji: (value, body) => value === null || text(32, 1)(value, body) },
  4: { subject: pair(32, 32), on: bool },
  5: { subject: pair(32, 8), on: bool },
  6: {
    name: text(128, 1),
    'bio?': text(1_024),
    'avatar?': (value) => isMedia(value) && String((value as Fields).type).startsWith('image/'),
    'seeds?': list(8, isSeed),
  },
  7: { subject: pair(32, 32) },
  8: { subject: pair(32, 8), on: bool },
  9: {
    subject: isLabelSubject,
    label: text(64, 1),
    on: bool,
    'until?': whole(1, 253_402_300_799_999),
    'note?': text(256, 1),
  },
  10: { list: bytes(16), name: text(128, 1), 'about?': text(1_024, 1), purpose: text(32, 1), on: bool },
  11: { list: bytes(16), subject: pair(32, 8), on: bool },
  12: { subject: pair(32, 32), on: bool },
  13: { key: bytes(8), box: isBox, 'grants?': list(32, isGrant) },
}

function isReadable(kind: number, bytes: Uint8Array): boolean {
  const schema = SCHEMAS[kind]
  if (schema === undefined) return true
  const body = canonical(bytes)?.value
  if (!isMap(body) || !isBytes(body.salt, 8)) return false
  for (const [name, check] of Object.entries(schema)) {
    const key = name.replace('?', '')
    const value = Object.hasOwn(body, key) ? body[key] : undefined
    if (value === undefined ? !name.endsWith('?') : !check(value, body)) return false
  }
  if (kind > 2 || body.text !== '' || Object.hasOwn(body, 'media')) return true
  return kind === 1 && Object.hasOwn(body, 'quote')
}
