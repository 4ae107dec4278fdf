import { expect, it } from 'vitest'
import { RunAgain } from '../../../core/util/run-again.ts'
import { eventually } from '../../harness/wait.ts'

it('runs once more for all who asked while it ran, and for nobody else', async () => {
  const runs: PromiseWithResolvers<void>[] = []
  const work = new RunAgain(() => {
    const run = Promise.withResolvers<void>()
    runs.push(run)
    return run.promise
  })
  work.ask()
  expect(runs).toHaveLength(1)
  for (let i = 0; i < 100; i++) work.ask()
  expect(runs).toHaveLength(1)
  runs[0]?.resolve()
  await eventually('it runs again', () => runs.length === 2)
  runs[1]?.resolve()
  await new Promise((resolve) => setImmediate(resolve))
  expect(runs).toHaveLength(2)
  work.ask()
  expect(runs).toHaveLength(3)
})
