/** Protocol id (LNK2). */
export const LINK_PROTOCOL = '/palabre/link/1'
export const LINK_VERSION = 1

/** Largest frame, bytes, without its length (LNK3). */
export const MAX_LINK_FRAME_BYTES = 64 * 1_024
/** Fill of a frame of operations that is made here: leaves room for its head. */
export const LINK_FRAME_FILL_BYTES = 60 * 1_024

/** Operations in one frame, and in the whole chain: what a store keeps of one (LNK8). */
export const MAX_LINK_FRAME_OPERATIONS = 64
export const MAX_LINK_OPERATIONS = 256

/** Addresses of seeds that the new device is told (LNK8). */
export const MAX_LINK_SEEDS = 4
export const MAX_LINK_ADDRESS_LENGTH = 256

export const LINK_NONCE_BYTES = 16

/** Peers that come with a wrong token before an offer ends (LNK4). */
export const MAX_WRONG_TOKENS = 5
/** Peers that may be greeting at once; the one with the token needs one place. */
export const MAX_GREETING = 4

/** Streams of this protocol that one connection may have open each way. */
export const LINK_STREAMS = 2

/** Longest waits of linking, milliseconds (LNK9). */
export interface LinkTimes {
  /** An offer waits so long for its device. */
  readonly offerMs: number
  /** For the next frame while no person is asked. */
  readonly stepMs: number
  /** For both people from the moment on that the code is shown. */
  readonly compareMs: number
  /** For the new device to take the account over. */
  readonly takeOverMs: number
  /** For the last word, which nothing depends on. */
  readonly partingMs: number
}

export const LINK_TIMES: LinkTimes = {
  offerMs: 10 * 60_000,
  stepMs: 20_000,
  compareMs: 5 * 60_000,
  takeOverMs: 60_000,
  partingMs: 2_000,
}
