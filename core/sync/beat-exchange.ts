/**
 * The beats of one session (BEA8): what the other side offers is gathered, taken in at the end when its records have
 * come, and held against the logs that it offered. Who holds less than a device says there is lacks the tail.
 */
import type { BeatDoor } from '../ingest/door.ts'
import { compareBeats, encodeBeat, type SignedBeat } from '../record/beat.ts'
import type { HeldLog, LogReader } from '../store/log-reader.ts'
import { toHex } from '../util/bytes.ts'
import { SyncError } from './errors.ts'
import type { OfferEntry } from './frames.ts'
import { uniqueKeys } from './offer.ts'

/** Beats taken in at once, and authors looked up at once. */
const PAGE = 256
/** Logs of one session of which it is said that the other side lacks the tail. */
const MAX_BEHIND = 1_024

/** A log whose tail the other side didn't offer, although the device has named it in a beat that is held here. */
export interface BehindBeat {
  readonly author: Uint8Array
  readonly device: Uint8Array
  /** The highest number that it offered, 0 where it offered other logs of the author and not this one. */
  readonly offeredSeq: number
  /** The number that the newest beat names. */
  readonly beatSeq: number
  /** The highest number that is held here after the session. */
  readonly heldSeq: number
}

/** What one log was offered as, and the highest number that any beat of it names. */
interface Candidate {
  readonly author: Uint8Array
  readonly device: Uint8Array
  offeredSeq: number
  beatSeq: number
  /** The newest that was offered, if it is newer than the one that is here. */
  news: SignedBeat | null
}

export interface BeatExchangeComponents {
  readonly door: BeatDoor
  readonly reader: Pick<LogReader, 'listHeld'>
}

export class BeatExchange {
  readonly #components: BeatExchangeComponents
  readonly #peerId: string
  /** By author and device in hex: logs that were named, or of which a beat is here, with what was offered. */
  readonly #logs = new Map<string, Candidate>()

  constructor(components: BeatExchangeComponents, init: { readonly peerId: string }) {
    this.#components = components
    this.#peerId = init.peerId
  }

  /** What was offered; `held` has the logs of these authors that are here. */
  noteOffer(entries: readonly OfferEntry[], held: readonly HeldLog[]): void {
    const here = new Map(held.map((log) => [keyOf(log.author, log.device), log]))
    for (const { author, device, beat } of held) this.#note(author, device, 0, beat?.seq ?? 0)
    for (const { author, logs } of entries) {
      for (const { device, ranges, beat } of logs) {
        const log = this.#note(author, device, ranges.at(-1)?.[1] ?? 0, beat?.seq ?? 0)
        if (beat === null || !isNews(beat, here.get(keyOf(author, device)))) continue
        if (log.news === null || compareBeats(beat, log.news) > 0) log.news = beat
      }
    }
  }

  /**
   * Takes the beats in, and answers of which logs the other side lacks the tail.
   * @throws SyncError `invalid-record` for a beat that is wrong in its bytes; what the store throws; the signal's reason
   */
  async settle(signal: AbortSignal): Promise<readonly BehindBeat[]> {
    const { door, reader } = this.#components
    const source = { kind: 'sync', peer: this.#peerId } as const
    const beats = [...this.#logs.values()].flatMap(({ author, device, news }) =>
      news === null ? [] : [encodeBeat({ author, device, ...news })],
    )
    for (let i = 0; i < beats.length; i += PAGE) {
      const outcomes = await door.ingestBeats(beats.slice(i, i + PAGE), source, { signal })
      for (const { verdict } of outcomes) {
        if (verdict.verdict !== 'reject') continue
        throw new SyncError('invalid-record', `the other side sent an invalid beat: ${verdict.reason}`)
      }
    }
    const behind: BehindBeat[] = []
    const suspects = [...this.#logs.values()].filter(({ offeredSeq, beatSeq }) => offeredSeq < beatSeq)
    const authors = uniqueKeys(suspects.map(({ author }) => author))
    for (let i = 0; i < authors.length && behind.length < MAX_BEHIND; i += PAGE) {
      signal.throwIfAborted()
      const logs = await reader.listHeld(authors.slice(i, i + PAGE))
      behind.push(...logs.flatMap((log) => this.#behindOf(log)))
    }
    return behind.slice(0, MAX_BEHIND)
  }

  #behindOf({ author, device, beat, ranges, releasedTo = 0 }: HeldLog): BehindBeat[] {
    const offered = this.#logs.get(keyOf(author, device))
    if (beat === null || offered === undefined || offered.offeredSeq >= beat.seq) return []
    // What was let go of isn't looked for elsewhere.
    const heldSeq = Math.max(ranges.at(-1)?.[1] ?? 0, releasedTo)
    return [{ author, device, offeredSeq: offered.offeredSeq, beatSeq: beat.seq, heldSeq }]
  }

  #note(author: Uint8Array, device: Uint8Array, offeredSeq: number, beatSeq: number): Candidate {
    const key = keyOf(author, device)
    const log = this.#logs.get(key) ?? { author, device, offeredSeq, beatSeq, news: null }
    log.offeredSeq = Math.max(log.offeredSeq, offeredSeq)
    log.beatSeq = Math.max(log.beatSeq, beatSeq)
    this.#logs.set(key, log)
    return log
  }
}

function isNews({ seq, ts }: SignedBeat, held: HeldLog | undefined): boolean {
  const before = held?.beat ?? null
  return before === null || seq > before.seq || (seq === before.seq && ts > before.ts)
}

function keyOf(author: Uint8Array, device: Uint8Array): string {
  return toHex(author) + toHex(device)
}
