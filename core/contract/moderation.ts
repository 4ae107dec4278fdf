import { oc } from '@orpc/contract'
import { z } from 'zod'
import { MAX_WORD_CHARACTERS, MAX_WORD_GROUP_CHARACTERS } from '../record/word-text.ts'
import { done, person } from './common.ts'
import { personSchema } from './views.ts'

const silencedPersonSchema = personSchema.extend({
  /** When that was said, milliseconds since 1970. */
  since: z.number().int(),
})

/** Waiting: nothing of them is here, so the block is said in public as soon as their chain comes; until then only own devices know. */
const blockedPersonSchema = silencedPersonSchema.extend({ isWaiting: z.boolean().optional() })

export const silencedPeopleSchema = z.object({
  muted: z.array(silencedPersonSchema),
  blocked: z.array(blockedPersonSchema),
})
export type SilencedPeople = z.infer<typeof silencedPeopleSchema>

export const mutedWordSchema = z.object({
  id: z.string(),
  /** A word, several in a row, or a tag with its sign, as it was written. */
  word: z.string(),
  /** Under which its owner keeps it; '' for none. */
  group: z.string(),
  /** warn: posts with it are folded, and say why · hide: they are gone from every list; threads keep their place, folded */
  level: z.enum(['warn', 'hide']),
  /** When it ends, milliseconds since 1970; null for never. */
  until: z.number().int().nullable(),
  /** Posts of people whom this account follows stay as they are. */
  exceptFollowed: z.boolean(),
  /** When that was said, milliseconds since 1970. */
  since: z.number().int(),
  /** Its time has come: it mutes nothing any more, and stands here until it is renewed or removed. */
  isExpired: z.boolean(),
})
export type MutedWord = z.infer<typeof mutedWordSchema>

export const mutedWordsSchema = z.object({
  /** By group, then by word. */
  items: z.array(mutedWordSchema),
  /** How many there may be. */
  max: z.number().int(),
})
export type MutedWords = z.infer<typeof mutedWordsSchema>

const muteWordInputSchema = z.object({
  word: z.string().trim().min(1).max(MAX_WORD_CHARACTERS),
  group: z.string().trim().max(MAX_WORD_GROUP_CHARACTERS).default(''),
  level: z.enum(['warn', 'hide']).default('hide'),
  until: z.number().int().positive().nullable().default(null),
  exceptFollowed: z.boolean().default(false),
})
export type MuteWordInput = z.infer<typeof muteWordInputSchema>

/** What a person holds in their own hands of what they see. Holds for every list, notification and count at once. */
export const moderationContract = {
  /** Whom this account has muted and blocked, the last one first. */
  list: oc.output(silencedPeopleSchema),
  /** Hides a person from this account's own devices; nobody else learns of it. */
  mute: oc.input(z.object({ profile: person })).output(done),
  unmute: oc.input(z.object({ profile: person })).output(done),
  /** Hides both from each other, and says so in public: a record of this account. Also of whom nothing is here: then it is said when their chain comes. */
  block: oc.input(z.object({ profile: person })).output(done),
  unblock: oc.input(z.object({ profile: person })).output(done),
  words: oc.output(mutedWordsSchema),
  /**
   * Folds or hides posts with a word, whatever the capitals and accents; nobody else learns of it. The same word a second time
   * replaces what was said of it. Throws `bad-request` for what no post can be looked for by, and for more than `max`.
   */
  muteWord: oc.input(muteWordInputSchema).output(mutedWordSchema),
  unmuteWord: oc.input(z.object({ id: z.string().min(1).max(64) })).output(done),
}
