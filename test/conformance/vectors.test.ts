import { readFileSync } from 'node:fs'
import { encode } from '@ipld/dag-cbor'
import { describe, expect, it } from 'vitest'
import { formatRecordId } from '../../core/codec/cid.ts'
import { CodecError, decodeCbor, encodeCbor } from '../../core/codec/dag-cbor.ts'
import { resolveChain } from '../../core/identity/chain.ts'
import { sha256 } from '../../core/identity/hash.ts'
import { checkOperation, type IdentityOperation } from '../../core/identity/operation.ts'
import { parsePaperKey } from '../../core/identity/paper-key.ts'
import { verifyRecordLine, verifySignatureLine } from '../../core/record/verify-lines.ts'
import { fromHex, toHex } from '../../core/util/bytes.ts'
import { allVectorFiles } from '../../scripts/vectors/all-vectors.ts'
import { type ChainVector, describeState } from '../../scripts/vectors/chain-vectors.ts'
import { type CodecVector, describeValue } from '../../scripts/vectors/codec-vectors.ts'
import type { OperationVector } from '../../scripts/vectors/operation-vectors.ts'
import type { PaperVector } from '../../scripts/vectors/paper-vectors.ts'
import type { RecordVector } from '../../scripts/vectors/record-vectors.ts'
import type { SignatureVector } from '../../scripts/vectors/signature-vectors.ts'
import { VERIFIERS } from '../harness/verifiers.ts'

function readText(name: string): string {
  return readFileSync(new URL(`../vectors/${name}`, import.meta.url), 'utf8')
}

function casesOf<Case>(name: string): Case[] {
  return (JSON.parse(readText(name)) as { cases: Case[] }).cases
}

const bytesOf = (hex: string) => fromHex(hex) as Uint8Array

describe('the vector files', () => {
  it.each([...allVectorFiles()])('%s is what make-vectors writes: the formats are frozen', (name, text) => {
    expect(readText(name) === text, `run npm run vectors and look at the difference in ${name}`).toBe(true)
  })

  it.each([...allVectorFiles().keys()])('%s has a name and a rule in every case, no name twice', (name) => {
    const cases = casesOf<{ name: string; rule: string }>(name)
    expect(cases.filter((one) => !/^(CBR|SIG|IDN|REC|RCV)\d+$/.test(one.rule))).toEqual([])
    expect(new Set(cases.map((one) => one.name)).size).toBe(cases.length)
  })

  it('name only rules that docs/protocol has', () => {
    const docs = ['signatures.md', 'records.md', 'identity.md', 'recovery.md']
      .map((file) => readFileSync(new URL(`../../docs/protocol/${file}`, import.meta.url), 'utf8'))
      .join('\n')
    const rules = [...allVectorFiles().keys()].flatMap((name) =>
      casesOf<{ rule: string }>(name).map(({ rule }) => rule),
    )
    expect([...new Set(rules)].filter((rule) => !docs.includes(`**${rule}**`))).toEqual([])
  })
})

describe('codec.json', () => {
  const cases = casesOf<CodecVector>('codec.json').map((one) => [`${one.name} (${one.rule})`, one] as const)

  it.each(cases)('%s', (_, { hex, expect: expected }) => {
    if ('reason' in expected) {
      expect(reasonOf(bytesOf(hex))).toBe(expected.reason)
      return
    }
    const value = decodeCbor(bytesOf(hex))
    expect(JSON.parse(JSON.stringify(describeValue(value)))).toEqual(expected.value)
    expect(toHex(encodeCbor(value))).toBe(hex)
    expect(toHex(encode(value))).toBe(hex)
  })
})

function reasonOf(bytes: Uint8Array): string {
  try {
    decodeCbor(bytes)
    return 'accepted'
  } catch (error) {
    if (error instanceof CodecError) return error.reason
    throw error
  }
}

describe.each(VERIFIERS)('on the %s', (_, verifier) => {
  it.each(casesOf<SignatureVector>('signatures.json').map((one) => [`${one.name} (${one.rule})`, one] as const))(
    'signatures.json: %s',
    (_, { publicKey, message, signature, valid, reason }) => {
      const answer = verifySignatureLine(JSON.stringify({ publicKey, message, signature }), verifier)
      expect(answer).toEqual(valid ? { valid: true } : { valid: false, reason })
    },
  )

  it('signatures.json: takes what RFC 8032 publishes (SIG4)', () => {
    const published = casesOf<SignatureVector>('signatures.json').filter(({ name }) => name.startsWith('RFC 8032'))
    expect(published.map(({ valid }) => valid)).toEqual([true, true, true, true])
  })

  it('ed25519-speccheck.json: refuses all twelve', () => {
    const cases = casesOf<{ message: string; pub_key: string; signature: string }>('ed25519-speccheck.json')
    expect(cases).toHaveLength(12)
    for (const { message, pub_key, signature } of cases) {
      const answer = verifySignatureLine(JSON.stringify({ publicKey: pub_key, message, signature }), verifier)
      expect(answer).toMatchObject({ valid: false })
    }
  })

  it.each(
    casesOf<OperationVector>('identity-operations.json').map((one) => [`${one.name} (${one.rule})`, one] as const),
  )('identity-operations.json: %s', (_, { hex, expect: expected }) => {
    const { verdict, operation } = checkOperation(bytesOf(hex), verifier)
    const answer = verdict.verdict === 'accept' ? { ...verdict, id: toHex(operation?.id ?? new Uint8Array()) } : verdict
    expect(answer).toEqual(expected)
  })

  it.each(casesOf<RecordVector>('records.json').map((one) => [`${one.name} (${one.rule})`, one] as const))(
    'records.json: %s',
    (_, { hex, expect: expected }) => {
      expect(verifyRecordLine(hex, verifier)).toEqual(expected)
    },
  )
})

describe('identity-chains.json', () => {
  const [, verifier] = VERIFIERS[0] as (typeof VERIFIERS)[number]
  const cases = casesOf<ChainVector>('identity-chains.json').map((one) => [`${one.name} (${one.rule})`, one] as const)

  it.each(cases)('%s', (_, { operations, expect: expected }) => {
    const checked = operations.map((hex) => checkOperation(bytesOf(hex), verifier))
    expect(checked.map(({ verdict }) => verdict.verdict)).toEqual(checked.map(() => 'accept'))
    const set = checked.map(({ operation }) => operation as IdentityOperation)
    expect(describeState(resolveChain(set))).toEqual(expected)
    expect(describeState(resolveChain(set.toReversed()))).toEqual(expected)
  })
})

describe('paper-keys.json', () => {
  const cases = casesOf<PaperVector>('paper-keys.json').map((one) => [`${one.name} (${one.rule})`, one] as const)

  it.each(cases)('%s', (_, { text, expect: expected }) => {
    const paper = parsePaperKey(text)
    const answer =
      paper === undefined
        ? null
        : {
            seed: toHex(paper.keyPair.secretKey),
            addressStart: toHex(paper.addressStart),
            paperHash: toHex(sha256(paper.keyPair.publicKey)),
          }
    expect(answer).toEqual(expected)
  })
})

describe('ids', () => {
  it('are CIDv1 dag-cbor of the header (REC6)', () => {
    expect(formatRecordId(new Uint8Array(32))).toMatch(/^bafyrei[a-z2-7]{52}$/)
  })
})
