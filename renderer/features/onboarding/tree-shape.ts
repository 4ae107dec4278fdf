import { createSequence } from '../../ui/ring-shape.ts'

/** The tree of the first run, as numbers: the same leaves on every machine. Units of a 564 × 820 picture. */

export const TONES = 5

export interface LeafLayer {
  key: string
  /** 0 is the lightest. */
  tone: number
  path: string
}

export interface Dapple {
  cx: number
  cy: number
  rx: number
  ry: number
  opacity: number
}

const WIDTH = 564
const LEAVES = 1_450
const FALLING = 70
const LAYERS = 26
const CANOPY_PX = 372

/** Places in the round, the reader's own first, then in the order in which people sit down. */
export const SEATS: readonly (readonly [x: number, y: number])[] = [
  [282, 776],
  [143, 756],
  [95, 648],
  [355, 611],
  [494, 705],
  [420, 756],
  [69, 705],
  [208, 611],
  [467, 648],
]

/** Leaves from the top (light) to the shade, in layers that overlap like growth. */
export function growLeaves(): LeafLayer[] {
  const next = createSequence(1_789)
  const layers = new Map<string, LeafLayer>()
  const put = (layer: number, tone: number, leaf: string) => {
    const key = `${layer}-${tone}`
    const found = layers.get(key) ?? { key, tone, path: '' }
    found.path += leaf
    layers.set(key, found)
  }
  for (let index = 0; index < LEAVES; index++) {
    const x = next() * (WIDTH + 60) - 30
    const edge = canopyEdge(x)
    // Thinner towards the lower edge.
    const y = -20 + next() ** 0.86 * (0.8 + next() * 0.2) * (edge + 26)
    const shade = 0.1 + (y / CANOPY_PX) * 0.86 + (next() - 0.5) * 0.58
    const tone = Math.max(0, Math.min(TONES - 1, Math.floor(shade * TONES)))
    const length = 8.5 + next() * 9.5
    const layer = Math.floor((index / LEAVES) * LAYERS)
    put(layer, tone, leafPath(x, y, length, length * (0.36 + next() * 0.16), next() * Math.PI))
  }
  for (let index = 0; index < FALLING; index++) {
    const x = next() * WIDTH
    const y = canopyEdge(x) - 20 + next() * 70
    const length = 5 + next() * 4
    put(LAYERS, 1 + Math.floor(next() * 3), leafPath(x, y, length, length * 0.5, next() * Math.PI))
  }
  return [...layers.values()].sort((a, b) => Number.parseInt(a.key, 10) - Number.parseInt(b.key, 10))
}

/** Light that falls through onto the ground. */
export function scatterLight(): Dapple[] {
  const next = createSequence(2_026)
  return Array.from({ length: 130 }, () => {
    const angle = next() * Math.PI * 2
    const distance = Math.sqrt(next())
    const rx = 8 + next() * 16
    return {
      cx: round(282 + Math.cos(angle) * distance * 270),
      cy: round(680 + Math.sin(angle) * distance * 88),
      rx: round(rx),
      ry: round(rx * (0.2 + next() * 0.16)),
      opacity: round(0.25 + next() * 0.5),
    }
  })
}

/** Lower edge of the crown: deep over the sides, open where the trunk forks. */
function canopyEdge(x: number): number {
  const t = x / WIDTH
  const fork = Math.exp(-(((t - 0.52) / 0.1) ** 2)) * 18
  return 318 + Math.sin(t * Math.PI * 3.1 + 0.4) * 22 + Math.sin(t * 21) * 12 + Math.sin(t * Math.PI) * 42 - fork
}

/** An ellipse as a path, turned by `angle`. */
function leafPath(x: number, y: number, rx: number, ry: number, angle: number): string {
  const [dx, dy] = [Math.cos(angle) * rx, Math.sin(angle) * rx]
  const degrees = Math.round((angle * 180) / Math.PI)
  const arc = `${round(rx)} ${round(ry)} ${degrees} 1 0`
  return `M${round(x - dx)} ${round(y - dy)}a${arc} ${round(dx * 2)} ${round(dy * 2)}a${arc} ${round(-dx * 2)} ${round(-dy * 2)}Z`
}

function round(value: number): number {
  return Number(value.toFixed(1))
}
