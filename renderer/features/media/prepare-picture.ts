import { rgbaToThumbHash } from 'thumbhash'
import { fitInto } from './media-layout.ts'

/** Longest side of a picture in a post, in pixels. */
export const MAX_PICTURE_SIDE = 2_048
/** What a node accepts (MED1): 16 MiB a picture, 64 KiB an avatar. */
export const MAX_PICTURE_BYTES = 16 * 1_024 * 1_024
export const MAX_AVATAR_BYTES = 64 * 1_024
export const AVATAR_SIDE = 512
/** What the file picker offers; whatever else the browser can draw is taken as well. */
export const PICTURE_TYPES = 'image/jpeg,image/png,image/webp,image/gif,image/avif'
/** Larger files are not even decoded. */
const MAX_FILE_BYTES = 64 * 1_024 * 1_024
const MAX_PIXELS = 100_000_000
/** A PNG above this becomes WebP: a photograph saved as PNG. */
const MAX_PNG_BYTES = 3 * 1_024 * 1_024
const THUMB_SIDE = 96

export type PictureProblem = 'not-a-picture' | 'too-large' | 'not-decoded'

export class PictureError extends Error {
  override readonly name = 'PictureError'
  readonly problem: PictureProblem

  constructor(problem: PictureProblem, cause?: unknown) {
    super(`the picture can't be used: ${problem}`, { cause })
    this.problem = problem
  }
}

export interface PreparedPicture {
  /** Re-encoded bytes: pixels only, turned upright, nothing of what the camera wrote beside them. */
  blob: Blob
  width: number
  height: number
  /** base64. */
  thumbhash: string
  /** The file moved, and only its first picture is kept. */
  isFirstFrameOnly: boolean
}

/**
 * Reads a picture file, turns it as its orientation says, makes it at most MAX_PICTURE_SIDE long and encodes it anew.
 *
 * @throws PictureError where the file is no picture that this browser reads, or is too large to be read.
 */
export async function preparePicture(file: Blob): Promise<PreparedPicture> {
  const bitmap = await decode(file)
  try {
    const { width, height } = fitInto(bitmap.width, bitmap.height, MAX_PICTURE_SIDE)
    const canvas = draw(bitmap, 0, 0, bitmap.width, bitmap.height, width, height)
    const blob = await encodePicture(canvas, file.type)
    if (blob.size > MAX_PICTURE_BYTES) throw new PictureError('too-large')
    const isFirstFrameOnly = file.type === 'image/gif'
    return { blob, width, height, thumbhash: thumbhashOf(bitmap), isFirstFrameOnly }
  } finally {
    bitmap.close()
  }
}

/** The middle square of a picture, in at most 64 KiB. @throws PictureError */
export async function prepareAvatar(file: Blob): Promise<PreparedPicture> {
  const bitmap = await decode(file)
  try {
    const side = Math.min(bitmap.width, bitmap.height)
    const left = (bitmap.width - side) / 2
    const top = (bitmap.height - side) / 2
    for (const target of [AVATAR_SIDE, 384, 256, 160]) {
      const length = Math.min(side, target)
      const canvas = draw(bitmap, left, top, side, side, length, length)
      for (const quality of [0.9, 0.8, 0.65]) {
        const blob = await encodeAs(canvas, hasClearPixels(canvas) ? 'image/webp' : 'image/jpeg', quality)
        if (blob.size <= MAX_AVATAR_BYTES) {
          return { blob, width: length, height: length, thumbhash: thumbhashOf(bitmap), isFirstFrameOnly: false }
        }
      }
    }
    throw new PictureError('too-large')
  } finally {
    bitmap.close()
  }
}

async function decode(file: Blob): Promise<ImageBitmap> {
  if (!file.type.startsWith('image/') || file.type === 'image/svg+xml') throw new PictureError('not-a-picture')
  if (file.size > MAX_FILE_BYTES) throw new PictureError('too-large')
  let bitmap: ImageBitmap
  try {
    bitmap = await createImageBitmap(file, { imageOrientation: 'from-image', premultiplyAlpha: 'default' })
  } catch (error) {
    throw new PictureError('not-decoded', error)
  }
  if (bitmap.width * bitmap.height > MAX_PIXELS) {
    bitmap.close()
    throw new PictureError('too-large')
  }
  return bitmap
}

function draw(
  bitmap: ImageBitmap,
  left: number,
  top: number,
  sourceWidth: number,
  sourceHeight: number,
  width: number,
  height: number,
): OffscreenCanvas {
  const canvas = new OffscreenCanvas(width, height)
  const context = canvas.getContext('2d')
  if (!context) throw new PictureError('not-decoded')
  context.imageSmoothingQuality = 'high'
  context.drawImage(bitmap, left, top, sourceWidth, sourceHeight, 0, 0, width, height)
  return canvas
}

/** Photographs become JPEG, drawings stay PNG while small, and what has clear pixels and is large becomes WebP. */
async function encodePicture(canvas: OffscreenCanvas, from: string): Promise<Blob> {
  if (from === 'image/png' || from === 'image/gif') {
    const png = await encodeAs(canvas, 'image/png')
    if (png.size <= MAX_PNG_BYTES) return png
  }
  if (from === 'image/jpeg' || !hasClearPixels(canvas)) return encodeAs(canvas, 'image/jpeg', 0.86)
  return encodeAs(canvas, 'image/webp', 0.86)
}

/** A browser that can't write a type answers with PNG: that is still a picture without metadata. */
async function encodeAs(canvas: OffscreenCanvas, type: string, quality?: number): Promise<Blob> {
  try {
    return await canvas.convertToBlob(quality === undefined ? { type } : { type, quality })
  } catch (error) {
    throw new PictureError('not-decoded', error)
  }
}

function hasClearPixels(canvas: OffscreenCanvas): boolean {
  const { width, height } = fitInto(canvas.width, canvas.height, THUMB_SIDE)
  const small = new OffscreenCanvas(width, height)
  const context = small.getContext('2d')
  if (!context) return false
  context.drawImage(canvas, 0, 0, width, height)
  const { data } = context.getImageData(0, 0, width, height)
  for (let i = 3; i < data.length; i += 4) if ((data[i] ?? 255) < 250) return true
  return false
}

function thumbhashOf(bitmap: ImageBitmap): string {
  const { width, height } = fitInto(bitmap.width, bitmap.height, THUMB_SIDE)
  const canvas = draw(bitmap, 0, 0, bitmap.width, bitmap.height, width, height)
  const context = canvas.getContext('2d')
  if (!context) return ''
  const { data } = context.getImageData(0, 0, width, height)
  return btoa(String.fromCharCode(...rgbaToThumbHash(width, height, data)))
}
