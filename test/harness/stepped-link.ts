import { setImmediate } from 'node:timers/promises'
import type { FrameDuplex } from '../../core/net/framed-stream.ts'
import type { AbortOptions } from '../../core/util/startable.ts'
import { createMemoryDuplex, type DuplexEnd } from './memory-duplex.ts'

/** Turns of the event loop in which nothing is written: whatever stands in memory has had its say by then. */
const QUIET_TURNS = 20
/** Far more than an honest session takes. */
const MAX_STEPS = 1_000

/** One end of a stepped link. */
export class SteppedEnd implements FrameDuplex {
  readonly #inner: DuplexEnd
  readonly #link: SteppedLink
  readonly #held: Uint8Array[] = []
  /** Of each frame read here: its type, and the step in which it came. */
  readonly read: { readonly type: number; readonly step: number }[] = []

  constructor(inner: DuplexEnd, link: SteppedLink) {
    this.#inner = inner
    this.#link = link
  }

  /** Bytes of the frames written here, by their type, each with its length before it. */
  get writtenBytes(): ReadonlyMap<number, number> {
    const bytes = new Map<number, number>()
    for (const frame of this.#inner.written) {
      const type = frame[1] as number
      const prefix = frame.length < 128 ? 1 : frame.length < 16_384 ? 2 : 3
      bytes.set(type, (bytes.get(type) ?? 0) + prefix + frame.length)
    }
    return bytes
  }

  async readFrame(options: AbortOptions = {}): Promise<Uint8Array | null> {
    const frame = await this.#inner.readFrame(options)
    if (frame !== null) this.read.push({ type: frame[1] as number, step: this.#link.steps })
    return frame
  }

  async writeFrame(frame: Uint8Array): Promise<void> {
    this.#held.push(frame)
    this.#link.noteWritten()
  }

  async deliver(): Promise<void> {
    for (const frame of this.#held.splice(0)) await this.#inner.writeFrame(frame)
  }

  async close(): Promise<void> {
    await this.deliver()
    await this.#inner.close()
  }

  abort(error: Error): void {
    this.#inner.abort(error)
  }
}

/**
 * A stream in memory whose frames travel in steps, half a round trip each: all that both ends have written arrives when
 * neither has anything more to say. So the steps of a session are those of its course, whatever the machine is busy with.
 */
export class SteppedLink {
  readonly ends: readonly [SteppedEnd, SteppedEnd]
  steps = 0
  #written = 0

  constructor() {
    const [near, far] = createMemoryDuplex(10_000)
    this.ends = [new SteppedEnd(near, this), new SteppedEnd(far, this)]
  }

  noteWritten(): void {
    this.#written++
  }

  /** Moves frames until this is settled. */
  async run<T>(work: Promise<T>): Promise<T> {
    let isDone = false
    const end = work.finally(() => {
      isDone = true
    })
    while (!isDone && this.steps < MAX_STEPS) {
      await this.#quiet()
      this.steps++
      for (const side of this.ends) await side.deliver()
    }
    return await end
  }

  async #quiet(): Promise<void> {
    for (let turns = 0, seen = this.#written; turns < QUIET_TURNS; turns++) {
      await setImmediate()
      if (seen !== this.#written) turns = 0
      seen = this.#written
    }
  }
}
