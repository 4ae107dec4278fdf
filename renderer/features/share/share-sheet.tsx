import { useQuery } from '@tanstack/react-query'
import { Copy, Link2, MailPlus } from 'lucide-react'
import { useMemo, useState } from 'react'
import { FormattedMessage, useIntl } from 'react-intl'
import { formatProfileLink, parseProfileLink } from '../../../core/record/links.ts'
import { useRpc } from '../../rpc/provider.tsx'
import { Button } from '../../ui/button.tsx'
import { Sheet } from '../../ui/dialog.tsx'
import { Switch } from '../../ui/switch.tsx'
import { InviteDialog } from '../invite/invite-dialog.tsx'
import { calledName } from '../people/called-name.ts'
import { useCause } from '../people/use-cause.ts'
import { useCopy } from '../people/use-copy.ts'
import { QrCode } from './qr-code.tsx'
import styles from './share-sheet.module.css'

export interface ShareSheetProps {
  open: boolean
  onClose: () => void
  /** Profile address; the own profile where left out. */
  profile?: string | undefined
}

/** Everything that another person needs to follow this profile: a code to scan, the ID to compare, the link to send. */
export function ShareSheet({ open, onClose, profile }: ShareSheetProps) {
  const intl = useIntl()
  const cause = useCause()
  const { orpc } = useRpc()
  const query = useQuery(
    orpc.profiles.get.queryOptions({ input: profile === undefined ? {} : { profile }, enabled: open }),
  )
  const view = query.data
  return (
    <Sheet
      open={open}
      onClose={onClose}
      title={intl.formatMessage({ id: view?.isMe ? 'share.titleOwn' : 'share.title' })}
    >
      {view && <ShareCard profile={view.profile} name={calledName(view)} link={view.link} isMe={view.isMe} />}
      {query.isError && !view && (
        <p className={styles.failed} role="alert">
          <FormattedMessage id="share.failed" values={{ cause: cause(query.error) }} />
        </p>
      )}
    </Sheet>
  )
}

interface ShareCardProps {
  profile: string
  name: string
  link: string
  isMe: boolean
}

function ShareCard({ profile, name, link, isMe }: ShareCardProps) {
  const intl = useIntl()
  const { copy, failure } = useCopy()
  const [withSeeds, setWithSeeds] = useState(true)
  const addresses = useMemo(() => parseProfileLink(link)?.addresses ?? [], [link])
  const shared = formatProfileLink({ profile, addresses: withSeeds ? addresses : [] })
  return (
    <div className={styles.card}>
      <QrCode text={shared} label={intl.formatMessage({ id: 'share.qr' }, { name })} />
      <p className={styles.scan}>
        <FormattedMessage id="share.scan" />
      </p>
      <div className={styles.part}>
        <h3>
          <FormattedMessage id="share.peerId" />
        </h3>
        <p className={styles.id} dir="ltr">
          <Fours id={profile} />
        </p>
        <p className={styles.small}>
          <FormattedMessage id="share.compare" />
        </p>
        <div className={styles.buttons}>
          <Button
            icon={<Copy size={16} strokeWidth={1.75} aria-hidden />}
            onClick={() => void copy(profile, 'share.idCopied')}
          >
            <FormattedMessage id="share.copyId" />
          </Button>
          <Button
            kind="primary"
            icon={<Link2 size={16} strokeWidth={2} aria-hidden />}
            onClick={() => void copy(shared, 'share.linkCopied')}
          >
            <FormattedMessage id="share.copyLink" />
          </Button>
        </div>
        {failure !== undefined && (
          <p className={styles.failed} role="alert">
            {failure}
          </p>
        )}
      </div>
      <div className={styles.part}>
        {addresses.length > 0 ? (
          <Switch
            label={<FormattedMessage id="share.seeds" values={{ count: addresses.length }} />}
            help={<FormattedMessage id="share.seedsHelp" />}
            checked={withSeeds}
            onChange={setWithSeeds}
          />
        ) : (
          <p className={styles.small}>
            <FormattedMessage id="share.noSeeds" />
          </p>
        )}
      </div>
      {isMe && <InvitePart />}
    </div>
  )
}

/** For who has Palabre and knows nobody yet, a link to one profile is not enough. */
function InvitePart() {
  const [isOpen, setOpen] = useState(false)
  return (
    <div className={styles.part}>
      <h3>
        <FormattedMessage id="share.invite" />
      </h3>
      <p className={styles.small}>
        <FormattedMessage id="share.invite.line" />
      </p>
      <div>
        <Button icon={<MailPlus size={16} strokeWidth={1.75} aria-hidden />} onClick={() => setOpen(true)}>
          <FormattedMessage id="invite.title" />
        </Button>
      </div>
      <InviteDialog open={isOpen} onClose={() => setOpen(false)} />
    </div>
  )
}

/** The whole ID in fours; the last eight characters, which tell people apart, stand out. */
function Fours({ id }: { id: string }) {
  const start = id.length - 8
  return (
    <>
      {(id.slice(0, start).match(/.{1,4}/gu) ?? []).join(' ')}{' '}
      <strong>{(id.slice(start).match(/.{1,4}/gu) ?? []).join(' ')}</strong>
    </>
  )
}
