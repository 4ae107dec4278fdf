import type { PostContent } from '../record/kinds/post-content.ts'
import { MAX_TAGS } from '../record/limits.ts'
import { findTags, foldTag, isTag } from '../record/tag-text.ts'
import { utf8 } from '../util/bytes.ts'

/** Longer ones are nobody's to find. */
const MAX_TAG_BYTES = 128

/**
 * The tags of a post or an edit, folded, each once: those that its author has marked, or, of one that marks none, what its
 * text shows as tags. Something without a letter is no tag (`#1`).
 */
export function tagsOf({ text, tags }: Pick<PostContent, 'text' | 'tags'>): string[] {
  const found = tags === undefined ? findTags(text).map((tag) => tag.text) : markedIn(text, tags)
  const folded = found.map(foldTag).filter((tag) => isTag(tag) && utf8(tag).length <= MAX_TAG_BYTES)
  return [...new Set(folded)].slice(0, MAX_TAGS)
}

function markedIn(text: string, ranges: NonNullable<PostContent['tags']>): string[] {
  const bytes = Buffer.from(utf8(text))
  return ranges.map(({ start, end }) => bytes.toString('utf8', start, end).trim())
}
