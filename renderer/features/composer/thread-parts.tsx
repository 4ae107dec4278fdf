import { Plus, X } from 'lucide-react'
import { type KeyboardEvent, useEffect, useLayoutEffect, useRef } from 'react'
import { FormattedMessage, useIntl } from 'react-intl'
import { Button } from '../../ui/button.tsx'
import { IconButton } from '../../ui/icon-button.tsx'
import { type ComposerPart, MAX_PARTS, newPart } from './composer-state.ts'
import { Counter } from './counter.tsx'
import { MentionField } from './mention-field.tsx'
import { measureText } from './text-budget.ts'
import styles from './thread-parts.module.css'

export interface ThreadPartsProps {
  parts: readonly ComposerPart[]
  lang: string | undefined
  onChange: (parts: ComposerPart[]) => void
  /** Alt with an arrow: the part goes before or behind its neighbour; 0 is the first post. */
  onMove: (index: number, step: 1 | -1) => void
}

/** What goes on below the first post: each a reply to the one before it. */
export function ThreadParts({ parts, lang, onChange, onMove }: ThreadPartsProps) {
  const added = useRef<string>(undefined)
  const add = () => {
    const part = newPart()
    added.current = part.key
    onChange([...parts, part])
  }
  return (
    <>
      {parts.map((part, index) => (
        <Part
          key={part.key}
          part={part}
          number={index + 2}
          lang={lang}
          isNew={added.current === part.key}
          onChange={(changed) => onChange(parts.map((other) => (other.key === part.key ? changed : other)))}
          onRemove={() => onChange(parts.filter((other) => other.key !== part.key))}
          onMove={(step) => onMove(index + 1, step)}
        />
      ))}
      {parts.length < MAX_PARTS - 1 && (
        <div>
          <Button size="small" kind="quiet" icon={<Plus size={16} strokeWidth={1.9} aria-hidden />} onClick={add}>
            <FormattedMessage id="composer.addPart" />
          </Button>
        </div>
      )}
    </>
  )
}

interface PartProps {
  part: ComposerPart
  number: number
  lang: string | undefined
  isNew: boolean
  onChange: (part: ComposerPart) => void
  onRemove: () => void
  onMove: (step: 1 | -1) => void
}

function Part({ part, number, lang, isNew, onChange, onRemove, onMove }: PartProps) {
  const intl = useIntl()
  const field = useRef<HTMLTextAreaElement>(null)
  useEffect(() => {
    if (isNew) field.current?.focus()
  }, [isNew])
  useLayoutEffect(() => {
    void part.text
    const element = field.current
    if (!element) return
    element.style.blockSize = 'auto'
    element.style.blockSize = `${element.scrollHeight}px`
  }, [part.text])
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: keys of the field in it
    <div className={styles.part} onKeyDown={movingBy(onMove)}>
      <MentionField
        field={field}
        label={intl.formatMessage({ id: 'composer.part' }, { number })}
        placeholder={intl.formatMessage({ id: 'composer.partPlaceholder' })}
        className={styles.text}
        dir="auto"
        lang={lang}
        text={part.text}
        mentions={part.mentions}
        aria-describedby={`composer-counter-${part.key}`}
        aria-keyshortcuts="Alt+ArrowUp Alt+ArrowDown"
        onText={(text, mentions) => onChange({ ...part, text, mentions })}
      />
      <div className={styles.foot}>
        <Counter budget={measureText(part.text)} id={`composer-counter-${part.key}`} />
        <IconButton
          label={intl.formatMessage({ id: 'composer.removePart' }, { number })}
          icon={<X size={16} aria-hidden />}
          onClick={onRemove}
        />
      </div>
    </div>
  )
}

/** Alt and an arrow move a part. */
export function movingBy(onMove: (step: 1 | -1) => void) {
  return (event: KeyboardEvent) => {
    if (!event.altKey || (event.key !== 'ArrowUp' && event.key !== 'ArrowDown')) return
    event.preventDefault()
    onMove(event.key === 'ArrowUp' ? -1 : 1)
  }
}
