import { bytesName } from '../store/bytes-name.ts'
import type { IngestedEvent, IngestSource } from './door.ts'

/** Records in one event. */
const MAX_RECORDS = 512

/** Gathers what a batch changed; said only when the batch is committed. */
export class BatchEvents {
  readonly #source: IngestSource
  readonly #records: IngestedEvent['records'][number][] = []
  readonly #identities = new Map<string, Uint8Array>()
  readonly #reshown: Uint8Array[] = []
  readonly #gaps = new Map<string, IngestedEvent['gaps'][number]>()

  constructor(source: IngestSource) {
    this.#source = source
  }

  addRecord(record: IngestedEvent['records'][number]): void {
    this.#records.push(record)
  }

  addIdentity(author: Uint8Array): void {
    this.#identities.set(bytesName(author), author)
  }

  addReshown(ids: readonly Uint8Array[]): void {
    this.#reshown.push(...ids)
  }

  addGap(author: Uint8Array, device: Uint8Array): void {
    const name = bytesName(author) + bytesName(device)
    if (!this.#gaps.has(name)) this.#gaps.set(name, { author, device })
  }

  /** None when nothing changed; all but records goes with the first. */
  list(): IngestedEvent[] {
    const identities = [...this.#identities.values()]
    const gaps = [...this.#gaps.values()]
    const reshown = this.#reshown
    if (this.#records.length + identities.length + gaps.length + reshown.length === 0) return []
    const events: IngestedEvent[] = [
      { source: this.#source, records: this.#records.slice(0, MAX_RECORDS), reshown, identities, beats: [], gaps },
    ]
    for (let from = MAX_RECORDS; from < this.#records.length; from += MAX_RECORDS) {
      const records = this.#records.slice(from, from + MAX_RECORDS)
      events.push({ source: this.#source, records, reshown: [], identities: [], beats: [], gaps: [] })
    }
    return events
  }
}
