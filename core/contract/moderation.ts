import { oc } from '@orpc/contract'
import { z } from 'zod'
import { done, person } from './common.ts'
import { personSchema } from './views.ts'

const silencedPersonSchema = personSchema.extend({
  /** When that was said, milliseconds since 1970. */
  since: z.number().int(),
})

export const silencedPeopleSchema = z.object({
  muted: z.array(silencedPersonSchema),
  blocked: z.array(silencedPersonSchema),
})
export type SilencedPeople = z.infer<typeof silencedPeopleSchema>

/** What a person holds in their own hands of what they see. Holds for every list, notification and count at once. */
export const moderationContract = {
  /** Whom this account has muted and blocked, the last one first. */
  list: oc.output(silencedPeopleSchema),
  /** Hides a person from this account's own devices; nobody else learns of it. */
  mute: oc.input(z.object({ profile: person })).output(done),
  unmute: oc.input(z.object({ profile: person })).output(done),
  /** Hides both from each other, and says so in public: a record of this account. Throws `not-found` for a person of whom nothing is here. */
  block: oc.input(z.object({ profile: person })).output(done),
  unblock: oc.input(z.object({ profile: person })).output(done),
}
