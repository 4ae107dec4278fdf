/** How pictures of a post stand: one in its own ratio, the others in a grid of fixed shape, so that room is known early. */
export interface MediaLayout {
  shape: 'one' | 'two' | 'three' | 'four'
  /** Width divided by height of the whole. */
  ratio: number
  /** How many pictures are drawn. */
  shown: number
  /** How many stand behind the last one, said as "+3". */
  hidden: number
}

const WIDEST = 16 / 9
const TALLEST = 4 / 5

export function layoutMedia(items: readonly { width: number; height: number }[]): MediaLayout {
  const [first] = items
  if (items.length === 1 && first) {
    return { shape: 'one', ratio: clamp(first.width / first.height, TALLEST, WIDEST), shown: 1, hidden: 0 }
  }
  if (items.length === 2) return { shape: 'two', ratio: 16 / 10, shown: 2, hidden: 0 }
  if (items.length === 3) return { shape: 'three', ratio: 17 / 10, shown: 3, hidden: 0 }
  return { shape: 'four', ratio: 16 / 10, shown: Math.min(4, items.length), hidden: Math.max(0, items.length - 4) }
}

function clamp(value: number, min: number, max: number): number {
  return Number.isFinite(value) ? Math.min(max, Math.max(min, value)) : WIDEST
}

/** Size that fits into a square of `maxSide` with the ratio kept, whole pixels, never enlarged. */
export function fitInto(width: number, height: number, maxSide: number): { width: number; height: number } {
  const scale = Math.min(1, maxSide / Math.max(width, height))
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) }
}
