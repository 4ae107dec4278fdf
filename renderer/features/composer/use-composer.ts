import { useSyncExternalStore } from 'react'
import type { PostView } from '../../../core/contract/views.ts'

/** Whether the composer is open, and what it answers, quotes or edits. One for the whole window, so that nothing has to be passed down. */
export interface ComposerState {
  isOpen: boolean
  replyTo: PostView | undefined
  /** An own post whose text it holds. */
  edited: PostView | undefined
  quoted: PostView | undefined
}

const CLOSED: ComposerState = { isOpen: false, replyTo: undefined, edited: undefined, quoted: undefined }
const listeners = new Set<() => void>()
let state = CLOSED

function set(next: ComposerState): void {
  state = next
  for (const listener of listeners) listener()
}

const composer = {
  open: (replyTo?: PostView) => set({ ...CLOSED, isOpen: true, replyTo }),
  edit: (edited: PostView) => set({ ...CLOSED, isOpen: true, edited }),
  quote: (quoted: PostView) => set({ ...CLOSED, isOpen: true, quoted }),
  close: () => set(CLOSED),
}

/** Opens and closes the composer from anywhere. */
export function useComposer(): typeof composer {
  return composer
}

export function useComposerState(): ComposerState {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => state,
  )
}
