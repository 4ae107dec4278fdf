import { type FormEvent, useState } from 'react'
import { Button } from '../../ui/button.tsx'
import { TextField } from '../../ui/field.tsx'
import styles from './lists.module.css'

export interface ListFormProps {
  label: string
  action: string
  isBusy: boolean
  failure: string | undefined
  /** What stands in the field at first. */
  given?: string
  /** Longest that may be typed, characters. */
  max: number
  /** The field is emptied when it says true. */
  onSend: (text: string) => Promise<boolean>
}

/** One field and its button. */
export function ListForm({ label, action, isBusy, failure, given = '', max, onSend }: ListFormProps) {
  const [text, setText] = useState(given)
  const send = async (event: FormEvent) => {
    event.preventDefault()
    const trimmed = text.trim()
    if (trimmed !== '' && (await onSend(trimmed))) setText('')
  }
  return (
    <form className={styles.form} onSubmit={(event) => void send(event)}>
      <div className={styles.grow}>
        <TextField
          label={label}
          value={text}
          maxLength={max}
          error={failure}
          onChange={(event) => setText(event.currentTarget.value)}
        />
      </div>
      <Button type="submit" disabled={isBusy || text.trim() === ''}>
        {action}
      </Button>
    </form>
  )
}
