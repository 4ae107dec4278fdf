/**
 * Makes decisions of muted words: for each post in the moment in which it is indexed, and for those that were here before
 * step by step, the newest first. Each rule decides by itself and as its own source, so that one can be taken back without
 * a thought of the others. What is decided depends on what is held and on whom the account follows, never on the order in
 * which it came. Nobody's own posts are ever hidden from them.
 */
import { sha256 } from '../identity/hash.ts'
import { decodeBody, KIND } from '../record/kinds/kind-table.ts'
import type { PostContent } from '../record/kinds/post-content.ts'
import type { HomeTable } from '../store/home-table.ts'
import type { IdentityTable } from '../store/identity-table.ts'
import type { PostWatch } from '../store/post-index.ts'
import type { SquareDatabase } from '../store/square-database.ts'
import type { WordHit, WordPlace, WordRow, WordTable } from '../store/word-table.ts'
import { equalBytes, toHex, utf8 } from '../util/bytes.ts'
import { type MutedWord, type SplitWords, soughtOf, sourceOf, toWordRow, WordMatcher } from './word-rule.ts'

/** Words that one account may mute. */
export const MAX_MUTED_WORDS = 300
/** Posts that one step decides about: some milliseconds. */
const STEP_POSTS = 250
/** Rules that one step looks at, where posts have few of their words. */
const STEP_RULES = 32
/** Of the posts that were here before a word was muted, the newest of those that have it. */
const MAX_WALKED = 50_000
const FOLLOWED_KEY = 'muted words: followed'

export interface WordSettling {
  /** Something is shown or hidden that wasn't before. */
  readonly isChanged: boolean
  /** There is more to do: to be called again. */
  readonly isMore: boolean
}

export interface WordBookComponents {
  readonly square: SquareDatabase
  readonly words: WordTable
  readonly identities: Pick<IdentityTable, 'addressOf'>
  readonly home: Pick<HomeTable, 'hasAuthor'>
  readonly split: SplitWords
}

export class WordBook implements PostWatch {
  readonly #c: WordBookComponents
  /** Null until somebody asks. */
  #made: WordMatcher | null = null
  #me: Uint8Array | null = null

  constructor(components: WordBookComponents) {
    this.#c = components
    components.square.keep({ forget: () => this.#forget() })
  }

  setAccount(me: Uint8Array | null): void {
    this.#me = me
  }

  said({ recordKey, id }: { readonly recordKey: number; readonly id: Uint8Array }, content: PostContent): void {
    const rows = this.#matcher.match(content)
    if (rows.length === 0) return
    const authorId = this.#c.words.authorOf(recordKey)
    if (authorId === undefined) return
    for (const row of rows) {
      if (this.#concerns(row, authorId)) this.#c.words.decide(sourceOf(row.rule), row, id)
    }
  }

  unsaid(id: Uint8Array): void {
    if (!this.#matcher.isEmpty) this.#c.words.undecide(id)
  }

  /** These words and no others are muted from now on; does one bounded step of what follows from that. */
  settle(muted: readonly MutedWord[]): WordSettling {
    return this.#c.square.transaction(() => {
      const isSpared = this.#noteFollowed()
      this.#take(muted.slice(0, MAX_MUTED_WORDS).map(toWordRow))
      const isMoved = this.#step()
      return { isChanged: isSpared || isMoved, isMore: this.#c.words.list().some(({ state }) => state !== 'settled') }
    })
  }

  /** Rules that are new begin, those that are gone leave. */
  #take(rows: readonly WordRow[]): void {
    const { words } = this.#c
    const held = new Map(words.list().map((place) => [toHex(place.rule), place]))
    const wanted = new Map(rows.map((row) => [toHex(row.rule), row]))
    const begun = [...wanted].filter(([name]) => (held.get(name)?.state ?? 'leaving') === 'leaving')
    const gone = [...held].filter(([name, { state }]) => !wanted.has(name) && state !== 'leaving')
    for (const [, row] of begun) words.begin(row)
    for (const [, { rule, walkKey, walked }] of gone) words.setPlace(rule, 'leaving', walkKey, walked)
    if (begun.length + gone.length > 0) this.#forget()
  }

  /** New rules before old ones: a word whose level changes is never without either. */
  #step(): boolean {
    const places = this.#c.words.list()
    const walking = places.filter(({ state }) => state === 'walking')
    const due = walking.length > 0 ? walking : places.filter(({ state }) => state === 'leaving')
    let count = 0
    for (const place of due.slice(0, STEP_RULES)) {
      if (count >= STEP_POSTS) break
      count += place.state === 'walking' ? this.#walk(place) : this.#leave(place)
    }
    return count > 0
  }

  /** Returns how many posts it went through. */
  #walk(place: WordPlace): number {
    const { words, split } = this.#c
    const sought = soughtOf(place.word, split)
    const hits = sought === null ? [] : words.find(sought, place.walkKey, STEP_POSTS)
    const source = sourceOf(place.rule)
    const matcher = new WordMatcher([place], split)
    for (const hit of hits) {
      // The index doesn't know whether words stand in a row.
      const isThere = matcher.match(contentOf(hit)).length > 0
      if (isThere && this.#concerns(place, hit.authorId)) words.decide(source, place, hit.id)
    }
    const walked = place.walked + hits.length
    const last = hits.at(-1)
    const isDone = last === undefined || hits.length < STEP_POSTS || walked >= MAX_WALKED
    words.setPlace(place.rule, isDone ? 'settled' : 'walking', last?.searchKey ?? 0, walked)
    return hits.length
  }

  /** Returns how many decisions it took back. */
  #leave({ rule }: WordPlace): number {
    const { words } = this.#c
    const count = words.withdraw(sourceOf(rule), STEP_POSTS)
    if (count < STEP_POSTS) words.drop(rule)
    return count
  }

  /** Whom the account follows has changed: who came is spared, who went is walked through again. */
  #noteFollowed(): boolean {
    const { square, words } = this.#c
    const followed = sha256(utf8(words.homeAuthors().join(' ')))
    const before = square.getMeta(FOLLOWED_KEY)
    if (before !== null && equalBytes(before, followed)) return false
    square.setMeta(FOLLOWED_KEY, followed)
    let count = 0
    for (const place of words.list()) {
      if (!place.sparesFollowed || place.state === 'leaving') continue
      count += words.spareFollowed(sourceOf(place.rule))
      words.begin(place)
    }
    return count > 0
  }

  #concerns({ sparesFollowed }: WordRow, authorId: number): boolean {
    if (sparesFollowed && this.#c.home.hasAuthor(authorId)) return false
    return this.#me === null || !equalBytes(this.#c.identities.addressOf(authorId), this.#me)
  }

  get #matcher(): WordMatcher {
    this.#made ??= new WordMatcher(
      this.#c.words.list().filter(({ state }) => state !== 'leaving'),
      this.#c.split,
    )
    return this.#made
  }

  #forget(): void {
    this.#made = null
  }
}

/** What a post says now. */
function contentOf({ body, editBody }: WordHit): PostContent {
  const edit = editBody === null ? null : decodeBody(KIND.edit, editBody)
  if (edit?.ok === true && edit.kind === 'edit') return edit.body
  const post = decodeBody(KIND.post, body)
  return post.ok && post.kind === 'post' ? post.body : { text: '' }
}
