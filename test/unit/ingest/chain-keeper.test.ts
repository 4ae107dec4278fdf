import { join } from 'node:path'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { proveDevice } from '../../../core/identity/change.ts'
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
import { compareBytes, equalBytes } from '../../../core/util/bytes.ts'
import { systemClock } from '../../../core/util/clock.ts'
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
    const tables = createSquareTables(square)
    const { identities } = tables
    const keeper = new ChainKeeper({ ...tables, clock: systemClock }, { isNeeded: () => false })
    const reading = vi.spyOn(identities, 'listOperations')
    const keep = () => square.transaction(() => keeper.keep(genesisOf(ben), ben.genesis))
    expect(keep()).toMatchObject({ isNew: true })
    const reads = reading.mock.calls.length
    expect(keep()).toMatchObject({ isNew: false, isKept: true })
    expect(reading.mock.calls.length).toBe(reads)
  })

  it('takes in the signatures that a held operation lacks, by named keys only (IDN19)', () => {
    const ben = new TestAuthor('Ben')
    const test = new TestSquare()
    const phone = generateKeyPair(seededRandom('phone'))
    const genesis = genesisOf(ben)
    const phoneEntry = proveDevice({ keyPair: phone, sealKey: ben.device.publicKey, name: 'phone' }, ben.address)
    const devices = [...genesis.devices, phoneEntry].sort((a, b) => compareBytes(a.key, b.key))
    const linked = signOperation({ ...genesis, prev: genesis.id, devices }, [ben.device])
    const next = { ...linked, prev: linked.id }
    const [byBen, byPhone, byThief, byBoth] = [
      [ben.device],
      [phone],
      [phone, generateKeyPair(seededRandom('thief'))],
      [ben.device, phone],
    ].map((keyPairs) => encodeOperation(signOperation(next, keyPairs)))
    const sent = [byPhone, byBen, byThief, byBoth] as Uint8Array[]
    const { operations } = test.ingest({ operations: [ben.genesis, encodeOperation(linked), ...sent] })
    expect(operations.map(({ isNew, isKept }) => [isNew, isKept]).slice(2)).toEqual([
      [true, true],
      [true, true],
      [false, true],
      [false, true],
    ])
    expect(test.square.listOperations([ben.address])[0]?.operations).toEqual([
      ben.genesis,
      encodeOperation(linked),
      byBoth,
    ])
  })

  it('lets the devices write that its applied operations list (IDN12)', () => {
    const ben = new TestAuthor('Ben')
    const test = new TestSquare()
    const genesis = genesisOf(ben)
    const phone = generateKeyPair(seededRandom('phone'))
    const entry = proveDevice({ keyPair: phone, sealKey: ben.device.publicKey, name: 'phone' }, ben.address)
    const devices = [...genesis.devices, entry].sort((a, b) => compareBytes(a.key, b.key))
    const linked = signOperation({ ...genesis, prev: genesis.id, devices }, [ben.device])
    test.ingest({ operations: [ben.genesis, encodeOperation(linked)] })
    expect(test.square.findAuthorOfDevice(ben.device.publicKey)).toEqual(ben.address)
    expect(test.square.findAuthorOfDevice(phone.publicKey)).toEqual(ben.address)
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
    const tables = createSquareTables(square)
    const { identities } = tables
    const authors = Array.from({ length: 12 }, (_, i) => new TestAuthor(`author ${i}`))
    const pinned = authors[1] as TestAuthor
    const keeper = new ChainKeeper(
      { ...tables, clock: systemClock },
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

  it('checks no more of a peer, and of all peers, than their budgets; what it has seen is free', () => {
    const test = new TestSquare()
    const makers = Array.from({ length: 30 }, (_, i) => generateKeyPair(seededRandom(`maker ${i}`)))
    const large = makers.map((inception) => {
      const { devices } = genesisOf(new TestAuthor('Ben'))
      const [device] = devices
      if (device === undefined) throw new Error('the genesis has no device')
      const payload = { ...genesisOf(new TestAuthor('Ben')), address: inception.publicKey, slots: [] }
      // Not a single proof is right: even so, each would have to be checked.
      const extras = { padding: new Uint8Array(5_000) }
      return encodeOperation(signOperation({ ...payload, devices: [device], extras }, [inception]))
    })
    const verdicts = large.map((bytes, i) => {
      return test.ingest({ operations: [bytes] }, { kind: 'sync', peer: `sybil ${i}` }).operations[0]?.verdict
    })
    expect(verdicts.filter((verdict) => verdict?.verdict === 'reject')).toHaveLength(20)
    expect(verdicts.at(-1)).toEqual({ verdict: 'drop', reason: 'quota' })
    const again = test.ingest({ operations: large.slice(0, 5) }, { kind: 'gossip', peer: 'sybil' }).operations
    expect(again.map(({ verdict }) => verdict.verdict)).toEqual(Array(5).fill('reject'))
    test.clock.advance(6_000)
    expect(test.ingest({ operations: large.slice(-1) }).operations[0]?.verdict.verdict).toBe('reject')
    const small = new TestAuthor('Cleo')
    expect(test.ingest({ operations: [small.genesis] }, { kind: 'gossip', peer: 'p' }).operations[0]).toMatchObject({
      isKept: true,
    })
  })
})
