import { useQuery } from '@tanstack/react-query'
import { List } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { FormattedMessage, useIntl } from 'react-intl'
import { useRpc } from '../../rpc/provider.tsx'
import { Button } from '../../ui/button.tsx'
import { Checkbox } from '../../ui/checkbox.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import type { MenuItem } from '../../ui/menu.tsx'
import { ListForm } from './list-form.tsx'
import styles from './lists.module.css'
import { useListAct } from './use-lists.ts'

const MAX_NAME = 64

/** Puts somebody on own lists and takes them off, from their menu. */
export function useListsMenu({ profile, name }: { profile: string; name: string }): {
  item: MenuItem
  aside: ReactNode
} {
  const intl = useIntl()
  const [isOpen, setOpen] = useState(false)
  return {
    item: {
      icon: <List size={18} strokeWidth={1.75} aria-hidden />,
      label: intl.formatMessage({ id: 'lists.menu' }),
      onSelect: () => setOpen(true),
    },
    aside: isOpen && <ListsDialog profile={profile} name={name} onClose={() => setOpen(false)} />,
  }
}

function ListsDialog({ profile, name, onClose }: { profile: string; name: string; onClose: () => void }) {
  const intl = useIntl()
  const { orpc } = useRpc()
  const { data } = useQuery(orpc.lists.list.queryOptions({ input: { member: profile } }))
  const { act, isBusy, failure } = useListAct()
  return (
    <Dialog
      open
      onClose={onClose}
      title={intl.formatMessage({ id: 'lists.of' }, { name })}
      footer={
        <Button kind="primary" onClick={onClose}>
          <FormattedMessage id="lists.done" />
        </Button>
      }
    >
      <p>
        <FormattedMessage id="lists.public" />
      </p>
      <div className={styles.checks}>
        {data?.items.map((list) => (
          <Checkbox
            key={list.id}
            label={<bdi>{list.name}</bdi>}
            checked={list.has}
            disabled={isBusy}
            onChange={(isOn) => {
              const change = { id: list.id, profile }
              void act((lists) => (isOn ? lists.add(change) : lists.drop(change)))
            }}
          />
        ))}
      </div>
      <ListForm
        label={intl.formatMessage({ id: 'lists.name' })}
        action={intl.formatMessage({ id: 'lists.create' })}
        max={MAX_NAME}
        isBusy={isBusy}
        failure={failure}
        onSend={(title) =>
          act(async (lists) => {
            const { id } = await lists.create({ name: title })
            await lists.add({ id, profile })
          })
        }
      />
    </Dialog>
  )
}
