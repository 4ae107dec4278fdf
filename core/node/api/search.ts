import type { ApiImplementer } from './context.ts'
import type { ApiServices } from './services.ts'

export function searchApi(api: ApiImplementer, { reader, holdings }: Pick<ApiServices, 'reader' | 'holdings'>) {
  return {
    posts: api.search.posts.handler(async ({ input }) => {
      const { searched, ...page } = await reader.search(input.query, input)
      return { ...holdings.page(page), searched }
    }),
  }
}
