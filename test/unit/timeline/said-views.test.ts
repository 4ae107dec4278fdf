import { describe, expect, it } from 'vitest'
import { formatRecordId } from '../../../core/codec/cid.ts'
import { shortPeerId } from '../../../core/identity/peer-id.ts'
import { type MadeRecord, TestAuthor } from '../../harness/authors.ts'
import { TestSquare } from '../../harness/test-square.ts'

function village() {
  const me = new TestAuthor('Me')
  const [ben, cleo, dora] = [new TestAuthor('Ben'), new TestAuthor('Cleo'), new TestAuthor('Dora')]
  const test = new TestSquare({ role: 'seed', me })
  test.ingest({ operations: [ben, cleo, dora].map(({ genesis }) => genesis) })
  const view = (post: MadeRecord) => test.square.post(formatRecordId(post.id))
  /** As a person does who mutes these. */
  const mute = (...people: readonly TestAuthor[]) =>
    test.square.settleSilences(people.map(({ address }) => ({ address, since: 1 })))
  return { me, ben, cleo, dora, test, view, mute }
}

const refer = (author: TestAuthor, { id }: MadeRecord) => ({ author: author.address, id })

describe('a content warning', () => {
  it('stands in the view, in what quotes it and in every version (REC10, REC14)', () => {
    const { ben, cleo, test, view } = village()
    const post = ben.post('eight legs', { warn: 'spiders' })
    const quoting = cleo.post('look', { quote: refer(ben, post) })
    test.ingest({ records: [post, quoting] })
    expect(view(post)).toMatchObject({ text: 'eight legs', warning: 'spiders' })
    expect(view(quoting)).not.toHaveProperty('warning')
    expect(view(quoting)?.quote).toMatchObject({ warning: 'spiders' })
    test.ingest({ records: [ben.edit(post, 'eight hairy legs', { warn: 'spiders, close up' })] })
    expect(view(post)).toMatchObject({ warning: 'spiders, close up' })
    const versions = test.square.history(formatRecordId(post.id)) ?? []
    expect(versions.map(({ warning }) => warning)).toEqual(['spiders, close up', 'spiders'])
    const last = ben.edit(post, 'no legs')
    test.ingest({ records: [last] })
    expect(view(post)).not.toHaveProperty('warning')
  })

  it('goes with what is deleted, and with the text of who is silenced', () => {
    const { ben, test, view, mute } = village()
    const post = ben.post('eight legs', { warn: 'spiders' })
    test.ingest({ records: [post] })
    mute(ben)
    const placed = test.square.thread(formatRecordId(post.id))?.post
    expect(placed).toMatchObject({ silence: 'muted', text: '' })
    expect(placed).not.toHaveProperty('warning')
    mute()
    test.ingest({ records: [ben.delete(post)] })
    expect(view(post)).not.toHaveProperty('warning')
  })
})

describe('mentions', () => {
  it('say whom the text names, by the name that is known here (REC10)', () => {
    const { ben, cleo, test, view } = village()
    const mentions = [{ start: 0, end: 5, address: cleo.address, genesis: cleo.genesisHash.slice(0, 8) }]
    const post = ben.post('@Cleo, look', { mentions })
    test.ingest({ records: [post] })
    expect(view(post)?.mentions).toEqual([{ start: 0, end: 5, profile: cleo.profile, name: '' }])
    test.ingest({ records: [cleo.describe({ name: 'Cléo' })] })
    expect(view(post)?.mentions).toEqual([{ start: 0, end: 5, profile: cleo.profile, name: 'Cléo' }])
    test.ingest({ records: [ben.edit(post, 'nobody')] })
    expect(view(post)).not.toHaveProperty('mentions')
  })
})

describe('reactions by sign', () => {
  it('are counted each, the most frequent first, without who is silenced and without words', () => {
    const { me, ben, cleo, dora, test, view, mute } = village()
    const post = ben.post('bread')
    test.ingest({ records: [post] })
    expect(view(post)).not.toHaveProperty('signs')
    test.ingest({ records: [me.react(post, '❤️'), cleo.react(post, '🍞'), dora.react(post, '❤')] })
    expect(view(post)?.signs).toMatchObject([{ count: 2 }, { emoji: '🍞', count: 1 }])
    test.ingest({ records: [cleo.react(post, 'buy here')] })
    expect(view(post)).toMatchObject({ signs: [{ count: 2 }], counts: { reactions: 3 } })
    test.ingest({ records: [cleo.react(post, '🍞')] })
    mute(cleo)
    expect(view(post)).toMatchObject({ signs: [{ count: 2 }], counts: { reactions: 2 } })
  })
})

describe('whom a post may mention', () => {
  function named() {
    const village_ = village()
    const { ben, cleo, dora, test } = village_
    const stranger = new TestAuthor('Bela')
    test.ingest({ operations: [stranger.genesis] })
    test.ingest({
      records: [
        ben.describe({ name: 'Benoît Le Goff' }),
        cleo.describe({ name: 'Cléo-Anne Béranger' }),
        dora.describe({ name: 'Дора' }),
        stranger.describe({ name: 'Bela' }),
      ],
    })
    const names = (typed: string, limit = 8) => test.square.suggest(typed, limit).map(({ name }) => name)
    return { ...village_, stranger, names }
  }

  it('is found by a beginning of the name, of a word in it, over a space, without accents, and by the short ID', () => {
    const { ben, names } = named()
    expect(names('benoi')).toEqual(['Benoît Le Goff'])
    expect(names('GOFF')).toEqual(['Benoît Le Goff'])
    expect(names('benoit le g')).toEqual(['Benoît Le Goff'])
    expect(names('beranger')).toEqual(['Cléo-Anne Béranger'])
    expect(names('до')).toEqual(['Дора'])
    expect(names(ben.profile.slice(-8, -3))).toContain('Benoît Le Goff')
    expect(names(shortPeerId(ben.profile))).toContain('Benoît Le Goff')
    expect(names('enoit')).toEqual([])
    expect(names(' ')).toEqual([])
    expect(names('%')).toEqual([])
  })

  it('has who is followed first, nobody who is silenced, and no more than was asked for', () => {
    const { me, stranger, cleo, test, names, mute } = named()
    expect(names('be')).toHaveLength(3)
    test.ingest({ records: [me.follow(stranger)] })
    expect(names('be')[0]).toBe('Bela')
    expect(test.square.suggest('be', 8)[0]).toMatchObject({ profile: stranger.profile, isFollowed: true })
    expect(names('be', 1)).toEqual(['Bela'])
    expect(names('')).toEqual(['Bela'])
    mute(cleo)
    expect(names('be')).not.toContain('Cléo-Anne Béranger')
  })

  it('knows a new name some seconds later, while others come in', () => {
    const { stranger, test, names } = named()
    expect(names('zoe')).toEqual([])
    test.clock.advance(6_000)
    test.ingest({ records: [stranger.describe({ name: 'Zoé' })] })
    expect(names('zoe')).toEqual(['Zoé'])
  })

  it('leaves out this account', () => {
    const { me, test, names } = named()
    test.clock.advance(6_000)
    test.ingest({ records: [me.describe({ name: 'Berthe' })] })
    expect(names('berthe')).toEqual([])
  })
})
