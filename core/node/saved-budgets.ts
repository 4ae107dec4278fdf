import type { Budgets } from '../ingest/budgets.ts'
import type { OwnDatabase } from '../store/own-database.ts'

const STATE_KEY = 'budgets'
const NAMES = ['recordBytes', 'mediaBytes', 'strangerBytes'] as const

/** Budgets that somebody chose for this computer; what can't be read was never chosen. */
export function readBudgets(own: Pick<OwnDatabase, 'getState'>): Partial<Budgets> {
  const text = own.getState(STATE_KEY)
  if (text === null) return {}
  try {
    const saved = JSON.parse(text) as Record<string, unknown>
    const entries = NAMES.map((name) => [name, saved[name]] as const)
    return Object.fromEntries(entries.filter(([, bytes]) => Number.isSafeInteger(bytes) && (bytes as number) > 0))
  } catch {
    return {}
  }
}

export function saveBudgets(own: Pick<OwnDatabase, 'getState' | 'setState'>, change: Partial<Budgets>): void {
  own.setState(STATE_KEY, JSON.stringify({ ...readBudgets(own), ...change }))
}
