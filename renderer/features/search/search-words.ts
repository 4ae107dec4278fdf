import { parsePeerId } from '../../../core/identity/peer-id.ts'

/** What is looked for: words, and what a post must be besides. Days are of this computer's calendar, `2026-11-29`. */
export interface Sought {
  words: string
  /** Profile address of the author. */
  author?: string | undefined
  /** First day. */
  since?: string | undefined
  /** Last day. */
  until?: string | undefined
  hasMedia: boolean
}

const DAY = /^\d{4}-\d{2}-\d{2}$/u

/** Reads an address, or what somebody typed: `rain from:12D3Koo… since:2026-11-01 until:2026-11-29 has:pictures`. */
export function parseSought(text: string): Sought {
  const sought: Sought = { words: '', hasMedia: false }
  const words = text.split(/\s+/u).filter((part) => part !== '' && !takeFilter(sought, part))
  return { ...sought, words: words.join(' ') }
}

/** The same text for the same filters always. */
export function formatSought({ words, author, since, until, hasMedia }: Sought): string {
  return [
    words,
    author !== undefined && `from:${author}`,
    since !== undefined && `since:${since}`,
    until !== undefined && `until:${until}`,
    hasMedia && 'has:pictures',
  ]
    .filter(Boolean)
    .join(' ')
}

export function isFiltered({ author, since, until, hasMedia }: Sought): boolean {
  return author !== undefined || since !== undefined || until !== undefined || hasMedia
}

/** As the node is asked: from the first moment of the first day to the first after the last one. */
export function toSearchInput(sought: Sought) {
  const { words, author, since, until, hasMedia } = sought
  return {
    query: words,
    ...(author !== undefined && { author }),
    ...(since !== undefined && { since: startOfDay(since, 0) }),
    ...(until !== undefined && { until: startOfDay(until, 1) }),
    ...(hasMedia && { media: true }),
  }
}

/** In milliseconds since 1970; `after` so many days later. Nothing before 1970. */
export function startOfDay(day: string, after: number): number {
  const [year = 1970, month = 1, date = 1] = day.split('-').map(Number)
  return Math.max(0, new Date(year, month - 1, date + after).getTime())
}

function isDay(text: string): boolean {
  return DAY.test(text) && !Number.isNaN(Date.parse(text))
}

/** True for a part that says a filter. */
function takeFilter(sought: Sought, part: string): boolean {
  const [, name, value = ''] = /^(from|since|until|has):(.+)$/u.exec(part) ?? []
  if (name === 'from' && parsePeerId(value) !== undefined) sought.author = value
  else if ((name === 'since' || name === 'until') && isDay(value)) sought[name] = value
  else if (name === 'has' && value === 'pictures') sought.hasMedia = true
  else return false
  return true
}
