import { setTimeout as pause } from 'node:timers/promises'
import type { ImportView } from '../core/contract/archive.ts'
import type { LocalConnection } from '../core/node/local-client.ts'
import { PalabreError } from '../core/util/errors.ts'
import { EXIT } from './command.ts'
import { printable, printJson, printLine } from './output.ts'
import { countRefused, formatBytes, formatImport } from './status-lines.ts'

type Client = Pick<LocalConnection['client'], 'archive'>

const POLL_MS = 300

/** What the reasons mean to who imports a file; others stand as they are. */
const REASONS: Readonly<Record<string, string>> = {
  'unknown-identity': 'written by somebody whose identity chain is neither here nor in the file before it',
  'unknown-device': 'written by a device that its author does not list',
  'future-timestamp': 'dated in the future: import the file again when that time has come',
  'not-owner': 'not signed by who may change that identity chain',
  quota: 'more than is kept of one identity chain',
  'bad-signature': 'signed wrongly: changed since, or made in another network',
}

export interface ImportingInit {
  readonly isJson: boolean
  /** One line is drawn again and again; else only the end is said. */
  readonly isTerminal: boolean
}

/**
 * Has a file taken in and follows that to its end. Ctrl-C ends it; what came is kept.
 *
 * @returns the exit code @throws PalabreError with the failure as its code
 */
export async function runImport(client: Client, path: string, init: ImportingInit): Promise<number> {
  const stopping = new AbortController()
  const leave = () => stopping.abort()
  process.once('SIGINT', leave).once('SIGTERM', leave)
  const show = createDisplay(init)
  try {
    let view = await client.archive.import({ path })
    await show(view)
    while (view.step === 'running') {
      await pause(POLL_MS, undefined, { signal: stopping.signal }).catch(() => {})
      const { import: next } = stopping.signal.aborted ? await client.archive.cancel() : await client.archive.status()
      if (next === null) throw new PalabreError('disconnected', 'the node has another import, or none')
      view = next
      await show(view)
    }
    if (!init.isJson) for (const line of reportLines(view)) await printLine(printable(line))
    if (view.failure !== null) throw new PalabreError(view.failure.code, view.failure.message)
    if (view.step === 'cancelled') {
      throw new PalabreError('cancelled', 'it was called off; import the same file again and it goes on from there')
    }
    return EXIT.done
  } finally {
    process.off('SIGINT', leave).off('SIGTERM', leave)
  }
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

function createDisplay({ isJson, isTerminal }: ImportingInit): (view: ImportView) => Promise<void> {
  let said = ''
  return async (view) => {
    const text = isJson ? JSON.stringify(view) : printable(formatImport(view))
    if (text === said) return
    said = text
    if (isJson) await printJson(view)
    else if (isTerminal) process.stdout.write(view.step === 'running' ? `\r\u001b[K${text}` : '\r\u001b[K')
  }
}
