import { getHeapSpaceStatistics } from 'node:v8'
import { describe, expect, it } from 'vitest'
import { giveBackMemory } from '../../../cli/give-back-memory.ts'

const LEAST_BYTES = 8 * 1_048_576

function youngBytes(): number {
  return getHeapSpaceStatistics().find((space) => space.space_name === 'new_space')?.space_size ?? 0
}

describe('giveBackMemory', () => {
  it('shrinks what V8 keeps for new objects', () => {
    let kept: { readonly text: string }[] = []
    for (let i = 0; i < 100_000 && youngBytes() < LEAST_BYTES; i++) {
      // Asking costs more than making.
      for (let j = 0; j < 1_000; j++) kept.push({ text: `${j}` })
      if (kept.length > 200_000) kept = []
    }
    expect(youngBytes()).toBeGreaterThanOrEqual(LEAST_BYTES)
    giveBackMemory()
    expect(youngBytes()).toBeLessThan(LEAST_BYTES / 2)
  })
})
