import { Check } from 'lucide-react'
import type { ReactNode } from 'react'
import { FormattedMessage } from 'react-intl'
import { Link, useLocation } from 'wouter'
import { ContextSection } from '../../app/context-section.tsx'
import { routes } from '../../app/routes.ts'
import { classNames } from '../../ui/class-names.ts'
import { Rings } from '../../ui/rings.tsx'
import styles from './settings.module.css'

/** Icons at the start of rows. */
export const ROW_ICON = { size: 20, strokeWidth: 1.75, 'aria-hidden': true } as const

/** Rings and a sentence on top of a page: how things stand. */
export function Hero({ held, title, line }: { held: number; title: ReactNode; line: ReactNode }) {
  return (
    <div className={styles.hero}>
      <Rings held={held} size={66} />
      <div>
        <h2 className={styles.heroTitle}>{title}</h2>
        <p className={styles.heroLine}>{line}</p>
      </div>
    </div>
  )
}

export interface SectionProps {
  title: ReactNode
  /** Where a jump goes to. */
  id: string
  /** Beside the title, at the end. */
  action?: ReactNode
  children: ReactNode
}

export function Section({ title, id, action, children }: SectionProps) {
  return (
    <section className={styles.section} aria-labelledby={id}>
      <div className={styles.sectionHead}>
        <h2 className={styles.title} id={id} tabIndex={-1}>
          {title}
        </h2>
        {action}
      </div>
      {children}
    </section>
  )
}

export interface RowProps {
  icon: ReactNode
  title: ReactNode
  line: ReactNode
  badge?: ReactNode
  /** good: works · warn: something is left to do · idle: not there, and not missed */
  tone?: 'good' | 'warn' | 'idle'
  action?: ReactNode
  /** Below the row: what is to be known of it. */
  children?: ReactNode
}

export function Row({ icon, title, line, badge, tone = 'idle', action, children }: RowProps) {
  return (
    <div className={styles.item}>
      <div className={styles.means} data-tone={tone}>
        {icon}
        <div className={styles.words}>
          <h3 className={styles.label}>{title}</h3>
          <p className={styles.line}>{line}</p>
        </div>
        {(badge !== undefined || action !== undefined) && (
          <div className={styles.end}>
            {badge !== undefined && (
              <span className={styles.badge}>
                {tone === 'good' && <Check size={14} strokeWidth={2.2} aria-hidden />}
                {badge}
              </span>
            )}
            {action}
          </div>
        )}
      </div>
      {children}
    </div>
  )
}

const PLACES = [
  ['settings', routes.settings],
  ['recovery', routes.recovery],
  ['devices', routes.devices],
  ['computer', routes.computer],
  ['silenced', routes.silenced],
  ['words', routes.mutedWords],
] as const

/** The pages of the settings, in the context column; the sections of one page follow where it has some. */
export function SettingsContents({ children }: { children?: ReactNode }) {
  const [location] = useLocation()
  return (
    <ContextSection title={<FormattedMessage id="settings.sections" />}>
      <ul className={styles.contents}>
        {PLACES.map(([name, route]) => {
          // The words have an address of their own, and belong to recovery.
          const isWords = name === 'recovery' && location === routes.words
          const isExact = name === 'settings' || name === 'silenced'
          const isCurrent = isExact ? location === route : isWords || location.startsWith(route)
          return (
            <li key={name}>
              <Link
                href={route}
                className={classNames(styles.jump, isCurrent && styles.currentJump)}
                aria-current={isCurrent ? 'page' : undefined}
              >
                <FormattedMessage id={`settings.page.${name}`} />
              </Link>
            </li>
          )
        })}
        {children}
      </ul>
    </ContextSection>
  )
}
