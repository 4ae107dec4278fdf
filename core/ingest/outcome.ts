import type { Verdict } from '../record/verdict.ts'
import type { IngestOutcome } from './door.ts'

/** What is said of one input: nothing of it is new, kept or to be passed on unless `facts` say so. */
export function outcome(verdict: Verdict, facts: Partial<Omit<IngestOutcome, 'verdict'>>): IngestOutcome {
  return { verdict, id: null, author: null, isNew: false, isKept: false, mayForward: false, ...facts }
}
