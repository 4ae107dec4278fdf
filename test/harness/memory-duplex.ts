import type { FrameDuplex } from '../../core/net/framed-stream.ts'
import type { AbortOptions } from '../../core/util/startable.ts'

/** Frames that one end has written and the other has not read: when full, writing waits. */
class Pipe {
  readonly #frames: Uint8Array[] = []
  readonly #capacity: number
  #hasEnded = false
  #error: Error | null = null
  #waiting: (() => void)[] = []

  constructor(capacity: number) {
    this.#capacity = capacity
  }

  async write(frame: Uint8Array, signal: AbortSignal | undefined): Promise<void> {
    await this.#until(() => this.#frames.length < this.#capacity, signal)
    if (this.#hasEnded || this.#error !== null) throw this.#error ?? new Error('written after the end')
    this.#frames.push(frame)
    this.#wake()
  }

  async read(signal: AbortSignal | undefined): Promise<Uint8Array | null> {
    await this.#until(() => this.#frames.length > 0 || this.#hasEnded, signal)
    const frame = this.#frames.shift() ?? null
    this.#wake()
    return frame
  }

  end(): void {
    this.#hasEnded = true
    this.#wake()
  }

  fail(error: Error): void {
    this.#error ??= error
    this.#wake()
  }

  #wake(): void {
    for (const wake of this.#waiting.splice(0)) wake()
  }

  async #until(isMet: () => boolean, signal: AbortSignal | undefined): Promise<void> {
    for (;;) {
      // As in a real stream, what came before it was dropped can still be read.
      if (this.#error !== null && this.#frames.length === 0) throw this.#error
      signal?.throwIfAborted()
      if (isMet()) return
      await new Promise<void>((resolve) => {
        this.#waiting.push(resolve)
        signal?.addEventListener('abort', () => resolve(), { once: true })
      })
    }
  }
}

/** One end of a stream in memory. */
export class DuplexEnd implements FrameDuplex {
  readonly #incoming: Pipe
  readonly #outgoing: Pipe
  /** Frames written here. */
  readonly written: Uint8Array[] = []

  constructor(incoming: Pipe, outgoing: Pipe) {
    this.#incoming = incoming
    this.#outgoing = outgoing
  }

  readFrame(options: AbortOptions = {}): Promise<Uint8Array | null> {
    return this.#incoming.read(options.signal)
  }

  async writeFrame(frame: Uint8Array, options: AbortOptions = {}): Promise<void> {
    await this.#outgoing.write(frame, options.signal)
    this.written.push(frame)
  }

  async close(): Promise<void> {
    this.#outgoing.end()
  }

  abort(error: Error): void {
    this.#incoming.fail(error)
    this.#outgoing.fail(error)
  }
}

/** Two ends of a stream of frames without a network; `capacity` frames fit each way before writing waits. */
export function createMemoryDuplex(capacity = 4): [DuplexEnd, DuplexEnd] {
  const there = new Pipe(capacity)
  const back = new Pipe(capacity)
  return [new DuplexEnd(back, there), new DuplexEnd(there, back)]
}
