import type { MouseEvent } from 'react'

/** Whether a press was meant for the row itself: not for a control in it, a dialog over it, or a selection. */
export function isOwnPress(event: MouseEvent<HTMLElement>): boolean {
  const target = event.target
  if (event.defaultPrevented || event.button !== 0 || !(target instanceof Element)) return false
  if (!event.currentTarget.contains(target)) return false
  if (target.closest('a, button, input, textarea, select, label, [role="menu"], [role="dialog"]')) return false
  return (window.getSelection()?.toString() ?? '') === ''
}
