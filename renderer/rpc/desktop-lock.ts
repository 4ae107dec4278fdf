import { useSyncExternalStore } from 'react'

/** A sealed vault: the desktop app asks for its passphrase before a node can run. */
export interface DesktopLock {
  /** How often it was asked for, from 1; more than 1 says that the last one was wrong. */
  readonly attempt: number
}

let lock: DesktopLock | null = null
const listeners = new Set<() => void>()

function set(next: DesktopLock | null): void {
  lock = next
  for (const listener of listeners) listener()
}

// Heard from the moment on at which the first port is asked for.
window.addEventListener('message', (event) => {
  if (event.source !== window || event.origin !== location.origin) return
  const data: unknown = event.data
  if (typeof data !== 'object' || data === null || !('type' in data)) return
  if (data.type === 'palabre:port') set(null)
  else if (data.type === 'palabre:locked') {
    const attempt = 'attempt' in data && typeof data.attempt === 'number' ? data.attempt : 1
    // The page asks for a port again and again; only a new question is one.
    if (lock?.attempt !== attempt) set({ attempt })
  }
})

/** Null while nothing is asked for; a new object each time it is asked again. */
export function useDesktopLock(): DesktopLock | null {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => lock,
  )
}
