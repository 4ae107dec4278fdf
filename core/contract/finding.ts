import { z } from 'zod'

/** Ways in which somebody is looked for by peer ID, all at the same time. */
export const searchWaySchema = z.object({
  /**
   * address: where the link says · memory: where devices were seen, as peers remember it · peers: who is connected is
   * asked · dht: the network's table · lan: computers nearby that say so themselves
   */
  way: z.enum(['address', 'memory', 'peers', 'dht', 'lan']),
  /** off: this way isn't open here · asking · nothing: asked to the end · found: this way led there */
  state: z.enum(['off', 'asking', 'nothing', 'found']),
  /** Peers or addresses that were asked or tried so far. */
  asked: z.number().int(),
})
export type SearchWay = z.infer<typeof searchWaySchema>

export const personSearchSchema = z.object({
  /** What was given, and once somebody is found the profile address: a device's peer ID leads to its account. */
  profile: z.string(),
  state: z.enum(['asking', 'found', 'nothing']),
  ways: z.array(searchWaySchema),
  /** Milliseconds since 1970. */
  startedAt: z.number().int(),
  endedAt: z.number().int().nullable(),
})
export type PersonSearch = z.infer<typeof personSearchSchema>
