import { oc } from '@orpc/contract'
import { z } from 'zod'
import { done, person } from './common.ts'
import { personSchema } from './views.ts'

/** Hex of the 16 bytes that name a list. */
export const listIdSchema = z.string().regex(/^[0-9a-f]{32}$/)
const name = z.string().trim().min(1).max(128)

export const listViewSchema = z.object({
  id: listIdSchema,
  name: z.string(),
  /** How many are on it, at most 1,000. */
  members: z.number().int(),
  /** When its name was last said, milliseconds since 1970. */
  since: z.number().int(),
  /** The person who was asked about is on it. */
  has: z.boolean(),
})
export type ListView = z.infer<typeof listViewSchema>

export const listPeopleSchema = listViewSchema.extend({ people: z.array(personSchema) })
export type ListPeople = z.infer<typeof listPeopleSchema>

/** Own lists of people. They are public: name and members are records of this account, which anybody may read (REC16). */
export const listsContract = {
  /** By name; at most 100. `member`: somebody of whom each list says whether they are on it. */
  list: oc
    .input(z.object({ member: person.optional() }).prefault({}))
    .output(z.object({ items: z.array(listViewSchema) })),
  /** Throws `not-found` for a list that this account doesn't have. */
  get: oc.input(z.object({ id: listIdSchema })).output(listPeopleSchema),
  /** Throws `bad-request` for more than 100. */
  create: oc.input(z.object({ name })).output(z.object({ id: listIdSchema })),
  rename: oc.input(z.object({ id: listIdSchema, name })).output(done),
  remove: oc.input(z.object({ id: listIdSchema })).output(done),
  /** Throws `not-found` for a person of whom nothing is here, `bad-request` for more than 1,000. */
  add: oc.input(z.object({ id: listIdSchema, profile: person })).output(done),
  drop: oc.input(z.object({ id: listIdSchema, profile: person })).output(done),
}
