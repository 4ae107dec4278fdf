import type { RefObject } from 'react'
import { type Shortcuts, useShortcuts } from '../../app/shortcuts.ts'
import { askToAct, type KeyedAct } from '../post/act-event.ts'

/** What takes the focus in a list. */
const ROW = 'article[data-post], article[data-notification]'
/** Room for the header that stays on top. */
const HEADER_PX = 40

/**
 * Single keys of a list: j and k go to the next and the previous one; l and r press the buttons of the one
 * that has the focus, or of the one that the page is about, t and q repost and quote it, e opens its
 * signs. `.` loads new ones where the list has a way to.
 */
export function useFeedKeys(list: RefObject<HTMLElement | null>, onLoadNew?: () => void): void {
  const target = () => currentPost(list.current) ?? list.current?.querySelector('article[aria-current="true"]')
  const press = (action: string) => () => {
    target()?.querySelector<HTMLElement>(`[data-action="${action}"]`)?.click()
  }
  const ask = (act: KeyedAct) => () => {
    const post = target()
    if (post) askToAct(post, act)
  }
  const shortcuts: Shortcuts = {
    j: () => move(list.current, 1),
    k: () => move(list.current, -1),
    l: press('react'),
    r: press('reply'),
    t: ask('repost'),
    q: ask('quote'),
    e: ask('pick'),
  }
  if (onLoadNew) shortcuts['.'] = onLoadNew
  useShortcuts(shortcuts)
}

function currentPost(root: HTMLElement | null): HTMLElement | null {
  const post = document.activeElement?.closest<HTMLElement>(ROW) ?? null
  return post && root?.contains(post) ? post : null
}

/** Without a current post the first one that stands below the header is taken. */
function move(root: HTMLElement | null, step: 1 | -1): void {
  const posts = [...(root?.querySelectorAll<HTMLElement>(ROW) ?? [])]
  const current = currentPost(root)
  const next = current
    ? posts[posts.indexOf(current) + step]
    : posts.find((post) => post.getBoundingClientRect().top >= HEADER_PX)
  if (!next) return
  next.focus({ preventScroll: true })
  next.scrollIntoView({ block: 'nearest' })
}
