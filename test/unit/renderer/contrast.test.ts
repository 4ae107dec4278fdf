import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

const CSS = readFileSync(join(import.meta.dirname, '../../../renderer/styles/tokens.css'), 'utf8')

/** Foreground, background, least contrast by WCAG 2.2: 4.5 for text, 3 for edges and focus. */
const PAIRS: readonly (readonly [front: string, back: string, least: number])[] = [
  ...['paper', 'ground', 'raised', 'accent-soft', 'warn-soft', 'mark'].map((back) => ['ink', back, 4.5] as const),
  ...['paper', 'ground', 'sunken', 'accent-soft'].map((back) => ['ink2', back, 4.5] as const),
  ...['paper', 'ground', 'raised', 'sunken'].map((back) => ['ink3', back, 4.5] as const),
  ...['paper', 'ground', 'raised', 'accent-soft'].map((back) => ['accent', back, 4.5] as const),
  ...['fill', 'fill-hover'].map((back) => ['on-fill', back, 4.5] as const),
  ...['paper', 'ground', 'warn-soft'].map((back) => ['warn', back, 4.5] as const),
  ...['paper', 'ground', 'danger-soft'].map((back) => ['danger', back, 4.5] as const),
  ['on-danger', 'danger', 4.5],
  // The toast is the inverse of the page.
  ['paper', 'ink', 4.5],
  ...['paper', 'raised', 'ground'].map((back) => ['edge', back, 3] as const),
]

/** Values that were measured when the colours were chosen; a change of a token must be seen here. */
const MEASURED = {
  light: { 'ink on paper': 15.41, 'ink3 on sunken': 5.41, 'accent on accent-soft': 5.35, 'edge on ground': 3.08 },
  dark: { 'ink on paper': 14.1, 'ink3 on raised': 5.42, 'on-fill on fill': 7.27, 'edge on raised': 3.38 },
} as const

/** Where somebody asks for more contrast, text and edges have it. */
const MORE: readonly (readonly [front: string, back: string, least: number])[] = PAIRS.map(([front, back, least]) => [
  front,
  back,
  least === 3 ? 4.5 : 7,
])

/** The tokens of a theme, over them those for who asks for more contrast. */
function tokensOf(theme: 'light' | 'dark', more = false): Map<string, string> {
  const blocks = CSS.matchAll(new RegExp(`\\[data-theme="${theme}"\\]\\s*\\{([^}]*)\\}`, 'g'))
  const text = [...blocks].slice(0, more ? 2 : 1).map((block) => block[1])
  return new Map(
    [...text.join('').matchAll(/--([a-z0-9-]+):\s*(#[0-9a-f]{6})/g)].map((m) => [m[1] as string, m[2] as string]),
  )
}

function luminance(color: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(color.slice(at, at + 2), 16) / 255
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

function contrast(first: string, second: string): number {
  const [light = 0, dark = 0] = [luminance(first), luminance(second)].sort((a, b) => b - a)
  return (light + 0.05) / (dark + 0.05)
}

describe.each(['light', 'dark'] as const)('the colours in the %s', (theme) => {
  const tokens = tokensOf(theme)
  const measure = (front: string, back: string) => contrast(tokens.get(front) ?? '', tokens.get(back) ?? '')

  it.each(PAIRS)('shows %s on %s at %f:1 or better', (front, back, least) => {
    expect(measure(front, back)).toBeGreaterThanOrEqual(least)
  })

  it.each(Object.entries(MEASURED[theme]))('has %s at the measured %f:1', (pair, value) => {
    const [front = '', back = ''] = pair.split(' on ')
    expect(measure(front, back)).toBeCloseTo(value, 1)
  })

  const strong = tokensOf(theme, true)
  it.each(MORE)('shows %s on %s at %f:1 or better to who asks for more contrast', (front, back, least) => {
    expect(contrast(strong.get(front) ?? '', strong.get(back) ?? '')).toBeGreaterThanOrEqual(least)
  })
})
