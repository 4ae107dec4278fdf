import type { PostView } from '../../../core/contract/views.ts'
import { findTags } from '../../../core/record/tag-text.ts'
import { fromByteRanges } from './byte-ranges.ts'

/**
 * Splits the text of a post into what is shown as it stands and what is shown as a link. Nothing is interpreted but
 * tags and addresses that begin with http://, https:// or palabre:, so markup in a post stays text.
 */
export type TextSegment =
  | { kind: 'text'; text: string }
  /** `host` is the real one, in ASCII: a look-alike in another script shows as xn--…. */
  | { kind: 'link'; text: string; href: string; host: string }
  | { kind: 'profile'; text: string; link: string }
  /** `text` has the sign. */
  | { kind: 'tag'; text: string }
  | MentionSegment

/** Words with which the author names somebody; `name` is what that person is called here, '' while unknown. */
export interface MentionSegment {
  kind: 'mention'
  text: string
  profile: string
  name: string
}

/** The same with the people whom its author names, where they are named. @param mentions by bytes of the text */
export function segmentPost(text: string, mentions: NonNullable<PostView['mentions']>): TextSegment[] {
  const segments: TextSegment[] = []
  let at = 0
  for (const { start, end, profile, name } of fromByteRanges(text, mentions)) {
    if (start > at) segments.push(...segmentText(text.slice(at, start)))
    segments.push({ kind: 'mention', text: text.slice(start, end), profile, name })
    at = end
  }
  if (at < text.length) segments.push(...segmentText(text.slice(at)))
  return segments
}

const ADDRESS = /(?<![\p{L}\p{N}_@/.-])(?:https?:\/\/[^\s<>"“”«»`\\^{}|]+|palabre:[A-Za-z0-9/?=&%.:_-]+)/giu
const TRAILING = /[.,:;!?…'’*_~]+$/u
const PAIRS: readonly (readonly [string, string])[] = [
  ['(', ')'],
  ['[', ']'],
]
/** Longer than any address somebody would want to press. */
const MAX_ADDRESS_LENGTH = 2_048

export function segmentText(text: string): TextSegment[] {
  const segments: TextSegment[] = []
  let end = 0
  for (const match of text.matchAll(ADDRESS)) {
    const found = trimAddress(match[0])
    const segment = toLink(found)
    if (!segment) continue
    segments.push(...segmentTags(text.slice(end, match.index)))
    segments.push(segment)
    end = match.index + found.length
  }
  segments.push(...segmentTags(text.slice(end)))
  return segments
}

/** A stretch without addresses. */
function segmentTags(text: string): TextSegment[] {
  const segments: TextSegment[] = []
  let end = 0
  for (const tag of findTags(text)) {
    if (tag.at > end) segments.push({ kind: 'text', text: text.slice(end, tag.at) })
    segments.push({ kind: 'tag', text: tag.text })
    end = tag.at + tag.text.length
  }
  if (end < text.length) segments.push({ kind: 'text', text: text.slice(end) })
  return segments
}

/** Punctuation after an address belongs to the sentence, as does a bracket that was opened before it. */
function trimAddress(address: string): string {
  let result = address
  for (;;) {
    const before = result
    result = result.replace(TRAILING, '')
    for (const [open, close] of PAIRS) {
      if (result.endsWith(close) && count(result, close) > count(result, open)) result = result.slice(0, -1)
    }
    if (result === before) return result
  }
}

function count(text: string, sign: string): number {
  return text.split(sign).length - 1
}

function toLink(address: string): TextSegment | undefined {
  if (address.length > MAX_ADDRESS_LENGTH) return undefined
  if (/^palabre:/i.test(address)) {
    return address.length > 'palabre:'.length + 8 ? { kind: 'profile', text: address, link: address } : undefined
  }
  const url = parseOutsideUrl(address)
  return url && { kind: 'link', text: address, href: url.href, host: url.host }
}

/** An address of the outside that may be opened: http or https, with a host and without a user name before it. */
export function parseOutsideUrl(address: string): URL | undefined {
  if (!URL.canParse(address)) return undefined
  const url = new URL(address)
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return undefined
  if (url.hostname === '' || url.username !== '' || url.password !== '') return undefined
  return url
}
