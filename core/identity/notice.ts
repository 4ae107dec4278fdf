/**
 * Notices: operations that travel with an identity chain, tell its devices and guardians something, and change nothing
 * (IDN25 … IDN28 in docs/protocol/identity.md). Nobody need be online at the same time, and no mailbox is needed:
 * whoever holds the chain holds them.
 *
 *   extras = { notice: word, by: signing key32, ts: ms, … what the word says }
 *
 *   recovery   a guardian begins the delay after which it will sign for a new device
 *   veto       a device in use stops requests
 *   rehearse   a device in use asks the guardians for a sign of life
 *   alive      a guardian answers that
 */
import { type CborMap, type CborValue, isCborArray, utf8Length } from '../codec/dag-cbor.ts'
import { compareBytes, concatBytes, equalBytes, toHex, utf8 } from '../util/bytes.ts'
import type { IdentityState } from './chain.ts'
import { DEFAULT_DOMAIN } from './domains.ts'
import { sha256 } from './hash.ts'
import type { KeyPair } from './keys.ts'
import {
  type AuthoritySlot,
  CAPABILITY,
  type DeviceEntry,
  type IdentityOperation,
  isNotice,
  MAX_DEVICE_NAME_BYTES,
  OPERATION_VERSION,
  signOperation,
} from './operation.ts'

/** Of the payload; a larger notice has no room anywhere (IDN28). */
export const MAX_NOTICE_BYTES = 1_024
export const MAX_WORD_BYTES = 16
/** Requests that one veto stops. */
export const MAX_VETOED = 16

export const REQUEST_NONCE_BYTES = 8

/** What every notice says, also those of words that this version doesn't know. */
export interface NoticeFrame {
  /** Id of the operation, 32 bytes. */
  readonly id: Uint8Array
  readonly word: string
  /** The key that signed it, 32 bytes: two people's notices never have one id. */
  readonly by: Uint8Array
  /** Milliseconds since 1970, by the signer's clock: a claim. */
  readonly ts: number
}

export type NoticeContent =
  | {
      readonly word: 'recovery'
      /** requestId of what was asked for, 32 bytes. */
      readonly request: Uint8Array
      /** Key of the new device, 32 bytes. */
      readonly device: Uint8Array
      /** Its name, at most 64 bytes of UTF-8. */
      readonly name: string
      /** When this guardian means to sign, milliseconds since 1970. */
      readonly due: number
    }
  /** 1 … 16 requests: one that was stopped stays stopped when the device's later vetoes push this one out. */
  | { readonly word: 'veto'; readonly requests: readonly Uint8Array[] }
  | { readonly word: 'rehearse' }
  /** `to` is the id of the rehearsal that is answered. */
  | { readonly word: 'alive'; readonly to: Uint8Array }

export type Notice = NoticeFrame & NoticeContent
export type NoticeOf<W extends NoticeContent['word']> = Extract<Notice, { readonly word: W }>

/** A new device that asks for an account, and the number that makes one asking different from the next. */
export interface DeviceRequest {
  readonly address: Uint8Array
  /** 8 random bytes. */
  readonly nonce: Uint8Array
  readonly entry: DeviceEntry
}

const REQUEST_LABEL = utf8('palabre/recovery-request/1\0')

/** What guardians and devices call a request: sha256 over all that is asked for, 32 bytes (IDN27). */
export function requestId({ address, nonce, entry }: DeviceRequest): Uint8Array {
  return sha256(concatBytes(REQUEST_LABEL, address, nonce, entry.key, entry.sealKey, entry.proof, utf8(entry.name)))
}

/** Six digits of a request's id, as `123 456`: they tell requests apart, they don't keep out who computes for it. */
export function requestCode(id: Uint8Array): string {
  const number = new DataView(id.buffer, id.byteOffset, id.byteLength).getUint32(0) % 1_000_000
  const digits = String(number).padStart(6, '0')
  return `${digits.slice(0, 3)} ${digits.slice(3)}`
}

/** A notice on the state's base. `ts` decides which are kept: see nextNoticeTs. */
export function makeNotice(
  state: IdentityState,
  init: { readonly content: NoticeContent; readonly ts: number },
  signer: KeyPair,
  network = DEFAULT_DOMAIN,
): IdentityOperation {
  const { word, ...rest } = init.content
  const extras: CborMap = { notice: word, by: signer.publicKey, ts: init.ts, ...rest }
  const prev = state.base?.id ?? state.genesisHash
  const { address } = state
  return signOperation(
    { version: OPERATION_VERSION, address, prev, paperHash: null, slots: [], devices: [], extras },
    [signer],
    network,
  )
}

/** The time for a key's next notice of this word: now, or after its last one, of which only the newest are kept. */
export function nextNoticeTs(
  operations: readonly IdentityOperation[],
  { word, by, nowMs }: { readonly word: string; readonly by: Uint8Array; readonly nowMs: number },
): number {
  const times = operations.flatMap((operation) => {
    const frame = readNoticeFrame(operation)
    return frame?.word === word && equalBytes(frame.by, by) ? [frame.ts + 1] : []
  })
  return Math.min(Number.MAX_SAFE_INTEGER, Math.max(nowMs, ...times))
}

/** The frame of a notice in any word (IDN26); undefined for what has none, and is therefore kept nowhere. */
export function readNoticeFrame(operation: IdentityOperation): NoticeFrame | undefined {
  const { id, extras, paperHash, slots, devices, signatures, payloadBytes } = operation
  const { notice, by, ts } = extras
  if (!isNotice(operation) || paperHash !== null || slots.length > 0 || devices.length > 0) return undefined
  if (typeof notice !== 'string' || notice === '' || utf8Length(notice) > MAX_WORD_BYTES) return undefined
  if (!isBytes(by, 32) || typeof ts !== 'number' || payloadBytes.length > MAX_NOTICE_BYTES) return undefined
  const [signature] = signatures
  if (signature === undefined || signatures.length > 1 || !equalBytes(signature.key, by)) return undefined
  return { id, word: notice, by, ts }
}

/** What a notice says; undefined for unknown words and for what doesn't say it as IDN27 asks. */
export function readNotice(operation: IdentityOperation): Notice | undefined {
  const frame = readNoticeFrame(operation)
  if (frame === undefined || operation.version !== OPERATION_VERSION) return undefined
  const content = readContent(frame.word, operation.extras)
  return content === undefined ? undefined : { ...frame, ...content }
}

/**
 * The notices whose signers the state entitles (IDN27), oldest first: guardians to `recovery` and `alive`, devices in
 * use that may add devices to `veto` and `rehearse`.
 */
export function readNotices(state: IdentityState, operations: readonly IdentityOperation[]): Notice[] {
  const guardians = new Set(guardianKeys(state).map(toHex))
  const devices = new Set(vetoKeys(state).map(toHex))
  return operations
    .filter(({ address }) => equalBytes(address, state.address))
    .flatMap((operation) => readNotice(operation) ?? [])
    .filter(({ word, by }) => (word === 'recovery' || word === 'alive' ? guardians : devices).has(toHex(by)))
    .sort(compareNotices)
}

/** The slots of several keys that may speak now: guardians, M of N. */
export function guardianSlots(state: IdentityState): readonly AuthoritySlot[] {
  return (state.base?.slots ?? []).filter(({ keys }) => keys.length > 1)
}

/** Keys of the guardians, 32 bytes each. */
export function guardianKeys(state: IdentityState): readonly Uint8Array[] {
  return guardianSlots(state).flatMap(({ keys }) => keys.map(({ key }) => key))
}

/** Keys of the devices that may stop a request. */
export function vetoKeys(state: IdentityState): readonly Uint8Array[] {
  return state.devices
    .filter(({ status, capabilities }) => status === 'active' && (capabilities & CAPABILITY.devices) !== 0)
    .map(({ key }) => key)
}

/** True when a device in use has stopped the request. */
export function isVetoed(notices: readonly Notice[], request: Uint8Array): boolean {
  return notices.some((notice) => notice.word === 'veto' && notice.requests.some((one) => equalBytes(one, request)))
}

/** By time, then by id: of one key and word the last ones are kept (IDN28). */
export function compareNotices(a: NoticeFrame, b: NoticeFrame): number {
  return a.ts - b.ts || compareBytes(a.id, b.id)
}

function readContent(word: string, extras: CborMap): NoticeContent | undefined {
  const { request, device, name, due, requests, to } = extras
  switch (word) {
    case 'recovery':
      if (!isBytes(request, 32) || !isBytes(device, 32) || typeof due !== 'number') return undefined
      if (typeof name !== 'string' || utf8Length(name) > MAX_DEVICE_NAME_BYTES) return undefined
      return { word, request, device, name, due }
    case 'veto':
      if (!isCborArray(requests) || requests.length < 1 || requests.length > MAX_VETOED) return undefined
      return requests.every((one) => isBytes(one, 32)) ? { word, requests: requests as Uint8Array[] } : undefined
    case 'rehearse':
      return { word }
    case 'alive':
      return isBytes(to, 32) ? { word, to } : undefined
    default:
      return undefined
  }
}

function isBytes(value: CborValue | undefined, length: number): value is Uint8Array {
  return value instanceof Uint8Array && value.length === length
}
