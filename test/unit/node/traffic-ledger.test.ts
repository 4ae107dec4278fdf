import { describe, expect, it } from 'vitest'
import { TrafficLedger } from '../../../core/node/traffic-ledger.ts'
import { ManualClock } from '../../../core/util/clock.ts'
import { silentLogger } from '../../../core/util/logger.ts'
import { TestSquare } from '../../harness/test-square.ts'

const DAY_MS = 86_400_000
/** Noon, so that a day on is another day wherever this runs. */
const NOON = new Date(2026, 0, 1, 12).getTime()

function setUp() {
  const test = new TestSquare()
  const clock = new ManualClock(NOON)
  const traffic = { receivedBytes: 0, sentBytes: 0 }
  const protocols = new Map<string, { receivedBytes: number; sentBytes: number }>()
  let isUp = true
  const book = {
    addTraffic: async (rows: Parameters<typeof test.square.addTraffic>[0]) => test.square.addTraffic(rows),
    listTraffic: async (days: number) => test.square.listTraffic(days),
  }
  const network = { traffic: () => (isUp ? { ...traffic, protocols } : null) }
  const ledger = new TrafficLedger({ network, book, clock, logger: silentLogger })
  const flow = (protocol: string, receivedBytes: number, sentBytes: number) => {
    const before = protocols.get(protocol) ?? { receivedBytes: 0, sentBytes: 0 }
    protocols.set(protocol, {
      receivedBytes: before.receivedBytes + receivedBytes,
      sentBytes: before.sentBytes + sentBytes,
    })
    traffic.receivedBytes += receivedBytes + 10
    traffic.sentBytes += sentBytes + 10
  }
  const reset = () => {
    traffic.receivedBytes = 0
    traffic.sentBytes = 0
    protocols.clear()
  }
  return { test, ledger, clock, flow, reset, setUp: (now: boolean) => (isUp = now) }
}

describe('TrafficLedger', () => {
  it('adds what came and went to the day that it is, by what it was for', async () => {
    const { ledger, flow, clock } = setUp()
    flow('/meshsub/1.3.0', 100, 50)
    flow('/palabre/sync/1', 2_000, 300)
    await ledger.write()
    flow('/palabre/sync/1', 1_000, 0)
    flow('/ipfs/bitswap/1.2.0', 70_000, 7)
    flow('/palabre/feed/1', 5, 6)
    flow('/ipfs/id/1.0.0', 20, 20)
    expect(await ledger.list(9)).toEqual([
      {
        day: '2026-01-01',
        receivedBytes: 73_185,
        sentBytes: 443,
        parts: {
          gossip: { receivedBytes: 100, sentBytes: 50 },
          sync: { receivedBytes: 3_000, sentBytes: 300 },
          feed: { receivedBytes: 5, sentBytes: 6 },
          media: { receivedBytes: 70_000, sentBytes: 7 },
          other: { receivedBytes: 80, sentBytes: 80 },
        },
      },
    ])
    clock.advance(DAY_MS)
    flow('/meshsub/1.3.0', 1, 1)
    const days = await ledger.list(9)
    expect(days.map(({ day, receivedBytes }) => [day, receivedBytes])).toEqual([
      ['2026-01-02', 11],
      ['2026-01-01', 73_185],
    ])
  })

  it('goes on when the network comes up anew and counts from zero, and says what it knows without one', async () => {
    const { ledger, flow, reset, setUp: set } = setUp()
    flow('/palabre/sync/1', 2_000, 300)
    await ledger.write()
    set(false)
    expect(await ledger.list(1)).toMatchObject([{ receivedBytes: 2_010, sentBytes: 310 }])
    reset()
    set(true)
    flow('/palabre/sync/1', 500, 5)
    expect(await ledger.list(1)).toMatchObject([{ receivedBytes: 2_520, sentBytes: 325 }])
  })

  it('keeps 400 days', async () => {
    const { ledger, flow, clock, test } = setUp()
    for (let i = 0; i < 402; i++) {
      flow('/palabre/sync/1', i + 1, 0)
      await ledger.write()
      clock.advance(DAY_MS)
    }
    expect(test.square.listTraffic(1_000).filter(({ part }) => part === 'sync')).toHaveLength(400)
    expect((await ledger.list(400)).at(-1)?.day).toBe('2026-01-03')
  })
})
