/** What crosses between the store's thread and those that judge signatures for it: one buffer each way. */
import type { Judgement, SignatureInput } from '../ingest/signature-judges.ts'
import { type PackedBytes, packBytes, unpackBytes } from './square-calls.ts'

/** Key, signature and message of each input, one after the other. */
export interface JudgeQuestion {
  readonly call: number
  readonly parts: PackedBytes
}

export interface JudgeAnswer {
  readonly call: number
  /** A code for each input. */
  readonly codes: Uint8Array<ArrayBuffer>
}

const CODES: readonly Judgement[] = [undefined, null, 'bad-key', 'bad-signature']

export function packInputs(inputs: readonly SignatureInput[]): PackedBytes {
  return packBytes(inputs.flatMap(({ key, signature, message }) => [key, signature, message]))
}

export function unpackInputs(parts: PackedBytes): SignatureInput[] {
  const all = unpackBytes(parts)
  return Array.from({ length: all.length / 3 }, (_, i) => {
    const [key, signature, message] = all.slice(3 * i, 3 * i + 3) as [Uint8Array, Uint8Array, Uint8Array]
    return { key, signature, message }
  })
}

export function packJudgements(judgements: readonly Judgement[]): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(judgements, (one) => CODES.indexOf(one))
}

export function unpackJudgements(codes: Uint8Array): Judgement[] {
  return Array.from(codes, (code) => CODES[code])
}
