import { parseRecordId } from '../../codec/cid.ts'
import { NotFoundError } from '../../util/errors.ts'
import type { ApiImplementer } from './context.ts'
import type { ApiServices } from './services.ts'

export function threadsApi(api: ApiImplementer, { reader, answers }: Pick<ApiServices, 'reader' | 'answers'>) {
  /** What strangers answer is asked for by the root, or by the post itself where its root isn't known yet. */
  const look = (id: string) => {
    const bytes = parseRecordId(id)
    return bytes === undefined ? NOBODY : answers.look('answers', bytes)
  }
  return {
    get: api.threads.get.handler(async ({ input }) => {
      const thread = await reader.thread(input.id, input)
      if (thread === null) throw new NotFoundError(`no post ${input.id} is known here`, { data: look(input.id) })
      return { ...thread, ...look(thread.post.reply?.root.id ?? input.id) }
    }),
  }
}

const NOBODY = { answers: 'nobody', seedsAsked: 0 } as const
