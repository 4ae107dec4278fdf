/**
 * What search indexes of a text, and what it looks for. Words stand in `post_search`. Scripts that put no spaces between
 * words have none to find: of a stretch of those every character begins a gram, it and the two that follow, in
 * `post_gram`. A gram stands for any query of up to three characters that it begins with, several in a row for a longer
 * one, so whatever stands in the text is found, from one character on.
 */

const GRAM_CHARACTERS = 3
const MAX_WORDS = 16
/** Half of all texts have a word that begins with any two letters. */
const LEAST_BEGINNING = 3
const MAX_GRAMS = 64

/** Letters, numbers and marks of scripts that are written without spaces: Chinese, Japanese, Thai, Lao, Khmer, Burmese. */
const WITHOUT_SPACES =
  /[[\p{scx=Han}\p{scx=Hira}\p{scx=Kana}\p{scx=Bopo}\p{scx=Thai}\p{scx=Laoo}\p{scx=Khmr}\p{scx=Mymr}]&&[\p{L}\p{N}\p{M}]]+/gv
/** Tells the many texts that have none of these in a moment. */
const MAY_BE_WITHOUT_SPACES = /[\u0e00-\u{10ffff}]/u
const WORD = /[\p{L}\p{N}\p{M}]+/gu
/** Say how the character before them looks, and would be words of their own behind a sign. */
const LOOKS = /[\ufe00-\ufe0f]/g

/** What the two indexes take in of a text; `grams` is '' for nearly all. */
export interface IndexedText {
  readonly words: string
  readonly grams: string
}

/** The same for the same text always: what was put in is taken out by it. */
export function indexedText(text: string): IndexedText {
  if (!MAY_BE_WITHOUT_SPACES.test(text)) return { words: text, grams: '' }
  const grams = stretchesOf(text).flatMap(gramsOf)
  const words = text.replace(LOOKS, '')
  return grams.length === 0 ? { words, grams: '' } : { words: withoutThem(words), grams: grams.join(' ') }
}

/** FTS5 expressions, null where nothing is to be looked for there. */
export interface SearchExpressions {
  readonly words: string | null
  readonly grams: string | null
}

/**
 * Plain text as FTS5 expressions: every word must occur, the last one as a beginning from three characters on, and every
 * stretch of a script without spaces. Null when there is nothing to look for. All of it stands in quotes, so nothing that
 * a person types is syntax. `wordsOf` takes words apart as the index does, where it is asked.
 */
export function toSearchExpressions(
  typed: string,
  wordsOf: (text: string) => readonly string[] = (text) => text.match(WORD) ?? [],
): SearchExpressions | null {
  const text = typed.normalize('NFC')
  const words = wordsOf(withoutThem(text).replace(LOOKS, '')).slice(0, MAX_WORDS)
  const stretches = stretchesOf(text).slice(0, MAX_WORDS)
  if (words.length === 0 && stretches.length === 0) return null
  const isBeginning = [...(words.at(-1) ?? '')].length >= LEAST_BEGINNING
  return {
    words: words.length === 0 ? null : `${words.map(quote).join(' ')}${isBeginning ? '*' : ''}`,
    grams: stretches.length === 0 ? null : stretches.map(toGramExpression).join(' '),
  }
}

/** The same for words that must all stand there whole, as those of a muted word do. */
export function toWholeExpressions(
  typed: string,
  wordsOf: (text: string) => readonly string[],
): SearchExpressions | null {
  const text = typed.normalize('NFC')
  const words = wordsOf(withoutThem(text).replace(LOOKS, '')).slice(0, MAX_WORDS)
  const stretches = stretchesOf(text).slice(0, MAX_WORDS)
  if (words.length === 0 && stretches.length === 0) return null
  return {
    words: words.length === 0 ? null : words.map(quote).join(' '),
    grams: stretches.length === 0 ? null : stretches.map(toGramExpression).join(' '),
  }
}

/** One that holds in itself what is looked for is a beginning; of a longer one all grams stand one after the other. */
function toGramExpression(stretch: string): string {
  const characters = [...stretch]
  if (characters.length < GRAM_CHARACTERS) return `${quote(stretch)}*`
  const whole = gramsOf(stretch).slice(0, Math.min(MAX_GRAMS, characters.length - GRAM_CHARACTERS + 1))
  return quote(whole.join(' '))
}

function gramsOf(stretch: string): string[] {
  const characters = [...stretch]
  return characters.map((_, i) => characters.slice(i, i + GRAM_CHARACTERS).join(''))
}

/** Stretches of scripts without spaces. Wide and narrow forms are the same character. */
export function stretchesOf(text: string): string[] {
  return (text.match(WITHOUT_SPACES) ?? []).map((stretch) => stretch.normalize('NFKC'))
}

function withoutThem(text: string): string {
  return text.replace(WITHOUT_SPACES, ' ')
}

function quote(text: string): string {
  return `"${text}"`
}
