/** A thread of make-corpus: makes authors and signs what they write. */
import { parentPort, workerData } from 'node:worker_threads'
import { type PackedBytes, packBytes, unpackBytes } from '../core/node/square-calls.ts'
import { type CorpusAuthor, type CorpusInit, makeCorpusAuthor } from '../test/harness/corpus.ts'
import { signNatively } from '../test/harness/native-sign.ts'

export type SignerJob =
  | { readonly job: number; readonly makeAuthors: { readonly from: number; readonly to: number } }
  | { readonly job: number; readonly keys: readonly Uint8Array[]; readonly inputs: PackedBytes }

export interface SignerAnswer {
  readonly job: number
  readonly authors?: readonly CorpusAuthor[]
  readonly signatures?: PackedBytes
}

const init = workerData as CorpusInit

parentPort?.on('message', (message: SignerJob) => {
  if ('makeAuthors' in message) {
    const { from, to } = message.makeAuthors
    const authors = Array.from({ length: to - from }, (_, i) => makeCorpusAuthor(init, from + i))
    parentPort?.postMessage({ job: message.job, authors } satisfies SignerAnswer)
    return
  }
  const signatures = unpackBytes(message.inputs).map((input, i) => signNatively(message.keys[i] as Uint8Array, input))
  const packed = packBytes(signatures)
  parentPort?.postMessage({ job: message.job, signatures: packed } satisfies SignerAnswer, [packed.buffer])
})
