import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { formatRecordId } from '../../../core/codec/cid.ts'
import { DecisionTable } from '../../../core/store/decision-table.ts'
import { SquareDatabase } from '../../../core/store/square-database.ts'
import { type MadeRecord, TestAuthor } from '../../harness/authors.ts'
import { TestSquare } from '../../harness/test-square.ts'

function village() {
  const [ben, cleo] = [new TestAuthor('Ben'), new TestAuthor('Cleo')]
  const test = new TestSquare({ role: 'seed', me: new TestAuthor('Me') })
  test.ingest({ operations: [ben.genesis, cleo.genesis] })
  const quoteIn = (post: MadeRecord) => test.square.post(formatRecordId(post.id))?.quote
  return { ben, cleo, test, quoteIn }
}

const refer = (author: TestAuthor, { id }: MadeRecord) => ({ author: author.address, id })

describe('the quote in a post', () => {
  it('has who said what, as it reads since the last edit, and nothing of what that quotes (REC10, REC14)', () => {
    const { ben, cleo, test, quoteIn } = village()
    const first = ben.post('first')
    const second = cleo.post('second', { quote: refer(ben, first), lang: 'fr' })
    const third = ben.post('third', { quote: refer(cleo, second) })
    const plain = cleo.post('plain')
    test.ingest({ records: [ben.describe({ name: 'Ben' }), cleo.describe({ name: 'Cleo' })] })
    test.ingest({ records: [first, second, third, plain, ben.edit(first, 'first, edited')] })
    expect(quoteIn(second)).toMatchObject({ author: ben.profile, name: 'Ben', text: 'first, edited', state: 'shown' })
    expect(quoteIn(third)).toMatchObject({ text: 'second', lang: 'fr', ts: second.header.ts })
    expect(quoteIn(third)).not.toHaveProperty('quote')
    expect(quoteIn(plain)).toBeUndefined()
  })

  it('stays when the post that quotes is edited (REC14)', () => {
    const { ben, cleo, test, quoteIn } = village()
    const said = ben.post('said')
    const quoting = cleo.post('look', { quote: refer(ben, said) })
    test.ingest({ records: [said, quoting, cleo.edit(quoting, 'look again')] })
    expect(quoteIn(quoting)).toMatchObject({ text: 'said' })
  })

  it('says whose post is not here yet, and has it once it comes', () => {
    const { ben, cleo, test, quoteIn } = village()
    const said = ben.post('said')
    const quoting = cleo.post('', { quote: refer(ben, said) })
    test.ingest({ records: [quoting] })
    expect(quoteIn(quoting)).toMatchObject({ author: ben.profile, state: 'missing', ts: null, text: '' })
    test.ingest({ records: [said] })
    expect(quoteIn(quoting)).toMatchObject({ state: 'shown', text: 'said' })
  })

  it('names who signed it, not whom the quoting post claims', () => {
    const { ben, cleo, test, quoteIn } = village()
    const said = ben.post('said')
    const quoting = cleo.post('mine, they say', { quote: refer(cleo, said) })
    test.ingest({ records: [said, quoting] })
    expect(quoteIn(quoting)).toMatchObject({ author: ben.profile, text: 'said' })
  })

  it('keeps nothing of what its author has deleted but when', () => {
    const { ben, cleo, test, quoteIn } = village()
    const said = ben.post('said')
    const quoting = cleo.post('look', { quote: refer(ben, said) })
    const gone = ben.delete(said)
    test.ingest({ records: [said, quoting, gone] })
    expect(quoteIn(quoting)).toMatchObject({ state: 'deleted', text: '', media: [], deletedAt: gone.header.ts })
  })

  it('shows nothing that a decision hides, nor whose it is by name', () => {
    const { ben, cleo, test, quoteIn } = village()
    const said = ben.post('said')
    const quoting = cleo.post('look', { quote: refer(ben, said) })
    test.ingest({ records: [ben.describe({ name: 'Ben' }), said, quoting] })
    const square = new SquareDatabase({ path: join(test.dataDir, 'square.db') })
    const about = { source: 'me', effect: 'hide', reason: 'mine', decidedMs: 1 } as const
    new DecisionTable(square.db).put({ ...about, scope: 'record', subject: said.id })
    square.close()
    expect(quoteIn(quoting)).toMatchObject({ state: 'hidden', name: '', text: '', ts: null })
  })
})
