import { prefixOf } from '../author-heads.ts'
import { MAX_INTEREST, PREFIX_BYTES } from './limits.ts'

/**
 * Authors by the first 8 bytes of their addresses, ascending: 8 bytes each, and a look-up that takes a few steps. A seed
 * keeps one for every reader. Two authors with the same prefix are both in it; finding such a pair takes 2^32 attempts,
 * and all it brings is a record that the reader's door drops.
 */
export class InterestSet {
  #sorted = new BigUint64Array()

  get size(): number {
    return this.#sorted.length
  }

  /** Ascending. */
  get prefixes(): BigUint64Array {
    return this.#sorted
  }

  has(address: Uint8Array): boolean {
    return this.#indexOf(prefixOf(address)) >= 0
  }

  /** False, and nothing changed, where there would be more than an interest takes. */
  change(added: BigUint64Array, removed: BigUint64Array): boolean {
    const all = new Set(this.#sorted)
    for (const prefix of removed) all.delete(prefix)
    for (const prefix of added) all.add(prefix)
    if (all.size > MAX_INTEREST) return false
    this.#sorted = BigUint64Array.from(all).sort()
    return true
  }

  #indexOf(prefix: bigint): number {
    let low = 0
    let high = this.#sorted.length - 1
    while (low <= high) {
      const middle = (low + high) >> 1
      const found = this.#sorted[middle] as bigint
      if (found === prefix) return middle
      if (found < prefix) low = middle + 1
      else high = middle - 1
    }
    return -1
  }
}

/** The prefixes of these addresses, each once, ascending. */
export function prefixesOf(addresses: readonly Uint8Array[]): BigUint64Array {
  return BigUint64Array.from(new Set(addresses.map(prefixOf))).sort()
}

/** 8 bytes each, big-endian. */
export function packPrefixes(prefixes: BigUint64Array): Uint8Array {
  const bytes = new Uint8Array(prefixes.length * PREFIX_BYTES)
  const view = new DataView(bytes.buffer)
  for (const [i, prefix] of prefixes.entries()) view.setBigUint64(i * PREFIX_BYTES, prefix)
  return bytes
}

/** Undefined for bytes that aren't whole prefixes, strictly ascending. */
export function unpackPrefixes(bytes: Uint8Array): BigUint64Array | undefined {
  if (bytes.length % PREFIX_BYTES !== 0) return undefined
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const prefixes = new BigUint64Array(bytes.length / PREFIX_BYTES)
  for (let i = 0; i < prefixes.length; i++) {
    prefixes[i] = view.getBigUint64(i * PREFIX_BYTES)
    if (i > 0 && (prefixes[i] as bigint) <= (prefixes[i - 1] as bigint)) return undefined
  }
  return prefixes
}

/** What of `after` isn't in `before`. Both ascending. */
export function newIn(after: BigUint64Array, before: BigUint64Array): BigUint64Array {
  const known = new Set(before)
  return after.filter((prefix) => !known.has(prefix))
}
