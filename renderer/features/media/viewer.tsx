import { ChevronLeft, ChevronRight, X } from 'lucide-react'
import { useState } from 'react'
import { useIntl } from 'react-intl'
import type { MediaView } from '../../../core/contract/media.ts'
import { IconButton } from '../../ui/icon-button.tsx'
import { Overlay } from '../../ui/overlay.tsx'
import styles from './media.module.css'
import { mediaUrl } from './media-url.ts'

export interface ViewerProps {
  items: readonly MediaView[]
  start: number
  onClose: () => void
}

/** Pictures of a post over the whole window; arrows go from one to the next, the description stands below. */
export function Viewer({ items, start, onClose }: ViewerProps) {
  const intl = useIntl()
  const here = items.filter((media) => media.state === 'here')
  const [index, setIndex] = useState(() => Math.max(0, here.indexOf(items[start] as MediaView)))
  const media = here[Math.min(index, here.length - 1)]
  const isRtl = document.documentElement.dir === 'rtl'
  const go = (step: number) => setIndex((at) => Math.min(here.length - 1, Math.max(0, at + step)))
  if (!media) return null
  return (
    <Overlay
      title={intl.formatMessage({ id: 'media.viewer' }, { index: index + 1, count: here.length })}
      onClose={onClose}
      onKeyDown={(event) => {
        const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0
        if (step !== 0) go(isRtl ? -step : step)
      }}
    >
      <div className={styles.stage} onPointerDown={(event) => event.target === event.currentTarget && onClose()}>
        <img key={media.cid} src={mediaUrl(media.cid)} alt={media.alt} width={media.width} height={media.height} />
      </div>
      {media.alt !== '' && (
        <p className={styles.caption} dir="auto" aria-hidden>
          {media.alt}
        </p>
      )}
      <IconButton
        plate
        className={styles.viewerClose}
        label={intl.formatMessage({ id: 'media.close' })}
        icon={<X size={20} />}
        onClick={onClose}
      />
      {index > 0 && (
        <IconButton
          plate
          className={styles.previous}
          label={intl.formatMessage({ id: 'media.previous' })}
          icon={<ChevronLeft size={24} className={styles.flips} />}
          onClick={() => go(-1)}
        />
      )}
      {index < here.length - 1 && (
        <IconButton
          plate
          className={styles.next}
          label={intl.formatMessage({ id: 'media.next' })}
          icon={<ChevronRight size={24} className={styles.flips} />}
          onClick={() => go(1)}
        />
      )}
    </Overlay>
  )
}
