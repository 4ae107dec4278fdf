import { describe, expect, it } from 'vitest'
import { MAX_PENDING_MESSAGES, MESSAGES_AT_ONCE } from '../../../core/gossip/fair-intake.ts'
import { GossipListener, type GossipListenerInit, PEER_MESSAGE_RATE } from '../../../core/gossip/listener.ts'
import { encodeMessage } from '../../../core/gossip/message.ts'
import { OwedRecords } from '../../../core/gossip/owed-records.ts'
import { formatTopic, shardOf } from '../../../core/gossip/shards.ts'
import type { IngestDoor, IngestOutcome } from '../../../core/ingest/door.ts'
import type { Verdict } from '../../../core/record/verdict.ts'
import { ManualClock } from '../../../core/util/clock.ts'
import { silentLogger } from '../../../core/util/logger.ts'
import { fakeKey } from '../../harness/memory-square.ts'

const author = fakeKey('author')
const topic = formatTopic(shardOf(author))

function outcome(verdict: Verdict, mayForward: boolean, of: Uint8Array | null = author): IngestOutcome {
  return { verdict, id: null, author: of, isNew: mayForward, isKept: mayForward, mayForward }
}

const FRESH = outcome({ verdict: 'accept' }, true)
const KNOWN = outcome({ verdict: 'accept' }, false)
const UNREADABLE = outcome({ verdict: 'unreadable', reason: 'body-schema' }, true)
const NOT_WANTED = outcome({ verdict: 'drop', reason: 'not-wanted' }, true)
const OVER_QUOTA = outcome({ verdict: 'drop', reason: 'quota' }, false)
const HELD = outcome({ verdict: 'hold', reason: 'unknown-identity' }, false)
const REJECTED = outcome({ verdict: 'reject', reason: 'bad-signature' }, false)

/** A listener whose door answers the records with these outcomes, and the operations with those. */
function listen(
  records: readonly IngestOutcome[],
  init: Partial<GossipListenerInit> & {
    operations?: readonly IngestOutcome[]
    door?: IngestDoor
    clock?: ManualClock
    owed?: OwedRecords
  } = {},
): GossipListener {
  const door: IngestDoor = init.door ?? { ingest: async () => ({ operations: init.operations ?? [], records }) }
  const components = {
    door,
    logger: silentLogger,
    clock: init.clock ?? new ManualClock(0),
    ...(init.owed === undefined ? {} : { owed: init.owed }),
  }
  return new GossipListener(components, { isSeed: false, ...init })
}

function message(number = 0): Uint8Array {
  return encodeMessage({ operations: [], records: [Uint8Array.of(number & 0xff, number >> 8)] })
}

describe('GossipListener', () => {
  it.each([
    ['something new', [FRESH], 'accept'],
    ['a body that it can not read', [UNREADABLE], 'accept'],
    ['what it does not keep itself', [NOT_WANTED], 'accept'],
    ['something new beside something known', [KNOWN, FRESH], 'accept'],
    ['nothing new', [KNOWN, KNOWN], 'ignore'],
    ['more than the author may send', [FRESH, OVER_QUOTA], 'ignore'],
    ['what must wait', [FRESH, HELD], 'ignore'],
    ['anything wrong in the bytes', [FRESH, HELD, REJECTED], 'reject'],
  ] satisfies [string, IngestOutcome[], string][])(
    'answers %s with its verdict (GOS8)',
    async (_, records, verdict) => {
      await expect(listen(records).validate('peer', topic, message())).resolves.toBe(verdict)
    },
  )

  it('passes on once what sync had brought before the message (GOS8)', async () => {
    const owed = new OwedRecords()
    const id = fakeKey('record')
    owed.note([id])
    const known: IngestOutcome = { ...KNOWN, id }
    const listener = listen([known], { owed })
    await expect(listener.validate('peer', topic, message(1))).resolves.toBe('accept')
    await expect(listener.validate('peer', topic, message(2))).resolves.toBe('ignore')
  })

  it('passes on a new record although the chain beside it is known (GOS8)', async () => {
    const listener = listen([FRESH], { operations: [KNOWN] })
    await expect(listener.validate('peer', topic, message())).resolves.toBe('accept')
  })

  it('rejects bytes that are no message without asking the door (GOS3)', async () => {
    const door: IngestDoor = { ingest: () => Promise.reject(new Error('asked')) }
    await expect(listen([], { door }).validate('peer', topic, Uint8Array.of(0xff))).resolves.toBe('reject')
  })

  it('rejects an author in a topic that is not theirs (GOS8)', async () => {
    const elsewhere = formatTopic((shardOf(author) + 1) % 64)
    await expect(listen([FRESH]).validate('peer', elsewhere, message())).resolves.toBe('reject')
  })

  it('ignores a peer that is over its budget, and takes it up again (GOS6)', async () => {
    const clock = new ManualClock(0)
    const listener = listen([FRESH], { clock })
    for (let i = 0; i < PEER_MESSAGE_RATE.burst; i++) {
      expect(await listener.validate('peer', topic, message(i))).toBe('accept')
    }
    expect(await listener.validate('peer', topic, message())).toBe('ignore')
    expect(await listener.validate('another', topic, message())).toBe('accept')
    clock.advance(1_000)
    for (let i = 0; i < PEER_MESSAGE_RATE.perSecond; i++) {
      expect(await listener.validate('peer', topic, message(i))).toBe('accept')
    }
    expect(await listener.validate('peer', topic, message())).toBe('ignore')
  })

  it('still rejects what a peer over its budget sends wrong (GOS6)', async () => {
    const listener = listen([FRESH])
    for (let i = 0; i < PEER_MESSAGE_RATE.burst; i++) await listener.validate('peer', topic, message(i))
    expect(await listener.validate('peer', topic, Uint8Array.of(0xff))).toBe('reject')
  })

  it('lets the oldest of whoever brings most go while too much waits for the door (GOS7)', async () => {
    const { promise, resolve } = Promise.withResolvers<void>()
    const order: string[] = []
    const door: IngestDoor = {
      ingest: async (_, { peer }) => {
        order.push(peer ?? '')
        await promise
        return { operations: [], records: [FRESH] }
      },
    }
    const clock = new ManualClock(0)
    const listener = listen([], { door, clock, isSeed: true })
    const flood: Promise<string>[] = []
    for (let i = 0; i < MAX_PENDING_MESSAGES + MESSAGES_AT_ONCE + 50; i++) {
      flood.push(listener.validate('flooder', topic, message(i)))
    }
    const honest = [1, 2, 3].map((i) => listener.validate('honest', topic, message(i)))
    resolve()
    expect(await Promise.all(honest)).toEqual(['accept', 'accept', 'accept'])
    // Not behind the flood that came first.
    expect(order.lastIndexOf('honest')).toBeLessThan(MESSAGES_AT_ONCE + 8)
    const lost = (await Promise.all(flood)).flatMap((verdict, i) => (verdict === 'ignore' ? [i] : []))
    expect(lost).toEqual(Array.from({ length: 53 }, (_, i) => MESSAGES_AT_ONCE + i))
    expect(await listener.validate('late', topic, message())).toBe('accept')
  })

  it('ignores messages while the store takes nothing (GOS8)', async () => {
    const door: IngestDoor = { ingest: () => Promise.reject(new Error('disk full')) }
    await expect(listen([], { door }).validate('peer', topic, message())).resolves.toBe('ignore')
  })

  it('says whose chain is missing, and who sent it', async () => {
    const unknown: [string, Uint8Array][] = []
    const listener = listen([HELD], { onUnknownAuthor: (peerId, of) => unknown.push([peerId, of]) })
    await listener.validate('peer', topic, message())
    expect(unknown).toEqual([['peer', author]])
  })
})
