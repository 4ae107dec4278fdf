import { useEffect, useState } from 'react'

/** Below this the top of a list is no longer in sight. */
export const TOP_PX = 8

/** Whether the window is scrolled below the top of its list. */
export function useIsBelowTop(): boolean {
  const [isBelow, setBelow] = useState(() => window.scrollY > TOP_PX)
  useEffect(() => {
    const look = () => setBelow(window.scrollY > TOP_PX)
    window.addEventListener('scroll', look, { passive: true })
    return () => window.removeEventListener('scroll', look)
  }, [])
  return isBelow
}
