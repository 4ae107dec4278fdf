import { FormattedMessage, FormattedNumber } from 'react-intl'
import type { Thread } from '../../../core/contract/views.ts'
import { ContextSection } from '../../app/context-section.tsx'
import { useNetwork } from '../../app/use-network.ts'
import { PersonRow } from '../people/person-row.tsx'
import styles from './thread.module.css'
import { speakersOf } from './thread-rows.ts'

const MAX_SPEAKERS = 5

/** Beside a thread: who speaks in it, and how complete it is as far as this computer knows. */
export function ThreadContext({ thread }: { thread: Thread }) {
  const network = useNetwork()
  const speakers = speakersOf(thread)
  const more = speakers.length - MAX_SPEAKERS
  return (
    <>
      <ContextSection title={<FormattedMessage id="thread.people" />}>
        <div className={styles.speakers}>
          {speakers.slice(0, MAX_SPEAKERS).map((post) => (
            <PersonRow key={post.author} person={{ profile: post.author, name: post.name, avatar: post.avatar }} />
          ))}
          {more > 0 && (
            <p className={styles.aside}>
              <FormattedMessage id="thread.more" values={{ count: more }} />
            </p>
          )}
        </div>
      </ContextSection>
      <ContextSection title={<FormattedMessage id="thread.how" />}>
        <dl className={styles.facts}>
          <Fact id="thread.repliesHere" value={thread.held} />
          <Fact id="thread.known" value={thread.missing} />
          {network && <Fact id="thread.seeds" value={network.seeds} />}
        </dl>
        <p className={styles.aside}>
          <FormattedMessage id="thread.missingHint" />
        </p>
      </ContextSection>
    </>
  )
}

function Fact({ id, value }: { id: 'thread.repliesHere' | 'thread.known' | 'thread.seeds'; value: number }) {
  return (
    <div>
      <dt>
        <FormattedMessage id={id} />
      </dt>
      <dd>
        <FormattedNumber value={value} />
      </dd>
    </div>
  )
}
