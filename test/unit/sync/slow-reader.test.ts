import { describe, expect, it } from 'vitest'
import { decodeFrame, encodeFrame, type SyncFrame } from '../../../core/sync/frames.ts'
import { MAX_FRAME_BYTES, WINDOW_FRAMES } from '../../../core/sync/limits.ts'
import { createMemoryDuplex, type DuplexEnd } from '../../harness/memory-duplex.ts'
import { fakeKey, MemorySquare } from '../../harness/memory-square.ts'
import { HELLO } from '../../harness/scripted-sync-peer.ts'
import { sessionOf } from '../../harness/sync-pair.ts'

const ana = fakeKey('ana')
const phone = fakeKey('ana phone')
const RECORDS = 600
/** More frames than all that the session says: what bounds it is its own window. */
const ROOMY = 10_000

const REQUEST: SyncFrame[] = [
  HELLO,
  {
    type: 'interest',
    everyone: false,
    keys: [ana],
    digests: new Uint8Array(),
    sketch: new Uint8Array(),
    known: null,
    isLast: true,
  },
  { type: 'have', entries: [], alike: new Uint8Array(), differing: null, isLast: true },
  {
    type: 'need',
    entries: [{ author: ana, needsChain: true, logs: [{ device: phone, ranges: [[1, RECORDS]] }] }],
    isLast: false,
  },
  { type: 'need', entries: [], isLast: true },
]

/** Until everybody has said what they can say without a further frame. */
async function settle(): Promise<void> {
  for (let i = 0; i < 20; i++) await new Promise((resolve) => setImmediate(resolve))
}

function bytesOf(frames: readonly Uint8Array[]): number {
  return frames.reduce((sum, frame) => sum + frame.byteLength, 0)
}

/** A session that hands on many records, asked by a reader on the near end. */
async function startSending(): Promise<{ near: DuplexEnd; far: DuplexEnd; outcome: Promise<unknown> }> {
  const square = new MemorySquare()
  square.fill(ana, phone, RECORDS, 4_000)
  const [near, far] = createMemoryDuplex(ROOMY)
  const outcome = sessionOf(square, far, { isInitiator: false }).run(new AbortController().signal)
  outcome.catch(() => {})
  for (const frame of REQUEST) await near.writeFrame(encodeFrame(frame))
  await settle()
  return { near, far, outcome }
}

/** Takes one frame; data is acknowledged. */
async function takeOne(near: DuplexEnd): Promise<SyncFrame | null> {
  const bytes = await near.readFrame()
  const frame = bytes === null ? null : decodeFrame(bytes)
  if (frame?.type === 'records' || frame?.type === 'operations') {
    const kept = new Uint8Array(Math.ceil(frame.items.length / 8))
    await near.writeFrame(encodeFrame({ type: 'ack', number: frame.number, kept }))
  }
  return frame
}

describe('a session with a slow reader', () => {
  it('never has more than its window on the way, however much there is to send (SYN9)', async () => {
    const { near, far, outcome } = await startSending()
    let taken = 0
    let mostBytes = 0
    let dataFrames = 0
    for (;;) {
      const waiting = far.written.slice(taken)
      const data = waiting.filter((frame) => ['records', 'operations'].includes(decodeFrame(frame).type))
      expect(data.length).toBeLessThanOrEqual(WINDOW_FRAMES)
      mostBytes = Math.max(mostBytes, bytesOf(data))
      const frame = await takeOne(near)
      taken++
      if (frame?.type === 'records') dataFrames++
      if (frame === null || frame.type === 'done') break
      // The reader's pause: whatever the session would send in it, it sends now.
      await settle()
    }
    expect(mostBytes).toBeLessThanOrEqual(WINDOW_FRAMES * MAX_FRAME_BYTES)
    // The control: the window was full, and all of it many times as much.
    expect(mostBytes).toBeGreaterThan((WINDOW_FRAMES - 2) * MAX_FRAME_BYTES)
    expect(dataFrames).toBeGreaterThan(5 * WINDOW_FRAMES)
    await near.writeFrame(encodeFrame({ type: 'done', operations: 0, records: 0, isComplete: true }))
    await near.close()
    await expect(outcome).resolves.toMatchObject({ sentRecords: RECORDS })
  })

  it('sends nothing further while nobody takes what it has sent (SYN9)', async () => {
    const { near, far, outcome } = await startSending()
    const before = bytesOf(far.written)
    await settle()
    expect(bytesOf(far.written)).toBe(before)
    expect(before).toBeLessThan((WINDOW_FRAMES + 1) * MAX_FRAME_BYTES)
    near.abort(new Error('gone'))
    await expect(outcome).rejects.toMatchObject({ code: 'truncated' })
  })
})
