import type { IngestOutcome } from '../../ingest/door.ts'
import { digestOf } from '../../store/fork-table.ts'
import type { LogPlaces, LogReader } from '../../store/log-reader.ts'
import { equalBytes, toHex } from '../../util/bytes.ts'
import type { Clock } from '../../util/clock.ts'
import { LruMap } from '../../util/lru-map.ts'
import type { NamedLog } from './feed-frames.ts'
import { Tally } from './tally.ts'

/** Named records that are waited for; the oldest go unlooked at. */
const MAX_WATCHED = 4_096
/** Records that came whole, remembered to tell who sent them. */
const MAX_DELIVERED = 4_096
/** Places that are looked up at once. */
const MAX_LOOKED_UP = 512

export interface NamedWatchTimes {
  /** What has been named is normally here after this time, from whomever: what isn't is asked for. */
  readonly graceMs: number
  /** Then it is looked at again, to see who spoke the truth. */
  readonly judgeMs: number
}

export const NAMED_WATCH_TIMES: NamedWatchTimes = { graceMs: 2_000, judgeMs: 30_000 }

/** What was found wrong with a seed. */
export type NamedFault =
  /** Others name what it, who sends whole records, didn't send. */
  | 'withholds'
  /** It names what nobody ever has. */
  | 'names-nothing'

export interface NamedWatchComponents {
  readonly reader: Pick<LogReader, 'listDigests'>
  readonly clock: Clock
}

export interface NamedWatchInit {
  readonly times?: NamedWatchTimes
  /** These aren't here although that peer has named something new of them. */
  readonly onMissing: (authors: readonly Uint8Array[], peerId: string) => void
  readonly onFault: (peerId: string, fault: NamedFault) => void
}

interface Watched {
  readonly peerId: string
  /** Who was to send it whole; null for nobody. */
  readonly sender: string | null
  readonly author: Uint8Array
  readonly device: Uint8Array
  readonly seq: number
  readonly digest: Uint8Array
  readonly atMs: number
  isHeld: boolean
  isAsked: boolean
}

/**
 * Holds the names that some seeds send against what is here (FEE9): what doesn't come is asked for, and in the end it
 * shows who kept something back and who named what doesn't exist.
 */
export class NamedWatch {
  readonly #components: NamedWatchComponents
  readonly #init: NamedWatchInit
  readonly #times: NamedWatchTimes
  /** In the order of coming. */
  #watched: Watched[] = []
  /** By the digest of a record, who sent it. */
  readonly #delivered = new LruMap<string, string>(MAX_DELIVERED)
  readonly #tallies = new Map<string, Tally>()
  #timer: NodeJS.Timeout | undefined
  #looking: Promise<void> | null = null
  #isStopped = false

  constructor(components: NamedWatchComponents, init: NamedWatchInit) {
    this.#components = components
    this.#init = init
    this.#times = init.times ?? NAMED_WATCH_TIMES
  }

  /** Nothing is asked for afterwards. */
  async stop(): Promise<void> {
    this.#isStopped = true
    clearTimeout(this.#timer)
    this.#watched = []
    await this.#looking
  }

  /** That peer is asked no more. */
  forget(peerId: string): void {
    this.#tallies.delete(peerId)
  }

  /** Records that came whole. */
  noteNews(peerId: string, outcomes: readonly IngestOutcome[]): void {
    for (const { id } of outcomes) if (id !== null) this.#delivered.set(toHex(digestOf([id])), peerId)
  }

  /** Records that a peer holds, which `sender` should have sent. */
  noteNamed(peerId: string, logs: readonly NamedLog[], sender: string | null): void {
    const atMs = this.#components.clock.now()
    for (const { author, device, seqs } of logs) {
      for (const { seq, digest } of seqs) {
        this.#watched.push({ peerId, sender, author, device, seq, digest, atMs, isHeld: false, isAsked: false })
      }
    }
    if (this.#watched.length > MAX_WATCHED) this.#watched.splice(0, this.#watched.length - MAX_WATCHED)
    this.#arm()
  }

  #arm(): void {
    if (this.#isStopped || this.#timer !== undefined || this.#watched.length === 0) return
    this.#timer = setTimeout(
      () => {
        this.#looking = this.#look()
      },
      Math.max(50, this.#times.graceMs / 2),
    )
  }

  async #look(): Promise<void> {
    try {
      const nowMs = this.#components.clock.now()
      const { graceMs, judgeMs } = this.#times
      const isDue = ({ atMs }: Watched, afterMs: number) => nowMs - atMs >= afterMs
      const old = this.#watched.filter((item) => isDue(item, graceMs) && !item.isHeld)
      const due = old.filter((item) => !item.isAsked || isDue(item, judgeMs)).slice(0, MAX_LOOKED_UP)
      await this.#readHeld(due)
      if (this.#isStopped) return
      this.#ask(due.filter(({ isHeld, isAsked }) => !isHeld && !isAsked))
      const looked = new Set(due)
      const ripe = new Set(this.#watched.filter((item) => isDue(item, judgeMs) && (item.isHeld || looked.has(item))))
      this.#watched = this.#watched.filter((item) => !ripe.has(item))
      for (const item of ripe) this.#judge(item)
    } catch {
      // The store stops; what is watched is looked at again, or the watch stops too.
    }
    this.#timer = undefined
    this.#arm()
  }

  async #readHeld(items: readonly Watched[]): Promise<void> {
    const places = items.map(({ author, device, seq }): LogPlaces => ({ author, device, seqs: [seq] }))
    const found = await this.#components.reader.listDigests(places)
    for (const [i, item] of items.entries()) {
      const held = found[i]?.[0]
      item.isHeld = held !== undefined && equalBytes(held.digest, item.digest)
    }
  }

  #ask(items: readonly Watched[]): void {
    for (const item of items) item.isAsked = true
    for (const [peerId, group] of Map.groupBy(items, (item) => item.peerId)) {
      const authors = new Map(group.map(({ author }) => [toHex(author), author]))
      this.#init.onMissing([...authors.values()], peerId)
    }
  }

  #judge({ peerId, sender, digest, isHeld }: Watched): void {
    if (this.#tallyOf(peerId).note(isHeld)) this.#init.onFault(peerId, 'names-nothing')
    if (!isHeld || sender === null || sender === peerId) return
    if (this.#tallyOf(sender).note(this.#delivered.get(toHex(digest)) === sender)) {
      this.#init.onFault(sender, 'withholds')
    }
  }

  #tallyOf(peerId: string): Tally {
    const tally = this.#tallies.get(peerId) ?? new Tally()
    this.#tallies.set(peerId, tally)
    return tally
  }
}
