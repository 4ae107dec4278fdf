/**
 * The frames of `/palabre/link/1` as values and as bytes (LNK3): DAG-CBOR arrays whose first element says what they are.
 * Decoding checks everything that one frame alone can get wrong; their order is the sessions'.
 */
import { type CborValue, decodeCbor, encodeCbor, isCborArray, utf8Length } from '../codec/dag-cbor.ts'
import { MAX_DEVICE_NAME_BYTES, MAX_OPERATION_BYTES } from '../identity/operation.ts'
import { MAX_NAME_BYTES } from '../record/limits.ts'
import { isLinkErrorCode, LinkError, type LinkErrorCode } from './errors.ts'
import {
  LINK_NONCE_BYTES,
  MAX_LINK_ADDRESS_LENGTH,
  MAX_LINK_FRAME_BYTES,
  MAX_LINK_FRAME_OPERATIONS,
  MAX_LINK_SEEDS,
} from './limits.ts'

/** New device: what it will reveal, and that it has the token. */
export interface HelloFrame {
  readonly type: 'hello'
  readonly version: number
  /** The network's signature domain. */
  readonly network: string
  /** 32 bytes, `commitmentTo` the nonce and the device. */
  readonly commitment: Uint8Array
  /** 32 bytes, `tokenProof`. */
  readonly proof: Uint8Array
}

/** Device of the account: its nonce and whose account it is. */
export interface WelcomeFrame {
  readonly type: 'welcome'
  readonly nonce: Uint8Array
  readonly address: Uint8Array
  /** What the account is called, '' where it isn't known. */
  readonly name: string
}

/** New device: what it committed itself to, and the proof that it holds the key (IDN8). */
export interface DeviceFrame {
  readonly type: 'device'
  readonly nonce: Uint8Array
  readonly key: Uint8Array
  readonly sealKey: Uint8Array
  readonly name: string
  readonly proof: Uint8Array
}

/** Device of the account: the end of the chain, and what else the new one needs. */
export interface AccountFrame {
  readonly type: 'account'
  /** Public key of the words for vaults (VLT7), null where it isn't known. */
  readonly wordsSlotKey: Uint8Array | null
  readonly name: string
  /** Multiaddrs of seeds. */
  readonly seeds: readonly string[]
}

export type LinkFrame =
  | HelloFrame
  | WelcomeFrame
  | DeviceFrame
  /** New device: its person says that the codes are the same. */
  | { readonly type: 'confirm' }
  | { readonly type: 'operations'; readonly items: readonly Uint8Array[] }
  | AccountFrame
  /** New device: the account is on its disk. */
  | { readonly type: 'done' }
  /** Device of the account: has seen that. */
  | { readonly type: 'bye' }
  | { readonly type: 'error'; readonly code: LinkErrorCode }

export type LinkFrameType = LinkFrame['type']

const TYPES = ['hello', 'welcome', 'device', 'confirm', 'operations', 'account', 'done', 'bye', 'error'] as const

const KEY_BYTES = 32
const PROOF_BYTES = 64
const MAX_NETWORK_LENGTH = 64
const FRAME_LIMITS = { maxDepth: 3, maxItems: 128, maxKeyBytes: 32 }

export function encodeLinkFrame(frame: LinkFrame): Uint8Array {
  return encodeCbor([TYPES.indexOf(frame.type), ...elementsOf(frame)])
}

/** @throws LinkError `bad-frame`, and nothing else. */
export function decodeLinkFrame(bytes: Uint8Array): LinkFrame {
  if (bytes.byteLength > MAX_LINK_FRAME_BYTES) throw bad(`${bytes.byteLength} bytes, limit ${MAX_LINK_FRAME_BYTES}`)
  let value: CborValue
  try {
    value = decodeCbor(bytes, FRAME_LIMITS)
  } catch (error) {
    throw new LinkError('bad-frame', `a frame is not canonical: ${String(error)}`, { cause: error })
  }
  if (!isCborArray(value) || typeof value[0] !== 'number') throw bad('not an array that starts with its type')
  const type = TYPES[value[0]]
  if (type === undefined) throw bad(`type ${value[0]} is unknown`)
  return READERS[type](value)
}

function elementsOf(frame: LinkFrame): CborValue[] {
  switch (frame.type) {
    case 'hello':
      return [frame.version, frame.network, frame.commitment, frame.proof]
    case 'welcome':
      return [frame.nonce, frame.address, frame.name]
    case 'device':
      return [frame.nonce, frame.key, frame.sealKey, frame.name, frame.proof]
    case 'operations':
      return [[...frame.items]]
    case 'account':
      return [frame.wordsSlotKey, frame.name, [...frame.seeds]]
    case 'error':
      return [frame.code]
    case 'confirm':
    case 'done':
    case 'bye':
      return []
  }
}

type Reader = (value: readonly CborValue[]) => LinkFrame

const READERS: Record<LinkFrameType, Reader> = {
  hello: (value) => {
    const [, version, network, commitment, proof] = value
    // Another version may go on as it likes: it is refused by its number.
    if (value.length < 5 || typeof version !== 'number') throw bad('a Hello has five elements')
    return {
      type: 'hello',
      version,
      network: readText(network, MAX_NETWORK_LENGTH),
      commitment: readBytes(commitment, KEY_BYTES),
      proof: readBytes(proof, KEY_BYTES),
    }
  },
  welcome: (value) => {
    const [, nonce, address, name] = readLength(value, 4)
    return {
      type: 'welcome',
      nonce: readBytes(nonce, LINK_NONCE_BYTES),
      address: readBytes(address, KEY_BYTES),
      name: readText(name, MAX_NAME_BYTES),
    }
  },
  device: (value) => {
    const [, nonce, key, sealKey, name, proof] = readLength(value, 6)
    return {
      type: 'device',
      nonce: readBytes(nonce, LINK_NONCE_BYTES),
      key: readBytes(key, KEY_BYTES),
      sealKey: readBytes(sealKey, KEY_BYTES),
      name: readText(name, MAX_DEVICE_NAME_BYTES),
      proof: readBytes(proof, PROOF_BYTES),
    }
  },
  confirm: (value) => bare(value, { type: 'confirm' }),
  operations: (value) => {
    const [, list] = readLength(value, 2)
    const items = readArray(list, MAX_LINK_FRAME_OPERATIONS).map((item) => {
      if (!(item instanceof Uint8Array) || item.length > MAX_OPERATION_BYTES) throw bad('an operation is too large')
      return item
    })
    if (items.length === 0) throw bad('a frame of operations is empty')
    return { type: 'operations', items }
  },
  account: (value) => {
    const [, wordsSlotKey, name, seeds] = readLength(value, 4)
    return {
      type: 'account',
      wordsSlotKey: wordsSlotKey === null ? null : readBytes(wordsSlotKey, KEY_BYTES),
      name: readText(name, MAX_NAME_BYTES),
      seeds: readArray(seeds, MAX_LINK_SEEDS).map((seed) => readText(seed, MAX_LINK_ADDRESS_LENGTH)),
    }
  },
  done: (value) => bare(value, { type: 'done' }),
  bye: (value) => bare(value, { type: 'bye' }),
  error: (value) => {
    const code = value[1]
    if (typeof code !== 'string' || !isLinkErrorCode(code)) throw bad('an Error names no known code')
    return { type: 'error', code }
  },
}

function bare(value: readonly CborValue[], frame: LinkFrame): LinkFrame {
  readLength(value, 1)
  return frame
}

function readLength(value: readonly CborValue[], length: number): readonly CborValue[] {
  if (value.length !== length) throw bad(`expected ${length} elements, got ${value.length}`)
  return value
}

function readArray(value: CborValue | undefined, maxLength: number): readonly CborValue[] {
  if (!isCborArray(value) || value.length > maxLength) throw bad('an array is missing or too long')
  return value
}

function readBytes(value: CborValue | undefined, length: number): Uint8Array {
  if (!(value instanceof Uint8Array) || value.length !== length) throw bad(`expected ${length} bytes`)
  return value
}

function readText(value: CborValue | undefined, maxBytes: number): string {
  if (typeof value !== 'string' || utf8Length(value) > maxBytes) throw bad('a text is missing or too long')
  return value
}

function bad(message: string): LinkError {
  return new LinkError('bad-frame', `a frame is malformed: ${message}`)
}
