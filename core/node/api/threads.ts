import { NotFoundError } from '../../util/errors.ts'
import type { ApiImplementer } from './context.ts'
import type { ApiServices } from './services.ts'

export function threadsApi(api: ApiImplementer, { reader }: Pick<ApiServices, 'reader'>) {
  return {
    get: api.threads.get.handler(async ({ input }) => {
      const thread = await reader.thread(input.id, input.silenced)
      if (thread === null) throw new NotFoundError(`no post ${input.id} is known here`)
      return thread
    }),
  }
}
