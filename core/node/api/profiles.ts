import { parsePeerId } from '../../identity/peer-id.ts'
import { NoAccountError } from '../../util/errors.ts'
import type { ApiImplementer } from './context.ts'
import type { ApiServices } from './services.ts'

export function profilesApi(
  api: ApiImplementer,
  services: Pick<ApiServices, 'account' | 'reader' | 'publishing' | 'links' | 'finder' | 'comparisons' | 'evidence'>,
) {
  const { account, reader, publishing, links, finder, comparisons, evidence } = services
  async function view(profile: string) {
    const found = await reader.profile(profile)
    const key = parsePeerId(found.profile)
    const compared = key === undefined ? null : comparisons.of(key)
    const owedBy = key === undefined ? [] : [...(await evidence.owedBy(key))]
    return { ...found, owedBy, compared, link: links.linkOf(found.profile, found.seeds) }
  }
  return {
    find: api.profiles.find.handler(async ({ input }) => {
      const { key, addresses } = await links.find(input.profile)
      return finder.find(key, addresses)
    }),
    search: api.profiles.search.handler(async ({ input }) => finder.stateOf((await links.find(input.profile)).key)),
    get: api.profiles.get.handler(async ({ input }) => {
      if (input.profile !== undefined) return view(await links.resolve(input.profile))
      if (account.profile === null) throw new NoAccountError()
      return view(account.profile)
    }),
    update: api.profiles.update.handler(async ({ input }) => {
      await publishing.updateProfile(input)
      if (account.profile === null) throw new NoAccountError()
      return view(account.profile)
    }),
  }
}
