import { useState } from 'react'
import { useIntl } from 'react-intl'
import { useToast } from '../../ui/toast.tsx'

export interface Copy {
  copy: (text: string, doneId: string) => Promise<void>
  /** A sentence to show where the button stands, when the browser refused. */
  failure: string | undefined
}

/** Copies a text and says so. */
export function useCopy(): Copy {
  const intl = useIntl()
  const toast = useToast()
  const [hasFailed, setFailed] = useState(false)
  return {
    failure: hasFailed ? intl.formatMessage({ id: 'people.copyFailed' }) : undefined,
    copy: async (text, doneId) => {
      try {
        await navigator.clipboard.writeText(text)
        setFailed(false)
        toast({ text: intl.formatMessage({ id: doneId }) })
      } catch {
        setFailed(true)
      }
    },
  }
}
