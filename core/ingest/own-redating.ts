import { type DecodedBody, decodeBody, KIND } from '../record/kinds/kind-table.ts'
import { MAX_AHEAD_MS } from '../record/limits.ts'
import { edgeOf } from '../store/edge-of.ts'
import type { RecordRow } from '../store/record-table.ts'
import type { SquareDatabase } from '../store/square-database.ts'
import type { SquareTables } from '../store/square-tables.ts'
import { toHex } from '../util/bytes.ts'
import type { Clock } from '../util/clock.ts'
import type { OwnDraft } from './own-log.ts'

/** Words of one log that one call looks at, and of one state that are compared. */
const MAX_ROWS = 1_000
const MAX_WORDS = 200
/** Kinds of which the last word by (ts, id) counts, and that show nothing by themselves. */
const STATES: readonly number[] = [
  ...[KIND.reaction, KIND.repost, KIND.follow, KIND.profile],
  ...[KIND.block, KIND.label, KIND.list, KIND.listMember, KIND.pin],
]

/** What a look at the own log has found; nothing in it where all times are right. */
export interface Misdated {
  /** They count no more until their time comes. */
  readonly early: readonly RecordRow[]
  /** Their time has come. */
  readonly due: readonly RecordRow[]
  /** What is to be signed with the clock's time, so that it goes on to count. */
  readonly drafts: readonly OwnDraft[]
}

interface Word {
  readonly row: RecordRow
  readonly decoded: DecodedBody
  /** Which state it speaks of. */
  readonly place: string
}

/**
 * Words of this device that it signed with a clock far ahead (LOG13). Others hold them back until their time comes, and
 * so does this device: they would win here over whatever is said meanwhile. What they said is signed anew; when their
 * time has come the word that counts then is signed once more, so that they win nowhere.
 */
export class OwnRedating {
  readonly #square: Pick<SquareDatabase, 'transaction'>
  readonly #tables: SquareTables
  readonly #clock: Clock
  /** Of the log that signs: how far it was read, and the highest time of a state up to there, set aside or not. */
  #known = { logId: 0, upToSeq: 0, latestMs: 0 }

  constructor(components: {
    readonly square: Pick<SquareDatabase, 'transaction'>
    readonly tables: SquareTables
    readonly clock: Clock
  }) {
    this.#square = components.square
    this.#tables = components.tables
    this.#clock = components.clock
  }

  /** `device`: that signs now, its log not sealed. */
  find(author: Uint8Array, device: Uint8Array): Misdated {
    const { identities, logs, records } = this.#tables
    const authorId = identities.findAuthor(author)
    const log = authorId === undefined ? undefined : logs.find(authorId, device)
    if (log === undefined || log.isSealed) return { early: [], due: [], drafts: [] }
    const now = this.#clock.now()
    const list = (isHidden: boolean, from: number, to: number) =>
      records.listStates(log.logId, { isHidden, kinds: STATES, from, to }, MAX_ROWS).flatMap(readWord)
    const soonest = now + MAX_AHEAD_MS + 1
    const early = this.#latest(log.logId) < soonest ? [] : list(false, soonest, Number.MAX_SAFE_INTEGER)
    const due = list(true, 0, now)
    const again = [...lastOfEach(early).filter((word) => !this.#isOvertaken(word, now)), ...this.#standing(due)]
    const drafts = lastOfEach(again).map(({ row }) => ({ kind: row.kind, body: row.body as Uint8Array }))
    return { early: early.map(({ row }) => row), due: due.map(({ row }) => row), drafts }
  }

  /** To be called once the drafts are durable. */
  settle({ early, due }: Misdated): void {
    if (early.length + due.length === 0) return
    const { effects } = this.#tables
    this.#square.transaction(() => {
      for (const row of early) effects.hide(row)
      for (const row of due) effects.show(row, this.#clock.now())
    })
  }

  /**
   * Every publish asks: a log is read once, and from then on what came since, from its first hole on. What is set aside
   * counts: lifting a seal shows it again.
   */
  #latest(logId: number): number {
    const { logs, records } = this.#tables
    const known = this.#known.logId === logId ? this.#known : { upToSeq: 0, latestMs: 0 }
    const heldTo = logs.heldFromStart(logId)
    const since = records.latestAfter(logId, STATES, Math.min(known.upToSeq, heldTo))
    this.#known = { logId, upToSeq: heldTo, latestMs: Math.max(known.latestMs, since) }
    return this.#known.latestMs
  }

  /** This device has said something else since, with the right time. */
  #isOvertaken({ row, decoded }: Word, now: number): boolean {
    return this.#words(row, decoded).some(
      ({ logId, seq, tsMs }) => logId === row.logId && seq > row.seq && tsMs <= now + MAX_AHEAD_MS,
    )
  }

  /** What counts now where those whose time has come would. */
  #standing(due: readonly Word[]): Word[] {
    return lastOfEach(due).flatMap(({ row, decoded }) => {
      const [counts] = this.#words(row, decoded)
      return counts === undefined || counts.tsMs > row.tsMs ? [] : readWord(counts)
    })
  }

  /** Words on the same state that aren't set aside, the one that counts first. */
  #words(row: RecordRow, decoded: DecodedBody): RecordRow[] {
    const { edges, records } = this.#tables
    if (decoded.kind === 'profile') return records.listShown(row.authorId, KIND.profile, MAX_WORDS)
    const edge = edgeOf(row, decoded)
    return edge === null ? [] : edges.listWords(edge, MAX_WORDS).flatMap(({ id }) => records.find(id) ?? [])
  }
}

function readWord(row: RecordRow): Word[] {
  const decoded = row.body === null ? null : decodeBody(row.kind, row.body)
  if (decoded === null || !decoded.ok) return []
  const edge = edgeOf(row, decoded)
  if (edge === null && decoded.kind !== 'profile') return []
  return [{ row, decoded, place: edge === null ? 'profile' : `${row.kind} ${toHex(edge.subject)}` }]
}

/** Of each state the word that this device said last. */
function lastOfEach(words: readonly Word[]): Word[] {
  const last = new Map<string, Word>()
  for (const word of words) {
    const known = last.get(word.place)
    if (known === undefined || known.row.seq < word.row.seq) last.set(word.place, word)
  }
  return [...last.values()].sort((a, b) => a.row.seq - b.row.seq)
}
