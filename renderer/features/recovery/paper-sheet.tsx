import { FormattedMessage, useIntl } from 'react-intl'
import type { Account } from '../../../core/contract/views.ts'
import { formatDay } from '../../ui/format-day.ts'
import { Logo } from '../../ui/logo.tsx'
import styles from './paper-sheet.module.css'

const GROUPS = 18

/** `PALABRE-PAPER-1`, and the groups of four behind it. */
function partsOf(paper: string): { head: string; groups: string[] } {
  const parts = paper.split('-')
  const end = parts.length - GROUPS
  return { head: parts.slice(0, end).join('-'), groups: parts.slice(end) }
}

/** What is printed: black on white whatever the theme, and alone on its page. */
export function PaperSheet({ paper, account }: { paper: string; account: Account | undefined }) {
  const intl = useIntl()
  const { head, groups } = partsOf(paper)
  return (
    <div className={styles.sheet}>
      <div className={styles.logo} aria-hidden="true">
        <Logo />
      </div>
      <h3 className={styles.title}>
        <FormattedMessage id="paper.print.title" values={{ name: <bdi>{account?.name ?? ''}</bdi> }} />
      </h3>
      <p className={styles.key} dir="ltr" lang="en" translate="no">
        <span className={styles.head}>{head}</span>
        <span className={styles.groups}>
          {groups.map((group, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a group may stand twice, its place may not
            <span key={index}>{group}</span>
          ))}
        </span>
      </p>
      <p className={styles.small}>
        <FormattedMessage id="paper.print.use" />
      </p>
      <p className={styles.small}>
        <FormattedMessage
          id="paper.print.account"
          values={{
            day: formatDay(intl, Date.now(), { month: 'long', year: true }),
            profile: (
              <span className={styles.id} dir="ltr">
                {account?.profile ?? ''}
              </span>
            ),
          }}
        />
      </p>
    </div>
  )
}
