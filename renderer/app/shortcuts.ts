import { useEffect, useRef } from 'react'
import { createKeybindingsHandler, defaultKeybindingsHandlerIgnore } from 'tinykeys'
import { useSettings } from './use-settings.ts'

export type Shortcuts = Record<string, (event: KeyboardEvent) => void>

const PREFIX = 'g'
const SEQUENCE_MS = 1_000
const PUNCTUATION = /^[./?]$/

/** The last two keys, so that the `n` of `g n` doesn't also write a post. */
let before = { key: '', at: 0 }
let latest = { key: '', at: 0 }
let isWatching = false

function watchKeys(): void {
  if (isWatching) return
  isWatching = true
  window.addEventListener(
    'keydown',
    (event) => {
      before = latest
      latest = { key: event.key, at: event.timeStamp }
    },
    { capture: true },
  )
}

function isAfterPrefix(): boolean {
  return before.key === PREFIX && latest.at - before.at < SEQUENCE_MS
}

/**
 * Single-key shortcuts in tinykeys' notation (`j`, `g h`, `?`). They rest while somebody types, while a dialog
 * or a menu is open, and when they were switched off.
 */
export function useShortcuts(shortcuts: Shortcuts): void {
  const { singleKeys } = useSettings().settings
  const current = useRef(shortcuts)
  useEffect(() => {
    current.current = shortcuts
  })
  const keys = Object.keys(shortcuts).join('\n')
  useEffect(() => {
    if (!singleKeys || keys === '') return
    watchKeys()
    // A handler each: in a common one the sequences that come after a fitting one don't hear its last key, and go on
    // waiting for theirs.
    const handlers = keys.split('\n').map((key) => {
      // On some keyboards these stand behind Shift.
      const binding = PUNCTUATION.test(key) ? `[Shift]+${key}` : key
      const press = (event: KeyboardEvent) => {
        if (!key.includes(' ') && isAfterPrefix()) return
        if (document.querySelector('[role="dialog"], [role="menu"]') !== null) return
        event.preventDefault()
        current.current[key]?.(event)
      }
      return createKeybindingsHandler({ [binding]: press }, { timeout: SEQUENCE_MS, ignore: isTyping })
    })
    for (const handler of handlers) window.addEventListener('keydown', handler)
    return () => {
      for (const handler of handlers) window.removeEventListener('keydown', handler)
    }
  }, [singleKeys, keys])
}

function isTyping(event: KeyboardEvent): boolean {
  const target = event.target
  return defaultKeybindingsHandlerIgnore(event) || (target instanceof HTMLElement && target.isContentEditable)
}
