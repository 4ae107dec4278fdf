import { hash } from 'node:crypto'
import { signingInput } from '../identity/domains.ts'
import { type CheckedOperation, checkOperation, type OperationVerdict } from '../identity/operation.ts'
import type { SignatureVerifier, SignatureVerifierAside } from '../identity/signature.ts'
import { afterSignature, type CheckedRecord, checkSignature } from '../record/check-record.ts'
import { type DecodedRecord, decodeRecord } from '../record/decode-record.ts'
import type { SignedRecord } from '../record/envelope.ts'
import type { RejectReason } from '../record/verdict.ts'
import { bytesName } from '../store/bytes-name.ts'
import { LruMap } from '../util/lru-map.ts'
import type { Judgement, SignatureInput, SignatureJudges } from './signature-judges.ts'

/** Chains go along again and again: with the first record for each new peer, and every five minutes. */
const MAX_SEEN_OPERATIONS = 20_000

const HASH_BYTES = 32

/** Fewer signatures are judged before other threads have woken up. */
const MANY_SIGNATURES = 256

/** For bytes whose signatures were checked before. */
const VERIFIED = { verify: () => null }

/** An input that was let in before, by the hash of its wire bytes: whose record it is. */
export interface SettledInput {
  readonly key: string
  readonly bytes: Uint8Array
  readonly settled: { readonly id: Uint8Array; readonly author: Uint8Array }
}

export interface CheckedInput extends CheckedRecord {
  /** Hash of all wire bytes: the only safe name for what a peer sent. */
  readonly key: string
  readonly bytes: Uint8Array
  /** False while only the structure was judged: nobody known can have signed it. */
  readonly isVerified: boolean
}

/** What was found out about a record before its turn. */
interface Foresight {
  readonly key: string
  decoded: DecodedRecord | null
  /** Of the signature. */
  fault: Judgement
}

/** Whether the held chain of this author lists this device (32 bytes each). */
export type IsListed = (author: Uint8Array, device: Uint8Array) => boolean

export interface InputCheckInit {
  /** Domain of the network whose signatures count. */
  readonly domain: string
  readonly maxRejects: number
  readonly maxSeen: number
}

/**
 * Bytes and signatures, remembering what was refused and what was settled. Both memories go by the hash of all wire
 * bytes, never by the record's id: whoever holds a header could spoil the id with a bad signature.
 */
export class InputCheck {
  readonly #verifier: SignatureVerifierAside
  readonly #judges: SignatureJudges | undefined
  readonly #init: InputCheckInit
  readonly #rejects: LruMap<string, RejectReason>
  readonly #operations: LruMap<string, OperationVerdict>
  /** Names of the record and its author in one text: hundreds of thousands of arrays would take several times the room. */
  readonly #settled: LruMap<string, string>

  /** By the array that will be judged; gone with it. */
  readonly #foreseen = new WeakMap<Uint8Array, Foresight>()
  /** The same for operations: their signatures in the order in which they are judged. */
  readonly #foreseenOperations = new WeakMap<Uint8Array, readonly Judgement[]>()

  constructor(
    components: { readonly verifier: SignatureVerifierAside; readonly judges?: SignatureJudges },
    init: InputCheckInit,
  ) {
    this.#verifier = components.verifier
    this.#judges = components.judges
    this.#init = init
    this.#rejects = new LruMap(init.maxRejects)
    this.#operations = new LruMap(MAX_SEEN_OPERATIONS)
    this.#settled = new LruMap(init.maxSeen)
  }

  /** Set when these very bytes are on the disk already, with body and all. */
  settled(key: string): { readonly id: Uint8Array; readonly author: Uint8Array } | undefined {
    const names = this.#settled.get(key)
    return names === undefined ? undefined : { id: bytesOf(names, 0), author: bytesOf(names, HASH_BYTES) }
  }

  settle(key: string, id: Uint8Array, author: Uint8Array): void {
    this.#settled.set(key, bytesName(id) + bytesName(author))
  }

  /** Forgets all that was settled: texts may have gone with a deletion that no longer counts. */
  unsettleAll(): void {
    this.#settled.clear()
  }

  /** Forgets what was settled: the store was rolled back. */
  unsettle(keys: Iterable<string>): void {
    for (const key of keys) this.#settled.delete(key)
  }

  /**
   * Decodes records and judges their signatures beside this thread, before they are judged in their turn: these very
   * arrays, which must not change until then. It decides nothing.
   */
  async foresee(records: readonly Uint8Array[], isListed: IsListed): Promise<void> {
    const asked: Foresight[] = []
    const inputs: SignatureInput[] = []
    for (const bytes of records) {
      const foresight: Foresight = { key: wireKey(bytes), decoded: null, fault: undefined }
      this.#foreseen.set(bytes, foresight)
      if (this.#settled.has(foresight.key) || this.#rejects.has(foresight.key)) continue
      foresight.decoded = decodeRecord(bytes, nativeSha256)
      if (!foresight.decoded.ok) continue
      const { header, headerBytes, signature } = foresight.decoded.record
      if (!isListed(header.author, header.device)) continue
      asked.push(foresight)
      inputs.push({ key: header.device, message: signingInput('record', headerBytes, this.#init.domain), signature })
    }
    for (const [i, fault] of (await this.#judgeAside(inputs)).entries()) (asked[i] as Foresight).fault = fault
  }

  /** The same for operations that nothing is to be paid for. */
  async foreseeOperations(operations: readonly Uint8Array[]): Promise<void> {
    const inputs: SignatureInput[] = []
    const starts: number[] = []
    for (const bytes of operations) {
      starts.push(inputs.length)
      if (this.knowsOperation(wireKey(bytes))) continue
      const collector: SignatureVerifier = {
        verify: (key, message, signature) => {
          inputs.push({ key, message, signature })
          return null
        },
      }
      checkOperation(bytes, collector, this.#init.domain)
    }
    const judgements = await this.#judgeAside(inputs)
    for (const [i, bytes] of operations.entries()) {
      this.#foreseenOperations.set(bytes, judgements.slice(starts[i], starts[i + 1]))
    }
  }

  async #judgeAside(inputs: readonly SignatureInput[]): Promise<readonly Judgement[]> {
    if (this.#judges !== undefined && inputs.length >= MANY_SIGNATURES) return this.#judges.judge(inputs)
    return Promise.all(inputs.map(({ key, message, signature }) => this.#verifier.verifyAside(key, message, signature)))
  }

  /** Hash of all wire bytes. */
  keyOf(bytes: Uint8Array): string {
    return this.#foreseen.get(bytes)?.key ?? wireKey(bytes)
  }

  /**
   * A signature is looked at only where it can be somebody's who is known: the first look at a key costs more than all
   * the rest, and anybody can make new ones. What nobody known can have signed has to wait anyway.
   */
  checkRecord(bytes: Uint8Array, key: string, isListed: IsListed): CheckedInput {
    const refused = this.#rejects.get(key)
    if (refused !== undefined) return this.#reject(bytes, key, refused)
    const decoded = this.#foreseen.get(bytes)?.decoded ?? decodeRecord(bytes, nativeSha256)
    if (!decoded.ok) return this.#reject(bytes, key, decoded.reason)
    const { record } = decoded
    const isJudged = this.#foreseen.get(bytes)?.fault !== undefined
    if (!isJudged && !isListed(record.header.author, record.header.device)) {
      return { key, bytes, verdict: { verdict: 'accept' }, record, body: null, isVerified: false }
    }
    return this.#verify(bytes, key, record)
  }

  /** Makes up for the signature. */
  verify(input: CheckedInput): CheckedInput {
    if (input.isVerified || input.record === null) return input
    return this.#verify(input.bytes, input.key, input.record)
  }

  #verify(bytes: Uint8Array, key: string, record: SignedRecord): CheckedInput {
    const fault = this.#foreseen.get(bytes)?.fault
    const checked =
      fault === undefined ? checkSignature(record, this.#verifier, this.#init.domain) : afterSignature(record, fault)
    if (checked.verdict.verdict === 'reject') this.#rejects.set(key, checked.verdict.reason)
    return { ...checked, key, bytes, isVerified: true }
  }

  #reject(bytes: Uint8Array, key: string, reason: RejectReason): CheckedInput {
    this.#rejects.set(key, reason)
    return { key, bytes, verdict: { verdict: 'reject', reason }, record: null, body: null, isVerified: true }
  }

  /** True when these very bytes were judged a while ago: judging them again costs little. */
  knowsOperation(key: string): boolean {
    return this.#operations.has(key)
  }

  checkOperation(bytes: Uint8Array, key: string): CheckedOperation {
    const known = this.#operations.get(key)
    if (known?.verdict === 'reject') return { verdict: known, operation: null }
    const verifier = known === undefined ? replay(this.#foreseenOperations.get(bytes), this.#verifier) : VERIFIED
    const checked = checkOperation(bytes, verifier, this.#init.domain)
    this.#operations.set(key, checked.verdict)
    return checked
  }
}

/** Answers in order what was found out before, and judges the rest. */
function replay(judgements: readonly Judgement[] | undefined, verifier: SignatureVerifier): SignatureVerifier {
  if (judgements === undefined) return verifier
  let at = 0
  return {
    verify: (...input) => {
      const judgement = judgements[at++]
      return judgement === undefined ? verifier.verify(...input) : judgement
    },
  }
}

/** sha256 of all wire bytes, as text of one character for each. */
export function wireKey(bytes: Uint8Array): string {
  return hash('sha256', bytes, 'binary')
}

function nativeSha256(bytes: Uint8Array): Uint8Array {
  return bytesOf(wireKey(bytes), 0)
}

/** 32 bytes from such a text. */
function bytesOf(text: string, from: number): Uint8Array {
  const bytes = new Uint8Array(HASH_BYTES)
  for (let i = 0; i < HASH_BYTES; i++) bytes[i] = text.charCodeAt(from + i)
  return bytes
}
