import { parsePeerId } from '../../identity/peer-id.ts'
import { NoAccountError } from '../../util/errors.ts'
import { listPetnames, setPetname } from '../petnames.ts'
import type { ApiImplementer } from './context.ts'
import type { ApiServices } from './services.ts'

export function profilesApi(
  api: ApiImplementer,
  services: Pick<
    ApiServices,
    'account' | 'reader' | 'publishing' | 'links' | 'finder' | 'comparisons' | 'evidence' | 'privateBook'
  >,
) {
  const { account, reader, publishing, links, finder, comparisons, evidence, privateBook } = services
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
    suggest: api.profiles.suggest.handler(async ({ input }) => ({
      items: [...(await reader.suggest(input.query, input.limit))],
    })),
    update: api.profiles.update.handler(async ({ input }) => {
      await publishing.updateProfile(input)
      if (account.profile === null) throw new NoAccountError()
      return view(account.profile)
    }),
    petnames: api.profiles.petnames.handler(() => listPetnames(privateBook)),
    setPetname: api.profiles.setPetname.handler(async ({ input }) => {
      const profile = await links.resolve(input.profile)
      return setPetname(privateBook, { me: account.profile, profile, name: input.name })
    }),
  }
}
