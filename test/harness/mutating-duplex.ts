import { setImmediate as nextEvents } from 'node:timers/promises'
import type { FrameDuplex } from '../../core/net/framed-stream.ts'
import type { AbortOptions } from '../../core/util/startable.ts'
import { mutateBytes } from './cbor-mutator.ts'
import { mutateFrame } from './frame-mutator.ts'
import type { SeededChoice } from './seeded-random.ts'

/** Frames that were sent honestly, to be sent again elsewhere. */
const MAX_REMEMBERED = 64

/** The stream of an honest session whose frames are spoiled on their way out, one in three. */
export class MutatingDuplex implements FrameDuplex {
  /** Frames that were spoiled so far. */
  mutated = 0
  readonly #inner: FrameDuplex
  readonly #choice: SeededChoice
  readonly #remembered: Uint8Array[]

  constructor(inner: FrameDuplex, init: { readonly choice: SeededChoice; readonly remembered: Uint8Array[] }) {
    this.#inner = inner
    this.#choice = init.choice
    this.#remembered = init.remembered
  }

  readFrame(options?: AbortOptions): Promise<Uint8Array | null> {
    return this.#inner.readFrame(options)
  }

  async writeFrame(frame: Uint8Array, options?: AbortOptions): Promise<void> {
    // Streams in memory would never let timers and others have their turn.
    await nextEvents()
    for (const sent of this.#spoil(frame)) await this.#inner.writeFrame(sent, options)
  }

  close(options?: AbortOptions): Promise<void> {
    return this.#inner.close(options)
  }

  abort(error: Error): void {
    this.#inner.abort(error)
  }

  /** What goes out in place of a frame: other bytes, another value, nothing, the frame twice, or another frame. */
  #spoil(frame: Uint8Array): readonly Uint8Array[] {
    const choice = this.#choice
    if (choice.below(3) > 0) {
      this.#remembered[choice.below(MAX_REMEMBERED)] = frame
      return [frame]
    }
    this.mutated++
    const kind = choice.below(12)
    if (kind < 4) return [mutateBytes(frame, choice)]
    if (kind < 9) return [mutateFrame(frame, choice)]
    if (kind === 9) return []
    if (kind === 10) return [frame, frame]
    return [this.#remembered[choice.below(MAX_REMEMBERED)] ?? frame]
  }
}
