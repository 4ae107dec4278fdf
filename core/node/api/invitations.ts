import type { ApiImplementer } from './context.ts'
import type { ApiServices } from './services.ts'

export function invitationsApi(api: ApiImplementer, { invitations }: Pick<ApiServices, 'invitations'>) {
  return {
    seeds: api.invitations.seeds.handler(async () => ({ items: [...(await invitations.seeds())] })),
    make: api.invitations.make.handler(({ input }) => invitations.make(input)),
    read: api.invitations.read.handler(({ input }) => invitations.read(input.text)),
    accept: api.invitations.accept.handler(({ input }) => invitations.accept(input)),
    status: api.invitations.status.handler(async () => ({ join: await invitations.status() })),
  }
}
