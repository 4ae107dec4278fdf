import { concatBytes } from '../../util/bytes.ts'
import { ByteView, checkPixels, hasText } from './byte-view.ts'
import type { MediaFormat } from './format.ts'

/** GIF89a (and 87a): a screen, then images and extensions, each a chain of sub-blocks, then a trailer byte. */

const HEADER_BYTES = 13
const IMAGE = 0x2c
const EXTENSION = 0x21
const TRAILER = 0x3b
const GRAPHIC_CONTROL = 0xf9
const PLAIN_TEXT = 0x01
const APPLICATION = 0xff
/** The two spellings of "play it again"; every other application extension is metadata. */
const LOOPS = ['NETSCAPE2.0', 'ANIMEXTS1.0']

interface Block {
  readonly kind: 'image' | 'control' | 'text' | 'loop' | 'metadata' | 'trailer'
  readonly start: number
  readonly end: number
}

/** Bytes of a colour table, from the packed field that announces it. */
function tableBytes(packed: number): number {
  return (packed & 0x80) === 0 ? 0 : 3 * 2 ** ((packed & 7) + 1)
}

/** Offset behind a chain of sub-blocks and its terminator. */
function skipSubBlocks(view: ByteView, from: number): number {
  let offset = from
  while (view.u8(offset) !== 0) offset += 1 + view.u8(offset)
  return offset + 1
}

function* walk(view: ByteView): Generator<Block> {
  let offset = HEADER_BYTES + tableBytes(view.u8(10))
  view.need(0, offset)
  while (true) {
    const start = offset
    const introducer = view.u8(offset)
    if (introducer === TRAILER) {
      yield { kind: 'trailer', start, end: start + 1 }
      return
    }
    if (introducer === IMAGE) {
      checkPixels(view.u16le(offset + 5), view.u16le(offset + 7))
      offset = skipSubBlocks(view, offset + 10 + tableBytes(view.u8(offset + 9)) + 1)
      yield { kind: 'image', start, end: offset }
    } else if (introducer === EXTENSION) {
      const label = view.u8(offset + 1)
      offset = skipSubBlocks(view, offset + 2)
      yield { kind: extensionKind(view, label, start), start, end: offset }
    } else view.damaged('a block starts with a byte that means nothing')
  }
}

function extensionKind(view: ByteView, label: number, start: number): Block['kind'] {
  if (label === GRAPHIC_CONTROL) return 'control'
  if (label === PLAIN_TEXT) return 'text'
  if (label !== APPLICATION) return 'metadata'
  const isLoop = view.u8(start + 2) === 11 && LOOPS.some((name) => hasText(view.bytes, start + 3, name))
  return isLoop && view.u8(start + 14) === 3 && view.u8(start + 18) === 0 ? 'loop' : 'metadata'
}

export const gif: MediaFormat = {
  type: 'image/gif',

  matches: (bytes) => hasText(bytes, 0, 'GIF89a') || hasText(bytes, 0, 'GIF87a'),

  measure(bytes) {
    const view = new ByteView(bytes, 'GIF')
    let hasImage = false
    let end = 0
    for (const block of walk(view)) {
      hasImage ||= block.kind === 'image'
      end = block.end
    }
    if (!hasImage) view.damaged('it has no picture')
    view.endsAt(end)
    return checkPixels(view.u16le(6), view.u16le(8))
  },

  /** Leaves comments, plain texts and all application data but the loop count behind. */
  strip(bytes) {
    const view = new ByteView(bytes, 'GIF')
    const parts = [bytes.subarray(0, HEADER_BYTES + tableBytes(view.u8(10)))]
    let control: Uint8Array | undefined
    for (const { kind, start, end } of walk(view)) {
      if (kind === 'control') control = bytes.subarray(start, end)
      // A plain text uses up the control before it, as an image does.
      else if (kind === 'text') control = undefined
      else if (kind !== 'metadata') {
        if (kind === 'image' && control !== undefined) parts.push(control)
        if (kind === 'image') control = undefined
        parts.push(bytes.subarray(start, end))
      }
    }
    return concatBytes(...parts)
  },
}
