/** Types that travel (MED2), pictures for now; sound and film join this list with their own formats. Never SVG, never HTML. */
export const MEDIA_TYPES = ['image/jpeg', 'image/png', 'image/webp', 'image/gif', 'image/avif'] as const
export type MediaType = (typeof MEDIA_TYPES)[number]

/** True for a type of the allow-list, exactly as written there. */
export function isMediaType(type: string): type is MediaType {
  return (MEDIA_TYPES as readonly string[]).includes(type)
}

/** A picture, bytes (MED3). */
export const MAX_IMAGE_BYTES = 16 * 1024 * 1024
/** A picture, width × height (MED3): a decoder needs four bytes for each. */
export const MAX_IMAGE_PIXELS = 33_000_000
/** An avatar, bytes (MED3). */
export const MAX_AVATAR_BYTES = 64 * 1024

/** Bytes of every leaf but the last (MED1). */
export const LEAF_BYTES = 1024 * 1024
/** Links of a root (MED1). */
export const MAX_LINKS = 128
/** A root of 128 links takes about 7 KiB; more than this is no root of ours (MED1). */
export const MAX_ROOT_BYTES = 16 * 1024
