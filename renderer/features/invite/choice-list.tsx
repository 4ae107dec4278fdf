import type { ReactNode } from 'react'
import type { MediaView } from '../../../core/contract/media.ts'
import { shortPeerId } from '../../../core/identity/peer-id.ts'
import { Avatar } from '../../ui/avatar.tsx'
import { Checkbox } from '../../ui/checkbox.tsx'
import { readyUrl } from '../media/media-url.ts'
import { calledName } from '../people/called-name.ts'
import styles from './invite.module.css'

export interface Choice {
  /** What is chosen: a profile address, or a seed's address. */
  key: string
  label: ReactNode
  /** Can't be chosen, or is anyway. */
  disabled?: boolean
}

export interface ChoiceListProps {
  title: ReactNode
  choices: readonly Choice[]
  chosen: ReadonlySet<string>
  onChange: (chosen: ReadonlySet<string>) => void
  /** Beside the title, at the end of its line. */
  action?: ReactNode
}

/** A list with a check mark each; the whole row is the target. */
export function ChoiceList({ title, choices, chosen, onChange, action }: ChoiceListProps) {
  const change = (key: string, isOn: boolean) => {
    const next = new Set(chosen)
    if (isOn) next.add(key)
    else next.delete(key)
    onChange(next)
  }
  return (
    <fieldset className={styles.choices}>
      <legend className={styles.legend}>{title}</legend>
      {action !== undefined && <div className={styles.legendAction}>{action}</div>}
      <ul>
        {choices.map(({ key, label, disabled = false }) => (
          <li key={key} className={styles.choice}>
            <Checkbox
              label={label}
              checked={chosen.has(key)}
              disabled={disabled}
              onChange={(isOn) => change(key, isOn)}
            />
          </li>
        ))}
      </ul>
    </fieldset>
  )
}

export interface PersonLabelProps {
  person: { profile: string; name: string; avatar: MediaView | null }
  /** Behind the short ID. */
  note?: ReactNode
}

/** Face, name and short ID of somebody who can be chosen. */
export function PersonLabel({ person, note }: PersonLabelProps) {
  const { profile, name, avatar } = person
  return (
    <span className={styles.person}>
      <Avatar profile={profile} name={name} size={32} src={readyUrl(avatar)} />
      <span className={styles.words}>
        <bdi className={styles.name}>{calledName(person)}</bdi>
        <span className={styles.under}>
          <span dir="ltr">{shortPeerId(profile)}</span>
          {note !== undefined && <span>{note}</span>}
        </span>
      </span>
    </span>
  )
}
