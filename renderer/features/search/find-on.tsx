import { useEffect } from 'react'
import { PostSkeleton } from '../../ui/skeleton.tsx'

/** In the place of a page that has nothing and leads on. */
export function FindOn({ isFinding, onFind }: { isFinding: boolean; onFind: () => void }) {
  useEffect(() => {
    if (!isFinding) onFind()
  }, [isFinding, onFind])
  return <PostSkeleton count={3} />
}
