import { type ReactNode, useState } from 'react'
import { FormattedMessage, useIntl } from 'react-intl'
import { TextArea } from '../../ui/field.tsx'
import styles from './account.module.css'
import { countWords, looksLikePaper, readSecret, type SecretFault } from './read-secret.ts'

export interface Secret {
  text: string
  setText: (text: string) => void
  /** What is wrong with it, as a sentence. */
  problem: string | undefined
  /** What the node is to be given; undefined, and said why, where the text can't be right. */
  read: () => string | undefined
  /** The field is empty again. */
  clear: () => void
}

/** The words or the paper key while they stand in their field. They are kept nowhere else. */
export function useSecret(): Secret {
  const intl = useIntl()
  const [text, setText] = useState('')
  const [fault, setFault] = useState<SecretFault>()
  return {
    text,
    setText: (next) => {
      setFault(undefined)
      setText(next)
    },
    problem: fault && describeFault(fault, intl),
    read: () => {
      const read = readSecret(text)
      if ('secret' in read) return read.secret
      setFault(read.fault)
      return undefined
    },
    clear: () => {
      setFault(undefined)
      setText('')
    },
  }
}

function describeFault(fault: SecretFault, intl: ReturnType<typeof useIntl>): string {
  const id = `secret.fault.${fault.kind}`
  if (fault.kind === 'unknown') {
    return intl.formatMessage({ id }, { n: fault.places.length, places: intl.formatList(fault.places.map(String)) })
  }
  return intl.formatMessage({ id }, { count: 'count' in fault ? fault.count : 0 })
}

export interface SecretFieldProps {
  secret: Secret
  /** Both are asked for unless it is the words alone. */
  only?: 'words'
  /** In place of what is said of the words before any stands there. */
  help?: ReactNode
  /** What the node said against it. */
  failure?: string | undefined
  autoFocus?: boolean
}

/** One field that takes all 24 words at once, or the paper key. Nothing of it is remembered by the browser. */
export function SecretField({ secret, only, help, failure, autoFocus }: SecretFieldProps) {
  const intl = useIntl()
  const { text } = secret
  const isPaper = only === undefined && looksLikePaper(text)
  return (
    <TextArea
      label={intl.formatMessage({ id: only === 'words' ? 'secret.label.words' : 'secret.label' })}
      help={
        text.trim() === '' || isPaper ? (
          (help ?? <FormattedMessage id={only === 'words' ? 'secret.help.words' : 'secret.help'} />)
        ) : (
          <FormattedMessage id="secret.count" values={{ count: countWords(text) }} />
        )
      }
      error={secret.problem ?? failure}
      className={styles.secret}
      rows={4}
      dir="ltr"
      lang="en"
      translate="no"
      autoComplete="off"
      autoCapitalize="none"
      autoCorrect="off"
      spellCheck={false}
      autoFocus={autoFocus}
      value={text}
      onChange={(event) => secret.setText(event.currentTarget.value)}
    />
  )
}
