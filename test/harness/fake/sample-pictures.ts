import { rgbaToThumbHash } from 'thumbhash'
import { bytesOfName, fakeMediaId } from './ids.ts'
import { encodePng, type Rgb } from './png.ts'

export interface SamplePicture {
  readonly cid: string
  readonly type: 'image/png'
  readonly width: number
  readonly height: number
  readonly size: number
  /** base64 */
  readonly thumbhash: string
  readonly bytes: Uint8Array<ArrayBuffer>
}

const SKY_STEPS = 160
const THUMB_EDGE = 40

/** Sky at the top, sky at the horizon, then hills from far to near. */
const LIGHTS: Record<string, readonly Rgb[]> = {
  dawn: [
    [244, 206, 170],
    [252, 236, 210],
    [196, 160, 150],
    [140, 118, 118],
    [84, 82, 84],
  ],
  noon: [
    [140, 190, 220],
    [232, 240, 236],
    [150, 180, 140],
    [96, 140, 90],
    [53, 103, 44],
  ],
  dusk: [
    [60, 56, 96],
    [236, 150, 110],
    [110, 74, 96],
    [70, 52, 76],
    [36, 30, 48],
  ],
  night: [
    [10, 14, 30],
    [40, 52, 84],
    [26, 34, 54],
    [18, 24, 38],
    [8, 10, 16],
  ],
  autumn: [
    [206, 214, 214],
    [246, 236, 214],
    [204, 150, 84],
    [160, 96, 52],
    [98, 60, 36],
  ],
}

/** A small landscape that depends on its name only: sky, sun or moon, three hills, now and then a tree. */
export function drawLandscape(name: string, light: string, width: number, height: number): SamplePicture {
  const colours = LIGHTS[light] ?? (LIGHTS.noon as readonly Rgb[])
  const [top, horizon] = colours as [Rgb, Rgb]
  const sky = Array.from({ length: SKY_STEPS }, (_, i) => mix(top, horizon, i / (SKY_STEPS - 1)))
  const palette = [...sky, ...colours.slice(2), mix(horizon, [255, 255, 250], 0.7)]
  const known = drawn.get(name)
  if (known) return known
  const seed = bytesOfName(name)
  const at = (i: number) => (seed[i % seed.length] as number) / 255
  const sunX = width * (0.2 + 0.6 * at(1))
  const sunY = height * (0.15 + 0.25 * at(2))
  const sunR = Math.min(width, height) * (0.05 + 0.05 * at(3))
  const treeX = width * (0.15 + 0.7 * at(4))
  const crown = Math.min(width, height) * (0.12 + 0.06 * at(5))
  const hill = (x: number, i: number) =>
    height * (0.5 + 0.14 * i + 0.05 * Math.sin((x / width) * (3 + 3 * at(6 + i)) + 6 * at(9 + i)))
  const groundY = hill(treeX, 2)
  const hills = Array.from({ length: 3 }, (_, i) => Float64Array.from({ length: width }, (_column, x) => hill(x, i)))
  const isNear = (dx: number, dy: number, radius: number) =>
    Math.abs(dx) < radius && Math.abs(dy) < radius && Math.hypot(dx, dy) < radius
  const pixels = new Uint8Array(width * height)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      let colour = Math.min(SKY_STEPS - 1, Math.floor((y / (height * 0.62)) * SKY_STEPS))
      if (isNear(x - sunX, y - sunY, sunR)) colour = SKY_STEPS + 3
      for (let i = 0; i < 3; i++) if (y > (hills[i]?.[x] as number)) colour = SKY_STEPS + i
      const isTrunk = Math.abs(x - treeX) < crown * 0.1 && y > groundY - crown * 1.1 && y < groundY + 2
      const isCrown = isNear(x - treeX, (y - groundY + crown * 1.5) * 1.25, crown)
      if (isTrunk || isCrown) colour = SKY_STEPS + 2
      pixels[y * width + x] = colour
    }
  }
  return finish(name, width, height, palette, pixels)
}

/** Wavering growth rings in two colours of one hue. */
export function drawAvatar(name: string, edge = 96): SamplePicture {
  const known = drawn.get(`avatar ${name}`)
  if (known) return known
  const seed = bytesOfName(`avatar ${name}`)
  const hue = (seed[0] as number) / 255
  const palette = [ofHue(hue, 0.86), ofHue(hue, 0.52), ofHue(hue, 0.34)]
  const pixels = new Uint8Array(edge * edge)
  for (let y = 0; y < edge; y++) {
    for (let x = 0; x < edge; x++) {
      const angle = Math.atan2(y - edge / 2, x - edge / 2)
      const wave = Math.sin(angle * (2 + ((seed[1] as number) % 3)) + (seed[2] as number)) * edge * 0.02
      const ring = (Math.hypot(x - edge / 2, y - edge / 2) + wave) / (edge * 0.09)
      pixels[y * edge + x] = ring < 1 ? 2 : ring % 1 < 0.42 ? 1 : 0
    }
  }
  return finish(`avatar ${name}`, edge, edge, palette, pixels)
}

/** Drawn once a process: every sample square shows the same ones. */
const drawn = new Map<string, SamplePicture>()

function finish(name: string, width: number, height: number, palette: Rgb[], pixels: Uint8Array): SamplePicture {
  const bytes = Uint8Array.from(encodePng(width, height, palette, pixels))
  const thumbWidth = width >= height ? THUMB_EDGE : Math.max(1, Math.round((THUMB_EDGE * width) / height))
  const thumbHeight = width >= height ? Math.max(1, Math.round((THUMB_EDGE * height) / width)) : THUMB_EDGE
  const rgba = new Uint8Array(thumbWidth * thumbHeight * 4)
  for (let i = 0; i < thumbWidth * thumbHeight; i++) {
    const x = Math.floor(((i % thumbWidth) * width) / thumbWidth)
    const y = Math.floor((Math.floor(i / thumbWidth) * height) / thumbHeight)
    rgba.set([...(palette[pixels[y * width + x] as number] as Rgb), 255], i * 4)
  }
  const hash = rgbaToThumbHash(thumbWidth, thumbHeight, rgba)
  const thumbhash = btoa(String.fromCharCode(...hash))
  const cid = fakeMediaId(name)
  const picture: SamplePicture = { cid, type: 'image/png', width, height, size: bytes.length, thumbhash, bytes }
  drawn.set(name, picture)
  return picture
}

function mix(a: Rgb, b: Rgb, share: number): Rgb {
  const part = (i: 0 | 1 | 2) => Math.round(a[i] + (b[i] - a[i]) * share)
  return [part(0), part(1), part(2)]
}

/** hue and lightness 0 to 1, saturation fixed and calm. */
function ofHue(hue: number, lightness: number): Rgb {
  const chroma = 0.36 * Math.min(lightness, 1 - lightness)
  const channel = (n: number) => {
    const k = (n + hue * 12) % 12
    return Math.round(255 * (lightness - chroma * 2 * Math.max(-1, Math.min(k - 3, 9 - k, 1)) * 0.5))
  }
  return [channel(0), channel(8), channel(4)]
}
