import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { List } from 'lucide-react'
import { useMemo, useState } from 'react'
import { FormattedMessage, useIntl } from 'react-intl'
import { Link, useLocation, useParams } from 'wouter'
import type { ListPeople } from '../../../core/contract/lists.ts'
import { Page } from '../../app/layout.tsx'
import { listPath, routes } from '../../app/routes.ts'
import { useSettings } from '../../app/use-settings.ts'
import { useRpc } from '../../rpc/provider.tsx'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { PostSkeleton } from '../../ui/skeleton.tsx'
import { StatePanel } from '../../ui/state-panel.tsx'
import { FailedPanel } from '../people/failed-panel.tsx'
import { PersonRow } from '../people/person-row.tsx'
import { useMe } from '../people/use-me.ts'
import { rowsOf } from '../timeline/feed-window.ts'
import { PagedPosts } from '../timeline/paged-posts.tsx'
import { HomeTabs } from './home-tabs.tsx'
import { ListForm } from './list-form.tsx'
import styles from './lists.module.css'
import { useListAct } from './use-lists.ts'

const MAX_NAME = 64
const MAX_LINK = 2_048

/** What the people on a list write, and who they are. */
export function ListPage() {
  const { id = '', tab } = useParams<{ id: string; tab?: string }>()
  const intl = useIntl()
  const { orpc } = useRpc()
  const { data: list, error, refetch } = useQuery(orpc.lists.get.queryOptions({ input: { id } }))
  return (
    <Page title={list?.name ?? intl.formatMessage({ id: 'lists.title' })} hasBack>
      <HomeTabs />
      {list !== undefined ? (
        <>
          <ListHead list={list} isPeople={tab === 'people'} />
          {tab === 'people' ? <ListMembers list={list} /> : <ListPosts key={id} list={list} />}
        </>
      ) : error !== null ? (
        <FailedPanel title={<FormattedMessage id="lists.failedTitle" />} error={error} onRetry={() => void refetch()} />
      ) : (
        <PostSkeleton count={2} />
      )}
    </Page>
  )
}

function ListHead({ list, isPeople }: { list: ListPeople; isPeople: boolean }) {
  const intl = useIntl()
  const [, navigate] = useLocation()
  const [asks, setAsks] = useState<'rename' | 'remove' | null>(null)
  const { act, isBusy, failure } = useListAct()
  const { settings, update } = useSettings()
  const isPinned = settings.pinnedLists.includes(list.id)
  const others = settings.pinnedLists.filter((id) => id !== list.id)
  const text = (id: string) => intl.formatMessage({ id }, { name: list.name })
  const close = () => setAsks(null)
  const remove = async () => {
    if (!(await act((lists) => lists.remove({ id: list.id })))) return
    update({ pinnedLists: others })
    navigate(routes.lists)
  }
  return (
    <>
      <p className={styles.note}>
        <FormattedMessage id="lists.members" values={{ n: list.members }} />. <FormattedMessage id="lists.public" />
      </p>
      <div className={styles.actions}>
        <Link href={isPeople ? listPath(list.id) : `${listPath(list.id)}/people`}>
          <FormattedMessage id={isPeople ? 'lists.posts' : 'lists.people'} />
        </Link>
        <Button
          size="small"
          aria-pressed={isPinned}
          onClick={() => update({ pinnedLists: isPinned ? others : [...others, list.id].slice(-8) })}
        >
          <FormattedMessage id="lists.pin" />
        </Button>
        <Button size="small" onClick={() => setAsks('rename')}>
          <FormattedMessage id="lists.rename" />
        </Button>
        <Button size="small" kind="danger" onClick={() => setAsks('remove')}>
          <FormattedMessage id="lists.remove" />
        </Button>
      </div>
      <Dialog open={asks === 'rename'} onClose={close} title={text('lists.rename')}>
        <ListForm
          label={text('lists.name')}
          action={text('lists.save')}
          given={list.name}
          max={MAX_NAME}
          isBusy={isBusy}
          failure={failure}
          onSend={async (name) => {
            const isDone = await act((lists) => lists.rename({ id: list.id, name }))
            if (isDone) close()
            return isDone
          }}
        />
      </Dialog>
      <Dialog
        open={asks === 'remove'}
        onClose={close}
        title={text('lists.removeAsk')}
        footer={
          <>
            <Button onClick={close}>
              <FormattedMessage id="lists.cancel" />
            </Button>
            <Button kind="danger" filled disabled={isBusy} onClick={() => void remove()}>
              <FormattedMessage id="lists.remove" />
            </Button>
          </>
        }
      >
        <p>
          <FormattedMessage id="lists.removeLine" />
        </p>
        {failure !== undefined && <p role="alert">{failure}</p>}
      </Dialog>
    </>
  )
}

function ListMembers({ list }: { list: ListPeople }) {
  const intl = useIntl()
  const { act, isBusy, failure } = useListAct()
  const { id } = list
  return (
    <>
      <ListForm
        label={intl.formatMessage({ id: 'lists.addLabel' })}
        action={intl.formatMessage({ id: 'lists.add' })}
        max={MAX_LINK}
        isBusy={isBusy}
        failure={failure}
        onSend={(profile) => act((lists) => lists.add({ id, profile }))}
      />
      {list.people.length === 0 && (
        <p className={styles.note}>
          <FormattedMessage id="lists.nobody" />
        </p>
      )}
      <ul>
        {list.people.map((person) => (
          <li key={person.profile} className={styles.person}>
            <PersonRow
              person={person}
              action={
                <Button
                  size="small"
                  disabled={isBusy}
                  onClick={() => void act((lists) => lists.drop({ id, profile: person.profile }))}
                >
                  <FormattedMessage id="lists.drop" />
                </Button>
              }
            />
          </li>
        ))}
      </ul>
    </>
  )
}

function ListPosts({ list }: { list: ListPeople }) {
  const intl = useIntl()
  const { orpc } = useRpc()
  const profile = useMe()?.profile ?? ''
  const query = useInfiniteQuery(
    orpc.timeline.list.infiniteOptions({
      input: (cursor: string | undefined) => ({
        profile,
        list: list.id,
        limit: 50,
        ...(cursor === undefined ? {} : { cursor }),
      }),
      initialPageParam: undefined as string | undefined,
      getNextPageParam: (last) => last.cursor ?? undefined,
      enabled: profile !== '',
    }),
  )
  const rows = useMemo(() => rowsOf(query.data?.pages), [query.data])
  return (
    <PagedPosts
      rows={rows}
      query={query}
      label={intl.formatMessage({ id: 'lists.feed' }, { name: list.name })}
      memory={`list ${list.id}`}
      failedTitle={<FormattedMessage id="lists.failedTitle" />}
      empty={
        <StatePanel
          icon={<List size={44} strokeWidth={1.5} aria-hidden />}
          title={<FormattedMessage id="lists.postsEmpty" />}
          line={<FormattedMessage id={list.members === 0 ? 'lists.nobody' : 'lists.postsEmptyLine'} />}
        />
      }
      end={<FormattedMessage id="lists.end" />}
    />
  )
}
