import { describe, expect, it } from 'vitest'
import { DiskGauge } from '../../../core/ingest/disk-gauge.ts'
import { ManualClock } from '../../../core/util/clock.ts'

const MIB = 1_048_576
const GIB = 1_024 * MIB

function setUp(totalBytes = 200 * GIB, owedBytes = 0) {
  const clock = new ManualClock(0)
  let freeBytes = totalBytes
  const readSpace = () => ({ freeBytes, totalBytes })
  const gauge = new DiskGauge({ clock }, { file: '/data/square.db', readSpace, owedBytes: () => owedBytes })
  const at = (bytes: number) => {
    freeBytes = bytes
    clock.advance(5_000)
    return gauge.state
  }
  return { gauge, clock, at }
}

describe('DiskGauge', () => {
  it('says low below 1 GiB, own-only below 128 MiB, full below 8 MiB', () => {
    const { at } = setUp()
    const seen = [GIB, GIB - 1, 128 * MIB, 128 * MIB - 1, 8 * MIB, 8 * MIB - 1].map(at)
    expect(seen).toEqual(['plenty', 'low', 'low', 'own-only', 'own-only', 'full'])
  })

  it('says low below a twentieth of a small disk', () => {
    const { at } = setUp(10 * GIB)
    expect([600 * MIB, 500 * MIB].map(at)).toEqual(['plenty', 'low'])
  })

  it('is better only with some room to spare, so that it does not go to and fro', () => {
    const { at } = setUp()
    expect([100, 130, 155, 161].map((free) => at(free * MIB))).toEqual(['own-only', 'own-only', 'own-only', 'low'])
    expect([1_025, 1_200, 1_281].map((free) => at(free * MIB))).toEqual(['low', 'low', 'plenty'])
    expect([7, 9, 11].map((free) => at(free * MIB))).toEqual(['full', 'full', 'own-only'])
  })

  it('is full when a write fails, whatever the disk says, until it says something else', () => {
    const { at, clock, gauge } = setUp()
    at(9 * MIB)
    gauge.noteFull()
    expect(gauge.state).toBe('full')
    expect(gauge.isLow).toBe(true)
    expect(gauge.lackingBytes).toBe(151 * MIB)
    clock.advance(5_000)
    expect(gauge.state).toBe('full')
    expect(at(2 * GIB)).toBe('plenty')
    expect(gauge.lackingBytes).toBe(0)
  })

  it('does not count what the ballast takes again', () => {
    const { at } = setUp(200 * GIB, 64 * MIB)
    expect([190 * MIB, 72 * MIB - 1].map(at)).toEqual(['own-only', 'full'])
  })

  it('looks no more often than every five seconds', () => {
    const { at, clock, gauge } = setUp()
    at(100 * MIB)
    clock.advance(4_999)
    expect(gauge.state).toBe('own-only')
  })
})
