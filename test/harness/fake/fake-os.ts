import { implement, type Router } from '@orpc/server'
import { type Contract, contract } from '../../../core/contract/contract.ts'

export type FakeOs = ReturnType<typeof createFakeOs>

export interface FakeContext {
  carrier: 'local' | 'web' | 'desktop'
}

/** What every handler of the sample node starts from; `before` runs first and may refuse the call. */
export function createFakeOs(before: (path: readonly string[]) => Promise<void>) {
  return implement(contract)
    .$context<FakeContext>()
    .use(async ({ next, path }) => {
      await before(path)
      return next()
    })
}

/** A name for a type that is too long to be written out. */
export interface FakeRouter extends Router<Contract, FakeContext> {}
