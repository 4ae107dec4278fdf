import { NotFoundError } from '../../util/errors.ts'
import type { ApiImplementer } from './context.ts'
import type { ApiServices } from './services.ts'

export function postsApi(api: ApiImplementer, { publishing, reader }: Pick<ApiServices, 'publishing' | 'reader'>) {
  return {
    create: api.posts.create.handler(({ input }) => publishing.createPost(input)),
    get: api.posts.get.handler(async ({ input }) => {
      const post = await reader.post(input.id)
      if (post === null) throw new NotFoundError(`no post ${input.id} is known here`)
      return post
    }),
    delete: api.posts.delete.handler(async ({ input }) => {
      await publishing.deletePost(input.id)
      return { id: input.id }
    }),
  }
}
