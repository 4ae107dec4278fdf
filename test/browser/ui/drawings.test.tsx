import { describe, expect, it } from 'vitest'
import { Avatar, drawAvatar } from '../../../renderer/ui/avatar.tsx'
import { createSequence, hashText, wavyRing } from '../../../renderer/ui/ring-shape.ts'
import { Rings } from '../../../renderer/ui/rings.tsx'
import { renderPart } from '../harness/window.tsx'

const NOOR = '12D3KooWCRouQ71CZCTXvW86aDE9ymvPFCEzHn44ZqFQ8LPFrjqm'
const OTHER = '12D3KooWCRouQ71CZCTXvW86aDE9ymvPFCEzHn44ZqFQMY5GzRxx'

describe('Rings', () => {
  it.each([
    [-1, 0],
    [0, 0],
    [1, 1],
    [2, 2],
    [3, 3],
    [7, 3],
  ])('draws %i seeds as %i of three rings', async (held, drawn) => {
    const { container } = await renderPart(<Rings held={held} size={20} />)
    const svg = container.querySelector('svg')
    expect(svg?.dataset.held).toBe(String(drawn))
    const widths = [...container.querySelectorAll('circle')].slice(1).map((ring) => getComputedStyle(ring).strokeWidth)
    expect(widths.filter((width) => width === '1.6px').length).toBe(drawn)
    expect(widths.filter((width) => width === '1px').length).toBe(3 - drawn)
  })

  it('wavers from 48 px on, three lines a seed, and shows one dotted line for each that is missing', async () => {
    const { container } = await renderPart(<Rings held={2} size={104} />)
    expect(container.querySelectorAll('path')).toHaveLength(6)
    expect(container.querySelectorAll('circle')).toHaveLength(2)
  })

  it('is hidden from screen readers, because the words beside it say it', async () => {
    const { container } = await renderPart(<Rings held={1} size={20} />)
    expect(container.querySelector('svg')?.getAttribute('aria-hidden')).toBe('true')
  })
})

describe('Avatar', () => {
  it('draws the same profile always alike, and two people of one name differently', async () => {
    expect(drawAvatar(NOOR)).toEqual(drawAvatar(NOOR))
    expect(drawAvatar(NOOR)).not.toEqual(drawAvatar(OTHER))
    const { container } = await renderPart(
      <>
        <Avatar profile={NOOR} name="Noor" size={44} />
        <Avatar profile={OTHER} name="Noor" size={44} />
        <Avatar profile={NOOR} name="Noor" size={44} />
      </>,
    )
    const [first, second, third] = [...container.querySelectorAll('svg')].map((svg) => svg.outerHTML)
    expect(first).toBe(third)
    expect(first).not.toBe(second)
  })

  it('has seven rings and the first letter, whatever the script', async () => {
    const { container } = await renderPart(
      <>
        <Avatar profile={NOOR} name=" élodie" size={44} />
        <Avatar profile={NOOR} name="👩🏽‍🌾 Awa" size={44} />
        <Avatar profile={NOOR} name="" size={44} />
      </>,
    )
    expect([...container.querySelectorAll('text')].map((text) => text.textContent)).toEqual(['É', '👩🏽‍🌾', ''])
    expect(container.querySelector('svg')?.querySelectorAll('path[fill="none"]')).toHaveLength(7)
  })

  it('uses all eight pairs of colours, each with a readable letter', () => {
    const pairs = new Map(
      Array.from({ length: 400 }, (_, n) => drawAvatar(`${NOOR}${n}`).colors).map((pair) => [pair.join(), pair]),
    )
    expect(pairs.size).toBe(8)
    for (const [pale, dark] of pairs.values()) expect(contrast(pale, dark)).toBeGreaterThanOrEqual(4.5)
  })

  it('falls back to the drawing where the picture cannot be had', async () => {
    const { container } = await renderPart(<Avatar profile={NOOR} name="Noor" size={44} src="/media/none" />)
    await expect.poll(() => container.querySelector('svg')).not.toBeNull()
  })
})

describe('wavyRing', () => {
  it('stays within its waver', () => {
    const path = wavyRing(0, 0, 10, 1, createSequence(hashText('x')))
    const points = [...path.matchAll(/(-?[\d.]+) (-?[\d.]+)/g)].map(([, x, y]) => Math.hypot(Number(x), Number(y)))
    expect(Math.min(...points)).toBeGreaterThan(8.5)
    expect(Math.max(...points)).toBeLessThan(11.5)
  })
})

function contrast(first: string, second: string): number {
  const luminance = (color: string) => {
    const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
      const part = Number.parseInt(color.slice(at, at + 2), 16) / 255
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
    })
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
  }
  const [light = 0, dark = 0] = [luminance(first), luminance(second)].sort((a, b) => b - a)
  return (light + 0.05) / (dark + 0.05)
}
