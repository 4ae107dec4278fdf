import { DatabaseSync, StatementSync } from 'node:sqlite'

export interface StepHooks {
  /** Called after each statement that may have changed something, with its number from 1 on. */
  readonly onStep: (step: number) => void
  /** Leaves out where transactions begin and end, so that every statement stands alone: for controls. */
  readonly isWithoutTransactions?: boolean
}

const TRANSACTION = /^\s*(BEGIN|COMMIT|ROLLBACK)/i

/** Runs `work` and stops after each statement that SQLite runs meanwhile in this process. Returns how many there were. */
export function watchSteps(hooks: StepHooks, work: () => void): number {
  const { exec } = DatabaseSync.prototype
  const { run } = StatementSync.prototype
  let steps = 0
  const step = () => hooks.onStep(++steps)
  DatabaseSync.prototype.exec = function (this: DatabaseSync, sql: string) {
    // What is in memory only leaves nothing behind.
    if (this.location() === null) return exec.call(this, sql)
    for (const statement of statementsOf(sql)) {
      if (hooks.isWithoutTransactions === true && TRANSACTION.test(statement)) continue
      exec.call(this, statement)
      step()
    }
  }
  StatementSync.prototype.run = function (this: StatementSync, ...args: Parameters<StatementSync['run']>) {
    const result = run.apply(this, args)
    step()
    return result
  } as StatementSync['run']
  try {
    work()
  } finally {
    DatabaseSync.prototype.exec = exec
    StatementSync.prototype.run = run
  }
  return steps
}

/** Semicolons within stand in texts and in triggers, whose statements end with END. */
function statementsOf(sql: string): string[] {
  const statements: string[] = []
  let open: string | null = null
  for (const part of sql.split(';')) {
    const text: string = open === null ? part : `${open};${part}`
    const isInText = text.split("'").length % 2 === 0
    const isOpen = isInText || (/^\s*CREATE TRIGGER\b/i.test(text) && !/^\s*END\s*$/i.test(part))
    open = isOpen ? text : null
    if (!isOpen && text.trim() !== '') statements.push(text)
  }
  return statements
}
