import { describe, expect, it } from 'vitest'
import { FramedStream, FrameError } from '../../../core/net/framed-stream.ts'
import type { PeerStream } from '../../../core/net/peer-host.ts'
import { concatBytes } from '../../../core/util/bytes.ts'

/** A stream that reads these chunks and keeps what is written. */
function streamOf(...chunks: Uint8Array[]): { stream: PeerStream; written: Uint8Array[] } {
  const left = [...chunks]
  const written: Uint8Array[] = []
  const stream: PeerStream = {
    peerId: 'peer',
    isOutbound: true,
    read: async () => left.shift() ?? null,
    write: async (bytes) => void written.push(bytes),
    close: async () => {},
    abort() {},
  }
  return { stream, written }
}

function framed(maxFrameBytes: number, ...chunks: Uint8Array[]): FramedStream {
  return new FramedStream(streamOf(...chunks).stream, { maxFrameBytes })
}

describe('FramedStream', () => {
  it.each([0, 1, 127, 128, 300, 16_383, 16_384, 65_536])(
    'carries a frame of %i bytes in chunks of any size (SYN2)',
    async (size) => {
      const { stream, written } = streamOf()
      const frame = new Uint8Array(size).fill(7)
      await new FramedStream(stream, { maxFrameBytes: 65_536 }).writeFrame(frame)
      const bytes = concatBytes(...written)
      for (const step of [1, 5, 1_000, bytes.length]) {
        if (size > 20_000 && step === 1) continue
        const chunks = Array.from({ length: Math.ceil(bytes.length / step) }, (_, i) =>
          bytes.slice(i * step, (i + 1) * step),
        )
        const reader = framed(65_536, ...chunks)
        expect(await reader.readFrame()).toEqual(frame)
        expect(await reader.readFrame()).toBeNull()
      }
    },
  )

  it('reads several frames of one chunk', async () => {
    const reader = framed(10, Uint8Array.of(1, 9, 0, 2, 8, 7))
    expect(await reader.readFrame()).toEqual(Uint8Array.of(9))
    expect(await reader.readFrame()).toEqual(new Uint8Array(0))
    expect(await reader.readFrame()).toEqual(Uint8Array.of(8, 7))
    expect(await reader.readFrame()).toBeNull()
  })

  it.each<[string, Uint8Array]>([
    ['a length above the limit', Uint8Array.of(11)],
    ['a length far above it', Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0x0f)],
    ['a length that never ends', new Uint8Array(16).fill(0x80)],
    ['a length that is not in its shortest form', Uint8Array.of(0x81, 0x00)],
    ['an end within the length', Uint8Array.of(0x81)],
    ['an end within the frame', Uint8Array.of(5, 1, 2)],
  ])('refuses %s (SYN2)', async (_, bytes) => {
    await expect(framed(10, bytes).readFrame()).rejects.toThrow(FrameError)
  })

  it('refuses to write more than the limit', async () => {
    await expect(framed(10).writeFrame(new Uint8Array(11))).rejects.toThrow(RangeError)
  })
})
