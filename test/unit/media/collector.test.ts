import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { MediaCollector } from '../../../core/media/collector.ts'
import { silentLogger } from '../../../core/util/logger.ts'
import { MemoryTables } from '../../harness/media/memory-tables.ts'

class CountingTables extends MemoryTables {
  collections = 0
  fails = false

  override async collectGarbage() {
    this.collections++
    if (this.fails) throw new Error('the disk refuses')
    return { blocks: 0, bytes: 0 }
  }
}

describe('MediaCollector', () => {
  beforeEach(() => {
    vi.useFakeTimers()
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  function begin() {
    const tables = new CountingTables()
    const collector = new MediaCollector({ index: tables, logger: silentLogger })
    collector.start()
    return { tables, collector }
  }

  it('collects a minute after the start and then every ten minutes, a failure in between or not', async () => {
    const { tables, collector } = begin()
    await vi.advanceTimersByTimeAsync(59_000)
    expect(tables.collections).toBe(0)
    tables.fails = true
    await vi.advanceTimersByTimeAsync(2_000)
    expect(tables.collections).toBe(1)
    tables.fails = false
    await vi.advanceTimersByTimeAsync(20 * 60_000)
    expect(tables.collections).toBe(3)
    await collector.stop()
  })

  it('collects once for a flock of deletions', async () => {
    const { tables, collector } = begin()
    for (let i = 0; i < 100; i++) collector.noteDeletion()
    await vi.advanceTimersByTimeAsync(2_500)
    expect(tables.collections).toBe(1)
    collector.noteDeletion()
    await vi.advanceTimersByTimeAsync(2_500)
    expect(tables.collections).toBe(2)
    await collector.stop()
  })

  it('does nothing more after it stopped', async () => {
    const { tables, collector } = begin()
    collector.noteDeletion()
    await collector.stop()
    collector.noteDeletion()
    await vi.advanceTimersByTimeAsync(60 * 60_000)
    expect(tables.collections).toBe(0)
  })
})
