import { describe, expect, it } from 'vitest'
import { formatRecordId } from '../../../core/codec/cid.ts'
import { encodeList, encodeListMember, KIND } from '../../../core/record/kinds/kind-table.ts'
import { toHex } from '../../../core/util/bytes.ts'
import { TestAuthor } from '../../harness/authors.ts'
import { TestSquare } from '../../harness/test-square.ts'

const LIST = Uint8Array.from({ length: 16 }, (_, i) => 16 + i)
const PAGE = { limit: 50 }
/** Ben says all of this with the word, Cleo without. */
const WITH = 'shade 天气 #tree and a SPOILÉR'
const WITHOUT = 'shade 天气 #tree and no more'

/** The account follows Ben and Cleo, has both on a list and quotes both; each of them writes a post and an answer. */
function village(init: { readonly isMutedBefore?: 'warn' | 'hide' } = {}) {
  const [me, ben, cleo] = ['Me', 'Ben', 'Cleo'].map((name) => new TestAuthor(name)) as [
    TestAuthor,
    TestAuthor,
    TestAuthor,
  ]
  const test = new TestSquare({ me })
  if (init.isMutedBefore !== undefined) settle(test, init.isMutedBefore)
  const root = me.post('an own post with a spoiler')
  const list = me.sign(
    KIND.list,
    encodeList({ salt: me.salt(), list: LIST, name: 'Village', purpose: 'people', on: true }),
  )
  const members = [ben, cleo].map((who) => {
    const subject = { address: who.address, genesis: who.genesisHash.slice(0, 8) }
    return me.sign(KIND.listMember, encodeListMember({ salt: me.salt(), list: LIST, subject, on: true }))
  })
  const posts = [ben.post(WITH), cleo.post(WITHOUT)] as const
  const answers = [ben.reply(root, WITH), cleo.reply(root, WITHOUT)]
  const quotes = posts.map(({ id }, i) =>
    me.post('as they say', { quote: { author: (i === 0 ? ben : cleo).address, id } }),
  )
  test.ingest({
    operations: [me, ben, cleo].map(({ genesis }) => genesis),
    records: [root, me.follow(ben), me.follow(cleo), list, ...members, ...posts, ...answers, ...quotes],
  })
  return { test, me, ben, cleo, root, posts, quotes }
}

type Village = ReturnType<typeof village>

function settle(test: TestSquare, level: 'warn' | 'hide' | null, word = 'spoiler') {
  const words = level === null ? [] : [{ word, level, exceptFollowed: false, sinceMs: 5 }]
  while (test.square.settleWords(words).isMore);
}

interface Seen {
  readonly author: string
  readonly foldedBy?: string | undefined
}

/** What a surface shows: each with its author and whether it is folded. */
const SURFACES: Readonly<Record<string, (village: Village) => readonly (Seen | null | undefined)[]>> = {
  home: ({ test }) => test.square.home(PAGE).items,
  profile: ({ test, ben, cleo }) => [ben, cleo].flatMap((who) => test.square.profilePosts(who.profile, PAGE).items),
  tag: ({ test }) => test.square.tag('tree', PAGE).items,
  search: ({ test }) => test.square.search('shade', PAGE).items,
  'search by sign': ({ test }) => test.square.search('天气', PAGE).items,
  'search by author': ({ test, ben, cleo }) =>
    [ben, cleo].flatMap((who) => test.square.search('', { ...PAGE, author: who.profile }).items),
  list: ({ test, me }) => test.square.list(me.profile, toHex(LIST), PAGE).items,
  notifications: ({ test }) =>
    test.square.notifications(PAGE).items.flatMap(({ kind, post }) => (kind === 'reply' ? [post] : [])),
  bookmarks: ({ test, posts }) => test.square.posts(posts.map(({ id }) => formatRecordId(id))),
  'a post by its name': ({ test, posts }) => posts.map(({ id }) => test.square.post(formatRecordId(id))),
  quote: ({ test, quotes }) =>
    quotes.map(({ id }) => {
      const quote = test.square.post(formatRecordId(id))?.quote
      return quote?.state === 'shown' ? quote : null
    }),
  'what a post said before': ({ test, posts, ben, cleo }) =>
    posts.map(({ id }, i) =>
      test.square.history(formatRecordId(id)) === null ? null : { author: (i === 0 ? ben : cleo).profile },
    ),
}

const of = (rows: readonly (Seen | null | undefined)[], who: TestAuthor) =>
  rows.filter((row): row is Seen => row?.author === who.profile)
const folded = (rows: readonly Seen[]) => rows.filter(({ foldedBy }) => foldedBy === 'spoiler').length

describe('a muted word', () => {
  it.each(Object.keys(SURFACES))('hides posts that have it from %s, and no others, and gives them back', (name) => {
    const place = village()
    const look = () => SURFACES[name]?.(place) ?? []
    const before = [of(look(), place.ben).length, of(look(), place.cleo).length]
    expect(Math.min(...before)).toBeGreaterThan(0)
    settle(place.test, 'hide')
    expect([of(look(), place.ben).length, of(look(), place.cleo).length]).toEqual([0, before[1]])
    settle(place.test, null)
    expect([of(look(), place.ben).length, of(look(), place.cleo).length]).toEqual(before)
  })

  it.each(Object.keys(SURFACES).filter((name) => name !== 'what a post said before'))(
    'folds posts that have it in %s, saying the word, and no others',
    (name) => {
      const place = village()
      const look = () => SURFACES[name]?.(place) ?? []
      const before = of(look(), place.ben).length
      expect(folded(of(look(), place.ben))).toBe(0)
      settle(place.test, 'warn')
      expect([of(look(), place.ben).length, folded(of(look(), place.ben))]).toEqual([before, before])
      expect(folded(of(look(), place.cleo))).toBe(0)
      settle(place.test, null)
      expect(folded(of(look(), place.ben))).toBe(0)
    },
  )

  it.each(Object.keys(SURFACES))('shows the same in %s whether it was muted before posts came or after', (name) => {
    for (const level of ['warn', 'hide'] as const) {
      const early = village({ isMutedBefore: level })
      const late = village()
      settle(late.test, level)
      const seen = (place: Village) => {
        const rows = SURFACES[name]?.(place) ?? []
        return [place.ben, place.cleo].map((who) => [of(rows, who).length, folded(of(rows, who))])
      }
      expect(seen(early)).toEqual(seen(late))
    }
  })

  it('leaves answers out of counts and of what is unread where it hides them, and keeps their place in threads, folded', () => {
    const { test, root, ben } = village()
    const id = formatRecordId(root.id)
    const counts = () => [test.square.post(id)?.counts.replies, test.square.unreadNotifications().count]
    const before = counts()
    settle(test, 'warn')
    expect(counts()).toEqual(before)
    settle(test, 'hide')
    expect(counts()).toEqual(before.map((count) => (count ?? 0) - 1))
    const answer = test.square.thread(id)?.replies.find(({ post }) => post.author === ben.profile)?.post
    expect(answer).toMatchObject({ text: WITH, foldedBy: 'spoiler' })
    settle(test, null)
    expect(counts()).toEqual(before)
  })

  it('never hides own posts from their author', () => {
    const place = village()
    settle(place.test, 'hide')
    const own = place.test.square.home(PAGE).items.filter(({ author }) => author === place.me.profile)
    expect(own.map(({ text }) => text)).toContain('an own post with a spoiler')
    expect(own.some(({ foldedBy }) => foldedBy !== undefined)).toBe(false)
  })
})
