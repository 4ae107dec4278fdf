import { Circle, CircleAlert, CircleCheck, LoaderCircle } from 'lucide-react'
import type { ReactNode } from 'react'
import { FormattedMessage, useIntl } from 'react-intl'
import type { RecoveryStatus } from '../../../core/contract/accounts.ts'
import { Progress } from '../../ui/progress.tsx'
import { VisuallyHidden } from '../../ui/visually-hidden.tsx'
import styles from './checklist.module.css'

type ItemState = 'done' | 'busy' | 'ahead' | 'lost'
const ICONS = { done: CircleCheck, busy: LoaderCircle, ahead: Circle, lost: CircleAlert } as const

/** What came back so far, in the order in which it comes, and what can't come, with the reason. */
export function RestoreChecklist({ status }: { status: RecoveryStatus }) {
  const intl = useIntl()
  const { name, follows, records, media, step } = status
  const isDone = step === 'done'
  const isWhole = isDone || (records.known > 0 && records.held >= records.known)
  const figures = (part: { held: number; known: number }) =>
    intl.formatMessage({ id: 'restore.figures' }, { held: part.held, known: part.known })
  return (
    <ol className={styles.list}>
      <Item state={name !== null ? 'done' : 'busy'}>
        {name !== null ? (
          <FormattedMessage id="restore.name.done" values={{ name: <bdi>{name}</bdi> }} />
        ) : (
          <FormattedMessage id="restore.name" />
        )}
      </Item>
      <Item state={isWhole ? 'done' : follows > 0 ? 'busy' : 'ahead'}>
        <FormattedMessage
          id={isWhole && follows === 0 ? 'restore.follows.none' : 'restore.follows'}
          values={{ follows }}
        />
      </Item>
      <Item
        state={isWhole ? 'done' : records.known > 0 ? 'busy' : 'ahead'}
        figures={records.known > 0 ? figures(records) : undefined}
        bar={
          !isWhole &&
          records.known > 0 && (
            <Progress label={intl.formatMessage({ id: 'restore.records' })} value={records.held} max={records.known} />
          )
        }
      >
        <FormattedMessage id="restore.records" />
      </Item>
      <Item
        state={media.held >= media.known && isWhole ? 'done' : media.held > 0 || isWhole ? 'busy' : 'ahead'}
        figures={media.known > 0 ? figures(media) : undefined}
      >
        <FormattedMessage id={isWhole && media.known === 0 ? 'restore.media.none' : 'restore.media'} />
      </Item>
      <PrivateItem status={status} isWhole={isWhole} />
      <Item state="lost">
        <FormattedMessage id="restore.lost" />
      </Item>
    </ol>
  )
}

function PrivateItem({ status: { privateState, by }, isWhole }: { status: RecoveryStatus; isWhole: boolean }) {
  if (privateState === 'none' && !isWhole) {
    return (
      <Item state="ahead">
        <FormattedMessage id="restore.private" />
      </Item>
    )
  }
  const state = privateState === 'lost' ? 'lost' : privateState === 'waiting' ? 'ahead' : 'done'
  return (
    <Item state={state}>
      <FormattedMessage
        id={`restore.private.${privateState}`}
        values={{ guardians: by === 'guardians' ? 'yes' : 'no' }}
      />
    </Item>
  )
}

interface ItemProps {
  state: ItemState
  children: ReactNode
  figures?: string | undefined
  bar?: ReactNode
}

function Item({ state, children, figures, bar }: ItemProps) {
  const Icon = ICONS[state]
  return (
    <li className={styles.item} data-state={state} data-main={bar !== undefined && bar !== false}>
      <Icon size={20} strokeWidth={1.75} aria-hidden />
      <div className={styles.row}>
        <span className={styles.words}>
          {children}
          <VisuallyHidden>
            {' · '}
            <FormattedMessage id={`restore.state.${state}`} />
          </VisuallyHidden>
        </span>
        {figures !== undefined && <span className={styles.figures}>{figures}</span>}
      </div>
      {bar !== false && bar !== undefined && <div className={styles.bar}>{bar}</div>}
    </li>
  )
}
