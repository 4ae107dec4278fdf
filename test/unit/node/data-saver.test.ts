import { describe, expect, it } from 'vitest'
import { DEFAULT_SETTINGS } from '../../../core/contract/setting-defaults.ts'
import type { Settings } from '../../../core/contract/settings.ts'
import type { TrafficDay } from '../../../core/contract/storage.ts'
import type { NodeEvent } from '../../../core/contract/views.ts'
import { DataSaver } from '../../../core/node/data-saver.ts'
import { dayOf } from '../../../core/node/traffic-ledger.ts'
import { ManualClock } from '../../../core/util/clock.ts'
import { silentLogger } from '../../../core/util/logger.ts'

const NOON = new Date(2026, 0, 1, 12).getTime()
const HALF_DAY_MS = 43_200_000
const FLOW = { receivedBytes: 0, sentBytes: 0 }
const PARTS = { gossip: FLOW, sync: FLOW, feed: FLOW, media: FLOW, other: FLOW }

function setUp() {
  const clock = new ManualClock(NOON)
  const chosen: Settings = { ...DEFAULT_SETTINGS }
  const days: TrafficDay[] = []
  const events: NodeEvent[] = []
  const counts = { free: 0, reads: 0 }
  const ledger = {
    list: async () => {
      counts.reads++
      return days
    },
  }
  const saver = new DataSaver({
    settings: { get: () => chosen },
    ledger,
    events: { publish: (event) => events.push(event) },
    onFree: () => counts.free++,
    clock,
    logger: silentLogger,
  })
  const pass = (receivedBytes: number, sentBytes: number) => {
    days.splice(0, days.length, { day: dayOf(clock.now()), receivedBytes, sentBytes, parts: PARTS })
  }
  return { clock, chosen, days, events, counts, saver, pass }
}

describe('DataSaver', () => {
  it('lets pictures come by themselves where nothing is chosen, whatever comes', async () => {
    const { saver, pass, events, counts } = setUp()
    pass(10 ** 12, 10 ** 12)
    await saver.look()
    expect([saver.saving(), events, counts]).toEqual([null, [], { free: 0, reads: 0 }])
  })

  it('saves from the cap on, both ways counted, until the next day', async () => {
    const { saver, chosen, clock, counts, events, pass } = setUp()
    chosen.trafficCapBytes = 50_000_000
    pass(30_000_000, 19_999_999)
    await saver.look()
    expect(saver.saving()).toBeNull()
    pass(30_000_000, 20_000_000)
    await saver.look()
    expect([saver.saving(), counts.free]).toEqual(['cap', 0])
    await saver.look()
    clock.advance(HALF_DAY_MS)
    expect(saver.saving()).toBeNull()
    await saver.look()
    expect([counts.free, events]).toEqual([1, [{ type: 'network' }, { type: 'network' }]])
  })

  it('says at once what the person chooses, and lets pictures come again', async () => {
    const { saver, chosen, counts } = setUp()
    chosen.pictures = 'asked'
    expect(saver.saving()).toBe('asked')
    await saver.look()
    chosen.pictures = 'always'
    await saver.look()
    expect([saver.saving(), counts.free]).toEqual([null, 1])
  })

  it('goes on when the ledger cannot be read', async () => {
    const { saver, chosen } = setUp()
    chosen.trafficCapBytes = 10_000_000
    const broken = new DataSaver({
      settings: { get: () => chosen },
      ledger: { list: () => Promise.reject(new Error('closed')) },
      events: { publish: () => {} },
      onFree: () => {},
      clock: new ManualClock(NOON),
      logger: silentLogger,
    })
    await broken.look()
    expect([broken.saving(), saver.saving()]).toEqual([null, null])
  })
})
