import { z } from 'zod'
import { profileIdSchema } from './views.ts'

/** What this account calls somebody; '' in an answer for nobody's own name. */
export const petnameSchema = z.object({ profile: profileIdSchema, name: z.string() })
export type Petname = z.infer<typeof petnameSchema>

export const petnamesSchema = z.object({
  /** The last one said first, at most 5,000. */
  items: z.array(petnameSchema),
})
export type Petnames = z.infer<typeof petnamesSchema>
