import type { SignatureReason } from '../identity/signature.ts'

/** What somebody is said to have signed; `message` with its domain. */
export interface SignatureInput {
  readonly key: Uint8Array
  readonly message: Uint8Array
  readonly signature: Uint8Array
}

/** Null for a good one; undefined where nobody has judged it. */
export type Judgement = SignatureReason | null | undefined

/** Judges many signatures at once beside this thread. What it doesn't judge is judged in its turn. */
export interface SignatureJudges {
  /** In the order of the inputs. Never rejects. */
  judge(inputs: readonly SignatureInput[]): Promise<readonly Judgement[]>
}
