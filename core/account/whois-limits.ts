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

/** Both sides: from opening the stream to its end, own work not counted. */
export const WHOIS_DEADLINE_MS = 10_000

/** Streams of one connection, each way, and answers at a time, all peers together. */
export const WHOIS_STREAMS = 2
export const MAX_ANSWERING = 32

/** What a peer may ask: at once, and a second. A question costs 4, and 1 for each 32 KiB of its answer above that. */
export const WHOIS_BUDGET = { capacity: 128, refillPerSecond: 2 } as const
export const QUESTION_PRICE = 4
export const PRICED_BYTES = 32 * 1024
export const MAX_BUDGETED_PEERS = 5_000

/** A peer that answered what can't be true is left alone for this long. */
export const FAULT_REST_MS = 10 * 60_000
