import { z } from 'zod'
import { namedPeerSchema, profileIdSchema } from './views.ts'

/** What this node has seen itself of a peer that doesn't give all it has, or of a device that signed two histories. */
export const evidenceSchema = z.object({
  /**
   * withheld: it offered records and didn't send them · hole: a seed that keeps this author lacks records between others ·
   * frozen: what a seed that keeps this author has ends below what others have · tail: it ends below what the device says
   * there is, and nobody is known to have the rest · fork: the device signed one number twice
   */
  kind: z.enum(['withheld', 'hole', 'frozen', 'tail', 'fork']),
  /** The peer that owes them; of a fork those that brought the second history, at most four, where that is known. */
  peers: z.array(namedPeerSchema),
  author: z.object({ profile: profileIdSchema, name: z.string() }),
  /** Peer ID of the author's device. */
  device: z.string(),
  /** Records; of a fork, numbers that were signed twice. */
  count: z.number().int().positive(),
  /** Which numbers of the device's log, ascending ranges: at most eight, the newest. */
  seqs: z.array(z.tuple([z.number().int(), z.number().int()])),
  /** Milliseconds since 1970. */
  since: z.number().int(),
  /** open: still so · repaired: another peer sent them · settled: the peer made good. A fork stays open: both are kept. */
  state: z.enum(['open', 'repaired', 'settled']),
  /** When it came to that state, milliseconds since 1970. */
  changedAt: z.number().int(),
  /** The other peer that sent the records, where that is known. */
  from: namedPeerSchema.nullable(),
})
export type Evidence = z.infer<typeof evidenceSchema>
