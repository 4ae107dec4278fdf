import { describe, expect, it } from 'vitest'
import type { IngestBatch, IngestOutcome, IngestResult } from '../../../core/ingest/door.ts'
import { Intake, type IntakeProgress } from '../../../core/sync/intake.ts'
import { MAX_FORKS, WINDOW_FRAMES } from '../../../core/sync/limits.ts'

const KEPT: IngestOutcome = {
  verdict: { verdict: 'accept' },
  id: null,
  author: null,
  isNew: true,
  isKept: true,
  mayForward: false,
}
const DROPPED: IngestOutcome = {
  ...KEPT,
  verdict: { verdict: 'drop', reason: 'not-wanted' },
  isNew: false,
  isKept: false,
}
const INVALID: IngestOutcome = { ...DROPPED, verdict: { verdict: 'reject', reason: 'bad-signature' } }

/** An intake whose door answers when it is told to. */
function open(records = 1_000) {
  const doors: { batch: IngestBatch; resolve: (result: IngestResult) => void }[] = []
  const acks: [number, Uint8Array][] = []
  const faults: unknown[] = []
  const said: IntakeProgress[] = []
  const intake = new Intake({
    ingest: (batch) => {
      const { promise, resolve } = Promise.withResolvers<IngestResult>()
      doors.push({ batch, resolve })
      return promise
    },
    acknowledge: (number, kept) => acks.push([number, kept]),
    fail: (error) => faults.push(error),
    onProgress: (progress) => said.push(progress),
  })
  intake.expect(records, [])
  const take = (number: number, count = 1) =>
    intake.take({ type: 'records', number, items: Array.from({ length: count }, (_, i) => Uint8Array.of(i)) })
  const answer = (frame: number, outcomes: readonly IngestOutcome[]) =>
    doors[frame - 1]?.resolve({ operations: [], records: outcomes })
  return { intake, doors, acks, faults, said, take, answer }
}

describe('Intake', () => {
  it('hands a window of frames to the door at once, and acknowledges them in order (SYN9)', async () => {
    const { intake, doors, acks, take, answer } = open()
    for (let number = 1; number <= WINDOW_FRAMES; number++) take(number, 2)
    expect(doors).toHaveLength(WINDOW_FRAMES)
    for (let number = WINDOW_FRAMES; number >= 1; number--) answer(number, [DROPPED, KEPT])
    await intake.settled
    expect(acks).toEqual(Array.from({ length: WINDOW_FRAMES }, (_, i) => [i + 1, Uint8Array.of(2)]))
    expect(intake).toMatchObject({ receivedRecords: 2 * WINDOW_FRAMES, newRecords: WINDOW_FRAMES })
  })

  it('takes one more only after an acknowledgement (SYN9)', async () => {
    const { acks, take, answer, intake } = open()
    for (let number = 1; number <= WINDOW_FRAMES; number++) take(number)
    answer(1, [KEPT])
    await expect.poll(() => acks.length).toBe(1)
    take(WINDOW_FRAMES + 1)
    expect(() => take(WINDOW_FRAMES + 2)).toThrow(expect.objectContaining({ code: 'window' }))
    expect(intake.receivedRecords).toBe(WINDOW_FRAMES + 1)
  })

  it('refuses more than was asked for before it reaches the door (SYN7)', () => {
    const { doors, take } = open(2)
    take(1, 2 * MAX_FORKS)
    expect(() => take(2)).toThrow(expect.objectContaining({ code: 'budget' }))
    expect(doors).toHaveLength(1)
  })

  it('says what has come, what of it is kept and what is new, once it is judged', async () => {
    const { intake, said, take, answer } = open()
    take(1, 3)
    take(2, 2)
    expect(said).toEqual([])
    answer(2, [KEPT, KEPT])
    answer(1, [DROPPED, KEPT, { ...KEPT, isNew: false }])
    await intake.settled
    expect(said).toEqual([
      { received: 3, kept: 2, fresh: 1 },
      { received: 5, kept: 4, fresh: 3 },
    ])
  })

  it('acknowledges nothing from the first invalid record on (SYN9)', async () => {
    const { intake, acks, faults, take, answer } = open()
    for (let number = 1; number <= 3; number++) take(number)
    answer(3, [KEPT])
    answer(2, [INVALID])
    answer(1, [KEPT])
    await expect(intake.settled).rejects.toMatchObject({ code: 'invalid-record' })
    expect(acks.map(([number]) => number)).toEqual([1])
    expect(faults).toContainEqual(expect.objectContaining({ code: 'invalid-record' }))
  })
})
