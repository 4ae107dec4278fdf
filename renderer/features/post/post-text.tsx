import { useMemo, useState } from 'react'
import { Link } from 'wouter'
import type { PostView } from '../../../core/contract/views.ts'
import { shortPeerId } from '../../../core/identity/peer-id.ts'
import { foldName } from '../../../core/record/name-text.ts'
import { profilePath, tagPath, threadPath } from '../../app/routes.ts'
import { parsePerson } from '../people/parse-person.ts'
import { useCalled } from '../people/use-called.ts'
import { highlight } from '../search/highlight.ts'
import { OutsideDialog } from './outside-dialog.tsx'
import styles from './post.module.css'
import { type MentionSegment, segmentPost } from './text-segments.ts'

export interface PostTextProps {
  text: string
  /** Whom it names, by bytes. */
  mentions?: PostView['mentions'] | undefined
  lang: string | null
  /** Words to mark, from a search. */
  query?: string | undefined
  isLarge?: boolean
  id?: string
}

/** What somebody wrote, as text: nothing in it becomes markup, and addresses ask before they lead outside. */
export function PostText({ text, mentions, lang, query, isLarge = false, id }: PostTextProps) {
  const segments = useMemo(() => segmentPost(text, mentions ?? []), [text, mentions])
  const [asked, setAsked] = useState<string>()
  return (
    <>
      <p className={isLarge ? styles.textLarge : styles.text} dir="auto" lang={lang ?? undefined} id={id}>
        {segments.map((segment, index) => {
          const key = `${index} ${segment.kind}`
          if (segment.kind === 'text') return <Marked key={key} text={segment.text} query={query} />
          if (segment.kind === 'profile') return <ProfileAddress key={key} link={segment.link} />
          if (segment.kind === 'mention') return <MentionLink key={key} mention={segment} query={query} />
          if (segment.kind === 'tag') {
            return (
              <Link key={key} href={tagPath(segment.text.slice(1))} className={styles.address}>
                <Marked text={segment.text} query={query} />
              </Link>
            )
          }
          const ask = (event: React.MouseEvent) => {
            event.preventDefault()
            setAsked(segment.href)
          }
          return (
            <a
              key={key}
              href={segment.href}
              rel="noopener noreferrer nofollow"
              title={segment.host}
              className={styles.address}
              onClick={ask}
              onAuxClick={ask}
            >
              <Marked text={segment.text} query={query} />
            </a>
          )
        })}
      </p>
      {asked !== undefined && <OutsideDialog href={asked} onClose={() => setAsked(undefined)} />}
    </>
  )
}

function Marked({ text, query }: { text: string; query: string | undefined }) {
  if (!query) return <>{text}</>
  return (
    <>
      {highlight(text, query).map((part, index) =>
        // biome-ignore lint/suspicious/noArrayIndexKey: parts have no name but their place
        part.isHit ? <mark key={index}>{part.text}</mark> : part.text,
      )}
    </>
  )
}

function ProfileAddress({ link }: { link: string }) {
  const found = useMemo(() => parsePerson(link), [link])
  if (!found) return <>{link}</>
  return (
    <Link href={found.record ? threadPath(found.record) : profilePath(found.profile)} className={styles.address}>
      {link}
    </Link>
  )
}

/** Whoever wrote it chose the words: where they aren't the name that the person has here, the short ID says who is meant. */
function MentionLink({ mention, query }: { mention: MentionSegment; query: string | undefined }) {
  const called = useCalled()
  const { text, profile, name } = mention
  const short = shortPeerId(profile)
  const isByName = name !== '' && foldName(text.replace(/^@/u, '')) === foldName(name)
  return (
    <>
      <Link href={profilePath(profile)} title={`${called({ profile, name })} · ${short}`} className={styles.address}>
        <bdi>
          <Marked text={text} query={query} />
        </bdi>
      </Link>
      {!isByName && !text.includes(short) && (
        <span className={styles.mentionId} dir="ltr">
          {' '}
          {short}
        </span>
      )}
    </>
  )
}
