import { createRouterClient } from '@orpc/server'
import { describe, expect, it } from 'vitest'
import type { ApiContext } from '../../../../core/node/api/context.ts'
import { createRouter } from '../../../../core/node/api/router.ts'
import { createFakeServices, FAKE_POST_ID, FAKE_PROFILE, fakeMedia } from '../../../harness/fake-services.ts'

function open(carrier: ApiContext['carrier'] = 'local', init = { hasAccount: true }) {
  const { services, events, calls } = createFakeServices(init)
  const errors: unknown[] = []
  const logger = { debug() {}, info() {}, warn() {}, error: (fields: object) => void errors.push(fields) }
  const gate = { isStopping: false }
  const router = createRouter({ services, gate, logger })
  return { client: createRouterClient(router, { context: { carrier } }), events, calls, errors, gate }
}

describe('createRouter', () => {
  it('answers posts, and pages with their defaults', async () => {
    const { client, calls } = open()
    expect(await client.posts.get({ id: FAKE_POST_ID })).toMatchObject({ text: 'hello' })
    expect((await client.timeline.home({})).items).toHaveLength(1)
    expect(calls).toContainEqual(['home', { limit: 50 }])
    expect((await client.threads.get({ id: FAKE_POST_ID })).replies).toHaveLength(1)
    expect(await client.search.posts({ query: 'hello' })).toMatchObject({ searched: 1 })
  })

  it('ignores unknown keys in parameters', async () => {
    const { client, calls } = open()
    const input = { text: 'a', future: [1, 2] }
    await client.posts.create(input)
    expect(calls).toContainEqual(['createPost', { text: 'a', media: [] }])
  })

  it('takes a long link wherever somebody is named, and leaves it to the node to say what is no profile', async () => {
    const { client } = open()
    const link = `palabre:${FAKE_PROFILE}?a=/dns4/${'a'.repeat(200)}.example/tcp/4001/p2p/${FAKE_PROFILE}`
    const asks = [client.follows.add, client.follows.remove, client.profiles.get, client.timeline.profile]
    for (const ask of asks) {
      for (const profile of [link, 'nobody']) {
        expect(await ask({ profile }).catch((error: { code: string }) => error.code)).not.toBe('bad-request')
      }
    }
  })

  it('takes the cursor of a last page for none, and no blank reaction', async () => {
    const { client, calls } = open()
    await client.timeline.home({ cursor: null, limit: 3 })
    expect(calls).toContainEqual(['home', { cursor: undefined, limit: 3 }])
    await client.search.posts({ query: 'hello', cursor: null })
    await expect(client.reactions.add({ id: FAKE_POST_ID, emoji: ' ' })).rejects.toMatchObject({ code: 'bad-request' })
  })

  it('names the field of a parameter that does not fit', async () => {
    const { client } = open()
    const input: unknown = { limit: 501 }
    await expect(client.timeline.home(input as { limit: number })).rejects.toMatchObject({
      code: 'bad-request',
      message: expect.stringMatching(/timeline\.home.*"limit".*500/),
    })
    const nested: unknown = { text: 'x', media: [{ ...fakeMedia, size: -1 }] }
    await expect(client.posts.create(nested as { text: string })).rejects.toMatchObject({
      code: 'bad-request',
      message: expect.stringContaining('media.0.size'),
    })
  })

  it('says not-found, no-account and stopping with their codes', async () => {
    const { client, gate } = open('local', { hasAccount: false })
    await expect(client.posts.get({ id: 'bafyreinothing' })).rejects.toMatchObject({ code: 'not-found', status: 404 })
    await expect(client.threads.get({ id: 'bafyreinothing' })).rejects.toMatchObject({ code: 'not-found' })
    await expect(client.account.get()).rejects.toMatchObject({ code: 'no-account' })
    await expect(client.profiles.get({})).rejects.toMatchObject({ code: 'no-account' })
    gate.isStopping = true
    await expect(client.settings.get()).rejects.toMatchObject({ code: 'stopping' })
  })

  it('hides an unexpected failure and logs it', async () => {
    const { client, errors } = open()
    const failure = await client.network.status().catch((error: unknown) => error)
    expect(failure).toMatchObject({ code: 'internal' })
    expect(JSON.stringify(failure)).not.toContain('secret')
    expect(errors).toMatchObject([{ method: 'network.status', err: { message: 'a bug with a secret in it' } }])
  })

  it('keeps the words off the local socket and paths off the others', async () => {
    const local = open('local')
    await expect(local.client.account.words()).rejects.toMatchObject({ code: 'not-here' })
    expect(await local.client.media.add({ path: '/tmp/a.png' })).toEqual(fakeMedia)
    for (const carrier of ['web', 'desktop'] as const) {
      const { client } = open(carrier)
      expect((await client.account.words()).words).toHaveLength(2)
      await expect(client.media.add({ path: '/etc/passwd' })).rejects.toMatchObject({ code: 'not-here' })
      await expect(client.archive.import({ path: '/etc/passwd' })).rejects.toMatchObject({ code: 'not-here' })
      await expect(client.archive.cancel()).rejects.toMatchObject({ code: 'not-here' })
      await expect(client.media.get({ cid: 'bafkfake', out: '/tmp/x' })).rejects.toMatchObject({ code: 'not-here' })
      expect(await client.media.upload({ bytes: new Blob(['abc']) })).toEqual(fakeMedia)
    }
  })

  it('passes writes on: reactions, reposts, follows, profile, settings', async () => {
    const { client, calls } = open()
    await client.reactions.add({ id: FAKE_POST_ID })
    await client.reactions.remove({ id: FAKE_POST_ID })
    await client.reposts.add({ id: FAKE_POST_ID })
    await client.reposts.remove({ id: FAKE_POST_ID })
    expect(await client.posts.delete({ id: FAKE_POST_ID })).toEqual({ id: FAKE_POST_ID })
    expect(await client.follows.add({ profile: FAKE_PROFILE })).toEqual({ profile: FAKE_PROFILE, state: 'pending' })
    expect(await client.follows.list()).toEqual({ items: [] })
    expect((await client.profiles.update({ bio: 'x' })).link).toBe(`palabre:${FAKE_PROFILE}`)
    await client.settings.update({ theme: 'dark' })
    expect(calls.map((call) => call[0])).toEqual([
      'react',
      'react',
      'repost',
      'repost',
      'deletePost',
      'follows.add',
      'updateProfile',
      'settings.update',
    ])
    expect(calls[0]).toEqual(['react', FAKE_POST_ID, '❤'])
    expect(calls[1]).toEqual(['react', FAKE_POST_ID, null])
  })

  it('streams events, first subscribed, and frees the subscriber when the stream is left', async () => {
    const { client, events } = open()
    const stream = await client.events.subscribe()
    events.publish({ type: 'home', count: 1, own: false })
    const seen: unknown[] = []
    for await (const event of stream) {
      seen.push(event)
      if (seen.length === 2) break
    }
    expect(seen).toEqual([{ type: 'subscribed' }, { type: 'home', count: 1, own: false }])
    expect(events.subscribers).toBe(0)
  })

  it('ends the stream when the caller aborts', async () => {
    const { client, events } = open()
    const controller = new AbortController()
    const stream = await client.events.subscribe(undefined, { signal: controller.signal })
    await stream.next()
    const pending = stream.next()
    controller.abort()
    await pending.catch(() => {})
    expect(events.subscribers).toBe(0)
  })
})
