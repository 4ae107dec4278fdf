import { useMemo } from 'react'
import { classNames } from './class-names.ts'
import { createSequence, wavyRing } from './ring-shape.ts'
import styles from './rings.module.css'

export interface RingsProps {
  /** Seeds that hold it; three and more draw three rings. */
  held: number
  /** Pixels. From 48 on the rings waver like a tree's. */
  size: number
}

const STEPS = 3
const SMALL_RADII = [5.6, 7.9, 10.1] as const
/** Per seed: a strong line and two fine ones; radius in units of 104, then stroke, then strength. */
const LARGE_LINES = [
  [15.4, 2.7, 1],
  [19.6, 1.2, 0.55],
  [23.6, 1.5, 0.8],
  [28, 2.7, 1],
  [32.4, 1.2, 0.55],
  [35.8, 1.5, 0.8],
  [40.4, 2.7, 1],
  [44.4, 1.2, 0.55],
  [48.4, 1.5, 0.8],
] as const
const LARGE_WAITING = [21, 33, 45] as const
const LARGE_SEED = 7

/** How safe a record is: the core is this computer, each ring a seed. The words beside it say it to screen readers. */
export function Rings({ held, size }: RingsProps) {
  const steps = Math.max(0, Math.min(STEPS, Math.floor(held)))
  return size < 48 ? <SmallRings held={steps} size={size} /> : <LargeRings held={steps} size={size} />
}

function SmallRings({ held, size }: RingsProps) {
  return (
    <svg className={styles.rings} width={size} height={size} viewBox="0 0 22 22" aria-hidden="true" data-held={held}>
      <circle cx="11" cy="11" r="2.4" className={styles.core} />
      {SMALL_RADII.map((radius, index) => (
        <circle
          key={radius}
          cx="11"
          cy="11"
          r={radius}
          className={classNames(styles.line, index < held ? styles.held : styles.waiting)}
          pathLength={1}
        />
      ))}
    </svg>
  )
}

function LargeRings({ held, size }: RingsProps) {
  const lines = useMemo(() => {
    const next = createSequence(LARGE_SEED)
    return LARGE_LINES.map(([radius, width, opacity]) => ({
      path: wavyRing(52 + (next() - 0.5) * 1.6, 52 + (next() - 0.5) * 1.6, radius, radius * 0.028, next),
      width,
      opacity,
    }))
  }, [])
  return (
    <svg className={styles.rings} width={size} height={size} viewBox="0 0 104 104" aria-hidden="true" data-held={held}>
      <circle cx="52" cy="52" r="8.4" className={styles.core} />
      {lines.slice(0, held * 3).map((line) => (
        <path
          key={line.path}
          d={line.path}
          className={classNames(styles.line, styles.grown)}
          strokeWidth={line.width}
          strokeOpacity={line.opacity}
          pathLength={1}
        />
      ))}
      {LARGE_WAITING.slice(held).map((radius) => (
        <circle key={radius} cx="52" cy="52" r={radius} className={classNames(styles.line, styles.dotted)} />
      ))}
    </svg>
  )
}
