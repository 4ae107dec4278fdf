import type { ExportScope, ExportView } from '../core/contract/archive.ts'
import type { LocalConnection } from '../core/node/local-client.ts'
import { EXIT } from './command.ts'
import { followWork, requireDone, type WorkDisplay } from './follow-work.ts'
import { printable, printLine } from './output.ts'
import { formatBytes, formatExport } from './status-lines.ts'

/**
 * Has an archive written and follows that to its end. Ctrl-C ends it; nothing of the file stays.
 *
 * @returns the exit code @throws PalabreError with the failure as its code
 */
export async function runExport(
  { archive }: Pick<LocalConnection['client'], 'archive'>,
  asked: { readonly path: string; readonly scope: ExportScope },
  init: Omit<WorkDisplay<ExportView>, 'format'>,
): Promise<number> {
  const view = await followWork(
    {
      begin: () => archive.export(asked),
      status: async () => (await archive.status()).export,
      cancel: async () => (await archive.cancelExport()).export,
    },
    { ...init, format: formatExport },
  )
  requireDone(view, 'it was called off, and nothing of the file is left')
  if (!init.isJson) await printLine(printable(reportLine(view)))
  return EXIT.done
}

function reportLine({ file, scope, authors, records, operations, bytes }: ExportView): string {
  const whose = scope === 'own' ? '' : ` of ${authors} people`
  return `${file}: ${records} records${whose}, ${operations} operations of identity chains, ${formatBytes(bytes)}`
}
