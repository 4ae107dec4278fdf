/**
 * The beats of one session (BEA8): what the other side offers is gathered, taken in at the end when its records have
 * come, and held against the logs that it offered. Who holds less than a device says there is lacks the tail.
 */
import type { BeatDoor } from '../ingest/door.ts'
import { compareBeats, encodeBeat, type SignedBeat } from '../record/beat.ts'
import type { HeldLog, LogReader, OpenTail } from '../store/log-reader.ts'
import { toHex } from '../util/bytes.ts'
import { SyncError } from './errors.ts'
import type { OfferEntry } from './frames.ts'
import { MAX_RANGES } from './limits.ts'
import { type LogShare, uniqueKeys } from './offer.ts'
import { subtractRanges } from './ranges.ts'

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

/** What a beat names above the end of the other side's log, and neither side holds. */
export interface LackingTail extends LogShare {
  /** The other side has a beat that names this number: it gave it, or was given it, or holds what is held here. 0 for none. */
  readonly knownSeq: number
}

/** What one log was offered as, and the highest number that any beat of it names. */
interface Candidate {
  readonly author: Uint8Array
  readonly device: Uint8Array
  offeredSeq: number
  beatSeq: number
  /** The highest number that a beat names which came with the offer. */
  shownSeq: number
  /** The newest that was offered, if it is newer than the one that is here. */
  news: SignedBeat | null
}

export interface BeatExchangeComponents {
  readonly door: BeatDoor
  readonly reader: Pick<LogReader, 'listHeld' | 'listTails'>
}

export class BeatExchange {
  readonly #components: BeatExchangeComponents
  readonly #peerId: string
  /** By author and device in hex: logs that were named, or of which a beat is here, with what was offered. */
  readonly #logs = new Map<string, Candidate>()
  /** Authors of those, in hex. */
  readonly #named = new Set<string>()
  /** By author and device in hex: numbers of beats that the other side was given, where they name more than is held here. */
  readonly #given = new Map<string, number>()
  /** What was lacking when the session began. */
  #open: readonly OpenTail[] = []
  readonly #lacking: LackingTail[] = []

  constructor(components: BeatExchangeComponents, init: { readonly peerId: string }) {
    this.#components = components
    this.#peerId = init.peerId
  }

  /** To be called before anything is said of what is held here. @throws what the store throws */
  async noteTails(): Promise<void> {
    this.#open = await this.#components.reader.listTails(MAX_BEHIND)
  }

  /** What the other side was told of what is held here. */
  noteGiven(entries: readonly OfferEntry[]): void {
    for (const { author, logs } of entries) {
      for (const { device, ranges, beat } of logs) {
        if (beat !== null && beat.seq > (ranges.at(-1)?.[1] ?? 0)) this.#given.set(keyOf(author, device), beat.seq)
      }
    }
  }

  /** What was offered; `held` has the logs of these authors that are here. */
  noteOffer(entries: readonly OfferEntry[], held: readonly HeldLog[]): void {
    const here = new Map(held.map((log) => [keyOf(log.author, log.device), log]))
    for (const { author, device, beat } of held) this.#note(author, device, 0, beat?.seq ?? 0)
    for (const { author, logs } of entries) {
      this.#named.add(toHex(author))
      for (const { device, ranges, beat } of logs) {
        const log = this.#note(author, device, ranges.at(-1)?.[1] ?? 0, beat?.seq ?? 0)
        log.shownSeq = Math.max(log.shownSeq, beat?.seq ?? 0)
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

  /**
   * After `settle`: the tails that a beat names and neither side holds; `compared` are the authors of whom the other side
   * holds nothing more. Of those whom it didn't name it holds what was held here, the beat too.
   * @throws what the store throws
   */
  async listTails(compared: readonly Uint8Array[]): Promise<readonly LackingTail[]> {
    const names = new Set(compared.map(toHex).filter((name) => !this.#named.has(name)))
    const alike = this.#open.filter(({ author }) => names.has(toHex(author)))
    const knownOf = new Map(alike.map(({ author, device, beatSeq }) => [keyOf(author, device), beatSeq]))
    const authors = uniqueKeys(alike.map(({ author }) => author))
    const tails = [...this.#lacking]
    for (let i = 0; i < authors.length; i += PAGE) {
      for (const log of await this.#components.reader.listHeld(authors.slice(i, i + PAGE))) {
        const knownSeq = knownOf.get(keyOf(log.author, log.device))
        if (knownSeq !== undefined) tails.push(...tailOf(log, 0, knownSeq))
      }
    }
    return tails
  }

  #behindOf(log: HeldLog): BehindBeat[] {
    const { author, device, beat, ranges, releasedTo = 0 } = log
    const key = keyOf(author, device)
    const offered = this.#logs.get(key)
    if (beat === null || offered === undefined || offered.offeredSeq >= beat.seq) return []
    const { offeredSeq, shownSeq } = offered
    const knownSeq = Math.max(shownSeq, this.#given.get(key) ?? 0)
    // Of whoever offers nothing of a log nothing is known of its tail either.
    if (offeredSeq > 0) this.#lacking.push(...tailOf(log, offeredSeq, knownSeq))
    // What was let go of isn't looked for elsewhere.
    const heldSeq = Math.max(ranges.at(-1)?.[1] ?? 0, releasedTo)
    return [{ author, device, offeredSeq, beatSeq: beat.seq, heldSeq }]
  }

  #note(author: Uint8Array, device: Uint8Array, offeredSeq: number, beatSeq: number): Candidate {
    const key = keyOf(author, device)
    const log = this.#logs.get(key) ?? { author, device, offeredSeq, beatSeq, shownSeq: 0, news: null }
    log.offeredSeq = Math.max(log.offeredSeq, offeredSeq)
    log.beatSeq = Math.max(log.beatSeq, beatSeq)
    this.#logs.set(key, log)
    return log
  }
}

/** What the newest beat of a log names above `offeredSeq` or, with 0, above all that is held, and what isn't held. */
function tailOf({ author, device, beat, ranges }: HeldLog, offeredSeq: number, knownSeq: number): LackingTail[] {
  const [first, last] = [ranges[0], ranges.at(-1)]
  if (beat === null || first === undefined || last === undefined) return []
  // Of a log in many pieces only the newest are known.
  const fromSeq = Math.max((offeredSeq || last[1]) + 1, ranges.length < MAX_RANGES ? 1 : first[0])
  const missing = fromSeq > beat.seq ? [] : subtractRanges([[fromSeq, beat.seq]], ranges)
  return missing.length === 0 ? [] : [{ author, device, ranges: missing, knownSeq }]
}

function isNews({ seq, ts }: SignedBeat, held: HeldLog | undefined): boolean {
  const before = held?.beat ?? null
  return before === null || seq > before.seq || (seq === before.seq && ts > before.ts)
}

function keyOf(author: Uint8Array, device: Uint8Array): string {
  return toHex(author) + toHex(device)
}
