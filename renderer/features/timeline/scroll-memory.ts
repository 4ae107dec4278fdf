import type { QueryClient } from '@tanstack/react-query'
import type { VirtualItem } from '@tanstack/react-virtual'

export interface ScrollPlace {
  offset: number
  measurements: VirtualItem[]
}

/** Where lists were left, so that coming back from a thread finds the same post in the same place. */
const memory = new WeakMap<QueryClient, Map<string, ScrollPlace>>()
const MAX_PLACES = 20

/** Kept beside the cache that holds the lists: without the list its place means nothing. */
export function keepPlace(cache: QueryClient, key: string, place: ScrollPlace): void {
  const places = memory.get(cache) ?? new Map<string, ScrollPlace>()
  memory.set(cache, places)
  places.delete(key)
  places.set(key, place)
  if (places.size <= MAX_PLACES) return
  const [oldest] = places.keys()
  if (oldest !== undefined) places.delete(oldest)
}

export function placeOf(cache: QueryClient, key: string): ScrollPlace | undefined {
  return memory.get(cache)?.get(key)
}
