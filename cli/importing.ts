import type { ImportView } from '../core/contract/archive.ts'
import type { LocalConnection } from '../core/node/local-client.ts'
import { EXIT } from './command.ts'
import { followWork, requireDone, type WorkDisplay } from './follow-work.ts'
import { printable, printLine } from './output.ts'
import { countRefused, formatBytes, formatImport } from './status-lines.ts'

/** What the reasons mean to who imports a file; others stand as they are. */
const REASONS: Readonly<Record<string, string>> = {
  'unknown-identity': 'written by somebody whose identity chain is neither here nor in the file before it',
  'unknown-device': 'written by a device that its author does not list',
  'future-timestamp': 'dated in the future: import the file again when that time has come',
  'not-owner': 'not signed by who may change that identity chain',
  quota: 'more than is kept of one identity chain',
  'bad-signature': 'signed wrongly: changed since, or made in another network',
}

/**
 * Has a file taken in and follows that to its end. Ctrl-C ends it; what came is kept.
 *
 * @returns the exit code @throws PalabreError with the failure as its code
 */
export async function runImport(
  { archive }: Pick<LocalConnection['client'], 'archive'>,
  path: string,
  init: Omit<WorkDisplay<ImportView>, 'format'>,
): Promise<number> {
  const view = await followWork(
    {
      begin: () => archive.import({ path }),
      status: async () => (await archive.status()).import,
      cancel: async () => (await archive.cancel()).import,
    },
    { ...init, format: formatImport },
  )
  if (!init.isJson) for (const line of reportLines(view)) await printLine(printable(line))
  requireDone(view, 'it was called off; import the same file again and it goes on from there')
  return EXIT.done
}

/** What came of it, a line each: what is new, what was here, and what is not kept and why. */
export function reportLines(view: ImportView): string[] {
  const { file, totalBytes, doneBytes, operations, records, refused, startedAt, endedAt } = view
  const seconds = Math.max(1, Math.round(((endedAt ?? startedAt) - startedAt) / 1_000))
  const part =
    doneBytes === totalBytes ? formatBytes(totalBytes) : `${formatBytes(doneBytes)} of ${formatBytes(totalBytes)}`
  return [
    `${file}: ${part} in ${seconds} s`,
    `${records.added} records new, ${records.known} here already`,
    `${operations.added} operations of identity chains new, ${operations.known} here already`,
    ...(refused.length === 0 ? [] : [`${countRefused(view)} not kept:`]),
    ...refused.map(({ reason, count }) => `  ${count} ${REASONS[reason] ?? `refused: ${reason}`}`),
  ]
}
