import { cpSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, it } from 'vitest'
import { packBytes } from '../../../core/node/square-calls.ts'
import { TEST_EPOCH_MS, TestAuthor } from '../../harness/authors.ts'
import { beatBytes } from '../../harness/beats.ts'
import { makeTempDir } from '../../harness/temp-dir.ts'
import { TestSquare } from '../../harness/test-square.ts'

/** Every schema that a release has ever written. */
const VERSIONS = ['v1', 'v3', 'v4']

function copyFixture(version: string): string {
  const dataDir = makeTempDir()
  cpSync(new URL(`../../fixtures/databases/${version}`, import.meta.url).pathname, dataDir, { recursive: true })
  return dataDir
}

/** Everything that a file's schema says, in one order. */
function schemaOf(dataDir: string, name: string): unknown[] {
  const db = new DatabaseSync(join(dataDir, name), { readOnly: true })
  try {
    return db.prepare('SELECT type, name, sql FROM sqlite_master ORDER BY type, name').all()
  } finally {
    db.close()
  }
}

describe.each(VERSIONS)('databases of %s', (version) => {
  it.each(['own.db', 'square.db', 'media.db'])(
    'become what a new %s is: a released migration is never edited',
    (name) => {
      const [old, fresh] = [copyFixture(version), makeTempDir()]
      for (const dataDir of [old, fresh]) new TestSquare({ dataDir }).close()
      expect(schemaOf(old, name)).toEqual(schemaOf(fresh, name))
      expect(schemaOf(old, name).length).toBeGreaterThan(2)
    },
  )

  it('open with everything that was in them', () => {
    const dataDir = copyFixture(version)
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

describe('databases of every version', () => {
  it.each(VERSIONS)('take beats like a new one: %s (BEA4)', (version) => {
    const dataDir = copyFixture(version)
    const ben = new TestAuthor('Ben')
    const { square } = new TestSquare({ dataDir, me: new TestAuthor('Ada') })
    const place = { author: ben.address, device: ben.device.publicKey }
    const before = version === 'v4' ? { seq: 4 } : null
    expect(square.listHeld([ben.address])).toMatchObject([{ beat: before }])
    const beat = beatBytes(ben, { seq: 9, ts: TEST_EPOCH_MS + 7_200_000 })
    square.ingestBeats(packBytes([beat]), { kind: 'sync', peer: 'peer' })
    expect(square.listBeats([place])).toMatchObject([{ seq: 9 }])
    expect(square.profile(ben.profile)).toMatchObject({ counts: { missing: 5 }, completeAsOf: null })
    expect(square.signBeat(true)).toMatchObject({ isNew: true })
  })
})
