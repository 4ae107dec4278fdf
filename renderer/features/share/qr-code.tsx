import { useMemo } from 'react'
import styles from './qr-code.module.css'
import { qrPath } from './qr-path.ts'

export interface QrCodeProps {
  text: string
  label: string
  /** A long text: shown as large as there is room, so that its modules are not too small. */
  isDense?: boolean
}

/** White in both themes, with four quiet modules: any camera reads it. */
export function QrCode({ text, label, isDense = false }: QrCodeProps) {
  const code = useMemo(() => qrPath(text), [text])
  return (
    <svg
      className={styles.code}
      data-dense={isDense || undefined}
      viewBox={`0 0 ${code.size} ${code.size}`}
      role="img"
      aria-label={label}
      shapeRendering="crispEdges"
    >
      <path d={code.path} />
    </svg>
  )
}
