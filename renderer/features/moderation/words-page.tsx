import { useQuery } from '@tanstack/react-query'
import { TextSearch } from 'lucide-react'
import { useState } from 'react'
import { FormattedMessage, useIntl } from 'react-intl'
import type { MutedWord } from '../../../core/contract/moderation.ts'
import { Page } from '../../app/layout.tsx'
import { useRpc } from '../../rpc/provider.tsx'
import { Button } from '../../ui/button.tsx'
import { formatAgo } from '../../ui/format-ago.ts'
import { formatDay } from '../../ui/format-day.ts'
import { formatClock } from '../../ui/format-moment.ts'
import { StatePanel } from '../../ui/state-panel.tsx'
import { FailedPanel } from '../people/failed-panel.tsx'
import { Section, SettingsContents } from '../settings/parts.tsx'
import settings from '../settings/settings.module.css'
import styles from './moderation.module.css'
import { MONTH_MS, useWords } from './use-words.ts'
import { WordForm } from './word-form.tsx'

/** Words that one doesn't want to read, by group, with how long each lasts. */
export function MutedWordsPage() {
  const intl = useIntl()
  const { orpc } = useRpc()
  const { data, error, refetch } = useQuery(orpc.moderation.words.queryOptions())
  const [changed, setChanged] = useState<MutedWord | null>(null)
  const groups = data === undefined ? [] : [...new Set(data.items.map(({ group }) => group))]
  const change = (word: MutedWord) => {
    setChanged(word)
    window.scrollTo(0, 0)
  }
  return (
    <Page title={intl.formatMessage({ id: 'mutedWords.title' })} hasBack context={<SettingsContents />}>
      {data === undefined && error !== null && (
        <FailedPanel
          title={<FormattedMessage id="mutedWords.failedTitle" />}
          error={error}
          onRetry={() => void refetch()}
        />
      )}
      {data !== undefined && (
        <div className={settings.page}>
          <p className={styles.note}>
            <FormattedMessage id="mutedWords.note" />
          </p>
          <WordForm
            key={changed?.id ?? 'new'}
            word={changed}
            groups={groups.filter((group) => group !== '')}
            isFull={data.items.length >= data.max}
            max={data.max}
            onDone={() => setChanged(null)}
          />
          {data.items.length === 0 && (
            <StatePanel
              icon={<TextSearch size={44} strokeWidth={1.5} aria-hidden />}
              title={<FormattedMessage id="mutedWords.emptyTitle" />}
              line={<FormattedMessage id="mutedWords.emptyLine" />}
            />
          )}
          {groups.map((group, index) => (
            <Section
              key={group}
              id={`words-group-${index}`}
              title={group === '' ? <FormattedMessage id="mutedWords.group.none" /> : <bdi>{group}</bdi>}
            >
              <ul className={styles.list}>
                {data.items
                  .filter((word) => word.group === group)
                  .map((word) => (
                    <li key={word.id}>
                      <WordRow word={word} onChange={() => change(word)} />
                    </li>
                  ))}
              </ul>
            </Section>
          ))}
        </div>
      )}
    </Page>
  )
}

function WordRow({ word, onChange }: { word: MutedWord; onChange: () => void }) {
  const intl = useIntl()
  const { mute, remove, isBusy, failure } = useWords()
  const named = (id: string) => intl.formatMessage({ id }, { word: word.word })
  const renew = () => void mute({ ...word, until: Date.now() + MONTH_MS })
  return (
    <div className={styles.wordRow} data-expired={word.isExpired || undefined}>
      <div>
        <h3 className={styles.word}>
          <bdi>{word.word}</bdi>
        </h3>
        <p className={styles.wordLine}>
          <WordLine word={word} />
        </p>
        {failure !== undefined && (
          <p className={styles.failed} role="alert">
            {failure}
          </p>
        )}
      </div>
      <div className={styles.wordActs}>
        {word.isExpired ? (
          <Button size="small" disabled={isBusy} aria-label={named('mutedWords.renewNamed')} onClick={renew}>
            <FormattedMessage id="mutedWords.renew" />
          </Button>
        ) : (
          <Button size="small" disabled={isBusy} aria-label={named('mutedWords.changeNamed')} onClick={onChange}>
            <FormattedMessage id="mutedWords.changeShort" />
          </Button>
        )}
        <Button
          size="small"
          kind="quiet"
          disabled={isBusy}
          aria-label={named('mutedWords.removeNamed')}
          onClick={() => void remove(word)}
        >
          <FormattedMessage id="mutedWords.remove" />
        </Button>
      </div>
    </div>
  )
}

/** What it does, and until when. */
function WordLine({ word: { level, until, isExpired, exceptFollowed } }: { word: MutedWord }) {
  const intl = useIntl()
  if (isExpired && until !== null) {
    return <FormattedMessage id="mutedWords.row.expired" values={{ when: formatAgo(intl, until, Date.now()) }} />
  }
  const parts = [
    intl.formatMessage({ id: `mutedWords.row.${level}` }),
    until === null
      ? intl.formatMessage({ id: 'mutedWords.row.always' })
      : intl.formatMessage(
          { id: 'mutedWords.row.until' },
          {
            day: formatDay(intl, until, { month: 'short' }),
            time: formatClock(intl, until),
          },
        ),
    ...(exceptFollowed ? [intl.formatMessage({ id: 'mutedWords.row.except' })] : []),
  ]
  return <>{parts.join(' · ')}</>
}
