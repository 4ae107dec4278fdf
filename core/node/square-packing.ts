/**
 * What the store's thread says of a batch, on its way to the main thread. A structured clone takes as long for each small
 * array as writing a record does: so ids and keys cross in one buffer, each once, and numbers say which stands where.
 */
import type { IngestedEvent, IngestOutcome, IngestResult } from '../ingest/door.ts'
import type { Verdict } from '../record/verdict.ts'
import { bytesName } from '../store/bytes-name.ts'
import {
  type PackedBytes,
  type PackedEvent,
  type PackedLog,
  type PackedOutcomes,
  type PackedResult,
  packBytes,
  type SquareCalls,
  unpackBytes,
} from './square-calls.ts'

const OUTCOME_FIELDS = 3
const RECORD_FIELDS = 7
/** Stands for null. */
const NONE = -1

/** Arrays of bytes by number, each content once. */
class KeyPacker {
  readonly #numbers = new Map<string, number>()
  readonly #keys: Uint8Array[] = []

  add(key: Uint8Array | null): number {
    if (key === null) return NONE
    const name = bytesName(key)
    const known = this.#numbers.get(name)
    if (known !== undefined) return known
    this.#numbers.set(name, this.#keys.length)
    return this.#keys.push(key) - 1
  }

  pack(): PackedBytes {
    return packBytes(this.#keys)
  }
}

export function packLog(read: ReturnType<SquareCalls['readLog']>): PackedLog {
  return { seqs: read.map(({ seq }) => seq), records: packBytes(read.map(({ record }) => record)) }
}

export function packResult({ operations, records }: IngestResult): PackedResult {
  const keys = new KeyPacker()
  const packed = { operations: packOutcomes(operations, keys), records: packOutcomes(records, keys) }
  return { ...packed, keys: keys.pack() }
}

export function unpackResult({ keys, operations, records }: PackedResult): IngestResult {
  const held = ownKeys(keys)
  return { operations: unpackOutcomes(operations, held), records: unpackOutcomes(records, held) }
}

export function packEvent({ source, records, reshown, identities, gaps, beats }: IngestedEvent): PackedEvent {
  const keys = new KeyPacker()
  const rows = new Float64Array(RECORD_FIELDS * records.length)
  const touches: number[] = []
  const media = new Map<number, readonly string[]>()
  for (const [i, record] of records.entries()) {
    const { seq, kind } = record
    const [id, author, device] = [keys.add(record.id), keys.add(record.author), keys.add(record.device)]
    const flags = (record.isHome ? 1 : 0) | (record.isOwn ? 2 : 0) | (record.isForked === true ? 4 : 0)
    const flagged = flags | (record.isNotice === true ? 8 : 0)
    rows.set([id, author, device, seq, kind, flagged, record.touches.length], RECORD_FIELDS * i)
    for (const touched of record.touches) touches.push(keys.add(touched))
    if (record.media.length > 0) media.set(i, record.media)
  }
  return {
    source,
    rows,
    touches,
    media,
    reshown: reshown.map((id) => keys.add(id)),
    identities: identities.map((author) => keys.add(author)),
    gaps: packPlaces(gaps, keys),
    beats: packPlaces(beats, keys),
    keys: keys.pack(),
  }
}

export function unpackEvent(packed: PackedEvent): IngestedEvent {
  const { source, rows, media } = packed
  const keys = ownKeys(packed.keys)
  const keyAt = (number: number | undefined) => keys[number as number] as Uint8Array
  let touched = 0
  const records = Array.from({ length: rows.length / RECORD_FIELDS }, (_, i) => {
    const [id, author, device, seq = 0, kind = 0, flags = 0, count = 0] = rows.subarray(
      RECORD_FIELDS * i,
      RECORD_FIELDS * (i + 1),
    )
    const touches = packed.touches.slice(touched, touched + count).map(keyAt)
    touched += count
    const places = { id: keyAt(id), author: keyAt(author), device: keyAt(device), seq, kind, touches }
    const said = { isHome: (flags & 1) !== 0, isOwn: (flags & 2) !== 0, media: media.get(i) ?? [] }
    const forked = (flags & 4) !== 0 && { isForked: true as const }
    return { ...places, ...said, ...forked, ...((flags & 8) !== 0 && { isNotice: true as const }) }
  })
  const placesOf = (numbers: readonly number[]) =>
    Array.from({ length: numbers.length / 2 }, (_, i) => {
      return { author: keyAt(numbers[2 * i]), device: keyAt(numbers[2 * i + 1]) }
    })
  return {
    source,
    records,
    reshown: packed.reshown.map(keyAt),
    identities: packed.identities.map(keyAt),
    gaps: placesOf(packed.gaps),
    beats: placesOf(packed.beats),
  }
}

function packPlaces(places: IngestedEvent['gaps'], keys: KeyPacker): number[] {
  return places.flatMap(({ author, device }) => [keys.add(author), keys.add(device)])
}

function packOutcomes(outcomes: readonly IngestOutcome[], keys: KeyPacker): PackedOutcomes {
  const rows = new Float64Array(OUTCOME_FIELDS * outcomes.length)
  const verdicts = new Map<number, Verdict>()
  for (const [i, { verdict, id, author, isNew, isKept, mayForward }] of outcomes.entries()) {
    if (verdict.verdict !== 'accept') verdicts.set(i, verdict)
    const flags = (isNew ? 1 : 0) | (isKept ? 2 : 0) | (mayForward ? 4 : 0)
    rows.set([keys.add(id), keys.add(author), flags], OUTCOME_FIELDS * i)
  }
  return { rows, verdicts }
}

function unpackOutcomes({ rows, verdicts }: PackedOutcomes, keys: readonly Uint8Array[]): IngestOutcome[] {
  return Array.from({ length: rows.length / OUTCOME_FIELDS }, (_, i) => {
    const [id = NONE, author = NONE, flags = 0] = rows.subarray(OUTCOME_FIELDS * i, OUTCOME_FIELDS * (i + 1))
    return {
      verdict: verdicts.get(i) ?? { verdict: 'accept' },
      id: keys[id] ?? null,
      author: keys[author] ?? null,
      isNew: (flags & 1) !== 0,
      isKept: (flags & 2) !== 0,
      mayForward: (flags & 4) !== 0,
    }
  })
}

/** Copies: whoever keeps one keeps not all. */
function ownKeys(packed: PackedBytes): Uint8Array[] {
  return unpackBytes(packed).map((key) => key.slice())
}
