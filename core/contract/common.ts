import { z } from 'zod'

/** A profile address, the peer ID of a device, or a `palabre:` link. */
export const person = z.string().min(1).max(2_048)
/** Answer of what does something and has nothing to say. */
export const done = z.object({ ok: z.literal(true) })
