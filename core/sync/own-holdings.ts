import type { HoldingBook, LogReader } from '../store/log-reader.ts'
import { equalBytes } from '../util/bytes.ts'
import type { OwnSeqs } from './ack-book.ts'
import type { OfferEntry } from './frames.ts'
import { offeredSeqs } from './offer.ts'

/** Offers of one session that are held against own logs: an honest one names each device's once. */
const MAX_OWN_OFFERS = 16

export interface OwnHoldingsInit {
  readonly peerId: string
  /** 32-byte address of the account here. */
  readonly profile: Uint8Array | null
  /** 32-byte key of this device, whose records are own ones before there is an account here, too. */
  readonly device: Uint8Array
  /** What the other side calls itself. */
  readonly isSeed: () => Promise<boolean>
  /** Marks own work, that the other side isn't blamed for. */
  readonly working: <T>(work: Promise<T>) => Promise<T>
}

/** What the other side of a session holds of this account's records (SYN10). */
export class OwnHoldings {
  readonly #components: { readonly reader: LogReader; readonly book: HoldingBook }
  readonly #init: OwnHoldingsInit
  #offers = 0

  constructor(components: { readonly reader: LogReader; readonly book: HoldingBook }, init: OwnHoldingsInit) {
    this.#components = components
    this.#init = init
  }

  isOwn(author: Uint8Array, device: Uint8Array): boolean {
    const { profile, device: own } = this.#init
    return (profile !== null && equalBytes(author, profile)) || equalBytes(device, own)
  }

  /** What the other side holds of an own log is an acknowledgement as good as any, if it is this log. */
  async noteOffered(entries: readonly OfferEntry[]): Promise<void> {
    for (const entry of entries) {
      for (const log of entry.logs) {
        if (!this.isOwn(entry.author, log.device) || this.#offers >= MAX_OWN_OFFERS) continue
        this.#offers++
        const seqs = await offeredSeqs(this.#components.reader, entry, log)
        if (seqs.length > 0) await this.noteHeld({ device: log.device, seqs })
      }
    }
  }

  async noteHeld({ device, seqs }: OwnSeqs): Promise<void> {
    const { peerId, isSeed, working } = this.#init
    await working(this.#components.book.noteHeld(peerId, await isSeed(), device, seqs))
  }
}
