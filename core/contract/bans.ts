import { oc } from '@orpc/contract'
import { z } from 'zod'

/**
 * Why a peer is kept out; more may come.
 *
 * gossip-score: gossip thinks so little of it that it listens no more: invalid messages, promises that weren't kept ·
 * message-flood, control-flood: a thousand messages, or entries of gossip's lists, a second more than are taken ·
 * broken-gossip, broken-sync: again and again what is no frame of the protocol
 */
export const banReasonSchema = z.enum([
  'gossip-score',
  'message-flood',
  'control-flood',
  'broken-gossip',
  'broken-sync',
])
export type BanReason = z.infer<typeof banReasonSchema>

/** How many peers are kept out now, and how many of them why. */
export const banSumSchema = z.object({
  count: z.number().int(),
  reasons: z.partialRecord(banReasonSchema, z.number().int()),
})
export type BanSum = z.infer<typeof banSumSchema>

const banSchema = z.object({
  peerId: z.string(),
  reason: banReasonSchema,
  /** Milliseconds since 1970, both. */
  at: z.number().int(),
  until: z.number().int(),
})
export type BanView = z.infer<typeof banSchema>

export const bansContract = {
  /** Peers that this node keeps out for having abused it, the latest first. */
  list: oc.output(z.object({ items: z.array(banSchema).readonly() })),
  /** Lets a peer come again at once; `lifted` is false for one that wasn't kept out. */
  lift: oc.input(z.object({ peerId: z.string().min(1).max(128) })).output(z.object({ lifted: z.boolean() })),
}
