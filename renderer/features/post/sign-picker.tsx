import { SmilePlus } from 'lucide-react'
import { type FormEvent, type KeyboardEvent, useState } from 'react'
import { FormattedMessage, useIntl } from 'react-intl'
import { MAX_EMOJI_BYTES } from '../../../core/record/limits.ts'
import { isOneSign, signKey } from '../../../core/record/sign-text.ts'
import { Button } from '../../ui/button.tsx'
import { TextField } from '../../ui/field.tsx'
import { IconButton } from '../../ui/icon-button.tsx'
import { Popover } from '../../ui/popover.tsx'
import styles from './signs.module.css'

/** Offered at once; any other goes into the field. */
export const SIGNS = ['❤', '👍', '😂', '😮', '😢', '🙏', '🎉', '🔥', '👏', '🌳', '🤔', '👀'] as const

export interface SignPickerProps {
  /** Own reaction, null for none. */
  mine: string | null
  isOpen: boolean
  onOpenChange: (isOpen: boolean) => void
  /** null takes the own one back. */
  onPick: (emoji: string | null) => void
}

/** A button that opens a few signs and a field for any other. */
export function SignPicker({ mine, isOpen, onOpenChange, onPick }: SignPickerProps) {
  const intl = useIntl()
  const title = intl.formatMessage({ id: 'post.pick' })
  const pick = (emoji: string) => {
    onOpenChange(false)
    onPick(isSame(mine, emoji) ? null : emoji)
  }
  return (
    <Popover
      title={title}
      side="top"
      open={isOpen}
      onOpenChange={onOpenChange}
      trigger={
        <IconButton
          className={styles.trigger}
          data-action="pick"
          label={mine === null ? title : intl.formatMessage({ id: 'post.pickOther' }, { emoji: mine })}
          icon={<SmilePlus size={18} strokeWidth={1.75} aria-hidden />}
        />
      }
    >
      <div className={styles.signs} role="toolbar" aria-label={title} onKeyDown={moveByArrows}>
        {SIGNS.map((emoji) => (
          <button
            key={emoji}
            type="button"
            className={styles.sign}
            aria-pressed={isSame(mine, emoji)}
            aria-label={intl.formatMessage({ id: 'post.reactWith' }, { emoji })}
            onClick={() => pick(emoji)}
          >
            {emoji}
          </button>
        ))}
      </div>
      <OtherSign onPick={pick} />
    </Popover>
  )
}

/** Whether both are the same sign, however it looks. */
export function isSame(mine: string | null, emoji: string): boolean {
  return mine !== null && signKey(mine) === signKey(emoji)
}

function OtherSign({ onPick }: { onPick: (emoji: string) => void }) {
  const intl = useIntl()
  const [text, setText] = useState('')
  const [isWrong, setWrong] = useState(false)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const emoji = text.trim()
    if (isOneSign(emoji) && new TextEncoder().encode(emoji).length <= MAX_EMOJI_BYTES) onPick(emoji)
    else setWrong(true)
  }
  return (
    <form className={styles.other} onSubmit={submit}>
      <TextField
        label={intl.formatMessage({ id: 'post.anySign' })}
        error={isWrong ? intl.formatMessage({ id: 'post.anySignWrong' }) : undefined}
        value={text}
        maxLength={MAX_EMOJI_BYTES}
        autoComplete="off"
        onChange={(event) => {
          setWrong(false)
          setText(event.currentTarget.value)
        }}
      />
      <Button type="submit" size="small">
        <FormattedMessage id="post.anySignGive" />
      </Button>
    </form>
  )
}

/** Left and right, Home and End; the Tab key goes through them too. */
function moveByArrows(event: KeyboardEvent<HTMLElement>): void {
  const buttons = [...event.currentTarget.querySelectorAll('button')]
  const at = buttons.indexOf(document.activeElement as HTMLButtonElement)
  const forward = getComputedStyle(event.currentTarget).direction === 'rtl' ? 'ArrowLeft' : 'ArrowRight'
  const backward = forward === 'ArrowRight' ? 'ArrowLeft' : 'ArrowRight'
  const places: Record<string, number> = {
    [forward]: (at + 1) % buttons.length,
    [backward]: (at + buttons.length - 1) % buttons.length,
    Home: 0,
    End: buttons.length - 1,
  }
  const next = places[event.key]
  if (next === undefined) return
  event.preventDefault()
  buttons[next]?.focus()
}
