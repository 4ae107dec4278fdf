/** A place in what a seed looks up, as the bytes that the other side brings back (INB4): it may bring back anything. */
export interface AnswerPlace {
  readonly ms: number
  /** A row's number, or a record's id. */
  readonly rest: number | Uint8Array
}

const MS_BYTES = 8
const ID_BYTES = 32

/** 8 bytes of time, then 8 of a number or 32 of an id. */
export function formatPlace({ ms, rest }: AnswerPlace): Uint8Array {
  const bytes = new Uint8Array(MS_BYTES + (typeof rest === 'number' ? MS_BYTES : rest.length))
  const view = new DataView(bytes.buffer)
  view.setBigUint64(0, BigInt(ms))
  if (typeof rest === 'number') view.setBigUint64(MS_BYTES, BigInt(rest))
  else bytes.set(rest, MS_BYTES)
  return bytes
}

/** Null for none, and for what `formatPlace` doesn't make. */
export function parsePlace(bytes: Uint8Array | null): AnswerPlace | null {
  if (bytes === null || (bytes.length !== 2 * MS_BYTES && bytes.length !== MS_BYTES + ID_BYTES)) return null
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const ms = Number(view.getBigUint64(0))
  if (!Number.isSafeInteger(ms)) return null
  if (bytes.length === MS_BYTES + ID_BYTES) return { ms, rest: bytes.slice(MS_BYTES) }
  const number = Number(view.getBigUint64(MS_BYTES))
  return Number.isSafeInteger(number) ? { ms, rest: number } : null
}
