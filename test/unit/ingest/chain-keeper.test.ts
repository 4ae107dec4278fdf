import { describe, expect, it } from 'vitest'
import { generateKeyPair } from '../../../core/identity/keys.ts'
import {
  checkOperation,
  encodeOperation,
  type OperationPayload,
  signOperation,
} from '../../../core/identity/operation.ts'
import { createSignatureVerifier } from '../../../core/identity/signature.ts'
import { TestAuthor } from '../../harness/authors.ts'
import { seededRandom } from '../../harness/seeded-random.ts'
import { TestSquare } from '../../harness/test-square.ts'

function genesisOf(author: TestAuthor): OperationPayload & { readonly id: Uint8Array } {
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
})
