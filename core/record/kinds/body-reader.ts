/**
 * Reading the map of a body field by field. A fault is thrown as BodyFault and caught by whoever began to read:
 * decoding turns it into `body-schema`, encoding into a message for the person who wrote it.
 */
import { CID } from 'multiformats/cid'
import { type CborMap, type CborValue, isCborArray, isCborMap, utf8Length } from '../../codec/dag-cbor.ts'
import { GENESIS_PREFIX_BYTES, SALT_BYTES } from '../limits.ts'

/** A field that breaks its kind's schema. The message says what was expected and what came. */
export class BodyFault extends Error {}

/** A record, named by its author's address and its id, 32 bytes each. */
export interface RecordRef {
  readonly author: Uint8Array
  readonly id: Uint8Array
}

/** A person: 32-byte address, and the first 8 bytes of the genesis hash. */
export interface PersonRef {
  readonly address: Uint8Array
  readonly genesis: Uint8Array
}

/** Keys of a body that this version doesn't know; kept and signed. Left out when there are none. */
export interface WithExtras {
  readonly extras?: CborMap
}

/** One map of a body, whose fields are asked for by name; what nobody asked for are its extras. */
export class BodyReader {
  readonly #map: CborMap
  readonly #path: string
  readonly #asked = new Set<string>()

  constructor(value: CborValue | undefined, path: string) {
    if (!isCborMap(value)) throw new BodyFault(`${path} is not a map`)
    this.#map = value
    this.#path = path
  }

  /** The raw value; undefined when the key is missing. */
  field(key: string): CborValue | undefined {
    this.#asked.add(key)
    return Object.hasOwn(this.#map, key) ? this.#map[key] : undefined
  }

  has(key: string): boolean {
    return this.field(key) !== undefined
  }

  name(key: string): string {
    return `${this.#path} ${key}`
  }

  /** Text of `least` … `most` bytes of UTF-8. */
  text(key: string, most: number, least = 0): string {
    return readText(this.field(key), this.name(key), most, least)
  }

  optionalText(key: string, most: number, least = 0): string | undefined {
    return this.has(key) ? this.text(key, most, least) : undefined
  }

  bytes(key: string, most: number, least = most): Uint8Array {
    return readBytes(this.field(key), this.name(key), most, least)
  }

  integer(key: string, least: number, most = Number.MAX_SAFE_INTEGER): number {
    const value = this.field(key)
    if (typeof value !== 'number') throw new BodyFault(`${this.name(key)} is not a whole number`)
    if (value < least || value > most)
      throw new BodyFault(`${this.name(key)} is ${shown(value)}, expected ${shownRange(least, most)}`)
    return value
  }

  boolean(key: string): boolean {
    const value = this.field(key)
    if (typeof value !== 'boolean') throw new BodyFault(`${this.name(key)} is neither true nor false`)
    return value
  }

  link(key: string): CID {
    const value = this.field(key)
    if (!(value instanceof CID)) throw new BodyFault(`${this.name(key)} is not a link`)
    return value
  }

  /** An array of `least` … `most` elements. */
  list(key: string, most: number, least = 1): readonly CborValue[] {
    return readList(this.field(key), this.name(key), most, least)
  }

  salt(): Uint8Array {
    return this.bytes('salt', SALT_BYTES)
  }

  recordRef(key: string): RecordRef {
    return readRecordRef(this.field(key), this.name(key))
  }

  personRef(key: string): PersonRef {
    const [address, genesis] = readList(this.field(key), this.name(key), 2, 2)
    return readPersonRef(address, genesis, this.name(key))
  }

  /** To be spread into the body: `extras`, where keys are left that nobody asked for. */
  extras(): { extras?: CborMap } {
    const left = Object.keys(this.#map).filter((key) => !this.#asked.has(key))
    if (left.length === 0) return {}
    const extras: Record<string, CborValue> = Object.create(null)
    for (const key of left) extras[key] = this.#map[key] as CborValue
    return { extras }
  }
}

export function readText(value: CborValue | undefined, name: string, most: number, least = 0): string {
  if (typeof value !== 'string') throw new BodyFault(`${name} is not text`)
  // A text has at least as many bytes as characters, and at most three times as many: most need no counting.
  if (value.length >= least && 3 * value.length <= most) return value
  const length = utf8Length(value)
  if (length > most) throw new BodyFault(`${name} is ${shown(length)} bytes, limit ${shown(most)}`)
  if (length < least) throw new BodyFault(`${name} is ${length} bytes, at least ${least} expected`)
  return value
}

export function readBytes(value: CborValue | undefined, name: string, most: number, least = most): Uint8Array {
  if (!(value instanceof Uint8Array)) throw new BodyFault(`${name} is not a byte string`)
  if (value.length < least || value.length > most) {
    throw new BodyFault(`${name} is ${shown(value.length)} bytes, expected ${shownRange(least, most)}`)
  }
  return value
}

export function readList(value: CborValue | undefined, name: string, most: number, least = 1): readonly CborValue[] {
  if (!isCborArray(value)) throw new BodyFault(`${name} is not a list`)
  if (value.length < least || value.length > most) {
    throw new BodyFault(`${name} has ${shown(value.length)} elements, expected ${shownRange(least, most)}`)
  }
  return value
}

export function readRecordRef(value: CborValue | undefined, name: string): RecordRef {
  const [author, id] = readList(value, name, 2, 2)
  return { author: readBytes(author, `${name} author`, 32), id: readBytes(id, `${name} id`, 32) }
}

export function readPersonRef(address: CborValue | undefined, genesis: CborValue | undefined, name: string): PersonRef {
  return {
    address: readBytes(address, `${name} address`, 32),
    genesis: readBytes(genesis, `${name} genesis`, GENESIS_PREFIX_BYTES),
  }
}

/** A record reference as it stands in a body. */
export function recordRefValue({ author, id }: RecordRef): CborValue {
  return [author, id]
}

/** A reference to a person as it stands in a body. */
export function personRefValue({ address, genesis }: PersonRef): CborValue {
  return [address, genesis]
}

/** The list as it stands in a body; undefined for an empty one, which a body leaves out. */
export function listValue<T>(
  list: readonly T[] | undefined,
  toValue: (element: T) => CborValue,
): CborValue[] | undefined {
  return list === undefined || list.length === 0 ? undefined : list.map(toValue)
}

/** The entries whose value is there; a field that is undefined is left out of the map. */
export function presentFields(fields: Record<string, CborValue | undefined>): CborMap {
  const present: Record<string, CborValue> = Object.create(null)
  for (const [key, value] of Object.entries(fields)) if (value !== undefined) present[key] = value
  return present
}

/** A figure as people read it: 3,000. */
export function shown(figure: number): string {
  return figure.toLocaleString('en')
}

function shownRange(least: number, most: number): string {
  return least === most ? shown(most) : `${shown(least)} … ${shown(most)}`
}
