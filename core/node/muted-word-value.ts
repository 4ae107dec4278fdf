import { z } from 'zod'
import type { MutedWord } from '../contract/moderation.ts'
import { isSearchable, MAX_WORD_CHARACTERS, MAX_WORD_GROUP_CHARACTERS } from '../record/word-text.ts'

/** What a private record says of a word; more than this is another program's. */
const valueSchema = z.object({
  word: z.string().min(1).max(MAX_WORD_CHARACTERS).refine(isSearchable),
  group: z.string().max(MAX_WORD_GROUP_CHARACTERS).catch(''),
  level: z.enum(['warn', 'hide']).catch('hide'),
  until: z.number().int().positive().nullable().catch(null),
  exceptFollowed: z.boolean().catch(false),
})

/** The word that a private record mutes; null for one that says none. */
export function readMutedWord(
  value: unknown,
  { id, since, now }: { readonly id: string; readonly since: number; readonly now: number },
): MutedWord | null {
  const read = valueSchema.safeParse(value)
  if (!read.success) return null
  const { until } = read.data
  return { id, ...read.data, since, isExpired: until !== null && until <= now }
}
