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
    edit: api.posts.edit.handler(async ({ input }) => {
      await publishing.editPost(input.id, input)
      return { id: input.id }
    }),
    history: api.posts.history.handler(async ({ input }) => {
      const versions = await reader.history(input.id)
      if (versions === null) throw new NotFoundError(`no post ${input.id} is known here`)
      return { items: [...versions] }
    }),
    delete: api.posts.delete.handler(async ({ input }) => {
      await publishing.deletePost(input.id)
      return { id: input.id }
    }),
  }
}
