import { z } from 'zod'

/** One picture as a post carries it (MED1). `type` is the sniffed MIME type, `size` bytes, width and height pixels. */
export const mediaSchema = z.object({
  cid: z.string().min(1).max(128),
  type: z.string().min(1).max(64),
  size: z.number().int().positive(),
  width: z.number().int().positive(),
  height: z.number().int().positive(),
  /** Description for people who don't see the picture; '' when the author gave none. */
  alt: z.string().max(1_000),
  /** base64 of a thumbhash of at most 32 bytes. */
  thumbhash: z.string().max(64).optional(),
})
export type Media = z.infer<typeof mediaSchema>

/** The same with what this node knows about the bytes. */
export const mediaViewSchema = mediaSchema.extend({
  /** here: readable now · fetching: being asked for · missing: asked, nobody online holds it · waiting: not asked yet */
  state: z.enum(['here', 'fetching', 'missing', 'waiting']),
})
export type MediaView = z.infer<typeof mediaViewSchema>
