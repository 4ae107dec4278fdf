import { describe, expect, it } from 'vitest'
import { isSketchLength, MAX_SKETCH_BYTES, sketchOf, solveSketch } from '../../../core/sync/sketch.ts'
import { toHex } from '../../../core/util/bytes.ts'
import { SeededChoice } from '../../harness/seeded-random.ts'

const SALT = new Uint8Array(16).fill(3)

function digestsOf(count: number, seed: number): Uint8Array[] {
  const bytes = new SeededChoice(seed).bytes(8 * count)
  return Array.from({ length: count }, (_, i) => bytes.subarray(8 * i, 8 * i + 8))
}

const names = (digests: readonly Uint8Array[]) => digests.map(toHex).toSorted()

describe('a sketch', () => {
  it.each([16, 100, 1_000, 5_000])('tells exactly what either side of %i has alone (SYN6)', (count) => {
    const few = Math.max(1, Math.floor(Math.sqrt(count) / 8))
    const shared = digestsOf(count, 1)
    const [theirs, ours] = [digestsOf(few, 2), digestsOf(few, 3)]
    const found = solveSketch(sketchOf([...shared, ...theirs], SALT), [...ours, ...shared.toReversed()], SALT)
    expect(names(found?.theirs ?? [])).toEqual(names(theirs))
    expect(names(found?.ours ?? [])).toEqual(names(ours))
  })

  it('tells that nothing differs', () => {
    const shared = digestsOf(500, 4)
    expect(solveSketch(sketchOf(shared, SALT), shared, SALT)).toEqual({ theirs: [], ours: [] })
  })

  it('is never wrong, whatever differs: it tells all of it, or nothing', () => {
    const choice = new SeededChoice(5)
    const solved = { few: 0, many: 0 }
    const shared = digestsOf(300, 6)
    for (let round = 0; round < 120; round++) {
      const isFew = round % 2 === 0
      const differing = digestsOf(1 + choice.below(isFew ? 16 : 100), 100 + round)
      const theirs = differing.filter(() => choice.below(2) === 0)
      const ours = differing.filter((digest) => !theirs.includes(digest))
      const found = solveSketch(sketchOf([...shared, ...theirs], SALT), [...shared, ...ours], SALT)
      if (found === null) continue
      solved[isFew ? 'few' : 'many']++
      expect([names(found.theirs), names(found.ours)]).toEqual([names(theirs), names(ours)])
    }
    expect(solved.few).toBeGreaterThan(56)
    expect(solved.many).toBeLessThan(40)
  })

  it('is not there for few digests, grows with their root, and has a longest length', () => {
    expect(sketchOf(digestsOf(15, 7), SALT)).toHaveLength(0)
    expect(solveSketch(new Uint8Array(), digestsOf(15, 7), SALT)).toBeNull()
    expect(sketchOf(digestsOf(16, 7), SALT)).toHaveLength(180)
    expect(sketchOf(digestsOf(5_000, 7), SALT)).toHaveLength(1_800)
    expect(isSketchLength(MAX_SKETCH_BYTES)).toBe(true)
    expect(isSketchLength(MAX_SKETCH_BYTES + 36)).toBe(false)
  })

  it('tells nothing under another salt: the control', () => {
    const shared = digestsOf(100, 8)
    expect(solveSketch(sketchOf(shared, SALT), shared, new Uint8Array(16))).toBeNull()
  })

  it('ends on any bytes', () => {
    const own = digestsOf(50, 9)
    for (let seed = 0; seed < 100; seed++) {
      const cells = new SeededChoice(1_000 + seed).bytes(36 * (1 + (seed % 9)))
      // An honest table with one byte spoiled is as much a lie as noise.
      const spoiled = sketchOf(own, SALT)
      spoiled[seed % spoiled.length] = (spoiled[seed % spoiled.length] as number) ^ 1
      expect(solveSketch(cells, own, SALT)).toBeNull()
      expect(solveSketch(spoiled, own, SALT)).toBeNull()
    }
  })
})
