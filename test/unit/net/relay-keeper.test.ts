import { beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { type RelayCandidate, RelayKeeper } from '../../../core/net/relay-keeper.ts'
import { ManualClock } from '../../../core/util/clock.ts'
import { silentLogger } from '../../../core/util/logger.ts'
import { eventually } from '../../harness/wait.ts'

describe('RelayKeeper', () => {
  let clock: ManualClock
  let connected: RelayCandidate[]
  let held: Set<string>
  let asked: string[]
  let answers: Map<string, string>
  let changes: number
  let keeper: RelayKeeper

  beforeEach(() => {
    clock = new ManualClock(1_000_000)
    connected = []
    held = new Set()
    asked = []
    answers = new Map()
    changes = 0
    const desk = {
      holds: (peerId: string) => held.has(peerId),
      reserve: async (peerId: string) => {
        asked.push(peerId)
        const fault = answers.get(peerId)
        if (fault !== undefined) throw new Error(fault)
        held.add(peerId)
      },
    }
    keeper = new RelayKeeper(
      { desk, candidates: () => connected, clock, logger: silentLogger },
      { wanted: 2, onChange: () => changes++ },
    )
    onTestFinished(() => keeper.stop())
  })

  /** Until it has nothing left to do for this look. */
  async function look(): Promise<void> {
    keeper.note()
    await new Promise((resolve) => setImmediate(resolve))
    await new Promise((resolve) => setImmediate(resolve))
  }

  it('asks seeds before others, and no more than it wants (RCH2)', async () => {
    connected = ['a', 'b', 'c'].map((peerId) => ({ peerId, isSeed: peerId !== 'a' }))
    keeper.start()
    await eventually('two places', () => keeper.relays().length === 2)
    expect(asked).toEqual(['b', 'c'])
    expect(changes).toBe(1)
  })

  it('asks again when a relay came back, and another when one is gone (RCH2)', async () => {
    connected = [{ peerId: 'a', isSeed: true }]
    keeper.start()
    await eventually('a place', () => held.has('a'))
    held.clear()
    connected = []
    await look()
    expect(keeper.relays()).toEqual([])
    connected = [
      { peerId: 'b', isSeed: true },
      { peerId: 'a', isSeed: true },
    ]
    await look()
    expect(keeper.relays()).toEqual(['b', 'a'])
  })

  it('says that all are full, and asks those again after a minute (RCH2)', async () => {
    connected = [{ peerId: 'a', isSeed: true }]
    answers.set('a', 'reservation failed with status RESERVATION_REFUSED')
    keeper.start()
    await eventually('a refusal', () => keeper.isRefused)
    clock.advance(59_000)
    await look()
    expect(asked).toEqual(['a'])
    answers.clear()
    clock.advance(1_000)
    await look()
    expect(asked).toEqual(['a', 'a'])
    expect(keeper.isRefused).toBe(false)
    expect(keeper.relays()).toEqual(['a'])
  })

  it('asks a silent one again soon, and less and less often (RCH2)', async () => {
    connected = [{ peerId: 'a', isSeed: false }]
    answers.set('a', 'timed out')
    keeper.start()
    await eventually('an attempt', () => asked.length === 1)
    for (const [waitMs, attempts] of [
      [1_999, 1],
      [1, 2],
      [3_999, 2],
      [1, 3],
    ] as const) {
      clock.advance(waitMs)
      await look()
      expect(asked).toHaveLength(attempts)
    }
    expect(keeper.isRefused).toBe(false)
  })
})
