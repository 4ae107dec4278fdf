import type { ApiImplementer } from './context.ts'
import type { ApiServices } from './services.ts'

export function guardiansApi(api: ApiImplementer, { guardians }: Pick<ApiServices, 'guardians'>) {
  return {
    list: api.guardians.list.handler(() => guardians.list()),
    invite: api.guardians.invite.handler(async () => ({ link: await guardians.invite() })),
    accept: api.guardians.accept.handler(({ input }) => guardians.accept(input.link)),
    set: api.guardians.set.handler(({ input }) => guardians.set(input)),
    open: api.guardians.open.handler(({ input }) => guardians.open(input.link)),
    approve: api.guardians.approve.handler(({ input }) => guardians.approve(input.link)),
    veto: api.guardians.veto.handler(async ({ input }) => {
      await guardians.veto(input.id)
      return { ok: true as const }
    }),
    check: api.guardians.check.handler(() => guardians.check()),
  }
}
