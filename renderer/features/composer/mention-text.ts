import { shortPeerId } from '../../../core/identity/peer-id.ts'

/** Somebody whom the text names, [start, end) as places in the string. */
export interface TextMention {
  start: number
  end: number
  /** Profile address. */
  profile: string
}

/** What is typed behind an `@` so far. */
export interface MentionQuery {
  /** Where the sign stands. */
  start: number
  /** The caret. */
  end: number
  /** Without the sign. */
  typed: string
}

export const MAX_MENTIONS = 32
/** Longer than any beginning that still tells people apart. */
const MAX_TYPED = 40
/** A sign in the middle of a word, as in an address for mail, names nobody. */
const TYPED = /(?<![\p{L}\p{N}_.@-])@([\p{L}\p{M}\p{N}·’'.-]*(?: [\p{L}\p{M}\p{N}·’'.-]+){0,3})$/u
/** What is no character of its own, or turns the direction of the text around it. */
const UNSEEN = /[\p{C}\p{Z}\s]+/gu

/** What the caret stands behind; null where nobody is being named, and inside of a name that was chosen. */
export function findMentionQuery(text: string, caret: number, mentions: readonly TextMention[]): MentionQuery | null {
  const before = text.slice(Math.max(0, caret - MAX_TYPED), caret)
  const match = TYPED.exec(before)
  if (match === null) return null
  const typed = match[1] ?? ''
  const start = caret - typed.length - 1
  if (mentions.some((mention) => mention.start < caret && mention.end > start)) return null
  return { start, end: caret, typed }
}

/** How somebody is written into a text: by their own name, without what can't be seen; by the short ID where none is left. */
export function mentionName(person: { profile: string; name: string }): string {
  const name = person.name.normalize('NFC').replace(UNSEEN, ' ').trim()
  return `@${name === '' ? shortPeerId(person.profile) : name}`
}

/** The text with the person in place of what was typed, and where the caret goes. */
export function insertMention(
  text: string,
  mentions: readonly TextMention[],
  query: MentionQuery,
  person: { profile: string; name: string },
): { text: string; mentions: TextMention[]; caret: number } {
  const name = mentionName(person)
  const after = text.slice(query.end)
  const next = `${text.slice(0, query.start)}${name}${/^\s/u.test(after) ? '' : ' '}${after}`
  const mention = { start: query.start, end: query.start + name.length, profile: person.profile }
  const kept = moveMentions(text, next, mentions)
  const all = [...kept, mention].sort((a, b) => a.start - b.start)
  return { text: next, mentions: all.slice(0, MAX_MENTIONS), caret: mention.end + 1 }
}

/** Where mentions stand after the text was changed in one place; one that was changed itself is text again. */
export function moveMentions(before: string, after: string, mentions: readonly TextMention[]): TextMention[] {
  const shortest = Math.min(before.length, after.length)
  let head = 0
  while (head < shortest && before[head] === after[head]) head++
  let tail = 0
  while (tail < shortest - head && before.at(-1 - tail) === after.at(-1 - tail)) tail++
  const end = before.length - tail
  const shift = after.length - before.length
  return mentions.flatMap((mention) => {
    if (mention.end <= head) return [mention]
    if (mention.start >= end) return [{ ...mention, start: mention.start + shift, end: mention.end + shift }]
    return []
  })
}

/** Text and mentions without the space around them. */
export function trimMentions(
  text: string,
  mentions: readonly TextMention[],
): { text: string; mentions: TextMention[] } {
  const cut = text.length - text.trimStart().length
  const trimmed = text.trim()
  const moved = mentions.map((mention) => ({ ...mention, start: mention.start - cut, end: mention.end - cut }))
  return { text: trimmed, mentions: moved.filter(({ start, end }) => start >= 0 && end <= trimmed.length) }
}
