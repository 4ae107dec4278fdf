import { describe, expect, it } from 'vitest'
import { AuthorHeads } from '../../core/sync/author-heads.ts'
import { SyncError } from '../../core/sync/errors.ts'
import { decodeFeedFrame } from '../../core/sync/feed/feed-frames.ts'
import { FeedReader } from '../../core/sync/feed/feed-reader.ts'
import { FeedSender } from '../../core/sync/feed/feed-sender.ts'
import { prefixesOf } from '../../core/sync/feed/interest-set.ts'
import type { FeedTimes } from '../../core/sync/feed/limits.ts'
import { systemClock } from '../../core/util/clock.ts'
import { mutateBytes } from '../harness/cbor-mutator.ts'
import { mutateSession } from '../harness/frame-mutator.ts'
import { createMemoryDuplex, type DuplexEnd } from '../harness/memory-duplex.ts'
import { fakeKey, MemorySquare } from '../harness/memory-square.ts'
import { fuzzCases, fuzzSeed, SeededChoice } from '../harness/seeded-random.ts'
import { eventually } from '../harness/wait.ts'

const ROUNDS = fuzzCases(2_000)
const SEED = fuzzSeed('feed frames')
const TIMEOUT_MS = 600_000
const TIMES: FeedTimes = { firstHeadsMs: 1, headsEveryMs: 600_000, idleMs: 20_000, totalMs: 600_000 }

const ana = fakeKey('ana')
const phone = fakeKey('ana phone')
const RECORDS = 9

type Outcome = Promise<unknown>

function settled(run: Promise<void>): Outcome {
  return run.then(
    () => null,
    (error: unknown) => error,
  )
}

/** A seed that has taken in some records since the feed began. */
function serve(duplex: DuplexEnd): Outcome {
  const square = new MemorySquare()
  square.fill(ana, phone, RECORDS)
  const heads = new AuthorHeads({ reader: square, clock: systemClock })
  const init = { peerId: 'reader', network: 'palabre', times: TIMES, mayGrow: () => true }
  const sender = new FeedSender({ reader: square, heads, duplex, clock: systemClock }, init)
  const outcome = settled(sender.run(new AbortController().signal))
  const records = Array.from({ length: RECORDS }, (_, i) => ({
    id: fakeKey(`${i}`),
    author: ana,
    device: phone,
    seq: i + 1,
    kind: 1,
    touches: [],
    isHome: false,
    isOwn: false,
    media: [],
  }))
  const note = () => {
    sender.note({ source: { kind: 'sync' }, records, reshown: [], identities: [ana], gaps: [], beats: [] })
    if (sender.interestSize === 0) timer = setTimeout(note, 1)
  }
  let timer = setTimeout(note, 1)
  void outcome.then(() => clearTimeout(timer))
  return outcome
}

function read(duplex: DuplexEnd): Outcome {
  const square = new MemorySquare()
  square.wanted.push(ana)
  const reader = new FeedReader(
    { door: square, duplex, clock: systemClock },
    {
      peerId: 'seed',
      network: 'palabre',
      times: TIMES,
      nonce: new Uint8Array(16),
      isWhole: true,
      interest: prefixesOf([ana]),
    },
  )
  return settled(reader.run(new AbortController().signal))
}

/** What both sides say when both are honest, until the first heads. */
async function honestFrames(): Promise<{ reader: Uint8Array[]; server: Uint8Array[] }> {
  const [near, far] = createMemoryDuplex(64)
  const outcomes = [serve(far), read(near)]
  const isHeads = (bytes: Uint8Array) => decodeFeedFrame(bytes).type === 'heads'
  const isAck = (bytes: Uint8Array) => decodeFeedFrame(bytes).type === 'ack'
  await eventually('the heads are acknowledged', () => {
    return far.written.some(isHeads) && near.written.filter(isAck).length === far.written.length - 1
  })
  await near.close()
  expect(await outcomes[0]).toBeNull()
  await far.close()
  expect(await outcomes[1]).toBeNull()
  return { reader: near.written, server: far.written }
}

/** Plays frames to one side; the error that ended it, null when it ended well. */
async function play(frames: readonly Uint8Array[], side: (duplex: DuplexEnd) => Outcome): Promise<unknown> {
  const [near, far] = createMemoryDuplex(64)
  const outcome = side(far)
  const reading = (async () => {
    while ((await near.readFrame().catch(() => null)) !== null);
  })()
  for (const frame of frames) await near.writeFrame(frame).catch(() => {})
  // An acknowledgement may come before what it answers: a side that ends for that has ended with a named error.
  await near.close()
  const error = await outcome
  far.abort(new Error('over'))
  await reading
  return error
}

describe(`a feed under ${ROUNDS} mutated courses of each side (F6), seed ${SEED}`, () => {
  it('goes well when nothing is mutated: the control', async () => {
    const { server } = await honestFrames()
    expect(server.length).toBeGreaterThan(2)
    expect(await play(server, read)).toBeNull()
  })

  for (const [name, side] of Object.entries({ reader: serve, server: read })) {
    it(
      `ends well or with a named error whatever the ${name} says`,
      async () => {
        const choice = new SeededChoice(SEED)
        const honest = (await honestFrames())[name as 'reader' | 'server']
        const codes = new Map<string, number>()
        for (let round = 0; round < ROUNDS; round++) {
          const error = await play(mutateSession(honest, choice), side)
          if (error !== null && !(error instanceof SyncError)) {
            throw new Error(`round ${round} of seed ${SEED} ended with ${String(error)}`, { cause: error })
          }
          const code = error === null ? 'none' : error.code
          codes.set(code, (codes.get(code) ?? 0) + 1)
        }
        expect(codes.values().reduce((sum, count) => sum + count, 0)).toBe(ROUNDS)
        expect(codes.get('stalled')).toBeUndefined()
        expect(codes.get('bad-frame')).toBeGreaterThan(ROUNDS / 50)
        expect(codes.get('unexpected-frame')).toBeGreaterThan(ROUNDS / 100)
      },
      TIMEOUT_MS,
    )
  }
})

describe('decodeFeedFrame under mutated bytes', () => {
  it('answers a frame or bad-frame (FEE2)', async () => {
    const choice = new SeededChoice(SEED)
    const { reader, server } = await honestFrames()
    for (let round = 0; round < 10 * ROUNDS; round++) {
      const bytes = mutateBytes(choice.pick([...reader, ...server]), choice)
      try {
        decodeFeedFrame(bytes)
      } catch (error) {
        if (!(error instanceof SyncError) || error.code !== 'bad-frame') throw error
      }
    }
  })
})
