import { useQuery, useQueryClient } from '@tanstack/react-query'
import { CircleAlert, CircleCheck, NotebookPen } from 'lucide-react'
import { useState } from 'react'
import { FormattedMessage, useIntl } from 'react-intl'
import { useLocation } from 'wouter'
import { Page } from '../../app/layout.tsx'
import { routes } from '../../app/routes.ts'
import { errorCodeOf } from '../../rpc/client.ts'
import { useRpc } from '../../rpc/provider.tsx'
import { Button } from '../../ui/button.tsx'
import { StatePanel } from '../../ui/state-panel.tsx'
import { Note } from '../account/notes.tsx'
import { Stage } from '../account/stage.tsx'
import { SettingsContents } from '../settings/parts.tsx'
import styles from './recovery.module.css'
import { WordList } from './word-list.tsx'
import { WordsCheck } from './words-check.tsx'

type Step =
  | { name: 'intro' }
  | { name: 'list'; words: readonly string[] }
  | { name: 'check'; words: readonly string[] }
  | { name: 'done' }
  | { name: 'failed'; code: string }

/**
 * Shows the 24 words when asked, asks for three of them, and has them erased from this computer. The words stand in
 * this component's state only: never in the query cache, never in storage.
 */
export function WordsPage() {
  const intl = useIntl()
  const { client, orpc } = useRpc()
  const queryClient = useQueryClient()
  const [, navigate] = useLocation()
  const { data: account } = useQuery(orpc.account.get.queryOptions())
  const [stage, setStage] = useState<Step>({ name: 'intro' })
  const [isOpening, setOpening] = useState(false)

  const show = async () => {
    setOpening(true)
    try {
      const { words } = await client.account.words()
      setStage(words === null ? { name: 'intro' } : { name: 'list', words })
      if (words === null) await queryClient.invalidateQueries({ queryKey: orpc.account.key() })
    } catch (error) {
      setStage({ name: 'failed', code: errorCodeOf(error) })
    } finally {
      setOpening(false)
    }
  }
  const finish = () => {
    setStage({ name: 'done' })
    for (const queryKey of [orpc.account.key(), orpc.recovery.key()]) void queryClient.invalidateQueries({ queryKey })
  }
  const isGone = account?.wordsPending === false && stage.name !== 'done'

  return (
    <Page title={intl.formatMessage({ id: 'words.title' })} hasBack context={<SettingsContents />}>
      {isGone || stage.name === 'done' ? (
        <StatePanel
          tone="good"
          icon={<CircleCheck strokeWidth={1.5} aria-hidden />}
          title={<FormattedMessage id={isGone ? 'words.gone.title' : 'words.done.title'} />}
          line={<FormattedMessage id={isGone ? 'words.gone.line' : 'words.done.line'} />}
          action={
            <Button kind="primary" size="main" onClick={() => navigate(routes.home)}>
              <FormattedMessage id="words.done.action" />
            </Button>
          }
        />
      ) : stage.name === 'failed' ? (
        <StatePanel
          tone="warn"
          icon={<CircleAlert strokeWidth={1.5} aria-hidden />}
          title={<FormattedMessage id="words.error.title" />}
          line={<FormattedMessage id="words.error.line" values={{ code: stage.code }} />}
          action={
            <Button onClick={() => setStage({ name: 'intro' })}>
              <FormattedMessage id="ui.retry" />
            </Button>
          }
        />
      ) : stage.name === 'intro' ? (
        <Intro isOpen={account?.protection === 'open'} isOpening={isOpening} onShow={() => void show()} />
      ) : stage.name === 'list' ? (
        <WordList
          words={stage.words}
          onHide={() => setStage({ name: 'intro' })}
          onWritten={() => setStage({ name: 'check', words: stage.words })}
        />
      ) : (
        <WordsCheck
          count={stage.words.length}
          onBack={() => setStage({ name: 'list', words: stage.words })}
          onConfirmed={finish}
        />
      )}
    </Page>
  )
}

function Intro({ isOpen, isOpening, onShow }: { isOpen: boolean; isOpening: boolean; onShow: () => void }) {
  const intl = useIntl()
  return (
    <Stage
      icon={<NotebookPen strokeWidth={1.5} aria-hidden />}
      title={<FormattedMessage id="words.intro.title" />}
      lead={<FormattedMessage id="words.intro.line" />}
      actions={
        <Button
          kind="primary"
          size="main"
          busy={isOpening ? intl.formatMessage({ id: 'words.showing' }) : undefined}
          onClick={onShow}
        >
          <FormattedMessage id="words.show" />
        </Button>
      }
    >
      {isOpen && (
        <Note tone="warn">
          <p>
            <FormattedMessage id="words.intro.open" />
          </p>
        </Note>
      )}
      <p className={styles.text}>
        <FormattedMessage id="words.intro.alone" />
      </p>
    </Stage>
  )
}
