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

/** own: the account here · all: everybody of whom something is held */
export const exportScopeSchema = z.enum(['own', 'all'])
export type ExportScope = z.infer<typeof exportScopeSchema>

/** An archive that is written, or the last one since the start of the node. */
export const exportSchema = z.object({
  /** Name of the file, without its folder. */
  file: z.string(),
  scope: exportScopeSchema,
  /** cancelled, failed: nothing of the file stays */
  step: z.enum(['running', 'done', 'cancelled', 'failed']),
  /** People whose records are all written. */
  authors: z.number().int(),
  /** Of their identity chains. */
  operations: z.number().int(),
  records: z.number().int(),
  /** Of operations and records. */
  bytes: z.number().int(),
  /** Milliseconds since 1970. */
  startedAt: z.number().int(),
  endedAt: z.number().int().nullable(),
  /** Of one that failed. */
  failure: z.object({ code: z.string(), message: z.string() }).nullable(),
})
export type ExportView = z.infer<typeof exportSchema>

const pathSchema = z.string().min(1).max(4_096)

/** Records and chains from a file of this computer, and into one (docs/protocol/archive.md). Over the local socket only. */
export const archiveContract = {
  /** Begins, and answers at once; `busy` while another one runs. `path` is absolute. */
  import: oc.input(z.object({ path: pathSchema })).output(importSchema),
  /** Begins to write a file that isn't there yet, and answers at once; `busy` while another one is written. `path` is absolute. */
  export: oc.input(z.object({ path: pathSchema, scope: exportScopeSchema.optional() })).output(exportSchema),
  /** Those that run, or the last ones since the start. */
  status: oc.output(z.object({ import: importSchema.nullable(), export: exportSchema.nullable() })),
  /** Ends the writing; nothing of the file stays. */
  cancelExport: oc.output(z.object({ export: exportSchema.nullable() })),
  /** Ends it when what is on its way is in; the same file goes on from there. */
  cancel: oc.output(z.object({ import: importSchema.nullable() })),
}
