import { type FrameDuplex, FrameError } from '../net/framed-stream.ts'
import { LinkError, type LinkErrorCode } from './errors.ts'
import { decodeLinkFrame, encodeLinkFrame, type LinkFrame, type LinkFrameType } from './frames.ts'

/** Longest that a parting word may take. */
const PARTING_MS = 1_000

/**
 * The stream of one linking as its session sees it: frames one at a time, and one deadline at a time for whatever is
 * waited for. Everything that ends the session does so through one signal.
 */
export class LinkChannel {
  readonly #duplex: FrameDuplex
  readonly #controller = new AbortController()
  readonly #unlisten: () => void
  #timer: NodeJS.Timeout | null = null
  /** The next frame, asked for and not yet taken. */
  #next: Promise<LinkFrame> | null = null

  constructor(duplex: FrameDuplex, outer: AbortSignal) {
    this.#duplex = duplex
    const onAbort = () => this.#controller.abort(outer.reason)
    outer.addEventListener('abort', onAbort, { once: true })
    this.#unlisten = () => outer.removeEventListener('abort', onAbort)
    if (outer.aborted) onAbort()
  }

  /** Aborted when the session must end. */
  get signal(): AbortSignal {
    return this.#controller.signal
  }

  /** From now on the session has this long until it says so again; null for own work, which no other side delays. */
  allow(limitMs: number | null, code: LinkErrorCode = 'stalled'): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = null
    if (limitMs === null) return
    this.#timer = setTimeout(() => {
      this.#controller.abort(new LinkError(code, `nothing came within ${limitMs} ms`))
    }, limitMs)
  }

  async send(frame: LinkFrame): Promise<void> {
    try {
      await this.#duplex.writeFrame(encodeLinkFrame(frame), { signal: this.signal })
    } catch (error) {
      throw this.#explain(error)
    }
  }

  /** @throws LinkError, also for what the other side says went wrong */
  async receive(): Promise<LinkFrame> {
    const frame = await this.#peek()
    this.#next = null
    return frame
  }

  /** @throws LinkError, `unexpected-frame` for one of another type */
  async expect<Type extends LinkFrameType>(type: Type): Promise<Extract<LinkFrame, { type: Type }>> {
    const frame = await this.receive()
    if (frame.type !== type) throw new LinkError('unexpected-frame', `expected ${type}, got ${frame.type}`)
    return frame as Extract<LinkFrame, { type: Type }>
  }

  /** The work's result, unless the other side ends first, or speaks although it isn't its turn. @throws LinkError */
  async quietly<T>(work: Promise<T>): Promise<T> {
    work.catch(() => {})
    return await Promise.race([
      work,
      this.#peek().then((frame) => {
        throw new LinkError('unexpected-frame', `got ${frame.type} while nothing was expected`)
      }),
    ])
  }

  /** Ends this half after what was written and waits for the other side's end. Never throws. */
  async finish(): Promise<void> {
    try {
      await this.#duplex.close({ signal: this.signal })
      const isOpen = await this.#peek().then(
        () => true,
        (error: unknown) => !(error instanceof LinkError) || error.code !== 'truncated',
      )
      if (isOpen) this.#duplex.abort(new LinkError('unexpected-frame', 'more than the end came'))
    } catch (error) {
      this.#duplex.abort(this.#explain(error))
    }
  }

  /** Tells the other side why, drops the stream and answers what to throw. */
  async giveUp(cause: unknown): Promise<LinkError> {
    const error = cause instanceof LinkError ? cause : this.#own(cause)
    if (!error.isRemote && error.code !== 'truncated') await sayLinkError(this.#duplex, error.code)
    this.#duplex.abort(error)
    return error
  }

  /** To be called at the end, however it came. */
  release(): void {
    this.allow(null)
    this.#unlisten()
    // Whoever still waits for a frame is released.
    this.#controller.abort(new LinkError('truncated', 'the session is over'))
  }

  #peek(): Promise<LinkFrame> {
    if (this.#next === null) {
      this.#next = this.#read()
      this.#next.catch(() => {})
    }
    return this.#next
  }

  async #read(): Promise<LinkFrame> {
    let bytes: Uint8Array | null
    try {
      bytes = await this.#duplex.readFrame({ signal: this.signal })
    } catch (error) {
      throw this.#explain(error)
    }
    if (bytes === null) throw new LinkError('truncated', 'the other side ended before both were done')
    const frame = decodeLinkFrame(bytes)
    if (frame.type === 'error') {
      throw new LinkError(frame.code, `the other side ended it: ${frame.code}`, { isRemote: true })
    }
    return frame
  }

  /** What reading or writing threw. */
  #explain(cause: unknown): LinkError {
    if (cause instanceof LinkError) return cause
    if (this.signal.aborted) return this.#end(cause)
    const code = cause instanceof FrameError ? 'bad-frame' : 'truncated'
    return new LinkError(code, `the stream broke: ${String(cause)}`, { cause })
  }

  /** What this side's own work threw. */
  #own(cause: unknown): LinkError {
    if (this.signal.aborted) return this.#end(cause)
    return new LinkError('unavailable', `this side could not do its part: ${String(cause)}`, { cause })
  }

  #end(cause: unknown): LinkError {
    const { reason } = this.signal
    return reason instanceof LinkError ? reason : new LinkError('cancelled', 'it was ended here', { cause })
  }
}

/** Says why, then ends this half; whether anybody hears it doesn't matter. */
export async function sayLinkError(duplex: FrameDuplex, code: LinkErrorCode): Promise<void> {
  const signal = AbortSignal.timeout(PARTING_MS)
  try {
    await duplex.writeFrame(encodeLinkFrame({ type: 'error', code }), { signal })
    await duplex.close({ signal })
  } catch {
    // The stream is gone or nobody reads it.
  }
}
