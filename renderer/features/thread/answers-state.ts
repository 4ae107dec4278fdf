import type { AnswersState } from '../../../core/contract/views.ts'
import { errorDataOf } from '../../rpc/client.ts'

const ANSWERS = ['asking', 'asked', 'nobody'] as const
/** How soon a page that waits for seeds is read again, milliseconds. */
const ASKING_AGAIN_MS = 1_500

/** For `refetchInterval`: a page is read again while seeds are being asked about it. */
export function whileAsking(state: AnswersState | undefined): number | false {
  return state?.answers === 'asking' ? ASKING_AGAIN_MS : false
}

/** What is said of the seeds of a thread that isn't here. */
export function answersOf(error: unknown): AnswersState | undefined {
  const data = errorDataOf(error)
  const answers = ANSWERS.find((one) => one === data.answers)
  return answers === undefined ? undefined : { answers, seedsAsked: Number(data.seedsAsked) }
}
