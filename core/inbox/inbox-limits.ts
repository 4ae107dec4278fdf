import type { QuestionRules } from '../net/question-streams.ts'

/** Protocol id (INB2). */
export const INBOX_PROTOCOL = '/palabre/inbox/1'
export const INBOX_VERSION = 1

/** Largest frame, bytes, without its length. */
export const MAX_INBOX_FRAME_BYTES = 64 * 1024
/** Fill of a frame that is made here: leaves room for its head. */
export const INBOX_FILL_BYTES = 60 * 1024
/** Values inside one frame. */
export const MAX_INBOX_FRAME_ITEMS = 512
/** Operations or records in one frame. */
export const MAX_FRAME_PARTS = 256

/** What one side may hand over in a Put (INB3). */
export const MAX_PUT_RECORDS = 64
export const MAX_PUT_OPERATIONS = 512
export const MAX_PUT_BYTES = 1024 * 1024

/** What one answer may hold (INB4). */
export const MAX_PAGE_RECORDS = 128
export const MAX_PAGE_OPERATIONS = 1_024
export const MAX_PAGE_BYTES = 2 * 1024 * 1024

/** Where the answering side goes on: its own bytes, of which nobody else knows what they say. */
export const MAX_CURSOR_BYTES = 64
/** A tag, folded, in bytes. */
export const MAX_TAG_BYTES = 128

/** Answers at a time, all peers together. */
const MAX_ANSWERING = 32
/** A question costs 4 of what a peer may ask, and 1 for each 32 KiB that goes either way above that. */
export const QUESTION_PRICE = 4
export const PRICED_BYTES = 32 * 1024
/** A peer that sent what can't be true is left alone for this long. */
const FAULT_REST_MS = 10 * 60_000

/** Own work isn't counted to the deadline. */
export const INBOX_RULES: QuestionRules = {
  protocol: INBOX_PROTOCOL,
  streams: 4,
  maxFrameBytes: MAX_INBOX_FRAME_BYTES,
  deadlineMs: 10_000,
  maxAnswering: MAX_ANSWERING,
  budget: { capacity: 256, refillPerSecond: 4 },
  price: QUESTION_PRICE,
  restMs: FAULT_REST_MS,
  maxPeers: 5_000,
}
