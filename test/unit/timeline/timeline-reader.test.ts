import { join } from 'node:path'
import { CID } from 'multiformats/cid'
import { describe, expect, it } from 'vitest'
import { formatRecordId } from '../../../core/codec/cid.ts'
import type { PostPage } from '../../../core/contract/views.ts'
import { formatPeerId, shortPeerId } from '../../../core/identity/peer-id.ts'
import { DecisionTable } from '../../../core/store/decision-table.ts'
import { SquareDatabase } from '../../../core/store/square-database.ts'
import type { MadeRecord } from '../../harness/authors.ts'
import { TestAuthor } from '../../harness/authors.ts'
import { TestSquare } from '../../harness/test-square.ts'

function idOf(record: MadeRecord): string {
  return formatRecordId(record.id)
}

function refer(record: MadeRecord) {
  return { author: record.header.author, id: record.id }
}

function texts(page: PostPage): string[] {
  return page.items.map(({ text }) => text)
}

function readAll(read: (cursor: string | undefined) => PostPage): string[] {
  const all: string[] = []
  let cursor: string | null | undefined
  do {
    const page = read(cursor ?? undefined)
    all.push(...texts(page))
    cursor = page.cursor
  } while (cursor !== null)
  return all
}

function village() {
  const me = new TestAuthor('Me')
  const ben = new TestAuthor('Ben')
  const cleo = new TestAuthor('Cleo')
  const test = new TestSquare({ me, pins: [ben.address, cleo.address] })
  test.ingest({ operations: [ben.genesis, cleo.genesis] })
  return { me, ben, cleo, test }
}

describe('SquareReader', () => {
  it('pages through home without a gap or a repeat, also among equal times', () => {
    const { me, ben, test } = village()
    const posts = Array.from({ length: 23 }, (_, i) => ben.post(`post ${i}`, { ts: 1_767_225_700_000 + (i >> 2) }))
    test.ingest({ records: [me.follow(ben), ...posts] })
    const whole = texts(test.square.home({ limit: 100 }))
    expect(whole).toHaveLength(23)
    for (const limit of [1, 4, 23, 50]) {
      expect(readAll((cursor) => test.square.home({ cursor, limit }))).toEqual(whole)
      expect(readAll((cursor) => test.square.profilePosts(ben.profile, { cursor, limit }))).toEqual(whole)
      expect(readAll((cursor) => test.square.search('post', { cursor, limit }))).toEqual(whole)
    }
  })

  it('gives of a profile what answers nobody, and what has pictures, page by page in bounded looks', () => {
    const { ben, test } = village()
    const cid = CID.parse('bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy')
    const media = [{ cid, type: 'image/png', size: 3, width: 1, height: 1, alt: '' }]
    const root = ben.post('first words')
    const records = [root, ben.post('a picture', { media })]
    for (let i = 0; i < 640; i++) records.push(ben.reply(root, `answer ${i}`))
    const reply = { root: refer(root), parent: refer(root) }
    records.push(ben.post('an answer with a picture', { media, reply }), ben.post('last words'))
    test.ingest({ records })
    const read = (show: 'posts' | 'all' | 'pictures', limit: number) =>
      readAll((cursor) => test.square.profilePosts(ben.profile, { show, cursor, limit }))
    for (const limit of [1, 2, 50]) {
      expect(read('posts', limit)).toEqual(['last words', 'a picture', 'first words'])
      expect(read('pictures', limit)).toEqual(['an answer with a picture', 'a picture'])
    }
    expect(read('all', 500)).toHaveLength(644)
    const page = test.square.profilePosts(ben.profile, { show: 'posts', limit: 50 })
    expect([page.items.length, page.cursor === null]).toEqual([1, false])
  })

  it('keeps its place while new posts come in', () => {
    const { me, ben, test } = village()
    test.ingest({ records: [me.follow(ben), ben.post('one'), ben.post('two'), ben.post('three')] })
    const first = test.square.home({ limit: 2 })
    test.ingest({ records: [ben.post('four')] })
    expect(texts(test.square.home({ limit: 9, cursor: first.cursor ?? undefined }))).toEqual(['one'])
  })

  it('refuses a cursor, an id and an address of its own making', () => {
    const { test } = village()
    for (const call of [
      () => test.square.home({ limit: 1, cursor: 'next' }),
      () => test.square.post('bafy'),
      () => test.square.profile('12D3'),
      () => test.square.profilePosts('', { limit: 1 }),
    ]) {
      expect(call).toThrow(expect.objectContaining({ code: 'bad-request' }))
    }
  })

  it('fills home when somebody is followed, and empties it when not any more', () => {
    const { me, ben, cleo, test } = village()
    const shared = cleo.post("Cleo's words")
    ben.post("Ben's words")
    ben.repost(shared)
    test.ingest({ records: [...cleo.records, ...ben.records] })
    expect(test.square.home({ limit: 9 }).items).toEqual([])
    test.ingest({ records: [me.follow(ben)] })
    expect(test.square.home({ limit: 9 }).items).toMatchObject([
      { text: "Cleo's words", repostedBy: { profile: ben.profile } },
      { text: "Ben's words", repostedBy: null },
    ])
    test.ingest({ records: [me.follow(cleo)] })
    expect(test.square.home({ limit: 9 }).items.map(({ repostedBy }) => repostedBy)).toEqual([null, null])
    test.ingest({ records: [me.follow(cleo, false)] })
    expect(test.square.home({ limit: 9 }).items).toMatchObject([{ repostedBy: { profile: ben.profile } }, {}])
    test.ingest({ records: [me.follow(ben, false)] })
    expect(test.square.home({ limit: 9 }).items).toEqual([])
    expect(test.square.follows()).toEqual([])
  })

  it('takes a repost out of home when it is taken back', () => {
    const { me, ben, cleo, test } = village()
    const shared = cleo.post('shared')
    test.ingest({ records: [me.follow(ben), shared, ben.repost(shared)] })
    expect(texts(test.square.home({ limit: 9 }))).toEqual(['shared'])
    expect(test.square.post(idOf(shared))?.counts.reposts).toBe(1)
    test.ingest({ records: [ben.repost(shared, false)] })
    expect(texts(test.square.home({ limit: 9 }))).toEqual([])
    expect(test.square.post(idOf(shared))?.counts.reposts).toBe(0)
  })

  it('counts one reaction a person, the last one, and says which is mine', () => {
    const { me, ben, cleo, test } = village()
    const post = me.post('mine')
    test.ingest({ records: [post, ben.react(post, '❤'), ben.react(post, '🌳'), cleo.react(post), me.react(post, '☀')] })
    expect(test.square.post(idOf(post))).toMatchObject({ counts: { reactions: 3 }, mine: { reaction: '☀' } })
    test.ingest({ records: [cleo.react(post, null), me.react(post, null)] })
    expect(test.square.post(idOf(post))).toMatchObject({ counts: { reactions: 1 }, mine: { reaction: null } })
  })

  it('says which reaction and repost are mine, also where a decision takes me out of the counts', () => {
    const { me, ben, test } = village()
    const post = ben.post('shared')
    test.ingest({ records: [post, me.react(post, '☀'), me.repost(post)] })
    const look = () => test.square.post(idOf(post))
    expect(look()).toMatchObject({ counts: { reactions: 1, reposts: 1 }, mine: { reaction: '☀', reposted: true } })
    const square = new SquareDatabase({ path: join(test.dataDir, 'square.db') })
    const about = { source: 'me', effect: 'hide', reason: 'mine', decidedMs: 1 } as const
    new DecisionTable(square.db).put({ ...about, scope: 'author', subject: me.address })
    square.close()
    expect(look()).toMatchObject({ counts: { reactions: 0, reposts: 0 }, mine: { reaction: '☀', reposted: true } })
  })

  it('shows a thread depth first, oldest branch first', () => {
    const { me, ben, cleo, test } = village()
    const root = me.post('root')
    const a = ben.reply(root, 'a')
    const b = cleo.reply(root, 'b', { ts: a.header.ts + 1 })
    const aa = cleo.reply(a, 'aa', { root })
    const aaa = ben.reply(aa, 'aaa', { root })
    const ab = me.reply(a, 'ab', { root, ts: aaa.header.ts + 5_000 })
    test.ingest({ records: [me.follow(ben), me.follow(cleo), root, a, b, aa, aaa, ab] })
    const thread = test.square.thread(idOf(root))
    expect(thread?.replies.map(({ depth, post }) => `${depth} ${post.text}`)).toEqual([
      '1 a',
      '2 aa',
      '3 aaa',
      '2 ab',
      '1 b',
    ])
    expect(thread?.post.counts.replies).toBe(2)
    const inner = test.square.thread(idOf(aa))
    expect(inner?.ancestors.map(({ text }) => text)).toEqual(['root', 'a'])
    expect(inner?.replies.map(({ post }) => post.text)).toEqual(['aaa'])
    expect(inner?.post.reply).toMatchObject({ parent: { id: idOf(a) }, root: { id: idOf(root) } })
  })

  it('hangs what answers a missing or deleted post on the root', () => {
    const { me, ben, cleo, test } = village()
    const root = me.post('root')
    const absent = ben.reply(root, 'not here')
    const gone = ben.reply(root, 'regretted')
    const toAbsent = cleo.reply(absent, 'to the absent', { root })
    const toGone = cleo.reply(gone, 'to the deleted', { root })
    test.ingest({ records: [root, gone, toAbsent, toGone, ben.delete(gone)] })
    const thread = test.square.thread(idOf(root))
    expect(thread?.missing).toBe(1)
    expect(thread?.replies.map(({ depth, post }) => `${depth} ${post.state} ${post.text}`)).toEqual([
      '1 shown to the absent',
      '1 deleted ',
      '2 shown to the deleted',
    ])
    expect(test.square.thread(idOf(toAbsent))).toMatchObject({ missing: 1, ancestors: [{ text: 'root' }] })
  })

  it('bounds a thread that is very deep and one that is very wide', () => {
    const { me, ben, test } = village()
    const root = me.post('root')
    let last = root
    const deep = Array.from({ length: 600 }, () => {
      last = ben.reply(last, 'deeper', { root })
      return last
    })
    test.ingest({ records: [root, ...deep] })
    expect(test.square.thread(idOf(root))?.replies).toHaveLength(500)
    expect(test.square.thread(idOf(last))?.ancestors.length).toBeLessThanOrEqual(102)
  })

  it('finds every word in any case and without accents, the last one as a beginning', () => {
    const { me, ben, test } = village()
    test.ingest({ records: [me.follow(ben), ben.post('Sous le Fromager, à Ségou'), ben.post('another tree')] })
    const find = (text: string) => texts(test.square.search(text, { limit: 9 }))
    expect(find('FROMAGER segou')).toEqual(['Sous le Fromager, à Ségou'])
    expect(find('from')).toEqual(['Sous le Fromager, à Ségou'])
    expect(find('from tree')).toEqual([])
    expect(find('"fromager" OR tree')).toEqual([])
    for (const odd of ['', '   ', '"', '*', 'NEAR(', 'text:tree', '-tree', "'; --", 'AND', '()']) {
      expect(() => find(odd)).not.toThrow()
    }
    expect(test.square.search('tree', { limit: 9 }).searched).toBe(2)
  })

  it('says of own posts how far they have travelled', () => {
    const { me, ben, test } = village()
    const post = me.post('mine')
    test.ingest({ operations: [], records: [post, ben.describe({ name: 'Ben' })] })
    const holding = () => test.square.post(idOf(post))?.holding
    expect(holding()).toEqual({ seeds: [], cause: 'offline' })
    test.square.setConnection({ peers: 2, seeds: 0, names: [] })
    expect(holding()?.cause).toBe('no-seed')
    test.square.setConnection({ peers: 2, seeds: 1, names: [] })
    expect(holding()?.cause).toBe('sending')
    const peerId = formatPeerId(ben.device.publicKey)
    const unknown = formatPeerId(new TestAuthor('Seed').device.publicKey)
    test.square.noteHeld(peerId, false, me.device.publicKey, [1])
    expect(holding()?.cause).toBe('sending')
    test.square.noteHeld(peerId, true, me.device.publicKey, [1])
    test.clock.advance(1)
    test.square.noteHeld(unknown, true, me.device.publicKey, [1, 2])
    expect(holding()).toEqual({
      seeds: [
        { peerId: unknown, name: shortPeerId(unknown) },
        { peerId, name: 'Ben' },
      ],
      cause: 'held',
    })
    const names: [string, string][] = [
      [unknown, 'La Remise'],
      [peerId, 'Not Ben'],
    ]
    test.square.setConnection({ peers: 2, seeds: 2, names })
    const called = () => holding()?.seeds.map(({ name }) => name)
    expect(called()).toEqual(['La Remise', 'Ben'])
    test.square.setConnection({ peers: 0, seeds: 0, names: [] })
    expect(called()).toEqual(['La Remise', 'Ben'])
  })

  it('shows a person with what is known of them', () => {
    const { me, ben, test } = village()
    const seed = new TestAuthor('Seed')
    const addrs = ['/ip4/127.0.0.1/tcp/4001']
    ben.describe({ name: 'Ben', bio: 'plants trees', seeds: [{ peer: seed.device.publicKey, addrs }] })
    ben.post('hello')
    test.ingest({ records: [...ben.records, ben.follow(me), me.follow(ben)] })
    expect(test.square.profile(ben.profile)).toMatchObject({
      name: 'Ben',
      bio: 'plants trees',
      seeds: [{ peerId: formatPeerId(seed.device.publicKey), addresses: addrs }],
      isMe: false,
      follow: 'following',
      followsMe: true,
      counts: { posts: 1, following: 1, followers: 1, missing: 0 },
      state: 'known',
    })
    expect(test.square.profile(seed.profile)).toMatchObject({ name: '', state: 'unknown', follow: 'none' })
    test.square.addPendingFollows([seed.address], addrs)
    expect(test.square.profile(seed.profile).follow).toBe('pending')
    expect(test.square.follows()).toMatchObject([{ profile: seed.profile, state: 'pending' }, { profile: ben.profile }])
  })
})
