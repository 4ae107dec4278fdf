import type { QuestionRules } from '../net/question-streams.ts'

/** Protocol id (DSC4). */
export const PEERS_PROTOCOL = '/palabre/peers/1'
export const PEERS_VERSION = 1

/** Largest frame, bytes, without its length: an answer is one frame (DSC4). */
export const MAX_PEERS_FRAME_BYTES = 64 * 1024
/** Fill of an answer that is made here: leaves room for its head. */
export const PEERS_FILL_BYTES = 60 * 1024
/** Values inside one frame. */
export const MAX_PEERS_FRAME_ITEMS = 512

/** Authors that one question names, and cards that one answer holds (DSC5). */
export const MAX_ASKED_AUTHORS = 128
export const MAX_ASKED_SEEDS = 32
export const MAX_ANSWER_CARDS = 64
/** Of those, devices of one author. */
export const MAX_AUTHOR_CARDS = 8

/** What a peer may ask: at once, and a second; a question costs 1. */
export const PEERS_BUDGET = { capacity: 32, refillPerSecond: 0.5 } as const

export const PEERS_RULES: QuestionRules = {
  protocol: PEERS_PROTOCOL,
  streams: 2,
  maxFrameBytes: MAX_PEERS_FRAME_BYTES,
  deadlineMs: 10_000,
  maxAnswering: 32,
  budget: PEERS_BUDGET,
  price: 1,
  restMs: 10 * 60_000,
  maxPeers: 5_000,
}

/** Cards that are kept: of seeds, of devices of wanted authors, of others (DSC6). */
export const MAX_SEED_CARDS = 200
export const MAX_WANTED_CARDS = 4_000
export const MAX_OTHER_CARDS = 1_000
/** Devices of which it is remembered that they took their addresses back. */
export const MAX_WITHDRAWN = 4_000

/** A card that is older says nothing any more; its device signs a new one each day (DSC3). */
export const MAX_CARD_AGE_MS = 30 * 86_400_000
export const RESIGN_AFTER_MS = 86_400_000
/** A card may come from a clock that is ahead by this much, as records may. */
export const MAX_CARD_AHEAD_MS = 120_000

/** Cards of strangers and seeds whose first address names one host: more are a crowd behind one door (DSC6). */
export const MAX_CARDS_PER_HOST = 64
