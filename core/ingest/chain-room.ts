/**
 * How much of one chain is kept (IDN28, IDN29 in docs/protocol/identity.md). Anybody whose key a chain names may add to
 * it, so what a single key can fill is bounded, and what the chain stands or falls by finds room however much a device
 * has written.
 *
 * Notices, and operations that some guardians have signed and not yet enough, have room of their own. Which of them
 * stay is a function of the set alone: two stores that have heard the same keep the same, or they would ask each other
 * for the difference for ever.
 */
import { type IdentityState, resolveChain } from '../identity/chain.ts'
import { signedRank } from '../identity/chain-path.ts'
import { compareNotices, type NoticeFrame, readNoticeFrame } from '../identity/notice.ts'
import { type IdentityOperation, isNotice } from '../identity/operation.ts'
import type { Verdict } from '../record/verdict.ts'
import { compareBytes, equalBytes, toHex } from '../util/bytes.ts'

/** Operations that are neither notices nor unfinished; an honest chain has a handful. */
export const MAX_OPERATIONS_PER_AUTHOR = 256
/** Of these, so many wait for authorities, and so many of them for the paper key. */
export const ROOM_FOR_AUTHORITIES = 64
export const ROOM_FOR_PAPER = 16

/** Of each key and word, the newest; of each key, the words that come first. */
const MAX_NOTICES_PER_WORD = 2
const MAX_WORDS_PER_KEY = 8
/** Authorities whose notices count, and devices, those that the chain has had longest. */
const MAX_NOTICE_KEYS = 32
/** Of each authority, operations that it and others have signed in vain so far. */
const MAX_UNFINISHED_PER_KEY = 4

export interface ChainRoom {
  /** Accept when there is room for the operation; also for a notice whose signer has said something newer since. */
  readonly verdict: Verdict
  readonly isKept: boolean
  /** Held operations that give way. */
  readonly surplus: readonly IdentityOperation[]
}

const NO_ROOM: ChainRoom = { verdict: { verdict: 'drop', reason: 'quota' }, isKept: false, surplus: [] }

/** Whether there is room for an operation beside those that are held of the same chain. */
export function roomFor(operation: IdentityOperation, held: readonly IdentityOperation[]): ChainRoom {
  const all = [...held, operation]
  const surplus = surplusOf(all)
  if (surplus.includes(operation)) {
    return isOutdated(operation, held) ? { ...NO_ROOM, verdict: { verdict: 'accept' } } : NO_ROOM
  }
  const kinds = kindsOf(all)
  const kind = kinds.at(-1) as OperationKind
  if (kind !== 'notice' && kind !== 'unfinished') {
    const ordinary = kinds.slice(0, -1).filter((other) => other !== 'notice' && other !== 'unfinished')
    if (ordinary.length >= LIMITS[kind]) return NO_ROOM
  }
  return { verdict: { verdict: 'accept' }, isKept: true, surplus }
}

/** Those of a chain for which there is no room any more: a function of the set. */
export function surplusOf(operations: readonly IdentityOperation[]): IdentityOperation[] {
  const kinds = kindsOf(operations)
  const notices = operations.filter((_, i) => kinds[i] === 'notice')
  const unfinished = operations.filter((_, i) => kinds[i] === 'unfinished')
  if (notices.length + unfinished.length === 0) return []
  const state = resolveChain(operations)
  if (state === null) return notices
  const stays = new Set([...stayingNotices(state, notices), ...stayingUnfinished(state, unfinished)])
  return [...notices, ...unfinished].filter((one) => !stays.has(one))
}

/**
 * paper, authority: rank 0 and 1 by the operation that it links to · unfinished: signed by authorities of that one, by
 * too few of them, and by none of its devices · other: all else, a device's above all
 */
type OperationKind = 'notice' | 'unfinished' | 'paper' | 'authority' | 'other'

/** Where a device may not fill the chain, an authority still may; and where the words' thief has, the paper key may. */
const LIMITS = {
  paper: MAX_OPERATIONS_PER_AUTHOR,
  authority: MAX_OPERATIONS_PER_AUTHOR - ROOM_FOR_PAPER,
  other: MAX_OPERATIONS_PER_AUTHOR - ROOM_FOR_AUTHORITIES,
} as const

function kindsOf(operations: readonly IdentityOperation[]): OperationKind[] {
  const byId = new Map(operations.map((one) => [toHex(one.id), one]))
  return operations.map((operation) => {
    if (isNotice(operation)) return 'notice'
    const before = operation.prev === null ? undefined : byId.get(toHex(operation.prev))
    if (before === undefined) return 'other'
    const rank = signedRank(before, operation)
    if (rank !== null) return rank === 0 ? 'paper' : 'authority'
    const signs = (key: Uint8Array) => operation.signatures.some((one) => equalBytes(one.key, key))
    if (before.devices.some(({ key }) => signs(key))) return 'other'
    return before.slots.some(({ keys }) => keys.some(({ key }) => signs(key))) ? 'unfinished' : 'other'
  })
}

function isOutdated(operation: IdentityOperation, held: readonly IdentityOperation[]): boolean {
  const frame = readNoticeFrame(operation)
  if (frame === undefined) return false
  const newer = held.filter((one) => {
    const other = readNoticeFrame(one)
    return other?.word === frame.word && equalBytes(other.by, frame.by) && compareNotices(frame, other) < 0
  })
  return newer.length >= MAX_NOTICES_PER_WORD
}

function stayingNotices(state: IdentityState, notices: readonly IdentityOperation[]): IdentityOperation[] {
  const framed = notices.flatMap((operation) => {
    const frame = readNoticeFrame(operation)
    return frame === undefined ? [] : [{ operation, frame, by: toHex(frame.by) }]
  })
  const byKey = Map.groupBy(framed, ({ by }) => by)
  return noticeKeys(state, new Set(byKey.keys())).flatMap((key) => {
    const byWord = Map.groupBy(byKey.get(key) ?? [], ({ frame }) => frame.word)
    return [...byWord.keys()]
      .sort()
      .slice(0, MAX_WORDS_PER_KEY)
      .flatMap((word) => newest(byWord.get(word) ?? []))
  })
}

function newest(framed: readonly { operation: IdentityOperation; frame: NoticeFrame }[]): IdentityOperation[] {
  return [...framed]
    .sort((a, b) => compareNotices(b.frame, a.frame))
    .slice(0, MAX_NOTICES_PER_WORD)
    .map(({ operation }) => operation)
}

/**
 * Those of the speakers that count: authorities that may speak now, and devices in use. A thief who links devices
 * without end must not silence the owner's, so those come first that stood on the line first.
 */
function noticeKeys(state: IdentityState, speakers: ReadonlySet<string>): string[] {
  const authorities = (state.base?.slots ?? []).flatMap(({ keys }) => keys.map(({ key }) => toHex(key)))
  const active = new Set(state.devices.filter(({ status }) => status === 'active').map(({ key }) => toHex(key)))
  const onLine = [...state.line].reverse().flatMap(({ devices }) => devices.map(({ key }) => toHex(key)))
  const devices = [...onLine, ...active].filter((key) => active.has(key))
  const firstSpeakers = (keys: Iterable<string>) => {
    return [...new Set(keys)].filter((key) => speakers.has(key)).slice(0, MAX_NOTICE_KEYS)
  }
  return [...new Set([...firstSpeakers(authorities.sort()), ...firstSpeakers(devices)])]
}

/**
 * Of each authority that may speak now, those that could still come to be applied before others, then by id. One that
 * has room with any of its signers stays.
 */
function stayingUnfinished(state: IdentityState, unfinished: readonly IdentityOperation[]): IdentityOperation[] {
  const open = openGrounds(state)
  const isOpen = ({ prev }: IdentityOperation) => prev !== null && open.has(toHex(prev))
  const ordered = [...unfinished].sort((a, b) => Number(isOpen(b)) - Number(isOpen(a)) || compareBytes(a.id, b.id))
  const authorities = (state.base?.slots ?? []).flatMap(({ keys }) => keys.map(({ key }) => key))
  return authorities.flatMap((authority) =>
    ordered
      .filter(({ signatures }) => signatures.some(({ key }) => equalBytes(key, authority)))
      .slice(0, MAX_UNFINISHED_PER_KEY),
  )
}

/** Ids of operations, hex, after which no authority has spoken: what links there can still be applied uncontested. */
function openGrounds({ line, heads }: IdentityState): ReadonlySet<string> {
  const open = new Set(heads.map(({ id }) => toHex(id)))
  for (const [i, operation] of line.entries()) {
    open.add(toHex(operation.id))
    const before = line[i + 1]
    if (before === undefined || signedRank(before, operation) !== null) break
  }
  return open
}
