import { type CborValue, decodeCbor, encodeCbor, isCborArray } from '../../core/codec/dag-cbor.ts'
import { sha256 } from '../../core/identity/hash.ts'
import type {
  BeatDoor,
  BeatOutcome,
  IngestBatch,
  IngestDoor,
  IngestOutcome,
  IngestResult,
  IngestSource,
} from '../../core/ingest/door.ts'
import { decodeBeat, type SignedBeat } from '../../core/record/beat.ts'
import type { Verdict } from '../../core/record/verdict.ts'
import { digestOf } from '../../core/store/fork-table.ts'
import type {
  HeldLog,
  HoldingBook,
  LogPlaces,
  LogReader,
  OpenTail,
  ProfilePlace,
  SeqDigest,
  SeqRange,
} from '../../core/store/log-reader.ts'
import { compareBytes, fromHex, toHex, utf8 } from '../../core/util/bytes.ts'

/** A stand-in record: `[author, device, seq, body | null, note]`; a note of 'deleted' explains a null body. */
export function fakeRecord(
  author: Uint8Array,
  device: Uint8Array,
  seq: number,
  body: Uint8Array | null,
  note = '',
): Uint8Array {
  return encodeCbor([author, device, seq, body, note])
}

/** A stand-in identity operation: `['op', author, number, [device …]]`. */
export function fakeOperation(author: Uint8Array, number: number, devices: readonly Uint8Array[]): Uint8Array {
  return encodeCbor(['op', author, number, [...devices]])
}

/** 32 bytes that look like a key and depend on the name only. */
export function fakeKey(name: string): Uint8Array {
  return sha256(utf8(name))
}

interface HeldRecord {
  readonly bytes: Uint8Array
  readonly hasBody: boolean
}

/** The store as the protocols see it, in memory and with stand-in records: bytes that don't decode are rejected. */
export class MemorySquare implements BeatDoor, IngestDoor, LogReader, HoldingBook {
  readonly #logs = new Map<string, { author: Uint8Array; device: Uint8Array; records: Map<number, HeldRecord> }>()
  readonly #operations = new Map<string, { author: Uint8Array; list: Uint8Array[] }>()
  readonly wanted: Uint8Array[] = []
  readonly batches: { batch: IngestBatch; source: IngestSource }[] = []
  readonly noted: { peerId: string; isSeed: boolean; device: Uint8Array; seqs: readonly number[] }[] = []
  /** The newest beat of each device, by its key in hex; its signature isn't looked at. */
  readonly newest = new Map<string, SignedBeat>()
  /** Beats that came, on the wire. */
  readonly beats: Uint8Array[] = []
  /** Where profile records stand. */
  readonly profiles: ProfilePlace[] = []
  everyone = false
  /** Overrides what is said of a record; null lets the square decide. */
  judge: (record: Uint8Array) => Verdict | null = () => null
  /** Awaited before a batch is taken: a slow disk. */
  beforeIngest: () => Promise<void> = async () => {}

  async ingest(batch: IngestBatch, source: IngestSource): Promise<IngestResult> {
    await this.beforeIngest()
    this.batches.push({ batch, source })
    const operations = batch.operations.map((bytes) => this.#ingestOperation(bytes))
    const records = batch.records.map((bytes) => this.#ingestRecord(bytes))
    return { operations, records }
  }

  async ingestBeats(beats: readonly Uint8Array[]): Promise<readonly BeatOutcome[]> {
    this.beats.push(...beats)
    return beats.map((bytes) => {
      const decoded = decodeBeat(bytes)
      if (!decoded.ok) return { verdict: { verdict: 'reject', reason: decoded.reason }, isNew: false }
      this.newest.set(toHex(decoded.beat.device), decoded.beat)
      return { verdict: { verdict: 'accept' }, isNew: true }
    })
  }

  /** Puts a log of `count` records here, chain included. */
  fill(author: Uint8Array, device: Uint8Array, count: number, bodyBytes = 16): void {
    this.#ingestOperation(fakeOperation(author, 0, [device]))
    for (let seq = 1; seq <= count; seq++) this.put(author, device, seq, bodyBytes)
  }

  put(author: Uint8Array, device: Uint8Array, seq: number, bodyBytes = 16): Uint8Array {
    const record = fakeRecord(author, device, seq, new Uint8Array(bodyBytes).fill(seq % 251))
    this.#ingestRecord(record)
    return record
  }

  /** Sequence numbers held with a body or an explained absence. */
  seqs(author: Uint8Array, device: Uint8Array): number[] {
    const log = this.#logs.get(toHex(author) + toHex(device))
    return [...(log?.records ?? [])]
      .filter(([, held]) => held.hasBody)
      .map(([seq]) => seq)
      .sort((a, b) => a - b)
  }

  async listWanted(): Promise<readonly Uint8Array[]> {
    return this.everyone ? [...this.wanted, ...(await this.listAuthors(null, 10_000))] : this.wanted
  }

  async wantsEveryone(): Promise<boolean> {
    return this.everyone
  }

  async listAuthors(after: Uint8Array | null, limit: number): Promise<readonly Uint8Array[]> {
    return [...this.#operations.values()]
      .map(({ author }) => author)
      .sort(compareBytes)
      .filter((author) => after === null || compareBytes(author, after) > 0)
      .slice(0, limit)
  }

  async findByPrefix(prefixes: readonly Uint8Array[]): Promise<readonly Uint8Array[]> {
    const starts = new Set(prefixes.map(toHex))
    return (await this.listAuthors(null, 100_000)).filter((author) => starts.has(toHex(author.subarray(0, 8))))
  }

  async listHeld(authors: readonly Uint8Array[]): Promise<readonly HeldLog[]> {
    if (authors.length > 512) throw new RangeError('at most 512 authors')
    const names = new Set(authors.map(toHex))
    return [...this.#logs.values()]
      .filter(({ author }) => names.has(toHex(author)))
      .map(({ author, device }) => {
        const seqs = this.seqs(author, device)
        const tip = this.#digestAt(author, device, seqs.at(-1) ?? 0)
        return {
          author,
          device,
          ranges: toRanges(seqs).slice(-64),
          tip,
          isForked: false,
          open: [],
          beat: this.newest.get(toHex(device)) ?? null,
        }
      })
  }

  async listDigests(places: readonly LogPlaces[]): Promise<readonly (readonly SeqDigest[])[]> {
    return places.map(({ author, device, seqs }) => seqs.flatMap((seq) => this.#digestAt(author, device, seq) ?? []))
  }

  async listForks(logs: readonly unknown[]): Promise<readonly (readonly SeqDigest[])[]> {
    return logs.map(() => [])
  }

  async listBeats(logs: readonly Pick<LogPlaces, 'device'>[]): Promise<readonly (SignedBeat | null)[]> {
    return logs.map(({ device }) => this.newest.get(toHex(device)) ?? null)
  }

  async listTails(): Promise<readonly OpenTail[]> {
    return []
  }

  async listOperations(authors: readonly Uint8Array[]) {
    return authors.flatMap((author) => {
      const held = this.#operations.get(toHex(author))
      return held === undefined ? [] : [{ author, operations: held.list }]
    })
  }

  async listProfilePlaces(authors: readonly Uint8Array[]): Promise<readonly ProfilePlace[]> {
    const names = new Set(authors.map(toHex))
    return this.profiles.filter(({ author }) => names.has(toHex(author)))
  }

  async readLog(author: Uint8Array, device: Uint8Array, range: SeqRange, maxBytes: number) {
    const log = this.#logs.get(toHex(author) + toHex(device))
    const records: { seq: number; record: Uint8Array }[] = []
    let size = 0
    const held = [...(log?.records ?? [])].filter(([seq]) => seq >= range[0] && seq <= range[1])
    for (const [seq, { bytes }] of held.sort(([a], [b]) => b - a)) {
      if (records.length > 0 && size + bytes.byteLength > maxBytes) break
      records.push({ seq, record: bytes })
      size += bytes.byteLength
    }
    return records
  }

  async findAuthorOfDevice(device: Uint8Array): Promise<Uint8Array | null> {
    for (const { author, device: other } of this.#logs.values()) if (compareBytes(device, other) === 0) return author
    return null
  }

  async noteHeld(peerId: string, isSeed: boolean, device: Uint8Array, seqs: readonly number[]): Promise<void> {
    this.noted.push({ peerId, isSeed, device, seqs })
  }

  #digestAt(author: Uint8Array, device: Uint8Array, seq: number): SeqDigest | null {
    const held = this.#logs.get(toHex(author) + toHex(device))?.records.get(seq)
    return held?.hasBody === true ? { seq, digest: digestOf([sha256(held.bytes)]) } : null
  }

  #ingestOperation(bytes: Uint8Array): IngestOutcome {
    const value = tryDecode(bytes)
    const author = isCborArray(value) && value[0] === 'op' ? value[1] : null
    if (!(author instanceof Uint8Array)) return rejected()
    const held = this.#operations.get(toHex(author)) ?? { author, list: [] }
    const isNew = !held.list.some((other) => compareBytes(other, bytes) === 0)
    if (isNew) held.list.push(bytes)
    this.#operations.set(toHex(author), held)
    return { verdict: { verdict: 'accept' }, id: null, author, isNew, isKept: true, mayForward: true }
  }

  #ingestRecord(bytes: Uint8Array): IngestOutcome {
    const forced = this.judge(bytes)
    const value = tryDecode(bytes)
    if (!isCborArray(value)) return rejected()
    const [author, device, seq, body, note] = value
    if (!(author instanceof Uint8Array) || !(device instanceof Uint8Array) || typeof seq !== 'number') return rejected()
    const id = sha256(bytes)
    const isHeldBack = forced !== null && forced.verdict !== 'accept'
    const knowsAuthor = this.#operations.has(toHex(author))
    const verdict: Verdict =
      forced ?? (knowsAuthor ? { verdict: 'accept' } : { verdict: 'hold', reason: 'unknown-identity' })
    if (isHeldBack || !knowsAuthor) {
      return { verdict, id, author, isNew: false, isKept: false, mayForward: false }
    }
    const key = toHex(author) + toHex(device)
    const log = this.#logs.get(key) ?? { author, device, records: new Map<number, HeldRecord>() }
    this.#logs.set(key, log)
    const hasBody = body !== null || note === 'deleted'
    const before = log.records.get(seq)
    if (before === undefined || !before.hasBody) log.records.set(seq, { bytes, hasBody })
    const isKept = log.records.get(seq)?.hasBody === true
    return { verdict, id, author, isNew: before === undefined, isKept, mayForward: true }
  }
}

function rejected(): IngestOutcome {
  const verdict: Verdict = { verdict: 'reject', reason: 'bad-cbor' }
  return { verdict, id: null, author: null, isNew: false, isKept: false, mayForward: false }
}

function tryDecode(bytes: Uint8Array): CborValue {
  try {
    return decodeCbor(bytes)
  } catch {
    return null
  }
}

function toRanges(seqs: readonly number[]): SeqRange[] {
  const ranges: [number, number][] = []
  for (const seq of seqs) {
    const last = ranges.at(-1)
    if (last !== undefined && last[1] === seq - 1) last[1] = seq
    else ranges.push([seq, seq])
  }
  return ranges
}

/** Bytes of a hex text in a test's own constants. */
export function hex(text: string): Uint8Array {
  const bytes = fromHex(text)
  if (bytes === undefined) throw new TypeError(`not hex: ${text}`)
  return bytes
}
