import { cpSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { TestAuthor } from '../../harness/authors.ts'
import { makeTempDir } from '../../harness/temp-dir.ts'
import { TestSquare } from '../../harness/test-square.ts'

/** Every schema that a release has ever written. */
const VERSIONS = ['v1']

describe.each(VERSIONS)('databases of %s', (version) => {
  it('open with everything that was in them', () => {
    const dataDir = makeTempDir()
    cpSync(new URL(`../../fixtures/databases/${version}`, import.meta.url).pathname, dataDir, { recursive: true })
    const ada = new TestAuthor('Ada')
    const ben = new TestAuthor('Ben')
    const { square } = new TestSquare({ dataDir, me: ada })
    expect(square.integrityCheck()).toEqual([])
    const home = square.home({ limit: 10 }).items
    expect(home.map(({ text, state }) => [text, state])).toEqual([
      ['under the tree', 'shown'],
      ['', 'deleted'],
      ['bonjour la place', 'shown'],
    ])
    expect(home[0]?.media).toMatchObject([{ alt: 'two dots', state: 'here' }])
    expect(home[2]).toMatchObject({ author: ben.profile, name: 'Ben', mine: { reaction: '❤' } })
    expect(square.search('place', { limit: 10 }).items).toHaveLength(1)
    expect(square.follows()).toMatchObject([{ state: 'pending' }, { state: 'following', name: 'Ben' }])
    expect(square.getState('settings')).toEqual({ theme: 'dark' })
    expect(square.stats()).toMatchObject({ ownRecords: 4, ownUnheld: 2, records: 8 })
  })
})
