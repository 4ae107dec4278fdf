/** Limits that every peer holds records to (REC rules). Bytes of UTF-8 where text is meant; no rule counts characters. */

export const MAX_HEADER_BYTES = 256
export const MAX_BODY_BYTES = 8_192
export const SIGNATURE_BYTES = 64
/** Longest wire form: array head, 3 + header, 2 + signature, 3 + body. */
export const MAX_RECORD_BYTES = 1 + 3 + MAX_HEADER_BYTES + 2 + SIGNATURE_BYTES + 3 + MAX_BODY_BYTES

export const MAX_SEQ = 2 ** 32 - 1
export const MAX_KIND = 2 ** 16 - 1
export const MIN_TS_MS = 1
/** The last millisecond of the year 9999 in UTC. */
export const MAX_TS_MS = 253_402_300_799_999
/** What lies further ahead of a peer's clock is held back there until its time comes. */
export const MAX_AHEAD_MS = 120_000

export const SALT_BYTES = 8
/** Bytes of a genesis hash that stand beside an address in every reference to a person. */
export const GENESIS_PREFIX_BYTES = 8

export const MAX_POST_TEXT_BYTES = 3_000
export const MAX_LANG_BYTES = 35
export const MAX_WARNING_BYTES = 256
export const MAX_GATE_BYTES = 32
export const MAX_MENTIONS = 32
export const MAX_TAGS = 32

export const MAX_NAME_BYTES = 128
export const MAX_BIO_BYTES = 1_024
export const MAX_HOME_SEEDS = 8
export const MAX_SEED_ADDRESSES = 8
export const MAX_SEED_ADDRESS_BYTES = 256

export const MAX_EMOJI_BYTES = 32

export const MAX_LABEL_BYTES = 64
export const MAX_LABEL_NOTE_BYTES = 256

export const LIST_ID_BYTES = 16
export const MAX_LIST_NAME_BYTES = 128
export const MAX_LIST_ABOUT_BYTES = 1_024
export const MAX_LIST_PURPOSE_BYTES = 32

/** Lengths of a private box, nonce and tag included: so few that a length says next to nothing. */
export const PRIVATE_BOX_BYTES: readonly number[] = [256, 1_024, 4_096, 7_680]
/** 32 grants and a box of 4,096 bytes fit into one body, four grants and a box of 7,680. */
export const MAX_GRANTS = 32
export const MAX_PRIVATE_EDGE_BYTES = 32
/** As long as a reference to a record: an author and an id. */
export const MAX_PRIVATE_SUBJECT_BYTES = 64

export const MAX_ALT_BYTES = 1_000
export const MAX_MEDIA_TYPE_BYTES = 64
export const MAX_THUMBHASH_BYTES = 32
export const MAX_MEDIA_SIDE_PX = 65_535
/** 8 images, or 1 video, or 1 audio. */
export const MAX_IMAGES = 8
