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

it('is settled when the last run that was asked for is done', async () => {
  const runs: PromiseWithResolvers<void>[] = []
  const work = new RunAgain(() => {
    const run = Promise.withResolvers<void>()
    runs.push(run)
    return run.promise
  })
  await work.settled()
  work.ask()
  work.ask()
  let isSettled = false
  const settled = work.settled().then(() => {
    isSettled = true
  })
  runs[0]?.resolve()
  await eventually('it runs again', () => runs.length === 2)
  expect(isSettled).toBe(false)
  runs[1]?.resolve()
  await settled
})
