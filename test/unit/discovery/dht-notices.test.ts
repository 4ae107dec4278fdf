import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { DhtNotices } from '../../../core/discovery/dht-notices.ts'
import { silentLogger } from '../../../core/util/logger.ts'
import { fakeKey } from '../../harness/memory-square.ts'

const HOUR_MS = 3_600_000

let notices: DhtNotices | null = null

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(async () => {
  await notices?.stop()
  vi.useRealTimers()
})

/** Says with so many others told each time, and counts. */
function open(told: () => number) {
  const said: number[] = []
  notices = new DhtNotices(
    {
      dht: {
        provide: async () => {
          said.push(told())
          return told()
        },
      },
      clock: { now: () => Date.now() },
      logger: silentLogger,
    },
    { isLocal: false, authors: () => [fakeKey('me')], isConnected: () => true },
  )
  notices.start()
  return said
}

describe('whose records are here, said in the DHT (DSC11)', () => {
  it('is said again in half a day where enough were told', async () => {
    const said = open(() => 3)
    await vi.advanceTimersByTimeAsync(11 * HOUR_MS)
    expect(said).toEqual([3])
    await vi.advanceTimersByTimeAsync(2 * HOUR_MS)
    expect(said).toEqual([3, 3])
  })

  it('is said again after ten minutes where nobody kept it yet, or one who may go', async () => {
    let told = 0
    const said = open(() => told)
    await vi.advanceTimersByTimeAsync(5 * 60_000)
    expect(said).toEqual([0])
    told = 1
    await vi.advanceTimersByTimeAsync(10 * 60_000)
    expect(said).toEqual([0, 1])
    told = 20
    await vi.advanceTimersByTimeAsync(HOUR_MS)
    expect(said).toEqual([0, 1, 20])
  })
})
