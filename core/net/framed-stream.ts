import type { AbortOptions } from '../util/startable.ts'
import { NetworkError } from './errors.ts'
import type { PeerStream } from './peer-host.ts'

/** Frames both ways, whatever carries them; a protocol written against this is tested without a network. */
export interface FrameDuplex {
  /** The next frame; null when the other side has ended its half between two frames. One call at a time. */
  readFrame(options?: AbortOptions): Promise<Uint8Array | null>
  /** Resolves when the carrier would take more. Calls are sent in order. */
  writeFrame(frame: Uint8Array, options?: AbortOptions): Promise<void>
  close(options?: AbortOptions): Promise<void>
  abort(error: Error): void
}

/** The other side's bytes are no frames within the limit. */
export class FrameError extends NetworkError {
  constructor(message: string) {
    super('stream-closed', message)
  }
}

/**
 * Frames with their length in front as an unsigned LEB128 number (the varint of libp2p), shortest form. A length
 * above the limit is refused before anything is read for it.
 */
export class FramedStream implements FrameDuplex {
  readonly #stream: PeerStream
  readonly #maxFrameBytes: number
  #buffer: Uint8Array[] = []
  #buffered = 0

  constructor(stream: PeerStream, init: { readonly maxFrameBytes: number }) {
    this.#stream = stream
    this.#maxFrameBytes = init.maxFrameBytes
  }

  async readFrame(options: AbortOptions = {}): Promise<Uint8Array | null> {
    const length = await this.#readLength(options)
    if (length === null) return null
    while (this.#buffered < length) {
      if (!(await this.#fill(options))) throw new FrameError('the stream ended within a frame')
    }
    return this.#take(length)
  }

  async writeFrame(frame: Uint8Array, options: AbortOptions = {}): Promise<void> {
    if (frame.byteLength > this.#maxFrameBytes) {
      throw new RangeError(`a frame is ${frame.byteLength} bytes, limit ${this.#maxFrameBytes}`)
    }
    const head = encodeLength(frame.byteLength)
    const bytes = new Uint8Array(head.length + frame.byteLength)
    bytes.set(head)
    bytes.set(frame, head.length)
    await this.#stream.write(bytes, options)
  }

  async close(options: AbortOptions = {}): Promise<void> {
    await this.#stream.close(options)
  }

  abort(error: Error): void {
    this.#stream.abort(error)
  }

  async #readLength(options: AbortOptions): Promise<number | null> {
    let length = 0
    for (let shift = 0; ; shift += 7) {
      if (this.#buffered === 0 && !(await this.#fill(options))) {
        if (shift === 0) return null
        throw new FrameError('the stream ended within the length of a frame')
      }
      const byte = this.#take(1)[0] as number
      length += (byte & 0x7f) * 2 ** shift
      if (byte === 0 && shift > 0) throw new FrameError('the length of a frame is not in its shortest form')
      if (length > this.#maxFrameBytes || shift > 21) {
        throw new FrameError(`a frame says it is ${length} bytes, limit ${this.#maxFrameBytes}`)
      }
      if (byte < 0x80) return length
    }
  }

  async #fill(options: AbortOptions): Promise<boolean> {
    const chunk = await this.#stream.read(options)
    if (chunk === null) return false
    this.#buffer.push(chunk)
    this.#buffered += chunk.byteLength
    return true
  }

  /** Exactly `length` bytes that are here, copied: a frame never keeps a larger buffer alive. */
  #take(length: number): Uint8Array {
    const bytes = new Uint8Array(length)
    let offset = 0
    while (offset < length) {
      const chunk = this.#buffer[0] as Uint8Array
      const part = chunk.subarray(0, length - offset)
      bytes.set(part, offset)
      offset += part.byteLength
      if (part.byteLength === chunk.byteLength) this.#buffer.shift()
      else this.#buffer[0] = chunk.subarray(part.byteLength)
    }
    this.#buffered -= length
    return bytes
  }
}

function encodeLength(length: number): number[] {
  const bytes: number[] = []
  let rest = length
  while (rest >= 0x80) {
    bytes.push((rest % 0x80) | 0x80)
    rest = Math.floor(rest / 0x80)
  }
  bytes.push(rest)
  return bytes
}
