import type { QuestionRules } from '../net/question-streams.ts'

/** Protocol id (RCV3). */
export const WHOIS_PROTOCOL = '/palabre/whois/1'
export const WHOIS_VERSION = 1

/** Largest frame, bytes, without its length (RCV4). */
export const MAX_WHOIS_FRAME_BYTES = 64 * 1024
/** Fill of a frame that is made here: leaves room for its head. */
export const WHOIS_FILL_BYTES = 60 * 1024
/** Values inside one frame. */
export const MAX_WHOIS_FRAME_ITEMS = 512

/** One answer, all chains together (RCV5). */
export const MAX_ANSWER_CHAINS = 4
export const MAX_ANSWER_OPERATIONS = 256
export const MAX_ANSWER_BYTES = 2 * 1024 * 1024

/** Answers at a time, all peers together. */
export const MAX_ANSWERING = 32

/** A question costs 4 of what a peer may ask, and 1 for each 32 KiB of its answer above that. */
export const QUESTION_PRICE = 4
export const PRICED_BYTES = 32 * 1024

/** A peer that answered what can't be true is left alone for this long. */
export const FAULT_REST_MS = 10 * 60_000

/** Own work isn't counted to the deadline. */
export const WHOIS_RULES: QuestionRules = {
  protocol: WHOIS_PROTOCOL,
  streams: 2,
  maxFrameBytes: MAX_WHOIS_FRAME_BYTES,
  deadlineMs: 10_000,
  maxAnswering: MAX_ANSWERING,
  budget: { capacity: 128, refillPerSecond: 2 },
  price: QUESTION_PRICE,
  restMs: FAULT_REST_MS,
  maxPeers: 5_000,
}
