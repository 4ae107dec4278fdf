import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { LARGE_CATCH_UP } from '../../../core/contract/figures.ts'
import type { NodeEvent } from '../../../core/contract/views.ts'
import { CatchUpProgress } from '../../../core/node/catch-up-progress.ts'
import type { SeqRange } from '../../../core/store/log-reader.ts'
import { SyncError } from '../../../core/sync/errors.ts'
import type { SyncSummary } from '../../../core/sync/summary.ts'
import { ManualClock } from '../../../core/util/clock.ts'
import { silentLogger } from '../../../core/util/logger.ts'
import { fakeKey } from '../../harness/memory-square.ts'

const STARTED_AT = 1_800_000_000_000
const REST_MS = 3_000

describe('CatchUpProgress', () => {
  let steady: ManualClock
  let events: NodeEvent[]
  let logged: string[]
  let progress: CatchUpProgress

  beforeEach(() => {
    vi.useFakeTimers()
    onTestFinished(() => void vi.useRealTimers())
    steady = new ManualClock(5_000)
    events = []
    logged = []
    progress = new CatchUpProgress({
      events: { publish: (event) => events.push(event) },
      clock: new ManualClock(STARTED_AT),
      steady,
      logger: { ...silentLogger, info: (_fields, message) => void logged.push(message) },
    })
    onTestFinished(() => progress.stop())
  })

  const ask = (peerId: string, ranges: readonly SeqRange[], isInitiator = true) =>
    progress.noteSync({
      type: 'asked',
      peerId,
      isInitiator,
      needs: [{ author: fakeKey('ana'), needsChain: false, logs: [{ device: fakeKey('phone'), ranges }] }],
    })
  const come = (peerId: string, received: number, change: { kept?: number; fresh?: number } = {}, isInitiator = true) =>
    progress.noteSync({ type: 'progress', peerId, isInitiator, received, kept: received, fresh: received, ...change })
  const end = (peerId: string, receivedRecords: number, isInitiator = true) =>
    progress.noteSync({
      type: 'done',
      peerId,
      isInitiator,
      summary: { receivedRecords } as SyncSummary,
      scope: null,
    })
  const fail = (peerId: string, isInitiator = true) =>
    progress.noteSync({ type: 'failed', peerId, isInitiator, error: new SyncError('truncated', 'gone') })
  const figures = () => {
    const status = progress.status()
    return status === null ? null : [status.received, status.expected]
  }

  describe('what it says', () => {
    it('is nothing before something was asked for, and when all of it is here', () => {
      expect(progress.status()).toBeNull()
      ask('seed', [])
      expect(progress.status()).toBeNull()
      ask('seed', [[1, 500]])
      expect(progress.status()).toEqual({
        received: 0,
        expected: 500,
        ratePerSecond: 0,
        secondsLeft: null,
        peers: [{ peerId: 'seed', received: 0, expected: 500 }],
        startedAt: STARTED_AT,
      })
      come('seed', 200)
      expect(progress.status()).toMatchObject({
        received: 200,
        expected: 500,
        peers: [{ peerId: 'seed', received: 200, expected: 500 }],
      })
      come('seed', 500)
      expect(progress.status()).toBeNull()
    })

    it('has a rate, and the time left once the rate was measured for a while', () => {
      ask('seed', [[1, 2_000]])
      steady.advance(1_000)
      come('seed', 100)
      expect(progress.status()?.secondsLeft).toBeNull()
      for (let received = 200; received <= 1_000; received += 100) {
        steady.advance(1_000)
        come('seed', received)
      }
      const { ratePerSecond = 0, secondsLeft = 0 } = progress.status() ?? {}
      expect(ratePerSecond).toBeGreaterThan(80)
      expect(ratePerSecond).toBeLessThan(125)
      expect(secondsLeft).toBe(Math.ceil(1_000 / ratePerSecond))
      steady.advance(60_000)
      expect(progress.status()).toMatchObject({ ratePerSecond: 0, secondsLeft: null })
    })

    it('sums what several peers send, and counts what both are asked for once', () => {
      ask('seed', [[1, 500]])
      ask('friend', [[401, 800]])
      expect(figures()).toEqual([0, 800])
      come('seed', 500)
      // Of these the seed sent the first hundred, too.
      come('friend', 150, { kept: 150, fresh: 50 })
      expect(progress.status()).toMatchObject({
        received: 550,
        expected: 800,
        peers: [{ peerId: 'friend', received: 150, expected: 400 }],
      })
    })

    it('takes no more for expected than is still to come, when records came another way', () => {
      ask('seed', [[1, 500]])
      come('seed', 300, { fresh: 100 })
      expect(figures()).toEqual([100, 300])
    })
  })

  describe('what peers can not do', () => {
    it('is to pass for more than was asked of them', () => {
      ask('seed', [[1, 300]])
      ask('forked', [[301, 310]])
      come('forked', 40)
      expect(progress.status()).toMatchObject({ received: 40, expected: 310 })
      come('seed', 280, { kept: 1_000 })
      expect(progress.status()?.peers).toEqual([{ peerId: 'seed', received: 300, expected: 300 }])
      const { received, expected } = progress.status() ?? { received: 1, expected: 0 }
      expect(received).toBeLessThanOrEqual(expected)
    })

    it('is to look as if they gave something that is not kept', () => {
      ask('seed', [[1, 300]])
      come('seed', 200, { kept: 0, fresh: 0 })
      expect(progress.status()).toMatchObject({
        received: 0,
        expected: 100,
        ratePerSecond: 0,
        peers: [{ received: 0, expected: 300 }],
      })
    })

    it('is to make the rest look done by ending early', () => {
      ask('liar', [[1, 100_000]])
      ask('seed', [[100_001, 100_500]])
      come('liar', 50)
      come('seed', 200)
      expect(figures()).toEqual([250, 100_500])
      end('liar', 50)
      expect(figures()).toEqual([250, 550])
      fail('seed')
      expect(progress.status()).toBeNull()
    })

    it('is to hide a session by another one with the same peer that is refused', () => {
      ask('seed', [[1, 500]], false)
      come('seed', 100, {}, false)
      fail('seed', true)
      expect(figures()).toEqual([100, 500])
      fail('seed', false)
      expect(progress.status()).toBeNull()
    })
  })

  describe('sessions one after another', () => {
    it('are one catch-up: the next round of a large one, and the next try', () => {
      ask('seed', [[501, 1_000]])
      come('seed', 500)
      end('seed', 500)
      vi.advanceTimersByTime(REST_MS - 1)
      ask('seed', [[1, 500]])
      expect(figures()).toEqual([500, 1_000])
      come('seed', 100)
      fail('seed')
      vi.advanceTimersByTime(REST_MS - 1)
      ask('seed', [[1, 400]])
      expect(figures()).toEqual([600, 1_000])
    })

    it('are two when there is a pause between them, or when there is not much more', () => {
      ask('seed', [[1, 500]])
      come('seed', 500)
      end('seed', 500)
      vi.advanceTimersByTime(REST_MS)
      ask('seed', [[501, 1_000]])
      expect(figures()).toEqual([0, 500])
      come('seed', 500)
      end('seed', 500)
      ask('seed', [[1_001, 1_001]])
      expect(figures()).toEqual([0, 1])
    })
  })

  describe('its hints', () => {
    const hints = () => events.splice(0)

    it('come a few times a second at most, the peers in turn, however much comes', () => {
      for (const peer of ['ana', 'bea', 'cleo']) ask(peer, [[1, 5_000]])
      expect(hints()).toEqual([])
      const said: string[] = []
      for (let received = 1; received <= 1_000; received++) {
        for (const peer of ['ana', 'bea', 'cleo']) come(peer, received)
        vi.advanceTimersByTime(3)
        for (const event of hints()) said.push(event.type === 'sync' ? `${event.peerId} ${event.received}` : event.type)
      }
      expect(said).toHaveLength(12)
      expect(said.slice(0, 3).map((line) => line.split(' ')[0])).toEqual(['ana', 'bea', 'cleo'])
      vi.advanceTimersByTime(10_000)
      // The last of Cleo was just said.
      expect(hints()).toEqual(['ana', 'bea'].map((peerId) => ({ type: 'sync', peerId, received: 1_000, done: false })))
    })

    it('say how far a session is and when it is over', () => {
      ask('seed', [[1, 70]])
      come('seed', 64)
      vi.advanceTimersByTime(1_000)
      expect(hints()).toEqual([{ type: 'sync', peerId: 'seed', received: 64, done: false }])
      come('seed', 70)
      end('seed', 70)
      expect(hints()).toEqual([{ type: 'sync', peerId: 'seed', received: 70, done: true }])
      vi.advanceTimersByTime(1_000)
      expect(hints()).toEqual([])
    })

    it('say the end of a session that broke off, and nothing of one that brought nothing', () => {
      ask('seed', [[1, 70]])
      come('seed', 64)
      fail('seed')
      fail('seed')
      end('friend', 0)
      expect(hints()).toEqual([{ type: 'sync', peerId: 'seed', received: 64, done: true }])
    })
  })

  describe('its log', () => {
    it('has the beginning and the end of a large catch-up, with figures', () => {
      ask('seed', [[1, 5_000]])
      come('seed', 1_000)
      steady.advance(2_000)
      come('seed', 5_000)
      end('seed', 5_000)
      expect(logged).toEqual(['catching up: about 5000 records to come from 1 peer'])
      vi.advanceTimersByTime(REST_MS)
      expect(logged.slice(1)).toEqual(['catching up is over: 5000 of about 5000 records came in 2.0 s, 2500 a second'])
    })

    it('says how much came of one that broke off, also by a stop', () => {
      ask('seed', [[1, 5_000]])
      steady.advance(1_000)
      come('seed', 1_000)
      progress.stop()
      expect(logged[1]).toBe('catching up is over: 1000 of about 5000 records came in 1.0 s, 1000 a second')
    })

    it('is silent about small ones', () => {
      ask('seed', [[1, LARGE_CATCH_UP - 1]])
      come('seed', LARGE_CATCH_UP - 1)
      end('seed', LARGE_CATCH_UP - 1)
      vi.advanceTimersByTime(REST_MS)
      expect(logged).toEqual([])
    })
  })
})
