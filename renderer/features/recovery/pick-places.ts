/** Different places among `count`, in rising order. `random` gives numbers in [0, 1). */
export function pickPlaces(count: number, wanted: number, random: () => number = Math.random): number[] {
  const places = Array.from({ length: count }, (_, index) => index)
  for (let index = 0; index < Math.min(wanted, count); index++) {
    const other = index + Math.floor(random() * (count - index))
    const taken = places[index] as number
    places[index] = places[other] as number
    places[other] = taken
  }
  return places.slice(0, wanted).sort((first, second) => first - second)
}
