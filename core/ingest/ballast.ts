import { randomFillSync } from 'node:crypto'
import { closeSync, fsyncSync, openSync, rmSync, statSync, truncateSync, writeSync } from 'node:fs'
import type { DiskSpace } from './disk-gauge.ts'

const MIB = 1_048_576
/** Of a small disk no more than this. */
const MAX_PART = 1 / 8
const MIN_BYTES = 262_144
/** It is made only where so many times its size are free. */
const FREE_FACTOR = 4
const STEP_BYTES = MIB

/**
 * A file that takes room so that there is some to give: on a full disk SQLite can neither delete nor write its log back.
 * It is released when a write fails, and made again, 1 MiB at a time, when there is room enough. Random bytes, because
 * a file system may not store others.
 */
export class Ballast {
  readonly #path: string
  readonly #maxBytes: number
  #heldBytes: number

  constructor(init: { readonly path: string; readonly maxBytes: number }) {
    this.#path = init.path
    this.#maxBytes = init.maxBytes
    this.#heldBytes = sizeOf(init.path)
  }

  get heldBytes(): number {
    return this.#heldBytes
  }

  /** What it takes when it is whole. */
  targetBytes({ totalBytes }: DiskSpace): number {
    const bytes = Math.min(this.#maxBytes, Math.floor(totalBytes * MAX_PART))
    return bytes < MIN_BYTES ? 0 : bytes
  }

  /** Makes a little of it where there is room. True while more is to be made. */
  grow(space: DiskSpace): boolean {
    const left = this.targetBytes(space) - this.#heldBytes
    if (left <= 0 || space.freeBytes < FREE_FACTOR * left) return false
    const bytes = Math.min(left, STEP_BYTES)
    try {
      const file = openSync(this.#path, 'a', 0o600)
      try {
        writeSync(file, randomFillSync(new Uint8Array(bytes)))
        fsyncSync(file)
      } finally {
        closeSync(file)
      }
    } catch {
      // Somebody else was quicker: there is no room for it any more.
      this.release()
      return false
    }
    this.#heldBytes = sizeOf(this.#path)
    return left > bytes
  }

  /** True when that gave room. */
  release(): boolean {
    const hadBytes = sizeOf(this.#path)
    this.#heldBytes = 0
    if (hadBytes === 0) return false
    // Some file systems need room to forget a name, none to shorten a file.
    truncateSync(this.#path, 0)
    rmSync(this.#path, { force: true })
    return true
  }
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0
}
