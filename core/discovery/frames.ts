/**
 * The frames of `/palabre/peers/1` as values and as bytes (DSC4): DAG-CBOR arrays whose first element says what they
 * are. Decoding checks everything that one frame alone can get wrong; cards are judged by whoever takes them.
 */
import { type CborMap, type CborValue, decodeCbor, encodeCbor, isCborArray, isCborMap } from '../codec/dag-cbor.ts'
import { MAX_CARD_BYTES } from '../record/peer-card.ts'
import { DiscoveryError, type DiscoveryErrorCode, isDiscoveryErrorCode } from './discovery-error.ts'
import {
  MAX_ANSWER_CARDS,
  MAX_ASKED_AUTHORS,
  MAX_ASKED_SEEDS,
  MAX_PEERS_FRAME_BYTES,
  MAX_PEERS_FRAME_ITEMS,
} from './limits.ts'

export type PeersFrame =
  | {
      readonly type: 'ask'
      readonly version: number
      /** The network's signature domain. */
      readonly network: string
      /** The asking side's own card as bytes; null for one that wants to be found by nobody. */
      readonly card: Uint8Array | null
      /** 32-byte addresses of the accounts whose devices are looked for. */
      readonly authors: readonly Uint8Array[]
      /** How many seeds are wanted, 0 … 32. */
      readonly seeds: number
      /** Unknown keys are ignored. */
      readonly extensions: CborMap
    }
  /** The answering side's own card or null, then what it knows, as bytes. */
  | { readonly type: 'cards'; readonly card: Uint8Array | null; readonly cards: readonly Uint8Array[] }
  | { readonly type: 'error'; readonly code: DiscoveryErrorCode }

const TYPES = ['ask', 'cards', 'error'] as const

const KEY_BYTES = 32
const MAX_NETWORK_LENGTH = 64

export function encodePeersFrame(frame: PeersFrame): Uint8Array {
  return encodeCbor([TYPES.indexOf(frame.type), ...elementsOf(frame)])
}

/** @throws DiscoveryError `bad-frame`, and nothing else. */
export function decodePeersFrame(bytes: Uint8Array): PeersFrame {
  if (bytes.byteLength > MAX_PEERS_FRAME_BYTES) throw bad(`${bytes.byteLength} bytes, limit ${MAX_PEERS_FRAME_BYTES}`)
  let value: CborValue
  try {
    value = decodeCbor(bytes, { maxItems: MAX_PEERS_FRAME_ITEMS })
  } catch (error) {
    throw new DiscoveryError('bad-frame', `a frame is not canonical: ${String(error)}`, { cause: error })
  }
  if (!isCborArray(value) || typeof value[0] !== 'number') throw bad('not an array that starts with its type')
  const type = TYPES[value[0]]
  if (type === undefined) throw bad(`type ${value[0]} is unknown`)
  return READERS[type](value)
}

function elementsOf(frame: PeersFrame): CborValue[] {
  switch (frame.type) {
    case 'ask':
      return [frame.version, frame.network, frame.card, [...frame.authors], frame.seeds, frame.extensions]
    case 'cards':
      return [frame.card, [...frame.cards]]
    case 'error':
      return [frame.code]
  }
}

const READERS: Record<(typeof TYPES)[number], (value: readonly CborValue[]) => PeersFrame> = {
  ask: (value) => {
    const [, version, network, card, authors, seeds, extensions] = value
    // Later versions may append elements.
    if (value.length < 7) throw bad('a question has seven elements')
    if (typeof version !== 'number') throw bad('the version is no number')
    if (typeof network !== 'string' || network.length > MAX_NETWORK_LENGTH) throw bad('the network is no short text')
    if (!isCborArray(authors) || authors.length > MAX_ASKED_AUTHORS) throw bad('too many authors are asked for')
    if (typeof seeds !== 'number' || !Number.isInteger(seeds) || seeds < 0 || seeds > MAX_ASKED_SEEDS) {
      throw bad('the number of seeds is out of range')
    }
    if (!isCborMap(extensions)) throw bad('the extensions are no map')
    return {
      type: 'ask',
      version,
      network,
      card: card === null ? null : readCard(card),
      authors: authors.map(readKey),
      seeds,
      extensions,
    }
  },
  cards: (value) => {
    const [, card, cards] = value
    if (value.length !== 3 || !isCborArray(cards)) throw bad('an answer has three elements')
    if (cards.length > MAX_ANSWER_CARDS) throw bad(`${cards.length} cards, limit ${MAX_ANSWER_CARDS}`)
    return { type: 'cards', card: card === null ? null : readCard(card), cards: cards.map(readCard) }
  },
  error: (value) => {
    const [, code] = value
    if (typeof code !== 'string' || !isDiscoveryErrorCode(code)) throw bad('an Error names no known code')
    return { type: 'error', code }
  },
}

function readKey(value: CborValue | undefined): Uint8Array {
  if (!(value instanceof Uint8Array) || value.length !== KEY_BYTES) throw bad(`expected ${KEY_BYTES} bytes`)
  return value
}

function readCard(value: CborValue | undefined): Uint8Array {
  if (!(value instanceof Uint8Array) || value.length > MAX_CARD_BYTES) throw bad('a card is too long')
  return value
}

function bad(message: string): DiscoveryError {
  return new DiscoveryError('bad-frame', `a frame is malformed: ${message}`)
}
