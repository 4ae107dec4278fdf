/**
 * Both sides of one inbox stream over frames, whatever carries them (INB2 … INB5): a question, with what is handed over
 * where that is its purpose; then an answer, and the end. Neither side believes the other: more than may come, and what
 * isn't of the subject, ends the stream before anything reaches the store.
 */
import type { IngestBatch } from '../ingest/door.ts'
import type { FrameDuplex } from '../net/framed-stream.ts'
import { InboxError } from './inbox-error.ts'
import { decodeInboxFrame, encodeInboxFrame, type InboxFrame, type InboxPurpose } from './inbox-frames.ts'
import {
  INBOX_FILL_BYTES,
  INBOX_VERSION,
  MAX_FRAME_PARTS,
  MAX_PAGE_BYTES,
  MAX_PAGE_OPERATIONS,
  MAX_PAGE_RECORDS,
  MAX_PUT_BYTES,
  MAX_PUT_OPERATIONS,
  MAX_PUT_RECORDS,
} from './inbox-limits.ts'
import { checkRelated } from './inbox-relation.ts'

/** Bytes of the CBOR head of one part. */
const PART_BYTES = 3

type Ask = Extract<InboxFrame, { type: 'ask' }>

export interface InboxQuestion {
  readonly purpose: InboxPurpose
  readonly subject: Uint8Array
  readonly since?: number | undefined
  readonly cursor?: Uint8Array | null | undefined
}

export interface InboxAnswer extends IngestBatch {
  /** Where to go on; null when that was all. */
  readonly next: Uint8Array | null
  readonly until: number
  readonly kept: Uint8Array
}

interface Limits {
  readonly records: number
  readonly operations: number
  readonly bytes: number
}

const PUT: Limits = { records: MAX_PUT_RECORDS, operations: MAX_PUT_OPERATIONS, bytes: MAX_PUT_BYTES }
const PAGE: Limits = { records: MAX_PAGE_RECORDS, operations: MAX_PAGE_OPERATIONS, bytes: MAX_PAGE_BYTES }

export const NOTHING: IngestBatch = { operations: [], records: [] }

/** Asks, handing over `batch` where that is the purpose, and takes the whole answer. @throws InboxError */
export async function askInbox(
  duplex: FrameDuplex,
  init: {
    readonly question: InboxQuestion
    readonly batch: IngestBatch
    readonly network: string
    readonly signal: AbortSignal
  },
): Promise<InboxAnswer> {
  const { question, batch, network, signal } = init
  const { purpose, subject, since = 0, cursor = null } = question
  const ask: Ask = { type: 'ask', version: INBOX_VERSION, network, purpose, subject, since, cursor, extensions: {} }
  await send(duplex, ask, signal)
  if (purpose === 'put') {
    await sendBatch(duplex, batch, signal)
    await send(duplex, { type: 'end', next: null, until: 0, kept: new Uint8Array() }, signal)
  }
  const answer = await readData(duplex, purpose === 'put' ? { records: 0, operations: 0, bytes: 0 } : PAGE, signal)
  if (purpose === 'put' && answer.kept.length !== batch.records.length) {
    throw new InboxError('bad-frame', 'the other side says what it kept of another number of records')
  }
  checkRelated(purpose, subject, answer.records)
  await duplex.close({ signal })
  return answer
}

/** Reads what the side that opened the stream wants, and what it hands over. @throws InboxError */
export async function readQuestion(
  duplex: FrameDuplex,
  init: { readonly network: string; readonly signal: AbortSignal },
): Promise<{ readonly ask: Ask; readonly batch: IngestBatch }> {
  const { network, signal } = init
  const ask = await readFrame(duplex, signal)
  if (ask.type !== 'ask') throw new InboxError('unexpected-frame', `${ask.type} came before the question`)
  if (ask.version !== INBOX_VERSION) throw new InboxError('wrong-version', `version ${ask.version} is unknown here`)
  if (ask.network !== network) throw new InboxError('wrong-network', 'the other side belongs to another network')
  if (ask.purpose !== 'put') return { ask, batch: NOTHING }
  const batch = await readData(duplex, PUT, signal)
  checkRelated('put', ask.subject, batch.records)
  return { ask, batch }
}

/** Sends an answer and ends this half. */
export async function sendAnswer(duplex: FrameDuplex, answer: InboxAnswer, signal: AbortSignal): Promise<void> {
  const { next, until, kept } = answer
  await sendBatch(duplex, answer, signal)
  await send(duplex, { type: 'end', next, until, kept }, signal)
  await duplex.close({ signal })
}

async function sendBatch(duplex: FrameDuplex, { operations, records }: IngestBatch, signal: AbortSignal) {
  for (const part of framesOf(operations)) await send(duplex, { type: 'operations', operations: part }, signal)
  for (const part of framesOf(records)) await send(duplex, { type: 'records', records: part }, signal)
}

function framesOf(parts: readonly Uint8Array[]): Uint8Array[][] {
  const frames: Uint8Array[][] = []
  let size = 0
  for (const part of parts) {
    const last = frames.at(-1)
    size += part.length + PART_BYTES
    if (last === undefined || last.length >= MAX_FRAME_PARTS || size > INBOX_FILL_BYTES) {
      frames.push([part])
      size = part.length + PART_BYTES
    } else last.push(part)
  }
  return frames
}

async function readData(duplex: FrameDuplex, limits: Limits, signal: AbortSignal): Promise<InboxAnswer> {
  const operations: Uint8Array[] = []
  const records: Uint8Array[] = []
  let bytes = 0
  for (;;) {
    const frame = await readFrame(duplex, signal)
    if (frame.type === 'ask') throw new InboxError('unexpected-frame', 'a question came in the middle')
    if (frame.type === 'error') {
      throw new InboxError(frame.code, `the other side does not go on: ${frame.code}`, { isRemote: true })
    }
    if (frame.type === 'end') return { operations, records, next: frame.next, until: frame.until, kept: frame.kept }
    const parts = frame.type === 'operations' ? frame.operations : frame.records
    bytes += parts.reduce((sum, part) => sum + part.length, 0)
    ;(frame.type === 'operations' ? operations : records).push(...parts)
    if (operations.length > limits.operations || records.length > limits.records || bytes > limits.bytes) {
      throw new InboxError('budget', 'more came than may')
    }
  }
}

function send(duplex: FrameDuplex, frame: InboxFrame, signal: AbortSignal): Promise<void> {
  return duplex.writeFrame(encodeInboxFrame(frame), { signal })
}

async function readFrame(duplex: FrameDuplex, signal: AbortSignal): Promise<InboxFrame> {
  const bytes = await duplex.readFrame({ signal }).catch((error: unknown) => {
    signal.throwIfAborted()
    throw new InboxError('truncated', `the stream broke: ${String(error)}`, { cause: error })
  })
  if (bytes === null) throw new InboxError('truncated', 'the other side ended before it was done')
  return decodeInboxFrame(bytes)
}
