import { Image as ImageIcon, ImageOff } from 'lucide-react'
import { useState } from 'react'
import { FormattedMessage, useIntl } from 'react-intl'
import type { MediaView } from '../../../core/contract/media.ts'
import { useRpc } from '../../rpc/provider.tsx'
import { classNames } from '../../ui/class-names.ts'
import { formatSize } from './format-size.ts'
import styles from './media.module.css'
import { thumbhashUrl } from './thumbhash-url.ts'

export interface MissingPictureProps {
  media: MediaView
  isSmall: boolean
  /** The bytes are here and the browser can't draw them. */
  isBroken?: boolean
}

/** The room of a picture whose bytes aren't here: says why, what it shows, how large it is, and how to ask for it. */
export function MissingPicture({ media, isSmall, isBroken = false }: MissingPictureProps) {
  const intl = useIntl()
  const { client } = useRpc()
  const [isAsking, setAsking] = useState(false)
  const state = isAsking && media.state !== 'here' ? 'fetching' : media.state
  const blur = thumbhashUrl(media.thumbhash)

  const ask = async () => {
    setAsking(true)
    try {
      await client.media.fetch({ cid: media.cid })
    } catch {
      // What the node knows about the picture is in its state: nothing to add here.
    } finally {
      setAsking(false)
    }
  }

  const cause = isBroken ? 'media.broken' : state === 'here' ? 'media.fetching' : (`media.${state}` as const)
  return (
    <div className={classNames(styles.missing, isSmall && styles.small)}>
      {blur && <img className={styles.blur} src={blur} alt="" aria-hidden draggable={false} />}
      <div className={styles.words}>
        {isBroken ? (
          <ImageOff size={24} strokeWidth={1.5} aria-hidden />
        ) : (
          <ImageIcon size={24} strokeWidth={1.5} aria-hidden />
        )}
        <p className={styles.cause}>
          <FormattedMessage id={cause} />
        </p>
        {media.alt !== '' && (
          <p className={styles.quoted} dir="auto">
            <FormattedMessage id="media.quoted" values={{ alt: media.alt }} />
          </p>
        )}
        {!isBroken && state !== 'fetching' && (
          <button type="button" className={styles.link} onClick={() => void ask()}>
            {state === 'missing' ? (
              <FormattedMessage id="media.keepAsking" />
            ) : (
              <FormattedMessage id="media.fetch" values={{ size: formatSize(intl, media.size) }} />
            )}
          </button>
        )}
      </div>
    </div>
  )
}
