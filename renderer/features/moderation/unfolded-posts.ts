import { useSyncExternalStore } from 'react'

/** Beyond these the first ones fold again. */
const MAX_UNFOLDED = 500

const unfolded = new Set<string>()
const listeners = new Set<() => void>()

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** From now on this post is shown, in every list, until the window is closed. */
export function unfoldPost(id: string): void {
  unfolded.add(id)
  const [first] = unfolded
  if (unfolded.size > MAX_UNFOLDED && first !== undefined) unfolded.delete(first)
  for (const listener of listeners) listener()
}

/** The muted word behind which a post is folded; undefined for what is shown, also because somebody has asked to see it. */
export function useFoldingWord({ id, foldedBy }: { id: string; foldedBy?: string | undefined }): string | undefined {
  const isUnfolded = useSyncExternalStore(subscribe, () => unfolded.has(id))
  return isUnfolded ? undefined : foldedBy
}
