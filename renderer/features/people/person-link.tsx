import { Link } from 'wouter'
import { shortPeerId } from '../../../core/identity/peer-id.ts'
import { profilePath } from '../../app/routes.ts'
import { classNames } from '../../ui/class-names.ts'
import styles from './people.module.css'

/** What a person is called: the name they gave, and the short ID while none is known. */
export function calledName(person: { profile: string; name: string }): string {
  return person.name.trim() === '' ? shortPeerId(person.profile) : person.name
}

/** The name as a way to the profile. Names come from others: isolated, so that their direction stays inside. */
export function PersonLink({
  profile,
  name,
  id,
  quiet,
  onOpen,
}: {
  profile: string
  name: string
  id?: string
  quiet?: boolean
  /** Before it leads to the profile. */
  onOpen?: () => void
}) {
  return (
    <Link
      href={profilePath(profile)}
      className={classNames(styles.name, quiet && styles.quietName)}
      id={id}
      onClick={onOpen}
    >
      <bdi>{calledName({ profile, name })}</bdi>
    </Link>
  )
}
