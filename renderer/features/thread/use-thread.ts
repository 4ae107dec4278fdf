import { useInfiniteQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import type { Thread } from '../../../core/contract/views.ts'
import { useRpc } from '../../rpc/provider.tsx'
import { answersOf, whileAsking } from './answers-state.ts'
import { MAX_INDENT } from './thread-rows.ts'

const PAGE_SIZE = 50

/** One part of a thread's answers, page by page; asked for while `isWanted`. */
export function useThread(id: string, strangers: 'none' | 'only', isWanted = true) {
  const { orpc } = useRpc()
  const query = useInfiniteQuery({
    ...orpc.threads.get.infiniteOptions({
      input: (cursor: string | undefined) => ({
        id,
        strangers,
        depth: MAX_INDENT,
        limit: PAGE_SIZE,
        ...(cursor === undefined ? {} : { cursor }),
      }),
      initialPageParam: undefined as string | undefined,
      getNextPageParam: (last) => last.cursor ?? undefined,
    }),
    enabled: isWanted,
    refetchInterval: ({ state }) => whileAsking(answersOf(state.error) ?? state.data?.pages[0]),
  })
  const pages = query.data?.pages
  const thread = useMemo(() => joinPages(pages), [pages])
  return { query, thread }
}

/** The first page with the answers of all; one that moved from page to page meanwhile stands once. */
export function joinPages<Page extends Thread>(pages: readonly Page[] | undefined): Page | undefined {
  const [first] = pages ?? []
  if (pages === undefined || first === undefined) return undefined
  const seen = new Set<string>()
  const replies = pages
    .flatMap((page) => page.replies)
    .filter(({ post }) => {
      if (seen.has(post.id)) return false
      seen.add(post.id)
      return true
    })
  return { ...first, replies, cursor: pages.at(-1)?.cursor ?? null }
}
