import { type RefObject, useLayoutEffect } from 'react'
import type { RowPlace } from './home-place.ts'

/** The header that stays on top covers so much of a list. */
const HEADER_PX = 60
/** While somebody scrolls, the place is told at most this often. */
const PAUSE_MS = 250
/** So long after the list stands there, rows that turn out higher or lower than thought don't move the place. */
const SETTLE_MS = 1_500
const MOVES = ['wheel', 'touchstart', 'pointerdown', 'keydown'] as const

/** Brings a row to the place where it stood, before anything is seen, and holds it there until the rows have their heights. */
export function useRestoredRow(list: RefObject<HTMLElement | null>, place: RowPlace | undefined): void {
  useLayoutEffect(() => {
    if (place === undefined) return
    const until = performance.now() + SETTLE_MS
    let frame = 0
    const end = () => cancelAnimationFrame(frame)
    const settle = () => {
      const row = list.current?.querySelector(`[data-row="${CSS.escape(place.row)}"]`)
      const off = row ? row.getBoundingClientRect().top - place.offset : 0
      if (Math.abs(off) >= 1) window.scrollBy(0, off)
      if (performance.now() < until) frame = requestAnimationFrame(settle)
    }
    settle()
    for (const move of MOVES) window.addEventListener(move, end, { passive: true, capture: true })
    return () => {
      end()
      for (const move of MOVES) window.removeEventListener(move, end, { capture: true })
    }
  }, [list, place])
}

/** Says which row stands on top, and where, whenever that changes and when the window is about to go. */
export function useToldRow(list: RefObject<HTMLElement | null>, tell: ((place: RowPlace) => void) | undefined): void {
  useLayoutEffect(() => {
    if (!tell) return
    let timer: ReturnType<typeof setTimeout> | undefined
    const look = () => {
      clearTimeout(timer)
      timer = undefined
      const place = topRow(list.current)
      if (place) tell(place)
    }
    const lookSoon = () => {
      timer ??= setTimeout(look, PAUSE_MS)
    }
    window.addEventListener('scroll', lookSoon, { passive: true })
    window.addEventListener('pagehide', look)
    return () => {
      window.removeEventListener('scroll', lookSoon)
      window.removeEventListener('pagehide', look)
      // Whoever opens a post within the pause leaves from where they are.
      if (timer !== undefined) look()
    }
  }, [list, tell])
}

function topRow(list: HTMLElement | null): RowPlace | undefined {
  let top: RowPlace | undefined
  for (const element of list?.querySelectorAll<HTMLElement>('[data-row]') ?? []) {
    const { top: offset, bottom } = element.getBoundingClientRect()
    const row = element.dataset.row
    // A row that has the focus stays in the page far from the others.
    if (row !== undefined && bottom > HEADER_PX && (!top || offset < top.offset)) top = { row, offset }
  }
  return top
}
