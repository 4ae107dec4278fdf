import { PalabreError } from '../../util/errors.ts'
import type { ApiContext, ApiImplementer } from './context.ts'
import type { ApiServices } from './services.ts'

/** Which file of this computer is read or written is for its user to say, and no page in a browser. */
function requireLocal(context: ApiContext): void {
  if (context.carrier !== 'local')
    throw new PalabreError('not-here', 'archives are taken in and written over the local socket only')
}

export function archiveApi(api: ApiImplementer, { imports, exports }: Pick<ApiServices, 'exports' | 'imports'>) {
  return {
    import: api.archive.import.handler(({ input, context }) => {
      requireLocal(context)
      return imports.begin(input.path)
    }),
    export: api.archive.export.handler(({ input, context }) => {
      requireLocal(context)
      return exports.begin(input.path, input.scope ?? 'own')
    }),
    status: api.archive.status.handler(() => ({ import: imports.status(), export: exports.status() })),
    cancelExport: api.archive.cancelExport.handler(async ({ context }) => {
      requireLocal(context)
      return { export: await exports.cancel() }
    }),
    cancel: api.archive.cancel.handler(async ({ context }) => {
      requireLocal(context)
      return { import: await imports.cancel() }
    }),
  }
}
