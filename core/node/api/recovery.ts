import { PalabreError } from '../../util/errors.ts'
import type { ApiContext, ApiImplementer } from './context.ts'
import type { ApiServices } from './services.ts'

export function recoveryApi(api: ApiImplementer, { recovery }: Pick<ApiServices, 'recovery'>) {
  return {
    start: api.recovery.start.handler(({ input }) => recovery.start(input)),
    askGuardians: api.recovery.askGuardians.handler(({ input }) => recovery.askGuardians(input)),
    cancel: api.recovery.cancel.handler(() => recovery.cancel()),
    status: api.recovery.status.handler(() => recovery.status()),
    means: api.recovery.means.handler(() => recovery.means()),
    rehearse: api.recovery.rehearse.handler(({ input }) => recovery.rehearse(input.words)),
    makePaper: api.recovery.makePaper.handler(async ({ input, context }) => {
      refuseOnTerminal(context)
      return { paper: await recovery.makePaper(input.secret) }
    }),
    newWords: api.recovery.newWords.handler(async ({ input, context }) => {
      refuseOnTerminal(context)
      return { words: [...(await recovery.newWords(input.secret))] }
    }),
  }
}

function refuseOnTerminal({ carrier }: ApiContext): void {
  if (carrier !== 'local') return
  throw new PalabreError('not-here', 'new secrets are shown in the window only: they never stand on a terminal')
}
