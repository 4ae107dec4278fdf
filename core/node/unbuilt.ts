import { PalabreError } from '../util/errors.ts'

/** Scaffolding of this branch only: gone before anything of it is merged. */
export function unbuilt<T extends object>(): T {
  return new Proxy({} as T, {
    get: (_, name) => () => {
      throw new PalabreError('not-built', `${String(name)} is not built`)
    },
  })
}
