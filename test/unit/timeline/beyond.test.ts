import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Rung } from '../../../core/contract/views.ts'
import { DecisionTable } from '../../../core/store/decision-table.ts'
import { SquareDatabase } from '../../../core/store/square-database.ts'
import { TestAuthor } from '../../harness/authors.ts'
import { TestSquare } from '../../harness/test-square.ts'

function square() {
  const [me, ben, cleo, dora, eve, voice] = ['Me', 'Ben', 'Cleo', 'Dora', 'Eve', 'Voice'].map(
    (name) => new TestAuthor(name),
  ) as [TestAuthor, TestAuthor, TestAuthor, TestAuthor, TestAuthor, TestAuthor]
  const everybody = [me, ben, cleo, dora, eve, voice]
  const test = new TestSquare({ me, pins: everybody.map(({ address }) => address) })
  me.follow(ben)
  ben.follow(cleo)
  ben.follow(me)
  for (const who of everybody)
    for (let i = 0; i < 6; i++) who.post(`${who.name} ${i}`, { ts: who.records.length * 1_000 + 1_767_225_700_000 })
  test.ingestAll(...everybody)
  const read = (rung: Rung, limit = 50) => {
    const texts: string[] = []
    let cursor: string | null | undefined
    do {
      const query = { rung, voices: [voice.profile], spoken: [voice.profile], limit, cursor: cursor ?? undefined }
      const page = test.square.beyond(query)
      texts.push(...page.items.map(({ text }) => text))
      cursor = page.cursor
    } while (cursor !== null)
    return texts
  }
  const names = (rung: Rung) => [...new Set(read(rung).map((text) => text.split(' ')[0]))].sort()
  return { me, ben, cleo, dora, eve, voice, test, read, names }
}

describe('the ladder below home', () => {
  it('has friends of follows, then others, then the welcome pack, and nobody twice', () => {
    const { names } = square()
    expect(names('friends')).toEqual(['Cleo'])
    expect(names('others')).toEqual(['Dora', 'Eve'])
    expect(names('welcome')).toEqual(['Voice'])
  })

  it('goes on page by page without a gap or a repeat', () => {
    const { read } = square()
    const whole = read('others')
    expect(whole).toHaveLength(12)
    for (const limit of [1, 5, 12]) expect(read('others', limit)).toEqual(whole)
  })

  it('moves somebody home who is followed now', () => {
    const { me, ben, cleo, dora, voice, test, names } = square()
    test.ingest({ records: [me.follow(cleo), me.follow(voice), ben.follow(dora)] })
    expect([names('friends'), names('others'), names('welcome')]).toEqual([['Dora'], ['Eve'], []])
  })

  it('shows nobody on any rung who is muted or blocked, nor whom only they follow', () => {
    const { ben, cleo, eve, voice, test, names } = square()
    const db = new SquareDatabase({ path: join(test.dataDir, 'square.db') })
    const decisions = new DecisionTable(db.db)
    for (const { address } of [cleo, eve, voice]) {
      decisions.put({ source: 'mute', effect: 'hide', reason: 'mine', decidedMs: 1, scope: 'author', subject: address })
    }
    expect([names('friends'), names('others'), names('welcome')]).toEqual([[], ['Dora'], []])
    decisions.put({ source: 'block', effect: 'hide', reason: 'x', decidedMs: 1, scope: 'author', subject: ben.address })
    decisions.remove('author', cleo.address, 'mute')
    db.close()
    expect([names('friends'), names('others')]).toEqual([[], ['Cleo', 'Dora']])
  })
})
