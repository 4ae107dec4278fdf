/**
 * Muted words. Each is a private record of the account, whose subject is the folded word, so that the same word said on two
 * devices is one. The store decides about posts; this part says which words count now, and again when one has run out.
 */
import type { MutedWord, MutedWords, MuteWordInput } from '../contract/moderation.ts'
import type { NodeEvent } from '../contract/views.ts'
import { sha256 } from '../identity/hash.ts'
import type { IngestedEvent } from '../ingest/door.ts'
import { MAX_MUTED_WORDS, type WordSettling } from '../moderation/word-book.ts'
import type { MutedWord as SettledWord } from '../moderation/word-rule.ts'
import { KIND } from '../record/kinds/kind-table.ts'
import { foldWord, isSearchable } from '../record/word-text.ts'
import { toHex, utf8 } from '../util/bytes.ts'
import type { Clock } from '../util/clock.ts'
import { BadRequestError, NotFoundError } from '../util/errors.ts'
import type { Logger } from '../util/logger.ts'
import type { PrivateBook, WordCalls } from './api/services.ts'
import { readMutedWord } from './muted-word-value.ts'
import type { NodePart } from './ports.ts'
import { WakeTimer } from './wake-timer.ts'

const WORD_EDGE = 'word'
const SUBJECT_BYTES = 16

export interface WordKeeperComponents {
  readonly book: PrivateBook
  readonly store: { settleWords(muted: readonly SettledWord[]): Promise<WordSettling> }
  readonly events: { publish(event: NodeEvent): void }
  readonly clock: Clock
  readonly logger: Logger
}

export class WordKeeper implements WordCalls, NodePart {
  readonly #c: WordKeeperComponents
  readonly #timer: WakeTimer
  #turn: Promise<unknown> = Promise.resolve()
  #waiting: Promise<void> | null = null
  #isStopped = false

  constructor(components: WordKeeperComponents) {
    this.#c = components
    this.#timer = new WakeTimer(components, { onWake: () => this.#look() })
  }

  async start(): Promise<void> {
    this.#isStopped = false
    this.#look()
  }

  async stop(): Promise<void> {
    this.#isStopped = true
    this.#timer.set(null)
    await this.#turn.catch(() => {})
  }

  noteSynced(): void {}
  noteIdentities(): void {
    this.#look()
  }

  /** Whom the account follows matters too: words may spare them. */
  noteIngested({ records }: IngestedEvent): void {
    if (records.some(({ kind, isOwn }) => isOwn && (kind === KIND.private || kind === KIND.follow))) this.#look()
  }

  async list(): Promise<MutedWords> {
    const items = await this.#read()
    const byGroup = (a: MutedWord, b: MutedWord) => a.group.localeCompare(b.group) || a.word.localeCompare(b.word)
    return { items: [...items].sort(byGroup), max: MAX_MUTED_WORDS }
  }

  /** @throws NoAccountError, BadRequestError for what no post can be looked for by, and for one too many */
  async mute({ word, group, level, until, exceptFollowed }: MuteWordInput): Promise<MutedWord> {
    if (!isSearchable(word)) {
      throw new BadRequestError(`a muted word needs a letter or a digit, and a tag a letter: got ${word.slice(0, 40)}`)
    }
    const id = toHex(sha256(utf8(foldWord(word))).slice(0, SUBJECT_BYTES))
    const held = await this.#read()
    if (held.length >= MAX_MUTED_WORDS && !held.some((one) => one.id === id)) {
      throw new BadRequestError(`at most ${MAX_MUTED_WORDS} words can be muted: remove one first`)
    }
    await this.#c.book.put(WORD_EDGE, id, { word, group, level, until, exceptFollowed })
    await this.#settle()
    const now = this.#c.clock.now()
    const isExpired = until !== null && until <= now
    return (
      (await this.#read()).find((one) => one.id === id) ??
      ({ id, word, group, level, until, exceptFollowed, since: now, isExpired } satisfies MutedWord)
    )
  }

  /** @throws NoAccountError, NotFoundError for one that isn't muted */
  async unmute(id: string): Promise<void> {
    if (!(await this.#read()).some((one) => one.id === id)) throw new NotFoundError('this word is not muted')
    await this.#c.book.put(WORD_EDGE, id, null)
    await this.#settle()
  }

  /** The last ones said; what another program wrote is passed over. */
  async #read(): Promise<MutedWord[]> {
    const now = this.#c.clock.now()
    const rows = await this.#c.book.list(WORD_EDGE)
    return rows
      .flatMap(({ subject, value, at }) => readMutedWord(value, { id: subject, since: at, now }) ?? [])
      .slice(0, MAX_MUTED_WORDS)
  }

  #look(): void {
    this.#settle().catch((error: unknown) => this.#c.logger.warn({ err: error }, 'muted words could not be settled'))
  }

  /** One that has not begun yet sees everything that was said by then; resolves when what is new has begun. */
  #settle(): Promise<void> {
    this.#waiting ??= this.#inTurn(async () => {
      this.#waiting = null
      const items = await this.#read()
      const due = items.flatMap(({ until, isExpired }) => (until === null || isExpired ? [] : [until]))
      if (!this.#isStopped) this.#timer.set(due.length === 0 ? null : Math.min(...due))
      const words = items
        .filter(({ isExpired }) => !isExpired)
        .map(({ word, level, exceptFollowed, since }) => ({ word, level, exceptFollowed, sinceMs: since }))
      await this.#walk(words)
    })
    return this.#waiting
  }

  /** Step by step: pages and batches come between two. Ends early where something newer waits. */
  async #walk(words: readonly SettledWord[]): Promise<void> {
    let isChanged = false
    for (let isMore = true; isMore && !this.#isStopped; ) {
      const step = await this.#c.store.settleWords(words)
      isChanged ||= step.isChanged
      isMore = step.isMore && this.#waiting === null
    }
    if (isChanged) this.#c.events.publish({ type: 'silences' })
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(work)
    this.#turn = result.catch(() => {})
    return result
  }
}
