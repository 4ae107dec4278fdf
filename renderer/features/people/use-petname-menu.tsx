import { Tag } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { useIntl } from 'react-intl'
import type { MenuItem } from '../../ui/menu.tsx'
import { PetnameDialog } from './petname-dialog.tsx'
import { usePetnames } from './use-called.ts'

/** What a menu about somebody offers to call them by a name of one's own, and the dialog beside the menu. */
export function usePetnameMenu(person: { profile: string; name: string }): { item: MenuItem; aside: ReactNode } {
  const intl = useIntl()
  const [isOpen, setOpen] = useState(false)
  const isNamed = usePetnames().has(person.profile)
  return {
    item: {
      icon: <Tag size={18} strokeWidth={1.75} aria-hidden />,
      label: intl.formatMessage({ id: isNamed ? 'people.petname.change' : 'people.petname.give' }),
      onSelect: () => setOpen(true),
    },
    aside: isOpen && <PetnameDialog person={person} onClose={() => setOpen(false)} />,
  }
}
