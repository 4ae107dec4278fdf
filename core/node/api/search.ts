import { BadRequestError } from '../../util/errors.ts'
import { parsePerson } from '../people.ts'
import type { ApiImplementer } from './context.ts'
import type { ApiServices } from './services.ts'

type Services = Pick<ApiServices, 'reader' | 'links'>

export function searchApi(api: ApiImplementer, services: Services) {
  return {
    posts: api.search.posts.handler(async ({ input }) => {
      const author = input.author === undefined ? undefined : await findAuthor(services, input.author)
      return await services.reader.search(input.query, { ...input, author })
    }),
  }
}

/** A name is one of those who are followed: whoever else has taken it isn't meant. */
async function findAuthor({ reader, links }: Services, author: string): Promise<string> {
  if (parsePerson(author) !== undefined) return await links.resolve(author)
  const wanted = foldName(author)
  // Somebody who is followed and hasn't been read yet has no name.
  if (wanted === '') throw new BadRequestError('expected an author: a name, a peer ID (12D3Koo…) or a palabre: link')
  const named = (await reader.follows()).filter(({ name }) => foldName(name) === wanted)
  const [only, ...others] = named
  if (only === undefined) throw new BadRequestError(`nobody who is followed is called ${author.slice(0, 80)}`)
  if (others.length === 0) return only.profile
  const profiles = named.map(({ profile }) => profile).join(', ')
  throw new BadRequestError(`${named.length} people who are followed have this name, say which: ${profiles}`)
}

function foldName(name: string): string {
  return name.normalize('NFC').trim().toLowerCase()
}
