import styles from './logo.module.css'

/** Two arcs of shade, a trunk, four seated points. */
export function LogoMark({ size = 24 }: { size?: number }) {
  return (
    <svg className={styles.mark} width={size} height={size} viewBox="0 0 24 24" aria-hidden="true">
      <path d="M1.3 13.6v-1.2a10.7 10.7 0 0 1 21.4 0v1.2" />
      <path d="M6 13.6v-1a6 6 0 0 1 12 0v1" />
      <path d="M12 11.2v7.6" />
      <circle cx="3" cy="18.6" r="1.75" />
      <circle cx="7.8" cy="22" r="1.75" />
      <circle cx="16.2" cy="22" r="1.75" />
      <circle cx="21" cy="18.6" r="1.75" />
    </svg>
  )
}

/** The mark and the name. */
export function Logo() {
  return (
    <span className={styles.logo}>
      <LogoMark />
      <span className={styles.name} lang="fr" translate="no">
        Palabre
      </span>
    </span>
  )
}
