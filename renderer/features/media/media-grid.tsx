import { useState } from 'react'
import { useIntl } from 'react-intl'
import type { MediaView } from '../../../core/contract/media.ts'
import { classNames } from '../../ui/class-names.ts'
import { AltPlate } from './alt-plate.tsx'
import styles from './media.module.css'
import { layoutMedia } from './media-layout.ts'
import { mediaUrl } from './media-url.ts'
import { MissingPicture } from './missing-picture.tsx'
import { thumbhashUrl } from './thumbhash-url.ts'
import { Viewer } from './viewer.tsx'

export interface MediaGridProps {
  items: readonly MediaView[]
  /** The author sees where a description is missing. */
  isMine: boolean
}

/** Pictures of a post. Their room is kept from the stated size before a byte is here. */
export function MediaGrid({ items, isMine }: MediaGridProps) {
  const [opened, setOpened] = useState<number>()
  const layout = layoutMedia(items)
  return (
    <div className={classNames(styles.grid, styles[layout.shape])} style={{ aspectRatio: String(layout.ratio) }}>
      {items.slice(0, layout.shown).map((media, index) => (
        <Cell
          // biome-ignore lint/suspicious/noArrayIndexKey: one picture may stand twice in a post
          key={`${index} ${media.cid}`}
          media={media}
          index={index}
          count={items.length}
          behind={index === layout.shown - 1 ? layout.hidden : 0}
          isAlone={items.length === 1}
          isMine={isMine}
          onOpen={() => setOpened(index)}
        />
      ))}
      {opened !== undefined && <Viewer items={items} start={opened} onClose={() => setOpened(undefined)} />}
    </div>
  )
}

interface CellProps {
  media: MediaView
  index: number
  count: number
  behind: number
  isAlone: boolean
  isMine: boolean
  onOpen: () => void
}

function Cell({ media, index, count, behind, isAlone, isMine, onOpen }: CellProps) {
  const intl = useIntl()
  const [state, setState] = useState<'loading' | 'shown' | 'broken'>('loading')
  if (media.state !== 'here') return <MissingPicture media={media} isSmall={!isAlone} />
  if (state === 'broken') return <MissingPicture media={media} isSmall={!isAlone} isBroken />
  const label = intl.formatMessage(
    { id: media.alt === '' ? 'media.openBare' : 'media.open' },
    { index: index + 1, count, alt: media.alt },
  )
  const blur = state === 'loading' ? thumbhashUrl(media.thumbhash) : undefined
  return (
    <div className={styles.cell}>
      <button type="button" className={styles.open} aria-label={label} onClick={onOpen}>
        {blur && <img className={styles.blur} src={blur} alt="" aria-hidden draggable={false} />}
        <img
          className={styles.picture}
          src={mediaUrl(media.cid)}
          alt=""
          loading="lazy"
          decoding="async"
          draggable={false}
          onLoad={() => setState('shown')}
          onError={() => setState('broken')}
        />
        {behind > 0 && (
          <span className={styles.behind} aria-hidden>
            {intl.formatMessage({ id: 'media.more' }, { count: behind })}
          </span>
        )}
      </button>
      <AltPlate alt={media.alt} isMine={isMine} />
    </div>
  )
}
