import type { VirtualItem } from '@tanstack/react-virtual'

export interface ScrollPlace {
  offset: number
  measurements: VirtualItem[]
}

/** Where lists were left, so that coming back from a thread finds the same post in the same place. */
const places = new Map<string, ScrollPlace>()
const MAX_PLACES = 20

export function keepPlace(key: string, place: ScrollPlace): void {
  places.delete(key)
  places.set(key, place)
  if (places.size > MAX_PLACES) {
    const [oldest] = places.keys()
    if (oldest !== undefined) places.delete(oldest)
  }
}

export function placeOf(key: string): ScrollPlace | undefined {
  return places.get(key)
}
