import { sha256 } from '../identity/hash.ts'
import type { PostContent } from '../record/kinds/post-content.ts'
import { foldTag, isTag } from '../record/tag-text.ts'
import { foldWord } from '../record/word-text.ts'
import { WORD_SOURCE } from '../store/decision-table.ts'
import { indexedText, stretchesOf, toWholeExpressions } from '../store/search-text.ts'
import { tagsOf } from '../store/tags.ts'
import type { WordRow, WordSought } from '../store/word-table.ts'
import { toHex, utf8 } from '../util/bytes.ts'

/** A word that the account mutes, as its private records say it. */
export interface MutedWord {
  /** A word, several in a row, or a tag with its sign; 1 … 100 characters. */
  readonly word: string
  readonly level: 'warn' | 'hide'
  readonly exceptFollowed: boolean
  /** When that was said, milliseconds since 1970. */
  readonly sinceMs: number
}

/** Takes a text apart as the search index does: lower case, without accents. */
export type SplitWords = (text: string) => readonly string[]

const RULE_BYTES = 8

export function toWordRow({ word, level, exceptFollowed, sinceMs }: MutedWord): WordRow {
  const said = [foldWord(word), word, level, exceptFollowed ? 'spares' : 'all'].join('\n')
  return {
    rule: sha256(utf8(said)).slice(0, RULE_BYTES),
    word,
    effect: level,
    sparesFollowed: exceptFollowed,
    sinceMs,
  }
}

export function sourceOf(rule: Uint8Array): string {
  return `${WORD_SOURCE}${toHex(rule)}`
}

/** What finds the posts that may have a word; null for one that none can have. */
export function soughtOf(word: string, split: SplitWords): WordSought | null {
  const folded = foldWord(word)
  if (folded.startsWith('#')) return isTag(folded) ? { tag: foldTag(folded) } : null
  return toWholeExpressions(word, split)
}

interface Pattern {
  readonly row: WordRow
  readonly words: readonly string[]
  readonly stretches: readonly string[]
}

/** Which of many words a text has: its words are looked up, so a text costs the same for three words and for three hundred. */
export class WordMatcher {
  readonly #split: SplitWords
  readonly #byTag = new Map<string, WordRow[]>()
  readonly #byFirst = new Map<string, Pattern[]>()
  /** Those of scripts without spaces. */
  readonly #byStretch: Pattern[] = []
  readonly isEmpty: boolean

  constructor(rows: readonly WordRow[], split: SplitWords) {
    this.#split = split
    this.isEmpty = rows.length === 0
    for (const row of rows) this.#take(row)
  }

  match(content: Pick<PostContent, 'text' | 'tags'>): WordRow[] {
    if (this.isEmpty) return []
    const tags = this.#byTag.size === 0 ? [] : tagsOf(content)
    const ofTags = tags.flatMap((tag) => this.#byTag.get(tag) ?? [])
    const words = this.#split(indexedText(content.text).words)
    const ofWords = words.flatMap((word, at) =>
      (this.#byFirst.get(word) ?? []).filter((pattern) => startsAt(words, at, pattern.words)),
    )
    const found = new Set([...ofTags, ...this.#ofStretches(content.text, words, ofWords)])
    return [...found]
  }

  #ofStretches(text: string, words: readonly string[], ofWords: readonly Pattern[]): WordRow[] {
    const plain = ofWords.filter(({ stretches }) => stretches.length === 0)
    const stretches = this.#byStretch.length === 0 ? [] : stretchesOf(text)
    const others = this.#byStretch.filter(
      (pattern) =>
        pattern.stretches.every((part) => stretches.some((stretch) => stretch.includes(part))) &&
        (pattern.words.length === 0 || words.some((_, at) => startsAt(words, at, pattern.words))),
    )
    return [...plain, ...others].map(({ row }) => row)
  }

  #take(row: WordRow): void {
    const folded = foldWord(row.word)
    if (folded.startsWith('#')) {
      put(this.#byTag, foldTag(folded), row)
      return
    }
    const text = row.word.normalize('NFC')
    const pattern = { row, words: this.#split(indexedText(text).words), stretches: stretchesOf(text) }
    const [first] = pattern.words
    if (pattern.stretches.length > 0) this.#byStretch.push(pattern)
    else if (first !== undefined) put(this.#byFirst, first, pattern)
  }
}

function startsAt(words: readonly string[], at: number, sought: readonly string[]): boolean {
  return sought.every((word, i) => words[at + i] === word)
}

function put<T>(map: Map<string, T[]>, key: string, value: T): void {
  const held = map.get(key)
  if (held === undefined) map.set(key, [value])
  else held.push(value)
}
