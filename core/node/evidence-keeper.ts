import { z } from 'zod'
import type { Evidence } from '../contract/evidence.ts'
import type { NamedPeer, NodeEvent } from '../contract/views.ts'
import { formatPeerId } from '../identity/peer-id.ts'
import type { IngestedEvent } from '../ingest/door.ts'
import type { LogReader, SeqRange } from '../store/log-reader.ts'
import { claimedName } from '../sync/frames.ts'
import { countRanges, uniteRanges } from '../sync/ranges.ts'
import type { SyncEvent } from '../sync/sync-service.ts'
import { filterWanted } from '../sync/wishes.ts'
import type { TimelineReader } from '../timeline/reader.ts'
import { fromHex, toHex } from '../util/bytes.ts'
import type { Clock } from '../util/clock.ts'
import type { Logger } from '../util/logger.ts'
import { LruMap } from '../util/lru-map.ts'
import { EvidenceBook } from './evidence-book.ts'
import { claimsOf } from './evidence-claims.ts'
import { ForkBook } from './evidence-forks.ts'
import type { NodePart, StateBook } from './ports.ts'

/** Name of what is remembered across restarts. */
const STATE = 'evidence'
/** Changes are written together. */
const SAVE_MS = 2_000
/** Peers whose name is known while they are away. */
const MAX_NAMES = 512
/** Peers that are named on a profile. */
const MAX_OWED_BY = 8
/** Ranges of numbers in one answer, the newest. */
const MAX_SAID_RANGES = 8
/** Authors that are looked at for forks at once, and in all, at a start. */
const PAGE_AUTHORS = 256
const MAX_SCANNED = 4_096
/** Logs that wait to be looked at for forks. */
const MAX_WAITING = 256

const hex = z.string().regex(/^[0-9a-f]{64}$/)
const peerId = z.string().max(128)
const seq = z.number().int().positive()
const ranges = z.array(z.tuple([seq, seq])).max(64)
const ms = z.number().int()
const savedSchema = z.object({
  entries: z.array(
    z.object({
      kind: z.enum(['withheld', 'hole', 'frozen', 'tail']),
      peerId,
      author: hex,
      device: hex,
      ranges,
      left: ranges,
      sinceMs: ms,
      seenMs: ms,
      state: z.enum(['open', 'repaired', 'settled']),
      stateMs: ms,
      from: peerId.nullable(),
    }),
  ),
  forks: z.array(
    z.object({ author: hex, device: hex, seqs: z.array(seq).max(64), peers: z.array(peerId).max(4), sinceMs: ms }),
  ),
  peers: z.array(z.object({ peerId, profile: z.string().max(128).nullable(), name: z.string().max(128) })),
})

export interface EvidenceKeeperComponents {
  readonly store: LogReader & Pick<TimelineReader, 'names'>
  readonly book: StateBook
  readonly events: { publish(event: NodeEvent): void }
  readonly clock: Clock
  readonly logger: Logger
}

/**
 * Keeps what peers owe, and which devices have signed two histories: from sessions of sync and from what the door says,
 * across restarts.
 */
export class EvidenceKeeper implements NodePart {
  readonly #c: EvidenceKeeperComponents
  readonly #owed: EvidenceBook
  readonly #forks: ForkBook
  readonly #names = new LruMap<string, Omit<NamedPeer, 'peerId'>>(MAX_NAMES)
  /** Authors to look up, and logs with who brought something beside what was here: what waits is said once. */
  readonly #toSettle = new Map<string, Uint8Array>()
  readonly #toLook = new Map<string, { author: Uint8Array; device: Uint8Array; peer: string | null }>()
  #work: Promise<void> = Promise.resolve()
  #timer: NodeJS.Timeout | undefined
  #isStopped = false

  constructor(components: EvidenceKeeperComponents) {
    this.#c = components
    this.#owed = new EvidenceBook(components)
    this.#forks = new ForkBook(components)
  }

  /** Reads what was kept, and looks for forks that the store knows of and the book doesn't. */
  start(): void {
    this.#later('what peers owe could not be read', () => this.#load())
    this.#later('forks could not be looked for', () => this.#scan())
  }

  /** Chains say nothing about what peers owe. */
  noteIdentities(): void {}

  /** What counts of a session comes by `noteSync`. */
  noteSynced(): void {}

  /** Resolves when all that was noted is looked up. */
  async settled(): Promise<void> {
    await this.#work
  }

  /** Idempotent. */
  async stop(): Promise<void> {
    this.#isStopped = true
    await this.#work
    if (this.#timer === undefined) return
    clearTimeout(this.#timer)
    this.#timer = undefined
    await this.#save()
  }

  /** True for a peer that hasn't kept its word lately. */
  owes(peer: string): boolean {
    return this.#owed.owes(peer)
  }

  async owedBy(author: Uint8Array): Promise<NamedPeer[]> {
    const name = toHex(author)
    const entries = this.#owed.list().filter((entry) => entry.author === name && entry.state === 'open')
    const ids = [...new Set(entries.map((entry) => entry.peerId))].slice(0, MAX_OWED_BY)
    const peers = await this.#named(ids)
    return ids.map((id) => peers(id))
  }

  async list(): Promise<Evidence[]> {
    const [owed, forks] = [this.#owed.list(), this.#forks.list()]
    const profiles = [...new Set([...owed, ...forks].map(({ author }) => toPeerId(author)))]
    const peerOf = await this.#named([
      ...owed.flatMap(({ peerId, from }) => (from === null ? [peerId] : [peerId, from])),
      ...forks.flatMap(({ peers }) => peers),
    ])
    const names = await this.#c.store.names(profiles)
    const nameOf = new Map(profiles.map((profile, i) => [profile, names[i] ?? '']))
    const personOf = (author: string) => ({ profile: toPeerId(author), name: nameOf.get(toPeerId(author)) ?? '' })
    return [
      ...owed.map((entry): Evidence => {
        const { kind, sinceMs, state, stateMs, from } = entry
        const about = state === 'open' ? entry.left : entry.ranges
        return {
          kind,
          peers: [peerOf(entry.peerId)],
          author: personOf(entry.author),
          device: toPeerId(entry.device),
          count: countRanges(about),
          seqs: toSaid(about),
          since: sinceMs,
          state,
          changedAt: stateMs,
          from: from === null ? null : peerOf(from),
        }
      }),
      ...forks.map((fork): Evidence => {
        return {
          kind: 'fork',
          peers: fork.peers.map(peerOf),
          author: personOf(fork.author),
          device: toPeerId(fork.device),
          count: fork.seqs.length,
          seqs: toSaid(fork.seqs.reduce<SeqRange[]>((all, one) => uniteRanges(all, [[one, one]]), [])),
          since: fork.sinceMs,
          state: 'open',
          changedAt: fork.sinceMs,
          from: null,
        }
      }),
    ]
  }

  noteSync(event: SyncEvent): void {
    if (this.#isStopped) return
    if (event.type === 'hello') {
      const { profile } = event.hello
      const known = { profile: profile === null ? null : formatPeerId(profile), name: claimedName(event.hello) }
      this.#names.set(event.peerId, known)
    } else if (event.type === 'done') {
      const { peerId, summary } = event
      const { shortfall, isComplete } = summary
      const judges = (author: string) => shortfall.judges(fromHex(author) ?? new Uint8Array())
      const hasChanged = this.#owed.noteSession({ peerId, claims: claimsOf(summary), isComplete, judges })
      if (hasChanged) this.#noteChange()
    }
  }

  noteIngested({ source, records }: IngestedEvent): void {
    if (this.#isStopped || records.length === 0) return
    const logs = Map.groupBy(records, ({ author, device }) => toHex(author) + toHex(device))
    for (const group of logs.values()) {
      const [{ author, device }] = group as [IngestedEvent['records'][number]]
      const [name, key] = [toHex(author), toHex(device)]
      if (source.peer !== undefined) {
        const seqs = group.map((record) => record.seq)
        this.#owed.noteBrought(source.peer, name, key, seqs)
      }
      if (this.#owed.misses(name, key)) this.#toSettle.set(name, author)
      if (group.some(({ isForked }) => isForked === true) && this.#toLook.size < MAX_WAITING) {
        const peer = source.peer ?? null
        this.#toLook.set(`${name}${key} ${peer}`, { author, device, peer })
      }
    }
    if (this.#toSettle.size + this.#toLook.size > 0) this.#later('the store could not be asked', () => this.#lookUp())
  }

  /** What these peers are called: as the account that runs there is, or as they say. */
  async #named(ids: readonly string[]): Promise<(peerId: string) => NamedPeer> {
    const profiles = [...new Set(ids.flatMap((id) => this.#names.peek(id)?.profile ?? []))]
    const names = await this.#c.store.names(profiles)
    const nameOf = new Map(profiles.map((profile, i) => [profile, names[i] ?? '']))
    return (id) => {
      const { profile, name } = this.#names.peek(id) ?? { profile: null, name: '' }
      return { peerId: id, profile, name: (profile === null ? '' : nameOf.get(profile)) || name }
    }
  }

  // --- work ---

  async #lookUp(): Promise<void> {
    const [authors, logs] = [[...this.#toSettle.values()], [...this.#toLook.values()]]
    this.#toSettle.clear()
    this.#toLook.clear()
    for (const author of authors) await this.#settle(author)
    for (const { author, device, peer } of logs) await this.#noteFork(author, device, peer)
  }

  /** What is held of the author now. */
  async #settle(author: Uint8Array): Promise<void> {
    for (const { device, ranges: held } of await this.#c.store.listHeld([author])) {
      if (this.#owed.noteHeld(toHex(author), toHex(device), held)) this.#noteChange()
    }
  }

  async #noteFork(author: Uint8Array, device: Uint8Array, peer: string | null): Promise<void> {
    const { store } = this.#c
    if ((await filterWanted(store, [author])).length === 0) return
    const [found = []] = await store.listForks([{ author, device }])
    const seqs = found.map((mark) => mark.seq)
    if (this.#forks.note(toHex(author), toHex(device), seqs, peer)) this.#noteChange()
  }

  async #load(): Promise<void> {
    const { data } = savedSchema.safeParse(await this.#c.book.getState(STATE))
    if (data === undefined) return
    for (const { peerId: id, profile, name } of data.peers) {
      if (!this.#names.has(id)) this.#names.set(id, { profile, name })
    }
    this.#owed.restore(data.entries)
    this.#forks.restore(data.forks)
    for (const author of this.#owed.listMissed()) await this.#settle(fromHex(author) as Uint8Array)
  }

  async #scan(): Promise<void> {
    const { store } = this.#c
    const wanted = (await store.listWanted()).slice(0, MAX_SCANNED)
    for (let i = 0; i < wanted.length && !this.#isStopped; i += PAGE_AUTHORS) {
      const held = await store.listHeld(wanted.slice(i, i + PAGE_AUTHORS))
      for (const { author, device } of held.filter(({ isForked }) => isForked)) {
        await this.#noteFork(author, device, null)
      }
    }
  }

  #noteChange(): void {
    this.#c.events.publish({ type: 'network' })
    if (this.#timer !== undefined) return
    this.#timer = setTimeout(() => {
      this.#timer = undefined
      this.#later('what peers owe could not be written', () => this.#save())
    }, SAVE_MS)
    this.#timer.unref()
  }

  async #save(): Promise<void> {
    // In the order in which they are put back: the latest last.
    const [entries, forks] = [this.#owed.list().toReversed(), this.#forks.list().toReversed()]
    const ids = new Set([
      ...entries.flatMap((entry) => [entry.peerId, ...(entry.from === null ? [] : [entry.from])]),
      ...forks.flatMap((fork) => fork.peers),
    ])
    const peers = [...ids].flatMap((id) => {
      const known = this.#names.peek(id)
      return known === undefined ? [] : [{ peerId: id, ...known }]
    })
    try {
      await this.#c.book.setState(STATE, { entries, forks, peers })
    } catch (error) {
      this.#c.logger.warn({ err: error }, 'what peers owe could not be written')
    }
  }

  /** One after the other; a failure is the log's. */
  #later(failure: string, work: () => Promise<void>): void {
    this.#work = this.#work.then(work).catch((error: unknown) => {
      if (!this.#isStopped) this.#c.logger.warn({ err: error }, failure)
    })
  }
}

function toPeerId(key: string): string {
  return formatPeerId(fromHex(key) as Uint8Array)
}

function toSaid(all: readonly SeqRange[]): [number, number][] {
  return all.slice(-MAX_SAID_RANGES).map(([from, to]) => [from, to])
}
