import { describe, expect, it } from 'vitest'
import { formatRecordId } from '../../../core/codec/cid.ts'
import type { PostView } from '../../../core/contract/views.ts'
import { formatPeerId } from '../../../core/identity/peer-id.ts'
import type { OwnDraft } from '../../../core/ingest/own-log.ts'
import { Drafts } from '../../../core/node/publish/drafts.ts'
import { Writing } from '../../../core/node/publish/writing.ts'
import { decodeBody, encodeProfile } from '../../../core/record/kinds/kind-table.ts'
import { fakePost } from '../../harness/fake-services.ts'

const key = (fill: number) => new Uint8Array(32).fill(fill)
const me = formatPeerId(key(1))
const other = formatPeerId(key(2))
const id = (fill: number) => formatRecordId(key(fill))
const picture = 'bafkreibm6jg3ux5qumhcn2b3flc3tyu6dmlb4xa7u5bf44yegnrjhc4yeq'

function open(posts: readonly PostView[] = [], hasAccount = true, versions: readonly string[] = []) {
  const drafts: OwnDraft[] = []
  const writing = new Writing({
    identity: { profile: hasAccount ? me : null, address: hasAccount ? key(1) : null, deviceKey: key(9) },
    publisher: {
      publish: async (given) => {
        drafts.push(...given)
        return given.map((_draft, i) => ({ id: key(50 + i), seq: 1, ts: 1, record: new Uint8Array() }))
      },
    },
    reader: {
      lists: async () => [],
      listPeople: async () => null,
      post: async (wanted) => posts.find((post) => post.id === wanted) ?? null,
      history: async (wanted) =>
        versions.map((version) => ({ ...fakePost, id: version })).concat({ ...fakePost, id: wanted }),
      profile: async () => ({ name: 'Nour', bio: 'old', avatar: null, seeds: [] }) as never,
    },
    bodies: {
      findGenesis: async (author) => (author[0] === 3 ? null : new Uint8Array(32).fill(8)),
      readProfileBody: async () =>
        encodeProfile({
          salt: new Uint8Array(8),
          name: 'Nour',
          extras: Object.assign(Object.create(null), { later: 1 }),
        }),
    },
    drafts: new Drafts({ random: (length) => new Uint8Array(length).fill(7) }),
    media: { keepForRecord: async (cid) => (cid === picture ? { type: 'image/png', size: 10 } : null) },
  })
  const bodies = () => drafts.map(({ kind, body }) => decodeBody(kind, body))
  return { writing, bodies }
}

const mine: PostView = { ...fakePost, id: id(20), author: me }
const theirs: PostView = { ...fakePost, id: id(21), author: other }

describe('Writing', () => {
  it('writes a post and answers its id', async () => {
    const { writing, bodies } = open()
    expect(await writing.createPost({ text: 'bonjour', media: [], lang: 'fr' })).toEqual({ id: id(50) })
    expect(bodies()).toMatchObject([{ kind: 'post', body: { text: 'bonjour', lang: 'fr' } }])
  })

  it('refuses a text over the limit with the figures', async () => {
    const { writing, bodies } = open()
    await expect(writing.createPost({ text: 'é'.repeat(3_006), media: [] })).rejects.toMatchObject({
      code: 'too-long',
      message: 'post text is 6,012 bytes, limit 3,000',
    })
    await expect(writing.createPost({ text: ' \n', media: [] })).rejects.toMatchObject({ code: 'bad-request' })
    await expect(writing.createPost({ text: '\ud800', media: [] })).rejects.toMatchObject({ code: 'bad-request' })
    await expect(writing.createPost({ text: 'a', lang: '\ud800', media: [] })).rejects.toMatchObject({
      code: 'bad-request',
    })
    await expect(writing.createPost({ text: 'a', lang: 'not a tag', media: [] })).rejects.toMatchObject({
      code: 'bad-request',
    })
    expect(bodies()).toEqual([])
  })

  it('writes a content warning with a post and an edit, and refuses one over its limit (REC10, REC14)', async () => {
    const { writing, bodies } = open([mine])
    await writing.createPost({ text: 'eight legs', media: [], warning: 'spiders' })
    await writing.editPost(mine.id, { text: 'eight legs', media: [], warning: 'spiders, close up' })
    await writing.editPost(mine.id, { text: 'eight legs', media: [] })
    await expect(writing.createPost({ text: 'a', media: [], warning: 'é'.repeat(129) })).rejects.toMatchObject({
      code: 'too-long',
      message: 'content warning is 258 bytes, limit 256',
    })
    expect(bodies()).toMatchObject([
      { kind: 'post', body: { warn: 'spiders' } },
      { kind: 'edit', body: { warn: 'spiders, close up' } },
      { kind: 'edit' },
    ])
    expect(bodies()[2]).not.toHaveProperty('body.warn')
  })

  it('mentions people whose chain is held, by bytes of the text (REC10)', async () => {
    const { writing, bodies } = open()
    const mentions = [{ start: 3, end: 7, profile: other }]
    await writing.createPost({ text: 'é @Bea', media: [], mentions })
    expect(bodies()).toMatchObject([
      { body: { mentions: [{ start: 3, end: 7, address: key(2), genesis: new Uint8Array(8).fill(8) }] } },
    ])
    const unknown = formatPeerId(key(3))
    await expect(
      writing.createPost({ text: '@Bea', media: [], mentions: [{ start: 0, end: 4, profile: unknown }] }),
    ).rejects.toMatchObject({ code: 'not-found' })
  })

  it.each([
    ['over the end', [{ start: 0, end: 9, profile: other }]],
    ['inside a character', [{ start: 1, end: 5, profile: other }]],
    ['empty', [{ start: 3, end: 3, profile: other }]],
    [
      'over another',
      [
        { start: 0, end: 3, profile: other },
        { start: 2, end: 4, profile: other },
      ],
    ],
  ])('refuses a mention that lies %s', async (_, mentions) => {
    const { writing, bodies } = open()
    await expect(writing.createPost({ text: 'é @Bea', media: [], mentions })).rejects.toMatchObject({
      code: 'bad-request',
    })
    expect(bodies()).toEqual([])
  })

  it('takes pictures that are here whole and as described', async () => {
    const { writing, bodies } = open()
    const media = { cid: picture, type: 'image/png', size: 10, width: 2, height: 3, alt: 'a tree', thumbhash: 'AQID' }
    await writing.createPost({ text: '', media: [media] })
    expect(bodies()).toMatchObject([
      { body: { media: [{ type: 'image/png', alt: 'a tree', thumb: Uint8Array.of(1, 2, 3) }] } },
    ])
    await expect(writing.createPost({ text: '', media: [{ ...media, size: 11 }] })).rejects.toThrow('10 bytes')
    await expect(writing.createPost({ text: '', media: [{ ...media, alt: 'x'.repeat(1_001) }] })).rejects.toMatchObject(
      {
        code: 'too-long',
      },
    )
    await expect(writing.createPost({ text: '', media: [{ ...media, cid: 'nothing' }] })).rejects.toThrow('is not here')
  })

  it('finds the root of a reply: of a known parent, of a known answer, of a given reference', async () => {
    const answer: PostView = {
      ...theirs,
      id: id(22),
      reply: { root: { author: me, id: id(20) }, parent: { author: me, id: id(20) }, parentName: '' },
    }
    const { writing, bodies } = open([theirs, answer])
    await writing.createPost({ text: 'a', media: [], reply: theirs.id })
    await writing.createPost({ text: 'b', media: [], reply: answer.id })
    await writing.createPost({ text: 'c', media: [], reply: { author: other, id: id(30) } })
    await expect(writing.createPost({ text: 'd', media: [], reply: id(30) })).rejects.toMatchObject({
      code: 'not-found',
    })
    await expect(writing.createPost({ text: 'd', media: [], reply: 'nonsense' })).rejects.toMatchObject({
      code: 'bad-request',
    })
    expect(bodies()).toMatchObject([
      { body: { reply: { root: { author: key(2), id: key(21) }, parent: { author: key(2), id: key(21) } } } },
      { body: { reply: { root: { author: key(1), id: key(20) }, parent: { author: key(2), id: key(22) } } } },
      { body: { reply: { root: { author: key(2), id: key(30) }, parent: { author: key(2), id: key(30) } } } },
    ])
  })

  it('quotes a known post and one whose author is given, needs no text then, and nothing that was deleted (REC10)', async () => {
    const { writing, bodies } = open([theirs, { ...theirs, id: id(25), state: 'deleted' }])
    await writing.createPost({ text: 'look', media: [], quote: theirs.id })
    await writing.createPost({ text: '', media: [], quote: { author: other, id: id(30) } })
    expect(bodies()).toMatchObject([
      { body: { text: 'look', quote: { author: key(2), id: key(21) } } },
      { body: { text: '', quote: { author: key(2), id: key(30) } } },
    ])
    const refused = (quote: string) => expect(writing.createPost({ text: 'look', media: [], quote })).rejects
    await refused(id(30)).toMatchObject({ code: 'not-found' })
    await refused(id(25)).toMatchObject({ code: 'bad-request' })
    await refused('nonsense').toMatchObject({ code: 'bad-request' })
    expect(bodies()).toHaveLength(2)
  })

  it('deletes own posts only, and once', async () => {
    const { writing, bodies } = open([mine, theirs, { ...mine, id: id(23), state: 'deleted' }])
    await writing.deletePost(mine.id)
    await writing.deletePost(id(23))
    await expect(writing.deletePost(theirs.id)).rejects.toMatchObject({ code: 'not-owner' })
    await expect(writing.deletePost(id(40))).rejects.toMatchObject({ code: 'not-found' })
    expect(bodies()).toMatchObject([{ kind: 'delete', body: { subject: { id: key(20) } } }])
  })

  it('writes reactions and reposts only where they change something', async () => {
    const reacted: PostView = { ...theirs, id: id(24), mine: { reaction: '❤', reposted: true } }
    const { writing, bodies } = open([theirs, reacted])
    await writing.react(theirs.id, '❤')
    await writing.react(theirs.id, null)
    await writing.react(reacted.id, '❤')
    await writing.react(reacted.id, null)
    await writing.repost(theirs.id, true)
    await writing.repost(theirs.id, false)
    await writing.repost(reacted.id, true)
    await writing.repost(reacted.id, false)
    await expect(writing.react(theirs.id, '👩‍👩‍👧‍👦👩‍👩‍👧‍👦')).rejects.toMatchObject({ code: 'too-long' })
    expect(bodies()).toMatchObject([
      { kind: 'reaction', body: { emoji: '❤', subject: { id: key(21) } } },
      { kind: 'reaction', body: { emoji: null, subject: { id: key(24) } } },
      { kind: 'repost', body: { on: true, subject: { id: key(21) } } },
      { kind: 'repost', body: { on: false, subject: { id: key(24) } } },
    ])
  })

  it('changes what is given of the profile and keeps the rest', async () => {
    const { writing, bodies } = open()
    await writing.updateProfile({ name: 'Nour B.' })
    await writing.updateProfile({ bio: '' })
    expect(bodies()).toMatchObject([
      { body: { name: 'Nour B.', bio: 'old', extras: { later: 1 } } },
      { body: { name: 'Nour' } },
    ])
  })

  it('refuses an avatar over its limit', async () => {
    const { writing } = open()
    const avatar = { cid: picture, type: 'image/png', size: 65_537, width: 1, height: 1, alt: '' }
    await expect(writing.updateProfile({ avatar })).rejects.toThrow('avatar is 65,537 bytes, limit 65,536')
    await writing.updateProfile({ avatar: { ...avatar, size: 10 } })
    await writing.updateProfile({ avatar: null })
  })

  it('needs an account', async () => {
    const { writing } = open([mine], false)
    await expect(writing.createPost({ text: 'a', media: [] })).rejects.toMatchObject({ code: 'no-account' })
    await expect(writing.deletePost(mine.id)).rejects.toMatchObject({ code: 'no-account' })
    await expect(writing.react(mine.id, '❤')).rejects.toMatchObject({ code: 'no-account' })
    await expect(writing.repost(mine.id, true)).rejects.toMatchObject({ code: 'no-account' })
    await expect(writing.updateProfile({ bio: '' })).rejects.toMatchObject({ code: 'no-account' })
  })

  it('edits own posts that have their text, with the same limits', async () => {
    const { writing, bodies } = open([mine, theirs, { ...mine, id: id(22), state: 'deleted' }])
    await writing.editPost(mine.id, { text: 'said better', media: [], lang: 'en' })
    expect(bodies()).toMatchObject([
      { kind: 'edit', body: { subject: { id: key(20) }, text: 'said better', lang: 'en' } },
    ])
    await expect(writing.editPost(theirs.id, { text: 'mine now', media: [] })).rejects.toMatchObject({
      code: 'not-owner',
    })
    await expect(writing.editPost(id(22), { text: 'back', media: [] })).rejects.toMatchObject({ code: 'bad-request' })
    await expect(writing.editPost(mine.id, { text: ' ', media: [] })).rejects.toMatchObject({ code: 'bad-request' })
    expect(bodies()).toHaveLength(1)
  })

  it('deletes a post together with its edits, each by its name (REC17)', async () => {
    const { writing, bodies } = open([mine], true, [id(31), id(30)])
    await writing.deletePost(mine.id)
    expect(bodies()).toMatchObject([
      { kind: 'delete', body: { subject: { id: key(20) } } },
      { kind: 'delete', body: { subject: { id: key(31) } } },
      { kind: 'delete', body: { subject: { id: key(30) } } },
    ])
  })
})
