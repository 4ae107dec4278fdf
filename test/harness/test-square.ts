import { onTestFinished } from 'vitest'
import type { IngestedEvent, IngestResult, IngestSource } from '../../core/ingest/door.ts'
import { openSquare, type Square } from '../../core/node/square.ts'
import { packBytes, type SquareInit } from '../../core/node/square-calls.ts'
import { ManualClock } from '../../core/util/clock.ts'
import { silentLogger } from '../../core/util/logger.ts'
import { TEST_EPOCH_MS, type TestAuthor } from './authors.ts'
import { makeTempDir } from './temp-dir.ts'

export interface TestSquareInit extends Partial<Omit<SquareInit, 'account'>> {
  readonly me?: TestAuthor | undefined
  readonly clock?: ManualClock
}

/** The store in the test's own thread, on real files, with a clock that the test holds: a day after authors begin. */
export class TestSquare {
  readonly dataDir: string
  readonly clock: ManualClock
  readonly events: IngestedEvent[] = []
  readonly listeners = new Set<(event: IngestedEvent) => void>()
  readonly square: Square
  #isOpen = true

  constructor(init: TestSquareInit = {}) {
    const { me, clock, ...rest } = init
    this.dataDir = init.dataDir ?? makeTempDir()
    this.clock = clock ?? new ManualClock(TEST_EPOCH_MS + 86_400_000)
    this.square = openSquare(
      { clock: this.clock, logger: silentLogger, onIngested: (event) => this.#note(event) },
      {
        domain: 'palabre',
        role: 'peer',
        admit: 'all',
        pins: [],
        ...rest,
        dataDir: this.dataDir,
        account: me?.account ?? null,
      },
    )
    onTestFinished(() => this.close())
  }

  ingest(
    batch: {
      readonly operations?: readonly Uint8Array[]
      readonly records?: readonly { readonly bytes: Uint8Array }[]
    },
    source: IngestSource = { kind: 'sync', peer: 'peer' },
  ): IngestResult {
    const records = (batch.records ?? []).map(({ bytes }) => bytes)
    return this.square.ingest(packBytes(batch.operations ?? []), packBytes(records), source)
  }

  /** An author's chain and everything written so far. */
  ingestAll(...authors: readonly TestAuthor[]): IngestResult {
    return this.ingest({
      operations: authors.map(({ genesis }) => genesis),
      records: authors.flatMap(({ records }) => records),
    })
  }

  #note(event: IngestedEvent): void {
    this.events.push(event)
    for (const listener of this.listeners) listener(event)
  }

  close(): void {
    if (!this.#isOpen) return
    this.#isOpen = false
    this.square.close()
  }
}
