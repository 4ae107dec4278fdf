import { PalabreError } from '../../util/errors.ts'
import type { ApiImplementer } from './context.ts'
import type { ApiServices } from './services.ts'

export function accountApi(api: ApiImplementer, { account }: Pick<ApiServices, 'account'>) {
  return {
    create: api.account.create.handler(({ input }) => account.create(input.name)),
    get: api.account.get.handler(() => account.get()),
    words: api.account.words.handler(({ context }) => {
      if (context.carrier === 'local') {
        throw new PalabreError('not-here', 'the words are shown in the window only: they never stand on a terminal')
      }
      const words = account.words()
      return { words: words === null ? null : [...words] }
    }),
    confirmWords: api.account.confirmWords.handler(async ({ input }) => ({
      confirmed: await account.confirmWords(input.answers),
    })),
    protect: api.account.protect.handler(({ input }) => account.protect(input)),
  }
}
