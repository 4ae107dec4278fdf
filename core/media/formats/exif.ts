/**
 * EXIF, as far as a picture needs it: its orientation. EXIF 2.32 §4.6 (TIFF 6.0 layout), tag 0x0112.
 */

const ORIENTATION_TAG = 0x0112
const SHORT = 3

/**
 * Orientation (1 to 8) from a TIFF block, without the `Exif\0\0` that JPEG puts before it. 1, which is upright, for
 * anything that isn't one: a broken block is dropped with the rest, it is no reason to refuse a picture.
 */
export function readOrientation(tiff: Uint8Array): number {
  if (tiff.length < 14) return 1
  const view = new DataView(tiff.buffer, tiff.byteOffset, tiff.byteLength)
  const order = view.getUint16(0)
  if (order !== 0x4949 && order !== 0x4d4d) return 1
  const isLittle = order === 0x4949
  if (view.getUint16(2, isLittle) !== 42) return 1
  const directory = view.getUint32(4, isLittle)
  if (directory + 2 > tiff.length) return 1
  const count = view.getUint16(directory, isLittle)
  for (let i = 0; i < count; i++) {
    const entry = directory + 2 + 12 * i
    if (entry + 12 > tiff.length) return 1
    if (view.getUint16(entry, isLittle) !== ORIENTATION_TAG) continue
    if (view.getUint16(entry + 2, isLittle) !== SHORT) return 1
    const value = view.getUint16(entry + 8, isLittle)
    return value >= 1 && value <= 8 ? value : 1
  }
  return 1
}

/** A TIFF block that says the orientation and nothing else: 26 bytes, little-endian. */
export function encodeOrientation(orientation: number): Uint8Array {
  const tiff = new Uint8Array(26)
  const view = new DataView(tiff.buffer)
  view.setUint16(0, 0x4949)
  view.setUint16(2, 42, true)
  view.setUint32(4, 8, true)
  view.setUint16(8, 1, true)
  view.setUint16(10, ORIENTATION_TAG, true)
  view.setUint16(12, SHORT, true)
  view.setUint32(14, 1, true)
  view.setUint16(18, orientation, true)
  return tiff
}

/** Width and height as shown: orientations 5 to 8 lie on their side. */
export function orient(width: number, height: number, orientation: number): { width: number; height: number } {
  return orientation >= 5 ? { width: height, height: width } : { width, height }
}
