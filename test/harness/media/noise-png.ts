import { deflateSync } from 'node:zlib'
import { concatBytes } from '../../../core/util/bytes.ts'
import { SeededChoice } from '../seeded-random.ts'
import { pngChunk } from './pictures.ts'

const SIGNATURE = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)

/** A PNG of random colours, about three bytes a pixel: 640 × 600 makes more than one block. */
export function noisePng(width: number, height: number, seed = 1): Uint8Array {
  const choice = new SeededChoice(seed)
  const rows = Array.from({ length: height }, () => concatBytes(Uint8Array.of(0), choice.bytes(3 * width)))
  const header = new Uint8Array(13)
  const view = new DataView(header.buffer)
  view.setUint32(0, width)
  view.setUint32(4, height)
  header.set([8, 2, 0, 0, 0], 8)
  return concatBytes(
    SIGNATURE,
    pngChunk('IHDR', header),
    pngChunk('IDAT', deflateSync(concatBytes(...rows))),
    pngChunk('IEND', new Uint8Array()),
  )
}
