import type { ReactNode } from 'react'
import { Link } from 'wouter'
import type { MediaView } from '../../../core/contract/media.ts'
import { profilePath } from '../../app/routes.ts'
import { Avatar } from '../../ui/avatar.tsx'
import { readyUrl } from '../media/media-url.ts'
import styles from './people.module.css'
import { PersonLink } from './person-link.tsx'
import { ShortId } from './short-id.tsx'

export interface PersonRowProps {
  person: { profile: string; name: string; avatar: MediaView | null }
  /** Under the name, beside the short ID. */
  note?: ReactNode
  /** At the end of the row. */
  action?: ReactNode
}

export function PersonRow({ person, note, action }: PersonRowProps) {
  return (
    <div className={styles.row}>
      <Link href={profilePath(person.profile)} tabIndex={-1} aria-hidden className={styles.face}>
        <Avatar profile={person.profile} name={person.name} size={36} src={readyUrl(person.avatar)} />
      </Link>
      <div className={styles.words}>
        <PersonLink profile={person.profile} name={person.name} />
        <span className={styles.under}>
          <ShortId profile={person.profile} />
          {note !== undefined && <span>{note}</span>}
        </span>
      </div>
      {action}
    </div>
  )
}
