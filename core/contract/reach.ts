import { z } from 'zod'

export const reachSchema = z.object({
  /**
   * public: whoever has an address dials it · direct: dialled through a relay, connections become direct · relayed: they
   * stay with the relay · local-only: nobody dials it from elsewhere
   */
  kind: z.enum(['public', 'direct', 'relayed', 'local-only']),
  /** How that was found: said by its operator, dialled back by a peer, by the router's port, by a crossing, by a relay. */
  source: z.enum(['announced', 'autonat', 'upnp', 'crossing', 'relay', 'none']),
  /** What stands in the way or may be done. */
  hint: z.enum(['none', 'local-network', 'waiting', 'no-peer', 'no-relay', 'relay-full', 'open-port']),
  /** TCP port that a router would have to let in. */
  port: z.number().int().nullable(),
  /** IP addresses under which peers see this node. */
  observed: z.array(z.string()).readonly(),
  /** Peers that keep a place for it as relays. */
  relays: z.array(z.string()).readonly(),
  /** Places as a relay that it gives to others; null for none. */
  places: z.object({ used: z.number().int(), limit: z.number().int() }).nullable(),
})
export type Reach = z.infer<typeof reachSchema>
