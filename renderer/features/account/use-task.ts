import { useRef, useState } from 'react'
import { useCause } from '../people/use-cause.ts'

export interface Task {
  /** Answers undefined where it failed, or where one is under way already. */
  run: <T>(work: () => Promise<T>) => Promise<T | undefined>
  isBusy: boolean
  /** A sentence that says why the last one failed. */
  failure: string | undefined
  clear: () => void
}

/**
 * One call at a time, with its failure as a sentence. Unlike a mutation of the query cache it keeps nothing of what was
 * given: words and passphrases stand in the field alone.
 */
export function useTask(): Task {
  const cause = useCause()
  const [isBusy, setBusy] = useState(false)
  const [failure, setFailure] = useState<string>()
  const isRunning = useRef(false)
  return {
    isBusy,
    failure,
    clear: () => setFailure(undefined),
    run: async (work) => {
      if (isRunning.current) return undefined
      isRunning.current = true
      setBusy(true)
      setFailure(undefined)
      try {
        return await work()
      } catch (error) {
        setFailure(cause(error))
        return undefined
      } finally {
        isRunning.current = false
        setBusy(false)
      }
    },
  }
}
