import { type Beat, encodeBeat, signBeat } from '../../core/record/beat.ts'
import type { TestAuthor } from './authors.ts'
import { signNatively } from './native-sign.ts'

/** What this device says of its log: as it stands, or of what `change` names. */
export function beatOf(author: TestAuthor, change: Partial<Pick<Beat, 'seq' | 'head' | 'ts' | 'author'>> = {}): Beat {
  const last = author.records.at(-1)
  const { publicKey: device, secretKey } = author.device
  const word = { seq: last?.header.seq ?? 1, head: last?.id ?? new Uint8Array(32), ts: last?.header.ts ?? 1 }
  return signBeat({ author: author.address, device, secretKey, ...word, ...change }, signNatively)
}

/** The same on the wire. */
export function beatBytes(...given: Parameters<typeof beatOf>): Uint8Array {
  return encodeBeat(beatOf(...given))
}
