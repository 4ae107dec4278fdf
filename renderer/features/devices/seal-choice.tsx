import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { FormattedMessage, useIntl } from 'react-intl'
import type { DevicePost, DeviceView } from '../../../core/contract/accounts.ts'
import { errorCodeOf } from '../../rpc/client.ts'
import { useRpc } from '../../rpc/provider.tsx'
import { formatMoment } from '../../ui/format-moment.ts'
import { RadioList } from '../../ui/radio-list.tsx'
import { Note } from '../account/notes.tsx'
import styles from './devices.module.css'

type Extent = 'all' | 'post' | 'none'

/** Where the seal is put, as the node is told; nothing for everything that is held. */
export interface SealPlace {
  lastSeq?: number
  lastId?: string
}

export interface SealChoice {
  extent: Extent
  choose: (extent: Extent) => void
  post: DevicePost | undefined
  pick: (post: DevicePost) => void
  problem: string | undefined
  /** Undefined, and said why, while no post is chosen. */
  read: () => SealPlace | undefined
}

/** What of the signed is the owner's: everything, up to a post, or nothing. */
export function useSealChoice(): SealChoice {
  const intl = useIntl()
  const [extent, setExtent] = useState<Extent>('all')
  const [post, setPost] = useState<DevicePost>()
  const [problem, setProblem] = useState<string>()
  return {
    extent,
    choose: (next) => {
      setProblem(undefined)
      setExtent(next)
    },
    post,
    pick: (next) => {
      setProblem(undefined)
      setPost(next)
    },
    problem,
    read: () => {
      if (extent === 'all') return {}
      if (extent === 'none') return { lastSeq: 0 }
      if (post !== undefined) return { lastSeq: post.seq, lastId: post.id }
      setProblem(intl.formatMessage({ id: 'devices.seal.choose' }))
      return undefined
    },
  }
}

const EXTENTS = ['all', 'none', 'post'] as const

export function SealChoiceField({ device, choice }: { device: DeviceView; choice: SealChoice }) {
  return (
    <>
      <RadioList
        legend={<FormattedMessage id="devices.seal" />}
        value={choice.extent}
        onChange={choice.choose}
        options={EXTENTS.map((value) => ({
          value,
          label: <FormattedMessage id={`devices.seal.${value}`} />,
          help: <FormattedMessage id={`devices.seal.${value}.line`} />,
        }))}
      />
      {choice.extent === 'post' && <Posts device={device} choice={choice} />}
      {choice.extent === 'all' && device.forked && (
        <Note tone="warn">
          <p>
            <FormattedMessage id="devices.seal.forked" />
          </p>
        </Note>
      )}
    </>
  )
}

function Posts({ device, choice }: { device: DeviceView; choice: SealChoice }) {
  const intl = useIntl()
  const { orpc } = useRpc()
  const { data, error } = useQuery(orpc.devices.posts.queryOptions({ input: { peerId: device.peerId } }))
  if (error !== null) {
    return (
      <p className={styles.posts} role="alert">
        <FormattedMessage id="devices.seal.failed" values={{ code: errorCodeOf(error) }} />
      </p>
    )
  }
  const items = data?.items ?? []
  return (
    <div className={styles.posts} aria-busy={data === undefined}>
      {data !== undefined && items.length === 0 && <FormattedMessage id="devices.seal.noPosts" />}
      {items.length > 0 && (
        <RadioList
          legend={<FormattedMessage id="devices.seal.last" />}
          value={choice.post?.id}
          onChange={(id) => {
            const post = items.find((item) => item.id === id)
            if (post !== undefined) choice.pick(post)
          }}
          error={choice.problem}
          options={items.map(({ id, at, text, isTwice }) => ({
            value: id,
            label: <bdi className={styles.excerpt}>{text || intl.formatMessage({ id: 'devices.seal.noText' })}</bdi>,
            help: (
              <>
                {formatMoment(intl, at)}
                {isTwice && (
                  <>
                    {' · '}
                    <FormattedMessage id="devices.seal.twice" />
                  </>
                )}
              </>
            ),
          }))}
        />
      )}
    </div>
  )
}
