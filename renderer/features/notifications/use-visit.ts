import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useLayoutEffect, useState } from 'react'
import { useRpc } from '../../rpc/provider.tsx'
import { endVisit, type Visit, visitOf } from './visit.ts'

/** The visit of the page that uses this. Where it ends, the lists are forgotten: the next one reads them anew. */
export function useVisit(): Visit {
  const { orpc } = useRpc()
  const queryClient = useQueryClient()
  const [visit] = useState(() => visitOf(queryClient))
  useEffect(() => {
    visit.isKept = false
    return () => {
      if (visit.isKept) return
      endVisit(queryClient)
      queryClient.removeQueries({ queryKey: orpc.notifications.list.key() })
    }
  }, [visit, queryClient, orpc])

  useLayoutEffect(() => {
    window.scrollTo(0, visit.offset)
    const keep = () => {
      visit.offset = window.scrollY
    }
    window.addEventListener('scroll', keep, { passive: true })
    return () => window.removeEventListener('scroll', keep)
  }, [visit])
  return visit
}
