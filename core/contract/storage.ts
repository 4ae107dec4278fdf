import { z } from 'zod'
import { spaceSchema } from './space.ts'
import { profileIdSchema } from './views.ts'

export const budgetsSchema = z.object({
  /** Records of everybody. */
  recordBytes: z.number().int(),
  /** Pictures of everybody. */
  mediaBytes: z.number().int(),
  /** Records of one author who is neither followed nor pinned. */
  strangerBytes: z.number().int(),
})

export const storageSchema = z.object({
  space: spaceSchema,
  budgets: budgetsSchema,
  /** Those that the start of this node has set; they can't be changed while it runs. */
  fixed: z.array(z.enum(['recordBytes', 'mediaBytes', 'strangerBytes'])),
  /** Records of everybody, as `budgets.recordBytes` counts them. */
  recordBytes: z.number().int(),
  /** Of those, of people who are neither followed nor pinned. */
  strangerBytes: z.number().int(),
  mediaBytes: z.number().int(),
  /** The databases on the disk, and what of them only waits to be used again. */
  files: z.object({ bytes: z.number().int(), freeBytes: z.number().int() }),
  /** Who takes most, at most twelve, the largest first. */
  largest: z.array(
    z.object({
      profile: profileIdSchema,
      name: z.string(),
      isMe: z.boolean(),
      records: z.number().int(),
      recordBytes: z.number().int(),
      /** Pictures that this person's records show and that are here; what several people show counts for each. */
      mediaBytes: z.number().int(),
    }),
  ),
})
export type Storage = z.infer<typeof storageSchema>

/** Bytes of one part of the traffic. */
const flowSchema = z.object({ receivedBytes: z.number().int(), sentBytes: z.number().int() })

export const trafficDaySchema = flowSchema.extend({
  /** Of this computer's calendar, `2026-01-31`. */
  day: z.string(),
  /**
   * gossip · sync: catching up · feed: what seeds tell by themselves · media: pictures · other: greeting, linking, recovery,
   * and what encryption and connections take
   */
  parts: z.object({ gossip: flowSchema, sync: flowSchema, feed: flowSchema, media: flowSchema, other: flowSchema }),
})
export type TrafficDay = z.infer<typeof trafficDaySchema>
