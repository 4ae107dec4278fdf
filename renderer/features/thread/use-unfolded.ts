import { useQueries } from '@tanstack/react-query'
import { useState } from 'react'
import type { PostView } from '../../../core/contract/views.ts'
import { useRpc } from '../../rpc/provider.tsx'

export interface Unfolded {
  /** Posts that somebody has asked to see although their authors are muted or blocked, by id. */
  posts: ReadonlyMap<string, PostView>
  /** From now on this post is shown, whoever wrote it. */
  show: (id: string) => void
}

export function useUnfolded(): Unfolded {
  const { orpc } = useRpc()
  const [shown, setShown] = useState<readonly string[]>([])
  const answers = useQueries({
    queries: shown.map((id) => orpc.threads.get.queryOptions({ input: { id, silenced: true, limit: 1 } })),
  })
  const posts = new Map(answers.flatMap(({ data }) => (data === undefined ? [] : [[data.post.id, data.post] as const])))
  return { posts, show: (id) => setShown((before) => (before.includes(id) ? before : [...before, id])) }
}
