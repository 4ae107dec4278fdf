import { describe, expect, it } from 'vitest'
import { formatRecordId } from '../../../core/codec/cid.ts'
import { encodeList, encodeListMember, KIND } from '../../../core/record/kinds/kind-table.ts'
import { toHex } from '../../../core/util/bytes.ts'
import { type MadeRecord, TestAuthor } from '../../harness/authors.ts'
import { TestSquare } from '../../harness/test-square.ts'

const LIST = Uint8Array.from({ length: 16 }, (_, i) => 16 + i)
const PAGE = { limit: 50 }

/** The account follows Ben and Cleo, has both on a list, and each of them says everything that somebody can say. */
function village() {
  const [me, ben, cleo, dora] = ['Me', 'Ben', 'Cleo', 'Dora'].map((name) => new TestAuthor(name)) as [
    TestAuthor,
    TestAuthor,
    TestAuthor,
    TestAuthor,
  ]
  const test = new TestSquare({ me })
  const root = me.post('who sits under the tree?')
  const distant = dora.post('a post from elsewhere')
  const own = [root, me.follow(ben), me.follow(cleo), me.post('an own post with shade in it #shade')]
  const list = me.sign(
    KIND.list,
    encodeList({ salt: me.salt(), list: LIST, name: 'Village', purpose: 'people', on: true }),
  )
  const members = [ben, cleo].map((who) => {
    const subject = { address: who.address, genesis: who.genesisHash.slice(0, 8) }
    return me.sign(KIND.listMember, encodeListMember({ salt: me.salt(), list: LIST, subject, on: true }))
  })
  const said = [ben, cleo].flatMap((who) => [
    who.post('shade of the tree 天气 #shade'),
    who.reply(root, 'I do'),
    who.react(root),
    who.repost(root),
    who.follow(me),
  ])
  test.ingest({
    operations: [me, ben, cleo, dora].map(({ genesis }) => genesis),
    records: [...own, list, ...members, ...said, distant],
  })
  test.ingest({ records: [ben.repost(distant), distant] })
  const quotes = [ben, cleo].map((who, i) =>
    me.post(`${who.name} says`, { quote: refer(who, said[5 * i] as MadeRecord) }),
  )
  test.ingest({ records: quotes })
  return { me, ben, cleo, dora, test, root, distant, said, quotes }
}

const refer = (author: TestAuthor, { id }: MadeRecord) => ({ author: author.address, id })

type Village = ReturnType<typeof village>

/** What each surface shows of somebody: how many rows, or how many a count counts. */
const SURFACES: Readonly<Record<string, (village: Village, who: TestAuthor, post: MadeRecord) => number>> = {
  home: ({ test }, who) => test.square.home(PAGE).items.filter(({ author }) => author === who.profile).length,
  profile: ({ test }, who) => test.square.profilePosts(who.profile, PAGE).items.length,
  thread: ({ test, root }, who) =>
    test.square
      .thread(formatRecordId(root.id))
      ?.replies.filter(({ post }) => post.author === who.profile && post.text !== '').length ?? 0,
  'count of answers': ({ test, root }) => test.square.post(formatRecordId(root.id))?.counts.replies ?? 0,
  'count of reactions': ({ test, root }) => test.square.post(formatRecordId(root.id))?.counts.reactions ?? 0,
  'count of reposts': ({ test, root }) => test.square.post(formatRecordId(root.id))?.counts.reposts ?? 0,
  tag: ({ test }, who) => test.square.tag('shade', PAGE).items.filter(({ author }) => author === who.profile).length,
  search: ({ test }, who) =>
    test.square.search('tree', PAGE).items.filter(({ author }) => author === who.profile).length,
  'search by sign': ({ test }, who) =>
    test.square.search('天气', PAGE).items.filter(({ author }) => author === who.profile).length,
  list: ({ test, me }, who) =>
    test.square.list(me.profile, toHex(LIST), PAGE).items.filter(({ author }) => author === who.profile).length,
  notifications: ({ test }, who) =>
    test.square.notifications(PAGE).items.filter(({ from }) => from.profile === who.profile).length,
  'count of notifications': ({ test }) => test.square.unreadNotifications().count,
  bookmarks: ({ test }, _who, post) =>
    test.square.posts([formatRecordId(post.id)]).filter((one) => one !== null).length,
  'a post by its name': ({ test }, _who, post) => (test.square.post(formatRecordId(post.id)) === null ? 0 : 1),
  quote: ({ test, quotes }, _who, post) =>
    quotes
      .map(({ id }) => test.square.post(formatRecordId(id))?.quote)
      .filter((quote) => quote?.id === formatRecordId(post.id) && quote.state === 'shown' && quote.text !== '').length,
  'what a post said before': ({ test }, _who, post) => test.square.history(formatRecordId(post.id))?.length ?? 0,
}

/** What can be done, how it is said, and how it is taken back. */
const ACTS: Readonly<Record<string, { silence: string; set(village: Village, isOn: boolean): void }>> = {
  mute: {
    silence: 'muted',
    set: ({ test, ben }, isOn) => void test.square.settleSilences(isOn ? [{ address: ben.address, since: 5 }] : []),
  },
  block: {
    silence: 'blocked',
    set: ({ test, me, ben }, isOn) => {
      test.square.publish([{ kind: KIND.block, body: me.block(ben, isOn).body as Uint8Array }])
      test.square.settleSilences([])
    },
  },
  'a block by the other one': {
    silence: 'blocks-me',
    set: ({ test, me, ben }, isOn) => {
      test.ingest({ records: [ben.block(me, isOn)] })
      test.square.settleSilences([])
    },
  },
}

const CASES = Object.keys(ACTS).flatMap((act) => Object.keys(SURFACES).map((surface) => [act, surface] as const))

describe('what is shown (F20)', () => {
  const look = (place: Village, surface: string, who: TestAuthor) => {
    const post = place.said[who === place.ben ? 0 : 5] as MadeRecord
    return SURFACES[surface]?.(place, who, post) ?? -1
  }

  it.each(CASES)('after %s leaves them out of %s, and nobody else; taken back shows them again', (name, surface) => {
    const place = village()
    const act = ACTS[name] as (typeof ACTS)[string]
    const isCount = surface.startsWith('count')
    const before = { ben: look(place, surface, place.ben), cleo: look(place, surface, place.cleo) }
    // The control: without the act each is there.
    expect(before.ben).toBeGreaterThan(0)
    expect(before.cleo).toBeGreaterThan(0)
    act.set(place, true)
    const after = look(place, surface, place.ben)
    if (isCount) expect(after).toBe(before.ben / 2)
    else expect([after, look(place, surface, place.cleo)]).toEqual([0, before.cleo])
    act.set(place, false)
    expect(look(place, surface, place.ben)).toBe(before.ben)
  })

  it.each(Object.keys(ACTS))(
    'keeps a place in threads after %s, says why, and what they said only if asked',
    (name) => {
      const place = village()
      const { test, root, ben } = place
      const act = ACTS[name] as (typeof ACTS)[string]
      act.set(place, true)
      const replyOf = (silenced: boolean) =>
        test.square
          .thread(formatRecordId(root.id), { silenced })
          ?.replies.find(({ post }) => post.author === ben.profile)?.post
      expect(replyOf(false)).toMatchObject({ text: '', silence: act.silence })
      expect(replyOf(true)?.text).toBe('I do')
      expect(replyOf(true)).not.toHaveProperty('silence')
      expect(test.square.profile(ben.profile).silences).toEqual([act.silence])
      expect(test.square.profilePosts(ben.profile, { ...PAGE, silenced: true }).items).toHaveLength(2)
      act.set(place, false)
      expect(test.square.profile(ben.profile)).not.toHaveProperty('silences')
    },
  )

  it.each(Object.keys(ACTS))('says of a quote that it is hidden after %s, and nothing of what it said', (name) => {
    const place = village()
    const { test, ben, quotes } = place
    const act = ACTS[name] as (typeof ACTS)[string]
    const quote = () => test.square.post(formatRecordId(quotes[0]?.id as Uint8Array))?.quote
    expect(quote()).toMatchObject({ author: ben.profile, state: 'shown', text: 'shade of the tree 天气 #shade' })
    act.set(place, true)
    expect(quote()).toMatchObject({ state: 'hidden', name: '', avatar: null, ts: null, text: '', media: [] })
    act.set(place, false)
    expect(quote()?.state).toBe('shown')
  })

  it('says nothing in threads of what somebody quotes who is silenced, unless that is asked for', () => {
    const place = village()
    const { test, me, ben, cleo, root, said } = place
    const parent = refer(me, root)
    const quote = refer(cleo, said[5] as MadeRecord)
    const quoting = ben.post('as Cleo says', { reply: { root: parent, parent }, quote })
    test.ingest({ records: [quoting] })
    const replyOf = (silenced: boolean) =>
      test.square
        .thread(formatRecordId(root.id), { silenced })
        ?.replies.find(({ post }) => post.id === formatRecordId(quoting.id))?.post
    expect(replyOf(false)?.quote?.author).toBe(cleo.profile)
    ACTS.mute?.set(place, true)
    expect(replyOf(false)).toMatchObject({ text: '', silence: 'muted', reply: expect.anything() })
    expect(replyOf(false)).not.toHaveProperty('quote')
    expect(replyOf(true)?.quote?.text).toBe('shade of the tree 天气 #shade')
  })

  it('takes out of home what somebody reposted who is muted', () => {
    const place = village()
    const { test, dora, cleo } = place
    const shared = () => test.square.home(PAGE).items.filter(({ author }) => author === dora.profile).length
    expect(shared()).toBe(1)
    test.square.settleSilences([{ address: cleo.address, since: 5 }])
    expect(shared()).toBe(1)
    ACTS.mute?.set(place, true)
    expect(shared()).toBe(0)
  })

  it('lists who is muted and blocked, and never oneself', () => {
    const { test, me, ben, cleo } = village()
    test.square.publish([{ kind: KIND.block, body: me.block(ben).body as Uint8Array }])
    const muted = [me, cleo].map(({ address }, i) => ({ address, since: 7 + i }))
    expect(test.square.settleSilences(muted)).toBe(true)
    expect(test.square.settleSilences(muted)).toBe(false)
    expect(test.square.silencedPeople()).toMatchObject({
      muted: [{ profile: cleo.profile, since: 8 }],
      blocked: [{ profile: ben.profile }],
    })
    expect(test.square.post(test.square.home(PAGE).items.at(-1)?.id ?? '')).not.toBeNull()
  })
})
