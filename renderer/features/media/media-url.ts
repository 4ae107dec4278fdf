import type { MediaView } from '../../../core/contract/media.ts'

/** Where both hosts serve the bytes of a picture. */
export function mediaUrl(cid: string): string {
  return `/media/${encodeURIComponent(cid)}`
}

/** Address of a picture whose bytes are here, undefined otherwise. */
export function readyUrl(media: MediaView | null): string | undefined {
  return media?.state === 'here' ? mediaUrl(media.cid) : undefined
}
