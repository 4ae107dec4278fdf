import type { ApiImplementer } from './context.ts'
import type { ApiServices } from './services.ts'

export function searchApi(api: ApiImplementer, { reader }: Pick<ApiServices, 'reader'>) {
  return {
    posts: api.search.posts.handler(({ input }) => reader.search(input.query, input)),
  }
}
