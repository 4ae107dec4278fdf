import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, it } from 'vitest'
import { formatRecordId } from '../../../core/codec/cid.ts'
import { MAX_MUTED_WORDS } from '../../../core/moderation/word-book.ts'
import type { MutedWord } from '../../../core/moderation/word-rule.ts'
import { TestAuthor } from '../../harness/authors.ts'
import { TestSquare } from '../../harness/test-square.ts'

const PAGE = { limit: 500 }
const hide = (word: string, more: Partial<MutedWord> = {}): MutedWord => ({
  word,
  level: 'hide',
  exceptFollowed: false,
  sinceMs: 5,
  ...more,
})

function desk() {
  const [me, ben, cleo] = ['Me', 'Ben', 'Cleo'].map((name) => new TestAuthor(name)) as [
    TestAuthor,
    TestAuthor,
    TestAuthor,
  ]
  const test = new TestSquare({ me, role: 'seed' })
  test.ingest({ operations: [me, ben, cleo].map(({ genesis }) => genesis), records: [me.follow(ben)] })
  const settle = (...words: readonly MutedWord[]) => {
    let steps = 1
    for (; test.square.settleWords(words).isMore; steps++);
    return steps
  }
  const said = (who: TestAuthor) => test.square.profilePosts(who.profile, PAGE).items.map(({ text }) => text)
  return { me, ben, cleo, test, settle, said }
}

describe('WordBook', () => {
  it('finds a word whatever its capitals and accents, whole and never inside another one', () => {
    const { ben, test, settle, said } = desk()
    const has = ['Élection now', 'the ELECTION.', '#élection', 'pre-election talk']
    const hasNot = ['elections', 'selection', 'elect ion']
    test.ingest({ records: [...has, ...hasNot].map((text) => ben.post(text)) })
    settle(hide('election'))
    expect(said(ben).sort()).toEqual([...hasNot].sort())
  })

  it.each([
    ['several words in a row', 'le grand soir', ['LE GRAND SOIR !'], ['le soir grand', 'le grand, ce soir']],
    ['a tag alone', '#match_retour', ['ce soir #Match_Retour'], ['match retour', '#match']],
    ['a word of a script without spaces', '天气', ['今天天气好'], ['天 气']],
    ['words of both kinds', 'nba 决赛', ['NBA 总决赛 决赛'], ['nba', '决赛']],
  ])('takes %s', (_, word, has, hasNot) => {
    for (const isEarly of [true, false]) {
      const { ben, test, settle, said } = desk()
      if (isEarly) settle(hide(word))
      test.ingest({ records: [...has, ...hasNot].map((text) => ben.post(text)) })
      settle(hide(word))
      expect(said(ben).sort(), isEarly ? 'muted before' : 'muted after').toEqual([...hasNot].sort())
    }
  })

  it('follows an edit that brings a word, and one that takes it out', () => {
    const { ben, test, settle, said } = desk()
    const [clean, loud] = [ben.post('a clean post'), ben.post('a loud spoiler')]
    test.ingest({ records: [clean, loud] })
    settle(hide('spoiler'))
    expect(said(ben)).toEqual(['a clean post'])
    test.ingest({ records: [ben.edit(clean, 'now a spoiler'), ben.edit(loud, 'calm again')] })
    expect(said(ben)).toEqual(['calm again'])
  })

  it('spares people who are followed where it is told to, and heeds who is followed later and no more', () => {
    const { me, ben, cleo, test, settle, said } = desk()
    const words = [hide('spoiler', { exceptFollowed: true })]
    settle(...words)
    test.ingest({ records: [ben.post('a spoiler by Ben'), cleo.post('a spoiler by Cleo')] })
    expect([said(ben).length, said(cleo).length]).toEqual([1, 0])
    test.ingest({ records: [me.follow(cleo), me.follow(ben, false)] })
    settle(...words)
    expect([said(ben).length, said(cleo).length]).toEqual([0, 1])
  })

  it('changes a level without a moment in which the word is not muted', () => {
    const { ben, test, settle, said } = desk()
    test.ingest({ records: [ben.post('a spoiler')] })
    settle(hide('spoiler'))
    const steps: number[] = []
    for (let isMore = true; isMore; ) {
      isMore = test.square.settleWords([hide('spoiler', { level: 'warn' })]).isMore
      const shown = test.square.profilePosts(ben.profile, PAGE).items
      steps.push(shown.filter(({ foldedBy }) => foldedBy === undefined).length)
    }
    expect(steps.every((open) => open === 0)).toBe(true)
    expect(said(ben)).toHaveLength(1)
  })

  it('goes through many posts in bounded steps, the newest first, and leaves nothing behind', () => {
    const { ben, test, settle, said } = desk()
    test.ingest({ records: Array.from({ length: 600 }, (_, i) => ben.post(`spoiler ${i}`)) })
    test.square.settleWords([hide('spoiler')])
    const half = said(ben)
    expect(half).toHaveLength(350)
    expect(half).not.toContain('spoiler 599')
    expect(settle(hide('spoiler'))).toBeGreaterThan(1)
    expect(said(ben)).toEqual([])
    settle()
    expect(said(ben)).toHaveLength(500)
    const file = new DatabaseSync(join(test.dataDir, 'square.db'), { readOnly: true })
    const left = file.prepare(
      'SELECT (SELECT count(*) FROM moderation_decision) + (SELECT count(*) FROM muted_word) AS n',
    )
    expect(left.get()?.n).toBe(0)
    file.close()
  })

  it('knows after a restart what it mutes, before anybody says it again', () => {
    const { me, ben, test, settle } = desk()
    settle(hide('spoiler'))
    test.close()
    const again = new TestSquare({ me, dataDir: test.dataDir, role: 'seed' })
    const loud = ben.post('a spoiler')
    again.ingest({ records: [loud] })
    expect(again.square.post(formatRecordId(loud.id))).toBeNull()
    expect(again.square.settleWords([hide('spoiler')])).toEqual({ isChanged: false, isMore: false })
  })

  it('drops what it decided with the post, and takes no more than so many words', () => {
    const { ben, test, settle, said } = desk()
    const loud = ben.post('a spoiler')
    test.ingest({ records: [loud] })
    settle(hide('spoiler'))
    test.ingest({ records: [ben.delete(loud)] })
    expect(test.square.profilePosts(ben.profile, PAGE).items).toMatchObject([{ state: 'deleted', text: '' }])
    settle(...Array.from({ length: MAX_MUTED_WORDS + 5 }, (_, i) => hide(`word${i}`)))
    const [inside, beyond] = [`word${MAX_MUTED_WORDS - 1}`, `word${MAX_MUTED_WORDS}`]
    test.ingest({ records: [ben.post(inside), ben.post(beyond)] })
    expect(said(ben)).toContain(beyond)
    expect(said(ben)).not.toContain(inside)
  })
})
