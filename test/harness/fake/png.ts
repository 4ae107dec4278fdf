import { concatBytes } from '../../../core/util/bytes.ts'

/**
 * Writes palette PNGs without compressing (deflate "stored" blocks, RFC 1951 §3.2.4), so that the sample pictures need
 * neither files in the repository nor a library, in Node.js and in a browser alike.
 */
const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]
const MAX_STORED_BYTES = 65_535
const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, n) => {
  let c = n
  for (let k = 0; k < 8; k++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1
  return c >>> 0
})

export type Rgb = readonly [red: number, green: number, blue: number]

/** `pixels` holds width × height palette indexes, row by row; `palette` at most 256 colours. */
export function encodePng(width: number, height: number, palette: readonly Rgb[], pixels: Uint8Array): Uint8Array {
  const rows = new Uint8Array(height * (width + 1))
  for (let y = 0; y < height; y++) rows.set(pixels.subarray(y * width, (y + 1) * width), y * (width + 1) + 1)
  const header = [...be32(width), ...be32(height), 8, 3, 0, 0, 0]
  return concatBytes(
    Uint8Array.from(SIGNATURE),
    chunk('IHDR', Uint8Array.from(header)),
    chunk('PLTE', Uint8Array.from(palette.flat())),
    chunk('IDAT', store(rows)),
    chunk('IEND', new Uint8Array()),
  )
}

function be32(value: number): number[] {
  return [(value >>> 24) & 255, (value >>> 16) & 255, (value >>> 8) & 255, value & 255]
}

function chunk(type: string, body: Uint8Array): Uint8Array {
  const typed = new Uint8Array(4 + body.length)
  for (let i = 0; i < 4; i++) typed[i] = type.charCodeAt(i)
  typed.set(body, 4)
  let crc = 0xffffffff
  for (const byte of typed) crc = (CRC_TABLE[(crc ^ byte) & 255] as number) ^ (crc >>> 8)
  return concatBytes(Uint8Array.from(be32(body.length)), typed, Uint8Array.from(be32((crc ^ 0xffffffff) >>> 0)))
}

/** A zlib stream of stored blocks (RFC 1950). */
function store(data: Uint8Array): Uint8Array {
  const blocks = Math.ceil(data.length / MAX_STORED_BYTES)
  const out = new Uint8Array(2 + blocks * 5 + data.length + 4)
  out.set([0x78, 0x01])
  let at = 2
  for (let i = 0; i < blocks; i++) {
    const part = data.subarray(i * MAX_STORED_BYTES, (i + 1) * MAX_STORED_BYTES)
    out.set(
      [i === blocks - 1 ? 1 : 0, part.length & 255, part.length >> 8, ~part.length & 255, (~part.length >> 8) & 255],
      at,
    )
    out.set(part, at + 5)
    at += 5 + part.length
  }
  let a = 1
  let b = 0
  for (const byte of data) {
    a = (a + byte) % 65_521
    b = (b + a) % 65_521
  }
  out.set(be32(((b << 16) | a) >>> 0), at)
  return out
}
