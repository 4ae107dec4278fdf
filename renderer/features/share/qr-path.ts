import { encode } from 'uqr'

export interface QrPath {
  /** Modules on a side, the quiet zone of four included. */
  size: number
  /** SVG path of the dark modules, one unit each. */
  path: string
}

/** A QR code as one SVG path: runs of dark modules in a row become one rectangle. */
export function qrPath(text: string): QrPath {
  const { size, data } = encode(text, { ecc: 'M', border: 4 })
  let path = ''
  data.forEach((row, y) => {
    for (let x = 0; x < size; x += 1) {
      if (!row[x]) continue
      let end = x
      while (end < size && row[end]) end += 1
      path += `M${x} ${y}h${end - x}v1h-${end - x}z`
      x = end
    }
  })
  return { size, path }
}
