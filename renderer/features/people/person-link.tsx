import { Link } from 'wouter'
import { profilePath } from '../../app/routes.ts'
import { classNames } from '../../ui/class-names.ts'
import styles from './people.module.css'
import { useCalled } from './use-called.ts'

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
  const called = useCalled()
  return (
    <Link
      href={profilePath(profile)}
      className={classNames(styles.name, quiet && styles.quietName)}
      id={id}
      onClick={onOpen}
    >
      <bdi>{called({ profile, name })}</bdi>
    </Link>
  )
}
