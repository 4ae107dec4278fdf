import { z } from 'zod'

/** The room on the disk of the data directory. */
export const spaceSchema = z.object({
  /**
   * plenty · low: nothing more is kept for others than those who are followed or pinned · own-only: own records only ·
   * full: writing fails, or will at once; own records still have the place that was held back
   */
  state: z.enum(['plenty', 'low', 'own-only', 'full']),
  /** Null where the file system doesn't say. */
  freeBytes: z.number().int().nullable(),
  /** Held back for a full disk. */
  ballastBytes: z.number().int(),
})
export type Space = z.infer<typeof spaceSchema>
