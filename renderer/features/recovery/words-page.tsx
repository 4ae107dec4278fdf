import { useQuery, useQueryClient } from '@tanstack/react-query'
import { CircleAlert, CircleCheck, EyeOff, NotebookPen } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { FormattedMessage, useIntl } from 'react-intl'
import { useLocation } from 'wouter'
import { Page } from '../../app/layout.tsx'
import { routes } from '../../app/routes.ts'
import { errorCodeOf } from '../../rpc/client.ts'
import { useRpc } from '../../rpc/provider.tsx'
import { Button } from '../../ui/button.tsx'
import { StatePanel } from '../../ui/state-panel.tsx'
import styles from './recovery.module.css'
import { WordsCheck } from './words-check.tsx'

type Stage =
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
  const [stage, setStage] = useState<Stage>({ name: 'intro' })
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
    void queryClient.invalidateQueries({ queryKey: orpc.account.key() })
  }
  const isGone = account?.wordsPending === false && stage.name !== 'done'

  return (
    <Page title={intl.formatMessage({ id: 'words.title' })} hasBack>
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
              <FormattedMessage id="gate.retry" />
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
    <div className={styles.step}>
      <NotebookPen className={styles.icon} strokeWidth={1.5} aria-hidden />
      <h2 className={styles.title}>
        <FormattedMessage id="words.intro.title" />
      </h2>
      <p className={styles.text}>
        <FormattedMessage id="words.intro.line" />
      </p>
      {isOpen && (
        <p className={styles.warning}>
          <CircleAlert size={18} strokeWidth={1.75} aria-hidden />
          <span>
            <FormattedMessage id="words.intro.open" />
          </span>
        </p>
      )}
      <p className={styles.text}>
        <FormattedMessage id="words.intro.later" />
      </p>
      <p className={styles.text}>
        <FormattedMessage id="words.intro.alone" />
      </p>
      <div className={styles.actions}>
        <Button
          kind="primary"
          size="main"
          busy={isOpening ? intl.formatMessage({ id: 'words.showing' }) : undefined}
          onClick={onShow}
        >
          <FormattedMessage id="words.show" />
        </Button>
      </div>
    </div>
  )
}

interface WordListProps {
  words: readonly string[]
  onHide: () => void
  onWritten: () => void
}

function WordList({ words, onHide, onWritten }: WordListProps) {
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => heading.current?.focus(), [])
  return (
    <div className={styles.step}>
      <h2 className={styles.title} ref={heading} tabIndex={-1}>
        <FormattedMessage id="words.list" />
      </h2>
      <p className={styles.text}>
        <FormattedMessage id="words.list.line" />
      </p>
      <ol className={styles.words} dir="ltr" lang="en" translate="no">
        {words.map((word, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a word may stand twice, its place may not
          <li key={index} className={styles.word}>
            <span className={styles.place}>{index + 1}</span>
            {word}
          </li>
        ))}
      </ol>
      <div className={styles.actions}>
        <Button kind="quiet" size="main" icon={<EyeOff size={17} strokeWidth={1.75} aria-hidden />} onClick={onHide}>
          <FormattedMessage id="words.hide" />
        </Button>
        <Button kind="primary" size="main" onClick={onWritten}>
          <FormattedMessage id="words.written" />
        </Button>
      </div>
    </div>
  )
}
