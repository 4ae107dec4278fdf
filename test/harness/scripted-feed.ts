import type { FrameDuplex } from '../../core/net/framed-stream.ts'
import { decodeFeedFrame, encodeFeedFrame, type FeedFrame, type FeedFrameOf } from '../../core/sync/feed/feed-frames.ts'

/** One end of a feed, speaking by script. */
export class ScriptedFeedEnd {
  readonly #duplex: FrameDuplex

  constructor(duplex: FrameDuplex) {
    this.#duplex = duplex
  }

  async send(...frames: FeedFrame[]): Promise<void> {
    for (const frame of frames) await this.#duplex.writeFrame(encodeFeedFrame(frame))
  }

  async sendBytes(bytes: Uint8Array): Promise<void> {
    await this.#duplex.writeFrame(bytes)
  }

  /** The next frame of that type; others are read and forgotten. @throws at the end of the stream. */
  async next<T extends FeedFrame['type']>(type: T): Promise<FeedFrameOf<T>> {
    for (;;) {
      const bytes = await this.#duplex.readFrame()
      if (bytes === null) throw new Error(`the feed ended before a ${type} frame`)
      const frame = decodeFeedFrame(bytes)
      if (frame.type === type) return frame as FeedFrameOf<T>
    }
  }
}
