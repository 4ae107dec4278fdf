import type { ReactNode } from 'react'
import { FormattedMessage, useIntl } from 'react-intl'
import styles from './profile.module.css'

export type Tab = 'posts' | 'replies' | 'pictures' | 'following'

export const TABS: readonly Tab[] = ['posts', 'replies', 'pictures']
export const OWN_TABS: readonly Tab[] = [...TABS, 'following']

export interface ProfileTabsProps {
  tabs: readonly Tab[]
  current: Tab
  onSelect: (tab: Tab) => void
  /** What the current one shows. */
  children: ReactNode
}

/** Arrows move between the tabs, as the ARIA pattern asks. */
export function ProfileTabs({ tabs, current, onSelect, children }: ProfileTabsProps) {
  const intl = useIntl()
  const go = (step: 1 | -1) => {
    const next = tabs[(tabs.indexOf(current) + step + tabs.length) % tabs.length] as Tab
    onSelect(next)
    document.getElementById(`tab-${next}`)?.focus()
  }
  return (
    <>
      <div className={styles.tabs} role="tablist" aria-label={intl.formatMessage({ id: 'profile.tabs' })}>
        {tabs.map((tab) => (
          <button
            key={tab}
            type="button"
            role="tab"
            id={`tab-${tab}`}
            aria-selected={tab === current}
            aria-controls={tab === current ? `panel-${tab}` : undefined}
            tabIndex={tab === current ? 0 : -1}
            className={styles.tab}
            onClick={() => onSelect(tab)}
            onKeyDown={({ key }) => {
              if (key === 'ArrowRight') go(1)
              if (key === 'ArrowLeft') go(-1)
            }}
          >
            <FormattedMessage id={`profile.tab.${tab}`} />
          </button>
        ))}
      </div>
      <div role="tabpanel" id={`panel-${current}`} aria-labelledby={`tab-${current}`}>
        {children}
      </div>
    </>
  )
}
