import { createRouterClient } from '@orpc/server'
import { describe, expect, it } from 'vitest'
import type { Follow } from '../../../../core/contract/views.ts'
import { formatPeerId } from '../../../../core/identity/peer-id.ts'
import { createRouter } from '../../../../core/node/api/router.ts'
import type { SearchQuery } from '../../../../core/timeline/reader.ts'
import { silentLogger } from '../../../../core/util/logger.ts'
import { TestAuthor } from '../../../harness/authors.ts'
import { createFakeServices } from '../../../harness/fake-services.ts'

/** A router over a reader that says what it is asked. */
function open(follows: readonly Pick<Follow, 'name' | 'profile'>[]) {
  const { services } = createFakeServices()
  const asked: (SearchQuery & { text: string })[] = []
  const reader = {
    ...services.reader,
    follows: async () => follows.map((one) => ({ ...one, avatar: null, state: 'following' as const, since: 0 })),
    search: async (text: string, query: SearchQuery) => {
      asked.push({ text, ...query })
      return { items: [], cursor: null, searched: 0 }
    },
  }
  const router = createRouter({
    services: { ...services, reader },
    gate: { isStopping: false },
    logger: silentLogger,
  })
  return { client: createRouterClient(router, { context: { carrier: 'local' } }), asked }
}

describe('search.posts', () => {
  it('takes an author by profile, or by the name of somebody who is followed', async () => {
    const { client, asked } = open([{ name: 'Zoé Marin', profile: 'profile-of-zoe' }])
    const profile = formatPeerId(new TestAuthor('Ben').address)
    await client.search.posts({ query: 'tree', author: profile, since: 5, until: 9, media: true })
    expect(asked[0]).toMatchObject({ text: 'tree', author: profile, since: 5, until: 9, media: true })
    await client.search.posts({ author: ' zoe\u0301 marin' })
    expect(asked[1]).toMatchObject({ text: '', author: 'profile-of-zoe' })
    await client.search.posts({ author: ` /ip4/192.0.2.1/tcp/1/p2p/${profile} ` })
    expect(asked[2]).toMatchObject({ text: '', author: expect.stringContaining(profile) })
  })

  it('refuses a blank one, which is not somebody followed whose name is not known yet', async () => {
    const { client, asked } = open([{ name: '', profile: 'profile-of-somebody' }])
    await expect(client.search.posts({ author: ' ' })).rejects.toMatchObject({
      code: 'bad-request',
      message: expect.stringContaining('expected an author'),
    })
    expect(asked).toEqual([])
  })

  it('asks which one where several have the name, and refuses one that nobody has', async () => {
    const same = ['a', 'b'].map((end) => ({ name: 'Ben', profile: `ben-${end}` }))
    const { client, asked } = open(same)
    const refused = (author: string, message: RegExp) =>
      expect(client.search.posts({ author })).rejects.toMatchObject({
        code: 'bad-request',
        message: expect.stringMatching(message),
      })
    await refused('ben', /ben-a, ben-b/)
    await refused('Cleo', /nobody who is followed is called Cleo/)
    expect(asked).toEqual([])
  })
})
