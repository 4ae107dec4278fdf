import { PalabreError } from '../../util/errors.ts'
import type { ApiContext, ApiImplementer } from './context.ts'
import type { ApiServices } from './services.ts'

/** Which file of this computer is read is for its user to say, and no page in a browser. */
function requireLocal(context: ApiContext): void {
  if (context.carrier !== 'local')
    throw new PalabreError('not-here', 'archives are taken in over the local socket only')
}

export function archiveApi(api: ApiImplementer, { imports }: Pick<ApiServices, 'imports'>) {
  return {
    import: api.archive.import.handler(({ input, context }) => {
      requireLocal(context)
      return imports.begin(input.path)
    }),
    status: api.archive.status.handler(() => ({ import: imports.status() })),
    cancel: api.archive.cancel.handler(async ({ context }) => {
      requireLocal(context)
      return { import: await imports.cancel() }
    }),
  }
}
