import { FileKey, NotebookText, Smartphone, UserRound, UsersRound } from 'lucide-react'
import type { ReactNode } from 'react'
import { FormattedMessage, useIntl } from 'react-intl'
import { useLocation } from 'wouter'
import type { RecoveryMeans } from '../../../core/contract/accounts.ts'
import { routes } from '../../app/routes.ts'
import { Button } from '../../ui/button.tsx'
import { formatDay } from '../../ui/format-day.ts'
import { type Guardian, GuardianLine, guardianStateOf } from '../guardians/guardian-line.tsx'
import { ROW_ICON, Row, Section } from '../settings/parts.tsx'
import styles from './recovery.module.css'

type WordsState = 'pending' | 'unrehearsed' | 'works'

function wordsStateOf({ words }: RecoveryMeans): WordsState {
  if (!words.confirmed) return 'pending'
  return words.rehearsedAt === null ? 'unrehearsed' : 'works'
}

/** The four means, each with its state and what can be done about it. */
export function MeansList({ means, guardians }: { means: RecoveryMeans; guardians: readonly Guardian[] }) {
  return (
    <Section id="recovery-means" title={<FormattedMessage id="recovery.means" />}>
      <DevicesRow active={means.devices.active} />
      <WordsRow means={means} />
      <GuardiansRow guardians={means.guardians} people={guardians} />
      <PaperRow isMade={means.paper.made} />
    </Section>
  )
}

function DevicesRow({ active }: { active: number }) {
  const others = active - 1
  const state = others > 0 ? 'works' : 'alone'
  return (
    <Row
      icon={<Smartphone {...ROW_ICON} />}
      tone={others > 0 ? 'good' : 'idle'}
      title={<FormattedMessage id="recovery.devices" />}
      line={<FormattedMessage id={`recovery.devices.${state}`} values={{ others }} />}
      badge={<FormattedMessage id={`recovery.devices.badge.${state}`} />}
      action={
        <Go to={routes.linkDevice}>
          <FormattedMessage id="recovery.devices.action" />
        </Go>
      }
    />
  )
}

function WordsRow({ means }: { means: RecoveryMeans }) {
  const intl = useIntl()
  const state = wordsStateOf(means)
  const day = formatDay(intl, means.words.rehearsedAt ?? 0, { month: 'short' })
  return (
    <Row
      icon={<NotebookText {...ROW_ICON} />}
      tone={state === 'works' ? 'good' : 'warn'}
      title={<FormattedMessage id="recovery.words" />}
      line={<FormattedMessage id={`recovery.words.${state}`} values={{ day }} />}
      badge={<FormattedMessage id={`recovery.words.badge.${state}`} />}
      action={
        <Go to={state === 'pending' ? routes.words : routes.rehearse} isMain={state !== 'works'}>
          <FormattedMessage id={`recovery.words.action.${state === 'pending' ? 'show' : 'rehearse'}`} />
        </Go>
      }
    />
  )
}

interface GuardiansRowProps {
  guardians: RecoveryMeans['guardians']
  people: readonly Guardian[]
}

function GuardiansRow({ guardians: { threshold, count, alive }, people }: GuardiansRowProps) {
  const intl = useIntl()
  const now = Date.now()
  const state = threshold === null ? 'none' : alive >= threshold ? 'works' : 'quiet'
  return (
    <Row
      icon={<UsersRound {...ROW_ICON} />}
      tone={state === 'works' ? 'good' : state === 'quiet' ? 'warn' : 'idle'}
      title={<FormattedMessage id="recovery.guardians" />}
      line={
        <FormattedMessage id={`recovery.guardians.${state}`} values={{ threshold: threshold ?? 0, count, alive }} />
      }
      badge={<FormattedMessage id={`recovery.guardians.badge.${state}`} />}
      action={
        <Go to={routes.guardians}>
          <FormattedMessage id={`recovery.guardians.action.${state === 'none' ? 'choose' : 'open'}`} />
        </Go>
      }
    >
      {people.length > 0 && (
        <ul className={styles.people}>
          {people.map((guardian) => (
            <li key={guardian.key} data-state={guardianStateOf(guardian, now)}>
              <UserRound size={16} strokeWidth={1.75} aria-hidden />
              <span>
                <b>
                  <bdi>{guardian.name || intl.formatMessage({ id: 'guardians.unnamed' })}</bdi>
                </b>{' '}
                <GuardianLine guardian={guardian} now={now} />
              </span>
            </li>
          ))}
        </ul>
      )}
    </Row>
  )
}

function PaperRow({ isMade }: { isMade: boolean }) {
  const state = isMade ? 'works' : 'none'
  return (
    <Row
      icon={<FileKey {...ROW_ICON} />}
      tone={isMade ? 'good' : 'idle'}
      title={<FormattedMessage id="recovery.paper" />}
      line={<FormattedMessage id={`recovery.paper.${state}`} />}
      badge={<FormattedMessage id={`recovery.paper.badge.${state}`} />}
      action={
        <Go to={routes.paper}>
          <FormattedMessage id={`recovery.paper.action.${isMade ? 'again' : 'make'}`} />
        </Go>
      }
    />
  )
}

/** A button that leads to a page. */
export function Go({ to, isMain = false, children }: { to: string; isMain?: boolean; children: ReactNode }) {
  const [, navigate] = useLocation()
  return (
    <Button size="small" kind={isMain ? 'primary' : 'secondary'} onClick={() => navigate(to)}>
      {children}
    </Button>
  )
}
