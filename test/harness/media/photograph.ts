import type { Page } from 'playwright-core'
import { utf8 } from '../../../core/util/bytes.ts'
import { exifBlock, jpegSegment } from './pictures.ts'

const PAINT = `(() => {
  const canvas = document.createElement('canvas')
  canvas.width = 960
  canvas.height = 600
  const pen = canvas.getContext('2d')
  const sky = pen.createLinearGradient(0, 0, 0, 600)
  sky.addColorStop(0, '#e9b872')
  sky.addColorStop(1, '#6f8f9c')
  pen.fillStyle = sky
  pen.fillRect(0, 0, 960, 600)
  pen.fillStyle = '#3c4a3a'
  pen.beginPath()
  pen.arc(480, 700, 420, 0, 7)
  pen.fill()
  pen.fillStyle = '#a1301c'
  pen.fillRect(700, 180, 34, 240)
  return canvas.toDataURL('image/jpeg', 0.9)
})()`

/**
 * A JPEG of 960 × 600 pixels with camera and place in its EXIF block, as a telephone saves it; painted by the browser
 * of the page, which stays as it is.
 */
export async function paintPhotograph(page: Page): Promise<Buffer> {
  const url = (await page.evaluate(PAINT)) as string
  const plain = Buffer.from(url.slice(url.indexOf(',') + 1), 'base64')
  // Behind the start marker and the JFIF segment, whose length stands in bytes 4 and 5.
  const at = 4 + plain.readUInt16BE(4)
  return Buffer.concat([plain.subarray(0, at), jpegSegment(0xe1, utf8('Exif\0\0'), exifBlock(1)), plain.subarray(at)])
}
