import { z } from 'zod'

export const catchUpSchema = z.object({
  /** Records that came since `startedAt` and were not here before. */
  received: z.number().int(),
  /**
   * Those and what may still come of what was asked for; what several peers are asked for counts once. An estimate: a
   * peer may not have what it says, and never more than `received` when nothing is on its way.
   */
  expected: z.number().int(),
  /** Of those received, over the last few seconds; 0 while nothing comes. */
  ratePerSecond: z.number(),
  /** Null while it can't be said. */
  secondsLeft: z.number().int().nullable(),
  /** Who still has something to send, what came of it and is kept, and what it was asked for. */
  peers: z.array(z.object({ peerId: z.string(), received: z.number().int(), expected: z.number().int() })),
  /** Milliseconds since 1970. */
  startedAt: z.number().int(),
})
export type CatchUp = z.infer<typeof catchUpSchema>
