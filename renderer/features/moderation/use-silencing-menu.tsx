import { Ban, VolumeX } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { useIntl } from 'react-intl'
import type { Silence } from '../../../core/contract/views.ts'
import type { MenuItem } from '../../ui/menu.tsx'
import { useCalled } from '../people/use-called.ts'
import { BlockDialog } from './block-dialog.tsx'
import styles from './moderation.module.css'
import { useSilencing } from './use-silencing.ts'

const ICON = { size: 18, strokeWidth: 1.75, 'aria-hidden': true } as const

/** What a menu about somebody offers, and what it needs beside the menu: the question before a block, and a failure. */
export function useSilencingMenu(
  person: { profile: string; name: string },
  silences: readonly Silence[] = [],
): { items: MenuItem[]; aside: ReactNode } {
  const intl = useIntl()
  const called = useCalled()
  const { act, isBusy, failure } = useSilencing(person)
  const [isAsking, setAsking] = useState(false)
  const name = called(person)
  const label = (id: string) => intl.formatMessage({ id }, { name })
  const isMuted = silences.includes('muted')
  const isBlocked = silences.includes('blocked')
  const items: MenuItem[] = [
    {
      icon: <VolumeX {...ICON} />,
      label: label(isMuted ? 'moderation.unmute' : 'moderation.mute'),
      onSelect: () => void act(isMuted ? 'unmute' : 'mute'),
    },
    {
      icon: <Ban {...ICON} />,
      label: label(isBlocked ? 'moderation.unblock' : 'moderation.block'),
      danger: !isBlocked,
      onSelect: () => (isBlocked ? void act('unblock') : setAsking(true)),
    },
  ]
  const aside = isAsking ? (
    <BlockDialog
      name={name}
      isBusy={isBusy}
      failure={failure}
      block={() => act('block')}
      onClose={() => setAsking(false)}
    />
  ) : (
    failure !== undefined && (
      <p className={styles.failed} role="alert">
        {failure}
      </p>
    )
  )
  return { items, aside }
}
