import { describe, expect, it, onTestFinished, vi } from 'vitest'
import {
  CHAIN_INTERVAL_MS,
  FLUSH_DELAY_MS,
  GossipAnnouncer,
  MAX_WAITING_RECORDS,
  packMessages,
} from '../../../core/gossip/announcer.ts'
import { decodeMessage, MAX_MESSAGE_BYTES } from '../../../core/gossip/message.ts'
import { formatTopic, shardOf } from '../../../core/gossip/shards.ts'
import type { IngestBatch } from '../../../core/ingest/door.ts'
import { ManualClock } from '../../../core/util/clock.ts'
import { silentLogger } from '../../../core/util/logger.ts'
import { fakeKey } from '../../harness/memory-square.ts'
import { eventually } from '../../harness/wait.ts'

const ana = fakeKey('ana')
const bea = fakeKey('bea')
const genesis = new Uint8Array(300).fill(7)

function recorded() {
  const sent: { topic: string; batch: IngestBatch }[] = []
  const clock = new ManualClock(0)
  const chain = [genesis]
  const announcer = new GossipAnnouncer({
    clock,
    logger: silentLogger,
    pubsub: {
      async publish(topic, data) {
        const batch = decodeMessage(data)
        if (batch === null) throw new Error('not a message')
        sent.push({ topic, batch })
        return []
      },
    },
    chains: { listOperations: async (authors) => authors.map((author) => ({ author, operations: [...chain] })) },
  })
  return { announcer, sent, clock, chain }
}

function record(number: number, size = 500): Uint8Array {
  return new Uint8Array(size).fill(number)
}

describe('GossipAnnouncer', () => {
  it('sends what was announced by itself, batched (GOS10)', async () => {
    const { announcer, sent } = recorded()
    announcer.announce([{ author: ana, record: record(1) }])
    announcer.announce([{ author: ana, record: record(2) }])
    await eventually('it is sent', () => sent.length > 0)
    expect(sent).toEqual([
      { topic: formatTopic(shardOf(ana)), batch: { operations: [genesis], records: [record(1), record(2)] } },
    ])
  })

  it('sends at once after a pause, and gathers what comes right after it (GOS10)', async () => {
    vi.useFakeTimers()
    onTestFinished(() => void vi.useRealTimers())
    const { announcer, sent } = recorded()
    const counts = () => sent.map(({ batch }) => batch.records.length)
    announcer.announce([{ author: ana, record: record(1) }])
    await vi.advanceTimersByTimeAsync(0)
    expect(counts()).toEqual([1])
    announcer.announce([{ author: ana, record: record(2) }])
    await vi.advanceTimersByTimeAsync(FLUSH_DELAY_MS - 1)
    announcer.announce([{ author: ana, record: record(3) }])
    expect(counts()).toEqual([1])
    await vi.advanceTimersByTimeAsync(1)
    expect(counts()).toEqual([1, 2])
    await vi.advanceTimersByTimeAsync(FLUSH_DELAY_MS)
    announcer.announce([{ author: ana, record: record(4) }])
    await vi.advanceTimersByTimeAsync(0)
    expect(counts()).toEqual([1, 2, 1])
  })

  it('sends each author on the topic of their shard (GOS2)', async () => {
    const { announcer, sent } = recorded()
    announcer.announce([
      { author: ana, record: record(1) },
      { author: bea, record: record(2) },
    ])
    await announcer.flush()
    expect(sent.map(({ topic }) => topic)).toEqual([formatTopic(shardOf(ana)), formatTopic(shardOf(bea))])
  })

  it('sends the chain with the first message, when it has grown, when somebody has come, and now and then (GOS10)', async () => {
    const { announcer, sent, clock, chain } = recorded()
    const post = async () => {
      announcer.announce([{ author: ana, record: record(1) }])
      await announcer.flush()
      return sent.at(-1)?.batch.operations.length
    }
    expect(await post()).toBe(1)
    expect(await post()).toBe(0)
    chain.push(new Uint8Array(200))
    expect(await post()).toBe(2)
    expect(await post()).toBe(0)
    announcer.notePeerJoined()
    expect(await post()).toBe(2)
    clock.advance(CHAIN_INTERVAL_MS)
    expect(await post()).toBe(2)
    expect(await post()).toBe(0)
  })

  it('lets the oldest go when too many wait (GOS10)', async () => {
    const { announcer, sent } = recorded()
    const records = Array.from({ length: MAX_WAITING_RECORDS + 10 }, (_, i) => ({ author: ana, record: record(i, 20) }))
    announcer.announce(records)
    await announcer.flush()
    expect(announcer.dropped).toBe(10)
    expect(sent.flatMap(({ batch }) => batch.records)).toHaveLength(MAX_WAITING_RECORDS)
  })

  it('sends nothing after it was stopped', async () => {
    const { announcer, sent } = recorded()
    announcer.announce([{ author: ana, record: record(1) }])
    announcer.stop()
    await announcer.flush()
    expect(sent).toEqual([])
  })
})

describe('packMessages', () => {
  it('keeps every message within its limits, in order (GOS3)', () => {
    const records = Array.from({ length: 200 }, (_, i) => record(i & 0xff, 100 + 40 * i))
    const messages = packMessages([genesis], records)
    expect(messages.every((message) => message.byteLength <= MAX_MESSAGE_BYTES)).toBe(true)
    const batches = messages.map((message) => decodeMessage(message))
    expect(batches.flatMap((batch) => [...(batch?.records ?? [])])).toEqual(records)
    expect(batches[0]?.operations).toEqual([genesis])
  })

  it('leaves what is too large by itself to sync', () => {
    expect(packMessages([new Uint8Array(MAX_MESSAGE_BYTES)], [])).toEqual([])
  })
})
