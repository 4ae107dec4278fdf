import { Copy, ExternalLink } from 'lucide-react'
import { FormattedMessage, useIntl } from 'react-intl'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { useCopy } from '../people/use-copy.ts'
import styles from './post.module.css'
import { parseOutsideUrl } from './text-segments.ts'

/** Shows where a link really leads before anything is asked of that machine. */
export function OutsideDialog({ href, onClose }: { href: string; onClose: () => void }) {
  const intl = useIntl()
  const { copy, failure } = useCopy()
  const url = parseOutsideUrl(href)
  if (!url) return null
  const open = () => {
    window.open(url.href, '_blank', 'noopener,noreferrer')
    onClose()
  }
  return (
    <Dialog
      open
      onClose={onClose}
      title={intl.formatMessage({ id: 'post.outsideTitle' })}
      footer={
        <>
          <Button icon={<Copy size={16} aria-hidden />} onClick={() => void copy(url.href, 'post.linkCopied')}>
            <FormattedMessage id="post.outsideCopy" />
          </Button>
          <Button kind="primary" icon={<ExternalLink size={16} strokeWidth={2.2} aria-hidden />} onClick={open}>
            <span className={styles.hostCut}>
              <FormattedMessage id="post.outsideOpen" values={{ host: <bdi dir="ltr">{url.host}</bdi> }} />
            </span>
          </Button>
        </>
      }
    >
      <div className={styles.confirm}>
        <p>
          <FormattedMessage
            id="post.outsideBody"
            values={{
              host: (
                <strong>
                  <bdi dir="ltr">{url.host}</bdi>
                </strong>
              ),
            }}
          />
        </p>
        <p className={styles.wholeAddress} dir="ltr">
          {url.href}
        </p>
        {url.protocol === 'http:' && (
          <p className={styles.warns}>
            <FormattedMessage id="post.outsideInsecure" />
          </p>
        )}
        {failure !== undefined && (
          <p className={styles.failed} role="alert">
            {failure}
          </p>
        )}
      </div>
    </Dialog>
  )
}
