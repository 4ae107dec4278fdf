import { useQuery } from '@tanstack/react-query'
import { FormattedMessage, useIntl } from 'react-intl'
import { Link, useLocation } from 'wouter'
import { listPath, routes } from '../../app/routes.ts'
import { useSettings } from '../../app/use-settings.ts'
import { useRpc } from '../../rpc/provider.tsx'
import styles from './lists.module.css'

/** Home and the lists that stand beside it; nothing where none does. */
export function HomeTabs() {
  const intl = useIntl()
  const [location] = useLocation()
  const { orpc } = useRpc()
  const { pinnedLists } = useSettings().settings
  const { data } = useQuery(orpc.lists.list.queryOptions({ input: {}, enabled: pinnedLists.length > 0 }))
  const pinned = data?.items.filter(({ id }) => pinnedLists.includes(id)) ?? []
  if (pinnedLists.length === 0 || pinned.length === 0) return null
  const tab = (href: string) => ({
    href,
    className: styles.tab,
    'aria-current': location === href ? ('page' as const) : undefined,
  })
  return (
    <nav className={styles.tabs} aria-label={intl.formatMessage({ id: 'lists.tabs' })}>
      <Link {...tab(routes.home)}>
        <FormattedMessage id="lists.home" />
      </Link>
      {pinned.map(({ id, name }) => (
        <Link key={id} {...tab(listPath(id))}>
          <bdi>{name}</bdi>
        </Link>
      ))}
    </nav>
  )
}
