import { useState } from 'react'
import { useSettings } from '../../app/use-settings.ts'

/** What was opened or closed by hand in this window, by record id: a list forgets its rows, this doesn't. */
const choices = new Map<string, boolean>()
const MAX_CHOICES = 500

export interface Warning {
  isOpen: boolean
  toggle: () => void
}

/** Whether what stands behind a content warning is shown: as was chosen for it, or else as the settings say. */
export function useWarning(id: string): Warning {
  const { opensWarnings } = useSettings().settings
  const [chosen, setChosen] = useState(() => choices.get(id))
  const isOpen = chosen ?? opensWarnings
  return {
    isOpen,
    toggle: () => {
      choices.delete(id)
      choices.set(id, !isOpen)
      for (const oldest of choices.keys()) {
        if (choices.size <= MAX_CHOICES) break
        choices.delete(oldest)
      }
      setChosen(!isOpen)
    },
  }
}

/** For tests: as a new window begins. */
export function forgetWarnings(): void {
  choices.clear()
}
