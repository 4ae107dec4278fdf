import { useSyncExternalStore } from 'react'

/** So long a deletion can be taken back; only then is it signed. Tests make it shorter. */
export const undoWindow = { ms: 10_000 }

/**
 * waiting: nothing is signed yet, and nothing is if the window closes · sending: the node was asked · failed: it refused, and
 * the post stands as before
 */
export type PendingDeletion = { status: 'waiting' } | { status: 'sending' } | { status: 'failed'; cause: string }

export interface DeletionInit {
  /** Signs the deletion. */
  send: () => Promise<void>
  /** It was sent, taken back, or refused. */
  onEnd: (outcome: 'sent' | 'undone' | 'failed') => void
  describe: (error: unknown) => string
}

/**
 * Deletions that wait for their ten seconds, for the whole window: they go on from page to page, and end with the window
 * without having deleted anything. As many as somebody can press at once.
 */
const pending = new Map<string, PendingDeletion>()
const running = new Map<string, { timer: ReturnType<typeof setTimeout>; init: DeletionInit }>()
const listeners = new Set<() => void>()

function set(id: string, state: PendingDeletion | undefined): void {
  if (state === undefined) pending.delete(id)
  else pending.set(id, state)
  for (const listener of listeners) listener()
}

export function beginDeletion(id: string, init: DeletionInit): void {
  if (running.has(id)) return
  set(id, { status: 'waiting' })
  running.set(id, { timer: setTimeout(() => void sign(id, init), undoWindow.ms), init })
}

/** Answers whether it could still be taken back. */
export function undoDeletion(id: string): boolean {
  const waiting = running.get(id)
  if (waiting === undefined || pending.get(id)?.status !== 'waiting') return false
  clearTimeout(waiting.timer)
  running.delete(id)
  set(id, undefined)
  waiting.init.onEnd('undone')
  return true
}

export function usePendingDeletion(id: string): PendingDeletion | undefined {
  return useSyncExternalStore(listen, () => pending.get(id))
}

async function sign(id: string, { send, onEnd, describe }: DeletionInit): Promise<void> {
  set(id, { status: 'sending' })
  try {
    await send()
    set(id, undefined)
    onEnd('sent')
  } catch (error) {
    set(id, { status: 'failed', cause: describe(error) })
    onEnd('failed')
  } finally {
    running.delete(id)
  }
}

function listen(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
