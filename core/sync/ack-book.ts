import { toHex } from '../util/bytes.ts'
import { SyncError } from './errors.ts'
import { WINDOW_FRAMES } from './limits.ts'
import type { OutgoingData, RecordPlace } from './outgoing.ts'

/** Records of one of the account's devices. */
export interface OwnSeqs {
  readonly device: Uint8Array
  readonly seqs: number[]
}

/** What was sent and not yet acknowledged: the window, and which own records the other side keeps. */
export class AckBook {
  readonly #isOwn: (author: Uint8Array, device: Uint8Array) => boolean
  /** In order of sending, at most the window. */
  readonly #open: { number: number; data: OutgoingData }[] = []
  #lastNumber = 0
  #sentOperations = 0
  #sentRecords = 0
  #keptRecords = 0
  #failure: { error: unknown } | null = null
  #wake: (() => void) | null = null

  /** `isOwn` says whose acknowledgements are of interest. */
  constructor(init: { readonly isOwn: (author: Uint8Array, device: Uint8Array) => boolean }) {
    this.#isOwn = init.isOwn
  }

  get sentOperations(): number {
    return this.#sentOperations
  }

  get sentRecords(): number {
    return this.#sentRecords
  }

  get keptRecords(): number {
    return this.#keptRecords
  }

  get isSettled(): boolean {
    return this.#open.length === 0
  }

  /** Resolves when another frame may go out. @throws what `fail` was told, or the signal's reason. */
  async awaitSlot(signal: AbortSignal): Promise<void> {
    await this.#until(() => this.#open.length < WINDOW_FRAMES, signal)
  }

  async awaitAll(signal: AbortSignal): Promise<void> {
    await this.#until(() => this.isSettled, signal)
  }

  /** Answers the number of the frame. */
  noteSent(data: OutgoingData): number {
    this.#lastNumber++
    this.#open.push({ number: this.#lastNumber, data })
    if (data.type === 'records') this.#sentRecords += data.items.length
    else this.#sentOperations += data.items.length
    return this.#lastNumber
  }

  /**
   * Answers which own records the other side keeps.
   * @throws SyncError `bad-ack` for anything but the oldest open frame with one bit an item.
   */
  noteAcked(number: number, kept: Uint8Array): readonly OwnSeqs[] {
    const oldest = this.#open[0]
    if (oldest === undefined || oldest.number !== number) {
      throw new SyncError('bad-ack', `frame ${number} was acknowledged and is not the oldest one open`)
    }
    const { items, places, type } = oldest.data
    if (kept.length !== Math.ceil(items.length / 8) || hasBitsAfter(kept, items.length)) {
      throw new SyncError('bad-ack', `an acknowledgement of ${items.length} items has another number of bits`)
    }
    this.#open.shift()
    const keptPlaces = type === 'records' ? places.filter((_, i) => isSet(kept, i)) : []
    this.#keptRecords += keptPlaces.length
    this.#notify()
    return this.#ownOf(keptPlaces)
  }

  #ownOf(places: readonly RecordPlace[]): OwnSeqs[] {
    const own = new Map<string, OwnSeqs>()
    for (const { author, device, seq } of places) {
      if (!this.#isOwn(author, device)) continue
      const seqs = own.get(toHex(device)) ?? { device, seqs: [] }
      seqs.seqs.push(seq)
      own.set(toHex(device), seqs)
    }
    return [...own.values()]
  }

  fail(error: unknown): void {
    this.#failure ??= { error }
    this.#notify()
  }

  #notify(): void {
    this.#wake?.()
    this.#wake = null
  }

  async #until(isMet: () => boolean, signal: AbortSignal): Promise<void> {
    for (;;) {
      if (this.#failure !== null) throw this.#failure.error
      signal.throwIfAborted()
      if (isMet()) return
      await new Promise<void>((resolve) => {
        const onAbort = () => resolve()
        signal.addEventListener('abort', onAbort, { once: true })
        this.#wake = () => {
          signal.removeEventListener('abort', onAbort)
          resolve()
        }
      })
    }
  }
}

function isSet(bits: Uint8Array, index: number): boolean {
  return ((bits[index >> 3] ?? 0) & (1 << (index & 7))) !== 0
}

function hasBitsAfter(bits: Uint8Array, count: number): boolean {
  for (let i = count; i < 8 * bits.length; i++) if (isSet(bits, i)) return true
  return false
}
