import { oc } from '@orpc/contract'
import { z } from 'zod'

/** Longest drill, minutes. */
export const MAX_DRILL_MINUTES = 5

/** seeds: every seed, whoever named it · internet: everything that isn't near (docs/protocol/reach.md, RCH10) */
export const drillCutSchema = z.enum(['seeds', 'internet'])
export type DrillCut = z.infer<typeof drillCutSchema>

const connectedSchema = z.object({
  before: z.number().int(),
  /** Fewest while the cut was on. */
  lowest: z.number().int(),
  /** The last time that was looked while the cut was on. */
  last: z.number().int(),
})

/** A way to others. What it can't be asked for isn't named: relays on a local network, the DHT for who follows nobody. */
const drillWaySchema = z.object({
  /**
   * seeds: those that are connected · relays: those that keep a place · dht: answers to one question for somebody who is
   * followed · people: other peers that are connected · nearby: computers that multicast has found
   */
  way: z.enum(['seeds', 'relays', 'dht', 'people', 'nearby']),
  count: z.number().int(),
})

/** A drill that runs, or the last one; counts go up to the end of the cut. */
export const drillSchema = z.object({
  cut: drillCutSchema,
  /** running: the cut is on · returning: it is over, a seed is waited for · ended */
  state: z.enum(['running', 'returning', 'ended']),
  /** Milliseconds since 1970. */
  startedAt: z.number().int(),
  /** When the cut ends, or ended. */
  endsAt: z.number().int(),
  /** Connected peers that are no seeds. */
  peers: connectedSchema,
  seeds: connectedSchema,
  /** From the start until direct mode; 0 where that was on before, null where it didn't begin. */
  directAfterMs: z.number().int().nullable(),
  /** From the start until somebody who is no seed was connected; 0 for who was there all along, null for nobody. */
  firstPeerMs: z.number().int().nullable(),
  /** Records that came and weren't here before. */
  received: z.number().int(),
  /** Records that were handed over by sync and that the others keep. */
  sent: z.number().int(),
  /** All bytes that went over the network. */
  data: z.object({ receivedBytes: z.number().int(), sentBytes: z.number().int() }),
  /** Own records written meanwhile, and those of them that somebody has acknowledged meanwhile. */
  written: z.object({ count: z.number().int(), held: z.number().int() }),
  /** Own records; how many peers connected at the end keep some, and how many records the one keeps that has most. */
  own: z.object({ records: z.number().int(), holders: z.number().int(), most: z.number().int() }),
  /**
   * People who are followed: those whose own computer was connected, and those whose records somebody else was found to
   * keep, some time during the cut.
   */
  followed: z.object({ count: z.number().int(), direct: z.number().int(), carried: z.number().int() }),
  ways: z.array(drillWaySchema),
  /** From the end of the cut until a seed was connected; null where none was before, or none came back. */
  seedsBackMs: z.number().int().nullable(),
})
export type Drill = z.infer<typeof drillSchema>

const drillAnswerSchema = z.object({ drill: drillSchema.nullable() })

/** The internet or the seeds cut off for some minutes, on purpose, and what still worked. */
export const drillContract = {
  /** Cuts at once. `busy` while one runs, `unreachable` without a network; a seed refuses: others rely on it. */
  start: oc
    .input(
      z.object({
        cut: drillCutSchema.default('seeds'),
        minutes: z.number().positive().max(MAX_DRILL_MINUTES).default(MAX_DRILL_MINUTES),
      }),
    )
    .output(drillAnswerSchema),
  /** Ends the cut now; answers with what was found so far. Nothing happens where none runs. */
  stop: oc.output(drillAnswerSchema),
  /** The one that runs, or the last one; null for none yet. */
  status: oc.output(drillAnswerSchema),
}
