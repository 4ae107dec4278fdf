import { ORPCError } from '@orpc/server'
import type { ImportView } from '../../../core/contract/archive.ts'
import type { NodeEvent } from '../../../core/contract/views.ts'
import type { FakeOs } from './fake-os.ts'

/** An archive that is being taken in, as a test says. */
export class FakeArchive {
  importing: ImportView | null = null
  readonly #emit: (event: NodeEvent) => void

  constructor(emit: (event: NodeEvent) => void) {
    this.#emit = emit
  }

  /** Null for none. */
  set(next: ImportView | null): void {
    this.importing = next
    this.#emit({ type: 'network' })
  }

  routes(os: FakeOs) {
    const status = () => ({ import: this.importing, export: null })
    const refuse = () => {
      throw new ORPCError('not-here', { message: 'the sample node reads and writes no files' })
    }
    return {
      import: os.archive.import.handler(refuse),
      export: os.archive.export.handler(refuse),
      cancelExport: os.archive.cancelExport.handler(status),
      status: os.archive.status.handler(status),
      cancel: os.archive.cancel.handler(status),
    }
  }
}
