import { PalabreError } from '../util/errors.ts'
import type { RecoveryCalls } from './api/services.ts'

/** Scaffolding of this branch only: gone before anything of it is merged. */
export function unbuilt<T extends object>(): T {
  return new Proxy({} as T, {
    get: (_, name) => () => {
      throw new PalabreError('not-built', `${String(name)} is not built`)
    },
  })
}

/** Recovery of which only the part of guardians is built. */
export function onlyByGuardians(guardians: Pick<RecoveryCalls, 'askGuardians' | 'cancel' | 'status'>): RecoveryCalls {
  const { start, means, rehearse, makePaper, newWords } = unbuilt<RecoveryCalls>()
  return {
    ...{ start, means, rehearse, makePaper, newWords },
    askGuardians: (init) => guardians.askGuardians(init),
    cancel: () => guardians.cancel(),
    status: () => guardians.status(),
  }
}
