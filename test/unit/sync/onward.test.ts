import { describe, expect, it, onTestFinished } from 'vitest'
import { Onward } from '../../../core/sync/onward.ts'
import { NO_SHORTFALL } from '../../../core/sync/shortfall.ts'
import type { SyncSummary } from '../../../core/sync/summary.ts'
import type { SyncEvent } from '../../../core/sync/sync-service.ts'
import { fakeKey } from '../../harness/memory-square.ts'
import { HELLO } from '../../harness/scripted-sync-peer.ts'
import { eventually } from '../../harness/wait.ts'

const NOTHING_NEW: SyncSummary = {
  hello: HELLO,
  scope: null,
  receivedOperations: 3,
  newOperations: 0,
  receivedRecords: 3,
  newRecords: 0,
  sentRecords: 3,
  keptRecords: 3,
  compared: [],
  behindBeat: [],
  shortfall: NO_SHORTFALL,
  isComplete: true,
}

function listen(pauseMs = 20) {
  const rounds: (readonly string[])[] = []
  let tell: (event: SyncEvent) => void = () => {}
  const onward = new Onward(
    {
      service: {
        subscribe(listener) {
          tell = listener
          return () => {}
        },
      },
      scheduler: { requestEverything: (except = []) => rounds.push(except) },
    },
    { times: { delayMs: 1, pauseMs } },
  )
  onward.start()
  onTestFinished(() => onward.stop())
  const end = (peerId: string, summary: Partial<SyncSummary>, scope: SyncSummary['scope'] = null) =>
    tell({ type: 'done', peerId, isInitiator: false, summary: { ...NOTHING_NEW, ...summary }, scope })
  return { rounds, end, onward }
}

describe('Onward', () => {
  it('has others synced after a session about everything that brought a record or part of a chain (SYN14)', async () => {
    for (const news of [{ newRecords: 1 }, { newOperations: 1 }]) {
      const { rounds, end } = listen()
      end('ana', news)
      await eventually('a round', () => rounds.length === 1)
      expect(rounds).toEqual([['ana']])
    }
  })

  it('gathers what several peers bring, and leaves none of them out then', async () => {
    const { rounds, end } = listen()
    end('ana', { newRecords: 1 })
    end('bea', { newRecords: 1 })
    await eventually('a round', () => rounds.length === 1)
    expect(rounds).toEqual([[]])
  })

  it('lets a pause pass between two rounds', async () => {
    const { rounds, end } = listen(600_000)
    end('ana', { newRecords: 1 })
    await eventually('a round', () => rounds.length === 1)
    end('bea', { newRecords: 1 })
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(rounds).toHaveLength(1)
    const other = listen()
    other.end('ana', { newRecords: 1 })
    await eventually('a round', () => other.rounds.length === 1)
    other.end('bea', { newRecords: 1 })
    await eventually('another round', () => other.rounds.length === 2)
  })

  it('stays quiet where nothing is new, where more is coming, and where a few authors were asked for', async () => {
    const { rounds, end, onward } = listen()
    end('ana', {})
    end('ana', { newRecords: 1, isComplete: false })
    end('ana', { newRecords: 1 }, [fakeKey('bea')])
    end('bea', { newRecords: 1 })
    await eventually('the only round', () => rounds.length === 1)
    expect(rounds).toEqual([['bea']])
    onward.stop()
    end('bea', { newRecords: 1 })
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(rounds).toHaveLength(1)
  })
})
