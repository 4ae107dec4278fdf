/**
 * Wavering growth rings, drawn by arithmetic alone: the same seed gives the same tree on every machine.
 */

/** Hash of a text (FNV-1a, 32 bits), to start a generator from. */
export function hashText(text: string): number {
  let hash = 0x811c9dc5
  for (let index = 0; index < text.length; index++) {
    hash ^= text.charCodeAt(index)
    hash = Math.imul(hash, 0x01000193)
  }
  return hash >>> 0
}

/** Numbers in [0, 1), always the same for one seed (mulberry32). */
export function createSequence(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

const STEPS = 28

/**
 * A closed path around (cx, cy) whose radius wavers by at most `waver` (same unit as the radius).
 * @returns the `d` of a path, smooth, with two decimals.
 */
export function wavyRing(cx: number, cy: number, radius: number, waver: number, next: () => number): string {
  const phases = [next() * Math.PI * 2, next() * Math.PI * 2]
  const points = Array.from({ length: STEPS }, (_, step): readonly [number, number] => {
    const angle = (step / STEPS) * Math.PI * 2
    const swing = Math.sin(angle * 2 + (phases[0] as number)) * 0.6 + Math.sin(angle * 3 + (phases[1] as number)) * 0.4
    const distance = radius + waver * swing
    return [cx + Math.cos(angle) * distance, cy + Math.sin(angle) * distance]
  })
  return smoothClosedPath(points)
}

/** Catmull-Rom through the points as cubic Bézier curves. */
function smoothClosedPath(points: readonly (readonly [number, number])[]): string {
  const at = (index: number) => points[(index + points.length) % points.length] as readonly [number, number]
  const parts = [`M${text(at(0))}`]
  for (let index = 0; index < points.length; index++) {
    const [before, from, to, after] = [at(index - 1), at(index), at(index + 1), at(index + 2)]
    const first = [from[0] + (to[0] - before[0]) / 6, from[1] + (to[1] - before[1]) / 6] as const
    const second = [to[0] - (after[0] - from[0]) / 6, to[1] - (after[1] - from[1]) / 6] as const
    parts.push(`C${text(first)} ${text(second)} ${text(to)}`)
  }
  return `${parts.join('')}Z`
}

function text([x, y]: readonly [number, number]): string {
  return `${Math.round(x * 100) / 100} ${Math.round(y * 100) / 100}`
}
