/** A point of a series: when or after how many, and how much. */
export interface Sample {
  readonly x: number
  readonly y: number
}

/** The median of the slopes between any two samples (Theil and Sen): a spike, or a third of the samples, doesn't move it. */
export function robustSlope(samples: readonly Sample[]): number {
  const slopes = samples.flatMap((a, i) =>
    samples.slice(i + 1).flatMap((b) => (a.x === b.x ? [] : [(b.y - a.y) / (b.x - a.x)])),
  )
  if (slopes.length === 0) throw new RangeError('a slope needs two samples')
  return slopes.sort((a, b) => a - b)[slopes.length >> 1] as number
}
