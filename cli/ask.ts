import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'

/** What people answer with, first letter or whole word. */
const YES = /^y(es)?$/i
const NO = /^no?$/i

export interface AskInit {
  readonly input: Readable
  /** stdout is for results: questions go elsewhere. */
  readonly output: Writable
  /** Ends the question without an answer. */
  readonly signal: AbortSignal
}

/** Asks until the answer is yes or no. The end of the input is a no, and so is the signal. */
export async function askYesNo(question: string, { input, output, signal }: AskInit): Promise<boolean> {
  const lines = createInterface({ input, output, terminal: false })
  const stop = () => lines.close()
  signal.addEventListener('abort', stop, { once: true })
  if (signal.aborted) stop()
  try {
    output.write(question)
    for await (const line of lines) {
      const answer = line.trim()
      if (YES.test(answer)) return true
      if (NO.test(answer)) return false
      output.write('Please answer y or n: ')
    }
    return false
  } finally {
    signal.removeEventListener('abort', stop)
    lines.close()
  }
}
