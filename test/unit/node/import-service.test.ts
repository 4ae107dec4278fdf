import { utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { ImportPlace } from '../../../core/archive/archive-import.ts'
import type { NodeEvent } from '../../../core/contract/views.ts'
import type { IngestBatch, IngestDoor, IngestOutcome } from '../../../core/ingest/door.ts'
import { ImportService } from '../../../core/node/import-service.ts'
import { ManualClock } from '../../../core/util/clock.ts'
import { silentLogger } from '../../../core/util/logger.ts'
import { ARCHIVE_NETWORK, SMALL_BATCHES, writeArchive, writeSmallArchive } from '../../harness/archives.ts'
import { makeCorpus } from '../../harness/corpus.ts'
import { makeTempDir } from '../../harness/temp-dir.ts'
import { eventually } from '../../harness/wait.ts'

const NEW: IngestOutcome = {
  verdict: { verdict: 'accept' },
  id: null,
  author: null,
  isNew: true,
  isKept: true,
  mayForward: true,
}

/** A door that lets batches in when the test says so. */
class Gate implements IngestDoor {
  readonly batches: IngestBatch[] = []
  readonly #waiting: (() => void)[] = []
  isOpen = false

  async ingest(batch: IngestBatch) {
    this.batches.push(batch)
    if (!this.isOpen) await new Promise<void>((resolve) => this.#waiting.push(resolve))
    return { operations: batch.operations.map(() => NEW), records: batch.records.map(() => NEW) }
  }

  open(): void {
    this.isOpen = true
    this.letIn(this.#waiting.length)
  }

  letIn(count: number): void {
    for (const go of this.#waiting.splice(0, count)) go()
  }
}

function createService(before: ImportPlace | null = null) {
  const clock = new ManualClock(1_800_000_000_000)
  const gate = new Gate()
  const events: NodeEvent[] = []
  const book = { place: before, written: 0 }
  const service = new ImportService(
    {
      door: gate,
      places: {
        getImportPlace: async () => book.place,
        setImportPlace: async (place) => {
          book.place = place
          book.written++
        },
      },
      events: { publish: (event) => events.push(event) },
      clock,
      steady: clock,
      logger: silentLogger,
    },
    { network: ARCHIVE_NETWORK, batch: SMALL_BATCHES },
  )
  onTestFinished(async () => {
    gate.open()
    await service.stop()
  })
  return { service, gate, clock, events, book }
}

/** Six batches. */
const SEVERAL = makeCorpus({ authors: 3, posts: 2_000, seed: 2 })

/** Of the same people and records each time. */
async function writeSeveral() {
  const path = join(makeTempDir(), 'small.car')
  const bytes = await writeArchive(path, [...SEVERAL.operations, ...SEVERAL.records])
  return { path, bytes, records: SEVERAL.records }
}

describe('ImportService', () => {
  it('says how far it is, how fast, and how long yet, and hints at it', async () => {
    const { path, bytes } = await writeSeveral()
    const { service, gate, clock, events, book } = createService()
    expect(service.status()).toBeNull()
    const begun = await service.begin(path)
    expect(begun).toMatchObject({ file: 'small.car', step: 'running', resumedAtBytes: null, totalBytes: bytes.length })
    expect(begun).toMatchObject({ records: { added: 0, known: 0 }, ratePerSecond: 0, secondsLeft: null })
    await eventually('three batches wait', () => gate.batches.length === 3)
    gate.letIn(1)
    await eventually('one is in', () => (service.running()?.records.added ?? 0) > 100)
    clock.advance(3_000)
    gate.letIn(1)
    await eventually('the place is written', () => book.place?.offset === service.status()?.doneBytes)
    const status = service.running()
    expect(status?.ratePerSecond).toBeGreaterThan(100)
    expect(status?.secondsLeft).toBeGreaterThan(0)
    gate.open()
    await eventually('it is done', () => service.status()?.step === 'done')
    expect(service.status()).toMatchObject({ doneBytes: bytes.length, secondsLeft: null, endedAt: clock.now() })
    expect(service.running()).toBeNull()
    expect(book.place).toBeNull()
    expect(events.length).toBeGreaterThan(2)
  })

  it('takes one in at a time', async () => {
    const { path } = await writeSmallArchive(makeTempDir())
    const { service } = createService()
    await service.begin(path)
    await expect(service.begin(path)).rejects.toMatchObject({ code: 'busy' })
  })

  it('goes on where it was called off, with what was counted', async () => {
    const { path, records } = await writeSeveral()
    const { service, gate, book } = createService()
    await service.begin(path)
    await eventually('three batches wait', () => gate.batches.length === 3)
    const cancelling = service.cancel()
    gate.open()
    const cancelled = await cancelling
    expect(cancelled).toMatchObject({ step: 'cancelled', failure: null })
    const taken = cancelled?.records.added ?? 0
    expect(taken).toBeLessThan(records.length)
    const resumed = await service.begin(path)
    expect(resumed).toMatchObject({ resumedAtBytes: cancelled?.doneBytes, records: { added: taken } })
    await eventually('it is done', () => service.status()?.step === 'done')
    expect(service.status()?.records).toEqual({ added: records.length, known: 0 })
    expect(book.place).toBeNull()
  })

  it.each([
    ['another file', async (path: string, other: Uint8Array) => writeFile(path, other)],
    ['one that was changed since', async (path: string) => utimes(path, 1_000, 1_000)],
  ])('begins anew with %s', async (_, change) => {
    const { bytes: other } = await writeSmallArchive(makeTempDir())
    const { path } = await writeSeveral()
    const { service, gate, book } = createService()
    await service.begin(path)
    await eventually('three batches wait', () => gate.batches.length === 3)
    const cancelling = service.cancel()
    gate.open()
    await cancelling
    expect(book.place).not.toBeNull()
    await change(path, other)
    expect((await service.begin(path)).resumedAtBytes).toBeNull()
  })

  it('fails with the code of what is wrong, and says it (ARC5)', async () => {
    const folder = makeTempDir()
    const { bytes } = await writeSmallArchive(folder)
    await writeFile(join(folder, 'cut.car'), bytes.subarray(0, bytes.length - 20))
    const { service, gate, book } = createService()
    gate.open()
    await service.begin(join(folder, 'cut.car'))
    await eventually('it is failed', () => service.status()?.step === 'failed')
    expect(service.status()?.failure?.code).toBe('archive-cut')
    expect(book.place?.offset).toBe(service.status()?.doneBytes)
  })

  it('refuses what it cannot begin with', async () => {
    const { service } = createService()
    await expect(service.begin('small.car')).rejects.toMatchObject({ code: 'bad-request' })
    await expect(service.begin(join(makeTempDir(), 'x.car'))).rejects.toMatchObject({ code: 'archive-unreadable' })
    expect(service.status()).toBeNull()
  })

  it('stops with the node, and takes nothing more', async () => {
    const { path } = await writeSeveral()
    const { service, gate, book } = createService()
    await service.begin(path)
    await eventually('three batches wait', () => gate.batches.length === 3)
    const stopping = service.stop()
    gate.open()
    await stopping
    expect(service.status()?.step).toBe('cancelled')
    expect(book.place?.offset).toBe(service.status()?.doneBytes)
    await expect(service.begin(path)).rejects.toMatchObject({ code: 'stopping' })
  })
})
