import type { FrameDuplex } from '../../core/net/framed-stream.ts'
import { decodeFrame, encodeFrame, type HelloFrame, type SyncFrame } from '../../core/sync/frames.ts'

type FrameOf<T extends SyncFrame['type']> = Extract<SyncFrame, { readonly type: T }>

export const HELLO: HelloFrame = {
  type: 'hello',
  version: 1,
  network: 'palabre',
  nonce: new Uint8Array(16),
  clockMs: 1,
  role: 'peer',
  scope: null,
  profile: null,
  capabilities: {},
}

/** The other end of a session, speaking by script: honest where the script is. */
export class ScriptedSyncPeer {
  readonly #duplex: FrameDuplex

  constructor(duplex: FrameDuplex) {
    this.#duplex = duplex
  }

  async send(...frames: SyncFrame[]): Promise<void> {
    for (const frame of frames) await this.#duplex.writeFrame(encodeFrame(frame))
  }

  async sendBytes(bytes: Uint8Array): Promise<void> {
    await this.#duplex.writeFrame(bytes)
  }

  /** The next frame of that type; others are read and forgotten. @throws at the end of the stream. */
  async next<T extends SyncFrame['type']>(type: T): Promise<FrameOf<T>> {
    for (;;) {
      const bytes = await this.#duplex.readFrame()
      if (bytes === null) throw new Error(`the session ended before a ${type} frame`)
      const frame = decodeFrame(bytes)
      if (frame.type === type) return frame as FrameOf<T>
    }
  }

  /** Ends its half. */
  async end(): Promise<void> {
    await this.#duplex.close()
  }

  /** Reads and forgets everything until the end. */
  async drain(): Promise<void> {
    while ((await this.#duplex.readFrame().catch(() => null)) !== null);
  }
}
