import { setImmediate as nextEvents } from 'node:timers/promises'
import type { IngestBatch, IngestResult, IngestSource } from '../ingest/door.ts'
import type { SquareDoor } from '../ingest/square-door.ts'
import type { Clock } from '../util/clock.ts'

/** Somebody who has read a page reads another one soon. */
const READING_MS = 1_000
/** Records in one transaction while somebody reads: a page waits for as many. Small ones cost a fifth more in all. */
const PART_RECORDS = 40

export interface IngestTurnsComponents {
  readonly door: Pick<SquareDoor, 'foresee' | 'ingest'>
  readonly clock: Clock
}

/**
 * Batches one after the other, with signatures judged on every core while earlier ones have their turn. Other calls are
 * answered between two of them; while pages are read, also between parts of one, each a transaction of its own.
 */
export class IngestTurns {
  readonly #door: IngestTurnsComponents['door']
  readonly #clock: Clock
  #turn: Promise<unknown> = Promise.resolve()
  #readMs = Number.NEGATIVE_INFINITY

  constructor(components: IngestTurnsComponents) {
    this.#door = components.door
    this.#clock = components.clock
  }

  /** A page is being read. */
  noteReading(): void {
    this.#readMs = this.#clock.now()
  }

  /** What the door throws undoes the part it was in; parts before it stay. */
  ingest(batch: IngestBatch, source: IngestSource): Promise<IngestResult> {
    const foreseen = this.#door.foresee(batch, source)
    const turn = this.#turn.then(async () => {
      await foreseen
      return this.#ingestParts(batch, source)
    })
    this.#turn = turn.catch(() => {}).then(() => nextEvents())
    return turn
  }

  /** Resolves when no batch waits for its turn. */
  async settled(): Promise<void> {
    await this.#turn
  }

  async #ingestParts({ operations, records }: IngestBatch, source: IngestSource): Promise<IngestResult> {
    let done = 0
    const nextPart = () => records.slice(done, this.#isRead() ? done + PART_RECORDS : undefined)
    let part = nextPart()
    const result = this.#door.ingest({ operations, records: part }, source)
    if (part.length === records.length) return result
    const outcomes = [...result.records]
    for (done = part.length; done < records.length; done += part.length) {
      await nextEvents()
      part = nextPart()
      outcomes.push(...this.#door.ingest({ operations: [], records: part }, source).records)
    }
    return { operations: result.operations, records: outcomes }
  }

  #isRead(): boolean {
    return Math.abs(this.#clock.now() - this.#readMs) < READING_MS
  }
}
