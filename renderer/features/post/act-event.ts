import { type RefObject, useEffect, useRef } from 'react'

/** What a key does with a post at once, where its button opens a menu. */
export type KeyedAct = 'repost' | 'quote' | 'pick'

const ACT_EVENT = 'palabre:act'

/** Asks the actions of the post in `article` for one of them; nothing happens where there are none. */
export function askToAct(article: Element, act: KeyedAct): void {
  article.querySelector('[data-acts]')?.dispatchEvent(new CustomEvent<KeyedAct>(ACT_EVENT, { detail: act }))
}

/** Answers `askToAct`. @param bar the element with `data-acts` */
export function useKeyedActs(bar: RefObject<HTMLElement | null>, acts: Readonly<Record<KeyedAct, () => void>>): void {
  const current = useRef(acts)
  useEffect(() => {
    current.current = acts
  })
  useEffect(() => {
    const element = bar.current
    const onAct = (event: Event) => current.current[(event as CustomEvent<KeyedAct>).detail]()
    element?.addEventListener(ACT_EVENT, onAct)
    return () => element?.removeEventListener(ACT_EVENT, onAct)
  }, [bar])
}
