import styles from './progress.module.css'

export interface ProgressProps {
  label: string
  value: number
  max: number
}

/** As the data comes: no animation of its own. */
export function Progress({ label, value, max }: ProgressProps) {
  return <progress className={styles.bar} aria-label={label} value={Math.min(value, max)} max={Math.max(max, 1)} />
}
