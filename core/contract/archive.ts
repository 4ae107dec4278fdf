import { oc } from '@orpc/contract'
import { z } from 'zod'

const countedSchema = z.object({
  /** Not here before. */
  added: z.number().int(),
  /** Here already. */
  known: z.number().int(),
})

/** An archive that is taken in, or the last one since the start of the node. */
export const importSchema = z.object({
  /** Name of the file, without its folder. */
  file: z.string(),
  /** cancelled, failed: what was taken in is kept, and the same file goes on from there */
  step: z.enum(['running', 'done', 'cancelled', 'failed']),
  /** Of the file, as far as it is committed. */
  doneBytes: z.number().int(),
  totalBytes: z.number().int(),
  /** Where an earlier import of the same file had got to; null for one from the beginning. The counts include it. */
  resumedAtBytes: z.number().int().nullable(),
  operations: countedSchema,
  records: countedSchema,
  /**
   * Operations and records that are not kept, by reason. hold: can't be judged yet · drop: not wanted here · reject: wrong in
   * themselves
   */
  refused: z.array(
    z.object({ verdict: z.enum(['hold', 'drop', 'reject']), reason: z.string(), count: z.number().int() }),
  ),
  /** Operations and records, over the last few seconds. */
  ratePerSecond: z.number(),
  /** Null while it can't be said. */
  secondsLeft: z.number().int().nullable(),
  /** Milliseconds since 1970. */
  startedAt: z.number().int(),
  endedAt: z.number().int().nullable(),
  /** Of one that failed. */
  failure: z.object({ code: z.string(), message: z.string() }).nullable(),
})
export type ImportView = z.infer<typeof importSchema>

/** Records and chains from a file of this computer (docs/protocol/archive.md). Over the local socket only. */
export const archiveContract = {
  /** Begins, and answers at once; `busy` while another one runs. `path` is absolute. */
  import: oc.input(z.object({ path: z.string().min(1).max(4_096) })).output(importSchema),
  /** The one that runs, or the last one since the start. */
  status: oc.output(z.object({ import: importSchema.nullable() })),
  /** Ends it when what is on its way is in; the same file goes on from there. */
  cancel: oc.output(z.object({ import: importSchema.nullable() })),
}
