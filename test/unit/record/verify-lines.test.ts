import { describe, expect, it } from 'vitest'
import { verifyRecordLine, verifySignatureLine } from '../../../core/record/verify-lines.ts'
import { recordVectors } from '../../../scripts/vectors/record-vectors.ts'
import { type SignatureVector, signatureVectors } from '../../../scripts/vectors/signature-vectors.ts'
import { VERIFIERS } from '../../harness/verifiers.ts'

const [, verifier] = VERIFIERS[0] as (typeof VERIFIERS)[number]
const good = recordVectors().cases.find(({ expect: { verdict } }) => verdict === 'accept')

describe('verifyRecordLine', () => {
  it('takes hex of either case, white space around it', () => {
    expect(verifyRecordLine(` ${good?.hex.toUpperCase()}\r`, verifier)).toEqual(good?.expect)
  })

  it.each(['zz', 'abc', '0x00', '{"verdict":"accept"}', '🌿'])('has a verdict for %s', (line) => {
    expect(verifyRecordLine(line, verifier)).toEqual({ verdict: 'reject', reason: 'bad-cbor' })
  })

  it('has a verdict for an empty line', () => {
    expect(verifyRecordLine('', verifier)).toEqual({ verdict: 'reject', reason: 'bad-cbor' })
  })
})

describe('verifySignatureLine', () => {
  const { publicKey, message, signature } = signatureVectors().cases[0] as SignatureVector

  it('answers by the rule', () => {
    expect(verifySignatureLine(JSON.stringify({ publicKey, message, signature }), verifier)).toEqual({ valid: true })
    expect(verifySignatureLine(JSON.stringify({ publicKey, message: '00', signature }), verifier)).toEqual({
      valid: false,
      reason: 'bad-signature',
    })
    expect(verifySignatureLine(JSON.stringify({ publicKey: '', message, signature }), verifier)).toEqual({
      valid: false,
      reason: 'bad-key',
    })
  })

  it.each([
    ['', 'bad-json'],
    ['nonsense', 'bad-json'],
    ['null', 'bad-json'],
    ['[]', 'bad-json'],
    ['"text"', 'bad-json'],
    ['{}', 'bad-hex'],
    [JSON.stringify({ publicKey, message, signature: 7 }), 'bad-hex'],
    [JSON.stringify({ publicKey, message: 'zz', signature }), 'bad-hex'],
    [`{"__proto__":{"publicKey":"${publicKey}"},"message":"","signature":""}`, 'bad-hex'],
  ])('has an answer for %s', (line, reason) => {
    expect(verifySignatureLine(line, verifier)).toEqual({ valid: false, reason })
  })
})
