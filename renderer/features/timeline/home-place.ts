import type { PostPage } from '../../../core/contract/views.ts'
import { type FeedTop, rowKey } from './feed-window.ts'

/** A row of a list, and how far below the top of the window it stands, pixels; negative where it begins above. */
export interface RowPlace {
  row: string
  offset: number
}

/** Where home was left. */
export interface HomePlace extends RowPlace {
  /** Where the reading was held: what is newer waits. */
  top: FeedTop
}

/** One for this window's storage, which says whose it is: a key for each account would never be taken away. */
const KEY = 'palabre.place'
/** So many rows are read to find the place again; whoever was away for longer begins at the newest. */
const MAX_ROWS = 1_000
const LARGE_PAGE = 500

/** The place that a closed window, or a dead node, left behind. */
export function readHomePlace(profile: string): HomePlace | undefined {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEY) ?? 'null')
    return isKept(kept) && kept.profile === profile ? kept : undefined
  } catch {
    return undefined
  }
}

/** @param place null for the top, where the next window begins anyhow */
export function writeHomePlace(profile: string, place: HomePlace | null): void {
  try {
    if (place === null) localStorage.removeItem(KEY)
    else localStorage.setItem(KEY, JSON.stringify({ profile, ...place }))
  } catch {
    // Storage refused: the next window begins at the newest.
  }
}

function isKept(value: unknown): value is HomePlace & { profile: string } {
  if (typeof value !== 'object' || value === null) return false
  const { profile, row, offset, top } = value as Record<string, unknown>
  if (typeof profile !== 'string' || typeof row !== 'string' || !Number.isFinite(offset)) return false
  if (typeof top !== 'object' || top === null) return false
  const { key, ts } = top as Record<string, unknown>
  return typeof key === 'string' && Number.isFinite(ts)
}

/** The newest rows down to this one, as one page; a page of `small` where it isn't among the newest thousand. */
export async function readDownTo(
  row: string,
  readPage: (cursor: string | undefined, limit: number) => Promise<PostPage>,
  small: number,
): Promise<PostPage> {
  const first = await readPage(undefined, small)
  let page = first
  while (!page.items.some((post) => rowKey(post) === row)) {
    if (page.cursor === null || page.items.length >= MAX_ROWS) return first
    const next = await readPage(page.cursor, LARGE_PAGE)
    page = { items: [...page.items, ...next.items], cursor: next.cursor }
  }
  return page
}
