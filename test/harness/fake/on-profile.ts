import type { ProfileShow } from '../../../core/contract/views.ts'
import type { FakePost } from './fake-square.ts'

/** Whether a post stands on that tab of a profile. */
export function isOnProfile(
  { author, reply, media }: FakePost,
  { profile, show }: { profile: string; show: ProfileShow },
) {
  if (author !== profile) return false
  return show === 'posts' ? reply === null : show === 'all' || media.length > 0
}
