import { ChevronLeft } from 'lucide-react'
import { type ReactNode, useEffect } from 'react'
import { useIntl } from 'react-intl'
import { ReplacedNotice } from '../features/devices/replaced-notice.tsx'
import { AlarmBanner } from '../features/guardians/alarm-banner.tsx'
import { ClockLine } from '../features/network/clock-notes.tsx'
import { DrillLine } from '../features/network/drill-line.tsx'
import { RestoreLine } from '../features/recovery/restore-line.tsx'
import { WordsNudge } from '../features/recovery/words-nudge.tsx'
import { SpaceLine } from '../features/storage/space-line.tsx'
import { classNames } from '../ui/class-names.ts'
import { IconButton } from '../ui/icon-button.tsx'
import { ConnectionChip } from './connection-chip.tsx'
import { HomeContext } from './home-context.tsx'
import styles from './layout.module.css'
import { StatusLine } from './status-line.tsx'
import { useUnread } from './use-unread.ts'

/** Id of the square: where the skip link and every change of page put the focus. */
export const SQUARE_ID = 'square'

export interface PageProps {
  /** Also the title of the window. */
  title: string
  /** Beside the title, at the end. */
  actions?: ReactNode
  /** An arrow back before the title, for pages that are reached from a list. */
  hasBack?: boolean
  /** Without a header row: the page draws its own top and its own h1. */
  isBare?: boolean
  /** A strip of this page alone, under those of every page. */
  line?: ReactNode
  children: ReactNode
  /** Context column; left out, it holds the search field and how the own posts are kept. */
  context?: ReactNode
}

/** One page: header, the square, and the context column where there is room for it. */
export function Page({ title, actions, hasBack, isBare, line, children, context = <HomeContext /> }: PageProps) {
  const intl = useIntl()
  const { text: unread } = useUnread()
  useEffect(() => {
    document.title = `${unread === '' ? '' : `(${unread}) `}${title} · Palabre`
  }, [title, unread])
  return (
    <>
      <main id={SQUARE_ID} className={styles.square} tabIndex={-1}>
        {!isBare && (
          <header className={styles.header}>
            {hasBack && <BackButton />}
            <h1 className={classNames(styles.title, hasBack && styles.afterBack)}>{title}</h1>
            <div className={styles.actions}>
              {actions}
              <span className={styles.chip}>
                <ConnectionChip compact />
              </span>
            </div>
          </header>
        )}
        <AlarmBanner />
        <ReplacedNotice />
        <StatusLine />
        <DrillLine />
        <ClockLine />
        <SpaceLine />
        <RestoreLine />
        {line}
        <WordsNudge />
        {children}
      </main>
      <aside className={styles.context} aria-label={intl.formatMessage({ id: 'app.context' })}>
        <div className={styles.contextInner}>{context}</div>
      </aside>
    </>
  )
}

/** Goes back in the history of the window. `plate` where it stands on a picture. */
export function BackButton({ plate = false }: { plate?: boolean }) {
  const intl = useIntl()
  return (
    <IconButton
      label={intl.formatMessage({ id: 'app.back' })}
      icon={<ChevronLeft className={styles.chevron} size={20} strokeWidth={1.9} aria-hidden />}
      plate={plate}
      onClick={() => history.back()}
    />
  )
}
