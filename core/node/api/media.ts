import { PalabreError } from '../../util/errors.ts'
import type { ApiContext, ApiImplementer } from './context.ts'
import type { ApiServices } from './services.ts'

/** Paths are names on this computer; a page in a browser has no business with them. */
function requireLocal(context: ApiContext): void {
  if (context.carrier !== 'local') {
    throw new PalabreError('not-here', 'paths are taken over the local socket only; send the bytes with media.upload')
  }
}

export function mediaApi(api: ApiImplementer, { media }: Pick<ApiServices, 'media'>) {
  return {
    add: api.media.add.handler(({ input, context, signal }) => {
      requireLocal(context)
      return media.addFile(input.path, input.alt, { signal })
    }),
    upload: api.media.upload.handler(({ input, signal }) => media.addBlob(input.bytes, input, { signal })),
    get: api.media.get.handler(({ input, context, signal }) => {
      requireLocal(context)
      return media.writeTo(input.cid, input.out, { signal })
    }),
    fetch: api.media.fetch.handler(({ input }) => media.fetch(input.cid)),
  }
}
