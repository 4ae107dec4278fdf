import { setTimeout as pause } from 'node:timers/promises'
import { PalabreError } from '../core/util/errors.ts'
import { printable, printJson } from './output.ts'

const POLL_MS = 300

export interface WorkView {
  readonly step: 'running' | 'done' | 'cancelled' | 'failed'
  readonly failure: { readonly code: string; readonly message: string } | null
}

export interface WorkCalls<View extends WorkView> {
  begin(): Promise<View>
  /** Null where the node has another piece of work, or none. */
  status(): Promise<View | null>
  cancel(): Promise<View | null>
}

export interface WorkDisplay<View> {
  readonly isJson: boolean
  /** One line is drawn again and again; else only the end is said. */
  readonly isTerminal: boolean
  format(view: View): string
}

/**
 * Begins a long piece of work of the node and follows it to its end, which it answers. Ctrl-C calls it off.
 *
 * @throws PalabreError disconnected, when the node has lost it
 */
export async function followWork<View extends WorkView>(
  calls: WorkCalls<View>,
  display: WorkDisplay<View>,
): Promise<View> {
  const stopping = new AbortController()
  const leave = () => stopping.abort()
  process.once('SIGINT', leave).once('SIGTERM', leave)
  const show = createShow(display)
  try {
    let view = await calls.begin()
    await show(view)
    while (view.step === 'running') {
      await pause(POLL_MS, undefined, { signal: stopping.signal }).catch(() => {})
      const next = stopping.signal.aborted ? await calls.cancel() : await calls.status()
      if (next === null) throw new PalabreError('disconnected', 'the node does something else now, or nothing')
      view = next
      await show(view)
    }
    return view
  } finally {
    process.off('SIGINT', leave).off('SIGTERM', leave)
  }
}

/** @throws PalabreError with the failure as its code; cancelled with that message */
export function requireDone({ step, failure }: WorkView, cancelled: string): void {
  if (failure !== null) throw new PalabreError(failure.code, failure.message)
  if (step === 'cancelled') throw new PalabreError('cancelled', cancelled)
}

function createShow<View extends WorkView>(display: WorkDisplay<View>): (view: View) => Promise<void> {
  const { isJson, isTerminal } = display
  let said = ''
  return async (view) => {
    const text = isJson ? JSON.stringify(view) : printable(display.format(view))
    if (text === said) return
    said = text
    if (isJson) await printJson(view)
    else if (isTerminal) process.stdout.write(view.step === 'running' ? `\r\u001b[K${text}` : '\r\u001b[K')
  }
}
