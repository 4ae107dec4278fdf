import { describe, expect, it } from 'vitest'
import { SyncError } from '../../core/sync/errors.ts'
import { decodeFrame } from '../../core/sync/frames.ts'
import { SYNC_LIMITS } from '../../core/sync/limits.ts'
import { mutateBytes } from '../harness/cbor-mutator.ts'
import { createMemoryDuplex } from '../harness/memory-duplex.ts'
import { fakeKey, MemorySquare } from '../harness/memory-square.ts'
import { mutateFrame } from '../harness/mutating-duplex.ts'
import { fuzzCases, fuzzSeed, SeededChoice } from '../harness/seeded-random.ts'
import { sessionOf } from '../harness/sync-pair.ts'

const ROUNDS = fuzzCases(2_000)
const SEED = fuzzSeed('sync frames')
const TIMEOUT_MS = 600_000

const ana = fakeKey('ana')
const phone = fakeKey('ana phone')
const bea = fakeKey('bea')
const desk = fakeKey('bea desk')

function near(): MemorySquare {
  const square = new MemorySquare()
  square.fill(ana, phone, 12)
  square.wanted.push(ana, bea)
  return square
}

function far(): MemorySquare {
  const square = new MemorySquare()
  square.fill(bea, desk, 9)
  square.wanted.push(ana, bea)
  return square
}

/** The frames that an honest initiator sends in one session with `far()`. */
async function honestFrames(): Promise<Uint8Array[]> {
  const [first, second] = createMemoryDuplex()
  const signal = new AbortController().signal
  await Promise.all([
    sessionOf(near(), first, { isInitiator: true }).run(signal),
    sessionOf(far(), second, { isInitiator: false }).run(signal),
  ])
  return first.written
}

/** Longest wait for the data frame that an acknowledgement answers; a mutated session may never send it. */
const ACK_WAIT_MS = 10

/** Plays the frames to a fresh session; the error that ended it, null when it ended well. */
async function play(frames: readonly Uint8Array[], ackWaitMs = ACK_WAIT_MS): Promise<unknown> {
  const [first, second] = createMemoryDuplex(64)
  const limits = { ...SYNC_LIMITS, idleMs: 20_000 }
  const outcome = sessionOf(far(), second, { isInitiator: false, limits }).run(new AbortController().signal)
  const result = outcome.then(
    () => null,
    (error: unknown) => error,
  )
  let dataFrames = 0
  let hasEnded = false
  const reading = (async () => {
    for (;;) {
      const bytes = await first.readFrame().catch(() => null)
      if (bytes === null) break
      if (isData(bytes)) dataFrames++
    }
    hasEnded = true
  })()
  const playing = (async () => {
    let acks = 0
    for (const frame of frames) {
      if (isAck(frame)) {
        acks++
        const end = Date.now() + ackWaitMs
        while (dataFrames < acks && !hasEnded && Date.now() < end) await new Promise(setImmediate)
      }
      await first.writeFrame(frame)
    }
    await first.close()
  })().catch(() => {})
  await Promise.all([playing, reading, result])
  return await result
}

function isData(frame: Uint8Array): boolean {
  return frame[1] === 4 || frame[1] === 5
}

function isAck(frame: Uint8Array): boolean {
  return frame[1] === 6
}

describe(`sync under ${ROUNDS} mutated sessions (F6), seed ${SEED}`, () => {
  it('ends well when nothing is mutated: the control', async () => {
    expect(await play(await honestFrames(), 20_000)).toBeNull()
  })

  it(
    'ends every session well or with a named error',
    async () => {
      const choice = new SeededChoice(SEED)
      const honest = await honestFrames()
      const codes = new Map<string, number>()
      for (let round = 0; round < ROUNDS; round++) {
        const error = await play(mutateSession(honest, choice))
        if (error !== null && !(error instanceof SyncError)) {
          throw new Error(`round ${round} of seed ${SEED} ended with ${String(error)}`, { cause: error })
        }
        const code = error === null ? 'none' : error.code
        codes.set(code, (codes.get(code) ?? 0) + 1)
      }
      expect(codes.values().reduce((sum, count) => sum + count, 0)).toBe(ROUNDS)
      expect(codes.get('unavailable')).toBeUndefined()
      expect(codes.get('stalled')).toBeUndefined()
      expect(codes.get('bad-frame')).toBeGreaterThan(ROUNDS / 20)
      expect(codes.get('unexpected-frame')).toBeGreaterThan(ROUNDS / 50)
    },
    TIMEOUT_MS,
  )
})

describe('decodeFrame under mutated bytes', () => {
  it(
    'answers a frame or bad-frame (SYN2)',
    async () => {
      const choice = new SeededChoice(SEED)
      const honest = await honestFrames()
      for (let round = 0; round < 10 * ROUNDS; round++) {
        const bytes = mutateBytes(choice.pick(honest), choice)
        try {
          decodeFrame(bytes)
        } catch (error) {
          if (!(error instanceof SyncError) || error.code !== 'bad-frame') throw error
        }
      }
    },
    TIMEOUT_MS,
  )
})

/** One frame changed in its bytes or in its values, left out, doubled, put in another's place, or the last. */
function mutateSession(frames: readonly Uint8Array[], choice: SeededChoice): Uint8Array[] {
  const mutated = [...frames]
  const at = choice.below(mutated.length)
  const frame = mutated[at] as Uint8Array
  const kind = choice.below(10)
  if (kind < 3) mutated[at] = mutateBytes(frame, choice)
  else if (kind < 6) mutated[at] = mutateFrame(frame, choice)
  else if (kind === 6) mutated.splice(at, 1)
  else if (kind === 7) mutated.splice(at, 0, frame)
  else if (kind === 8) mutated[at] = choice.pick(frames)
  else mutated.length = at
  return mutated
}
