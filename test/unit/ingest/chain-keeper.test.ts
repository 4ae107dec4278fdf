import { join } from 'node:path'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { generateKeyPair } from '../../../core/identity/keys.ts'
import {
  checkOperation,
  encodeOperation,
  type IdentityOperation,
  signOperation,
} from '../../../core/identity/operation.ts'
import { createSignatureVerifier } from '../../../core/identity/signature.ts'
import { ChainKeeper } from '../../../core/ingest/chain-keeper.ts'
import { SquareDatabase } from '../../../core/store/square-database.ts'
import { createSquareTables } from '../../../core/store/square-tables.ts'
import { equalBytes } from '../../../core/util/bytes.ts'
import { TestAuthor } from '../../harness/authors.ts'
import { seededRandom } from '../../harness/seeded-random.ts'
import { makeTempDir } from '../../harness/temp-dir.ts'
import { TestSquare } from '../../harness/test-square.ts'

function genesisOf(author: TestAuthor): IdentityOperation {
  const { operation } = checkOperation(author.genesis, createSignatureVerifier())
  if (operation === null) throw new Error('the genesis is wrong')
  return operation
}

describe('ChainKeeper', () => {
  it('keeps a chain once and serves it genesis first', () => {
    const ben = new TestAuthor('Ben')
    const test = new TestSquare()
    const next = encodeOperation(
      signOperation({ ...genesisOf(ben), prev: genesisOf(ben).id, paperHash: new Uint8Array(32) }, [ben.device]),
    )
    expect(test.ingest({ operations: [next] }).operations[0]).toMatchObject({
      verdict: { verdict: 'hold', reason: 'unknown-identity' },
      isKept: false,
    })
    expect(test.ingest({ operations: [ben.genesis, next, ben.genesis] }).operations).toMatchObject([
      { isNew: true, author: ben.address },
      { isNew: true, isKept: true },
      { isNew: false, isKept: true },
    ])
    expect(test.square.listOperations([ben.address])).toEqual([
      { author: ben.address, operations: [ben.genesis, next] },
    ])
    expect(test.square.findAuthorOfDevice(ben.device.publicKey)).toEqual(ben.address)
    expect(test.square.findGenesis(ben.address)).toEqual(ben.genesisHash)
    expect(test.events.flatMap(({ identities }) => identities)).toEqual([ben.address])
  })

  it('does not read a whole chain for an operation that it holds', () => {
    const ben = new TestAuthor('Ben')
    const square = new SquareDatabase({ path: join(makeTempDir(), 'square.db') })
    onTestFinished(() => square.close())
    const { identities } = createSquareTables(square)
    const keeper = new ChainKeeper({ identities }, { isNeeded: () => false })
    const reading = vi.spyOn(identities, 'listOperations')
    const keep = () => square.transaction(() => keeper.keep(genesisOf(ben), ben.genesis))
    expect(keep()).toMatchObject({ isNew: true })
    const reads = reading.mock.calls.length
    expect(keep()).toMatchObject({ isNew: false, isKept: true })
    expect(reading.mock.calls.length).toBe(reads)
  })

  it("does not store what a stranger signs in somebody's name", () => {
    const ben = new TestAuthor('Ben')
    const test = new TestSquare()
    const thief = generateKeyPair(seededRandom('thief'))
    const forged = encodeOperation(signOperation({ ...genesisOf(ben), prev: genesisOf(ben).id }, [thief]))
    const { operations } = test.ingest({ operations: [ben.genesis, forged] })
    expect(operations[1]).toMatchObject({ verdict: { verdict: 'drop', reason: 'not-owner' }, isKept: false })
    expect(test.square.listOperations([ben.address])[0]?.operations).toEqual([ben.genesis])
  })

  it('rejects operations that are wrong in their bytes', () => {
    const ben = new TestAuthor('Ben')
    const test = new TestSquare()
    const broken = ben.genesis.slice()
    broken[broken.length - 1] = (broken[broken.length - 1] as number) ^ 1
    expect(test.ingest({ operations: [broken] }).operations[0]?.verdict).toMatchObject({ verdict: 'reject' })
    expect(test.square.listOperations([ben.address])[0]?.operations).toEqual([])
  })

  it('forgets chains of people of whom nothing else is held, the longest held first', () => {
    const square = new SquareDatabase({ path: join(makeTempDir(), 'square.db') })
    const { identities } = createSquareTables(square)
    const authors = Array.from({ length: 12 }, (_, i) => new TestAuthor(`author ${i}`))
    const pinned = authors[1] as TestAuthor
    const keeper = new ChainKeeper(
      { identities },
      { isNeeded: (address) => equalBytes(address, pinned.address), maxUnused: 4 },
    )
    square.transaction(() => {
      for (const author of authors) keeper.keep(genesisOf(author), author.genesis)
    })
    expect(identities.genesisHash(identities.ensureAuthor(pinned.address))).not.toBeNull()
    const held = authors.filter(
      ({ address }) => identities.listOperations(identities.findAuthor(address) ?? 0).length > 0,
    )
    expect(held.map(({ name }) => name)).toEqual(['author 1', 'author 8', 'author 9', 'author 10', 'author 11'])
    square.close()
  })
})
