import type { ApiImplementer } from './context.ts'
import type { ApiServices } from './services.ts'

const DONE = { ok: true } as const

export function devicesApi(
  api: ApiImplementer,
  { devices, replacements }: Pick<ApiServices, 'devices' | 'replacements'>,
) {
  return {
    list: api.devices.list.handler(async () => ({ items: [...(await devices.list())] })),
    rename: api.devices.rename.handler(async ({ input }) => {
      await devices.rename(input.peerId, input.name)
      return DONE
    }),
    retire: api.devices.retire.handler(async () => {
      await devices.retire()
      return DONE
    }),
    revoke: api.devices.revoke.handler(async ({ input }) => {
      const { peerId, secret, lastSeq: seq, lastId: id } = input
      await devices.revoke(peerId, secret, seq === undefined ? undefined : { seq, id })
      return DONE
    }),
    posts: api.devices.posts.handler(async ({ input }) => ({ items: [...(await devices.posts(input.peerId))] })),
    restore: api.devices.restore.handler(async ({ input }) => {
      await devices.restore(input.peerId, input.secret)
      return DONE
    }),
    replaced: api.devices.replaced.handler(async () => ({ replaced: await replacements.unseen() })),
    dismissReplaced: api.devices.dismissReplaced.handler(async ({ input }) => {
      await replacements.dismiss(input.peerId)
      return DONE
    }),
  }
}
