import { cpSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, it } from 'vitest'
import { resolveChain } from '../../../core/identity/chain.ts'
import { changeByAuthority, proveAuthority, withWordsKey } from '../../../core/identity/change.ts'
import { sha256 } from '../../../core/identity/hash.ts'
import { checkOperation, encodeOperation, type IdentityOperation } from '../../../core/identity/operation.ts'
import { createSignatureVerifier } from '../../../core/identity/signature.ts'
import { SquareDatabase } from '../../../core/store/square-database.ts'
import { createSquareTables } from '../../../core/store/square-tables.ts'
import { TestAuthor } from '../../harness/authors.ts'
import { keyOf } from '../../harness/chains.ts'
import { makeTempDir } from '../../harness/temp-dir.ts'
import { TestSquare } from '../../harness/test-square.ts'

const EVERYBODY = new Uint8Array()
const hashOf = (name: string) => sha256(keyOf(name).publicKey)

function operationOf(bytes: Uint8Array): IdentityOperation {
  const { operation } = checkOperation(bytes, createSignatureVerifier())
  if (operation === null) throw new Error('the operation is wrong')
  return operation
}

/** A person's chain: the genesis, then other words and a paper key in place of the first words. */
function chainOf(author: TestAuthor): { bytes: Uint8Array[]; firstWords: Uint8Array } {
  const genesis = operationOf(author.genesis)
  const state = resolveChain([genesis])
  if (state === null) throw new Error('no genesis')
  const next = changeByAuthority(
    state,
    {
      slots: (before) => withWordsKey(before, proveAuthority(keyOf(`${author.name} words`), author.address)),
      paperHash: hashOf(`${author.name} paper`),
    },
    [author.words],
  )
  const firstWords = sha256(genesis.slots[0]?.keys[0]?.key as Uint8Array)
  return { bytes: [author.genesis, encodeOperation(next)], firstWords }
}

describe('AuthorityTable', () => {
  it('finds the chain by each key that any of its operations names, and by no other', () => {
    const ada = new TestAuthor('Ada')
    const test = new TestSquare()
    const { bytes, firstWords } = chainOf(ada)
    test.ingest({ operations: bytes })
    const find = (hash: Uint8Array) => test.square.findAuthorsByAuthority(hash, EVERYBODY, 4)
    for (const hash of [firstWords, hashOf('Ada words'), hashOf('Ada paper')]) expect(find(hash)).toEqual([ada.address])
    expect(find(sha256(ada.device.publicKey))).toEqual([])
    expect(find(sha256(ada.address))).toEqual([])
    expect(find(new Uint8Array())).toEqual([])
  })

  it('tells chains that name one paper key apart by the start of their address, at most as many as are asked for', () => {
    const test = new TestSquare()
    const authors = Array.from({ length: 20 }, (_, i) => new TestAuthor(`author ${i}`))
    const paperHash = hashOf('paper')
    for (const author of authors) {
      const state = resolveChain([operationOf(author.genesis)])
      if (state === null) throw new Error('no genesis')
      test.ingest({
        operations: [author.genesis, encodeOperation(changeByAuthority(state, { paperHash }, [author.words]))],
      })
    }
    const all = authors.map(({ address }) => address)
    expect(test.square.findAuthorsByAuthority(paperHash, EVERYBODY, 4)).toEqual(all.slice(0, 4))
    expect(test.square.findAuthorsByAuthority(paperHash, EVERYBODY, 1_000)).toEqual(all.slice(0, 16))
    for (const address of all) {
      expect(test.square.findAuthorsByAuthority(paperHash, address.slice(0, 8), 4)).toEqual([address])
      expect(test.square.findAuthorsByAuthority(paperHash, address, 4)).toEqual([address])
    }
    expect(test.square.findAuthorsByAuthority(paperHash, new Uint8Array(8), 4)).toEqual([])
  })

  it('forgets a chain with its author', () => {
    const path = join(makeTempDir(), 'square.db')
    const square = new SquareDatabase({ path })
    try {
      const { identities } = createSquareTables(square)
      const ada = new TestAuthor('Ada')
      const { bytes, firstWords } = chainOf(ada)
      square.transaction(() => {
        const authorId = identities.ensureAuthor(ada.address)
        for (const each of bytes) identities.authorities.note(authorId, operationOf(each))
        identities.forgetUnused(10, () => false)
      })
      expect(identities.authorities.find(firstWords, EVERYBODY, 4)).toEqual([])
      expect(square.db.prepare('SELECT count(*) AS n FROM authority').get()?.n).toBe(0)
    } finally {
      square.close()
    }
  })

  it('takes in the operations of a database from before it, once', () => {
    const dataDir = makeTempDir()
    cpSync(new URL('../../fixtures/databases/v1', import.meta.url).pathname, dataDir, { recursive: true })
    const ben = new TestAuthor('Ben')
    const words = sha256(operationOf(ben.genesis).slots[0]?.keys[0]?.key as Uint8Array)
    const first = new TestSquare({ dataDir })
    expect(first.square.findAuthorsByAuthority(words, EVERYBODY, 4)).toEqual([ben.address])
    first.close()
    const db = new DatabaseSync(join(dataDir, 'square.db'))
    db.prepare('DELETE FROM authority WHERE key_hash = ?').run(words)
    db.close()
    expect(new TestSquare({ dataDir }).square.findAuthorsByAuthority(words, EVERYBODY, 4)).toEqual([])
  })
})
