import { describe, expect, it } from 'vitest'
import { checkOperation } from '../../../core/identity/operation.ts'
import { createSignatureVerifier } from '../../../core/identity/signature.ts'
import { InputCheck, wireKey } from '../../../core/ingest/input-check.ts'
import { createNativeVerify, createNativeVerifyAside } from '../../../core/ingest/native-verify.ts'
import type { SignatureInput, SignatureJudges } from '../../../core/ingest/signature-judges.ts'
import { TestAuthor } from '../../harness/authors.ts'

const ada = new TestAuthor('Ada')
const post = ada.post('as it is')
const forged = withWrongSignature(post.bytes, post.signature)

function withWrongSignature(bytes: Uint8Array, signature: Uint8Array): Uint8Array {
  const changed = bytes.slice()
  const at = Buffer.from(bytes).indexOf(signature)
  changed[at] = (changed[at] as number) ^ 1
  return changed
}

/** Counts how often each path is asked. */
function open(judges?: SignatureJudges) {
  const asked = { here: 0, aside: 0 }
  const native = createNativeVerify(8)
  const nativeAside = createNativeVerifyAside(8)
  const verifier = createSignatureVerifier({
    native: (...input) => {
      asked.here++
      return native(...input)
    },
    nativeAside: (...input) => {
      asked.aside++
      return nativeAside(...input)
    },
  })
  const check = new InputCheck(
    { verifier, ...(judges !== undefined && { judges }) },
    { domain: 'palabre', maxRejects: 8, maxSeen: 8 },
  )
  const judge = (bytes: Uint8Array, isListed = () => true) => check.checkRecord(bytes, check.keyOf(bytes), isListed)
  return { check, asked, judge }
}

describe('InputCheck.foresee', () => {
  it('judges signatures beside the thread, so that their turn costs none', async () => {
    const { check, asked, judge } = open()
    await check.foresee([post.bytes, forged], () => true)
    expect(asked).toEqual({ here: 0, aside: 2 })
    expect(judge(post.bytes)).toMatchObject({ isVerified: true, verdict: { verdict: 'accept' } })
    expect(judge(forged).verdict).toEqual({ verdict: 'reject', reason: 'bad-signature' })
    expect(asked.here).toBe(0)
  })

  it('knows only these very arrays: the same bytes from elsewhere are judged anew', async () => {
    const { check, asked, judge } = open()
    await check.foresee([post.bytes], () => true)
    expect(judge(post.bytes.slice()).isVerified).toBe(true)
    expect(asked.here).toBe(1)
  })

  it('never asks about keys that nobody known has', async () => {
    const { check, asked, judge } = open()
    await check.foresee([post.bytes], () => false)
    expect(asked).toEqual({ here: 0, aside: 0 })
    expect(judge(post.bytes, () => false).isVerified).toBe(false)
    // Its chain came in between: now the signature counts, and is judged in its turn.
    expect(judge(post.bytes)).toMatchObject({ isVerified: true, verdict: { verdict: 'accept' } })
    expect(asked).toEqual({ here: 1, aside: 0 })
  })

  it('does nothing for what was refused or settled before', async () => {
    const { check, asked, judge } = open()
    expect(judge(forged).verdict.verdict).toBe('reject')
    check.settle(wireKey(post.bytes), post.id, ada.address)
    asked.here = 0
    await check.foresee([forged.slice(), post.bytes], () => true)
    expect(asked).toEqual({ here: 0, aside: 0 })
  })

  it('leaves what is no record to its turn', async () => {
    const { check, judge } = open()
    const junk = Uint8Array.of(1, 2, 3)
    await check.foresee([junk], () => true)
    expect(judge(junk).verdict.verdict).toBe('reject')
  })

  it('gives many at once to whoever judges many, and judges what came back unjudged in its turn', async () => {
    const given: SignatureInput[] = []
    const { check, asked, judge } = open({
      judge: async (inputs) => {
        given.push(...inputs)
        return inputs.map((_, i) => (i === 0 ? undefined : null))
      },
    })
    const posts = Array.from({ length: 256 }, (_, i) => ada.post(`number ${i}`).bytes)
    await check.foresee(posts, () => true)
    expect({ given: given.length, ...asked }).toEqual({ given: 256, here: 0, aside: 0 })
    for (const bytes of posts) expect(judge(bytes)).toMatchObject({ isVerified: true, verdict: { verdict: 'accept' } })
    expect(asked).toEqual({ here: 1, aside: 0 })
  })
})

describe('InputCheck.foreseeOperations', () => {
  const genesis = ada.genesis
  const operation = (check: InputCheck, bytes: Uint8Array) => check.checkOperation(bytes, wireKey(bytes)).verdict

  it('judges every signature and proof of an operation beside the thread', async () => {
    const { check, asked } = open()
    await check.foreseeOperations([genesis])
    expect(asked.here).toBe(0)
    expect(asked.aside).toBeGreaterThan(1)
    expect(operation(check, genesis)).toEqual({ verdict: 'accept' })
    expect(asked.here).toBe(0)
  })

  it('finds each wrong one as its turn would, and knows only these very arrays', async () => {
    const signatures: Uint8Array[] = []
    checkOperation(genesis, {
      verify: (_, __, signature) => {
        signatures.push(signature)
        return null
      },
    })
    expect(signatures.length).toBeGreaterThan(1)
    for (const signature of signatures) {
      const wrong = withWrongSignature(genesis, signature)
      const { check, asked } = open()
      await check.foreseeOperations([genesis, wrong, Uint8Array.of(1)])
      expect(operation(check, wrong)).toEqual({ verdict: 'reject', reason: 'bad-signature' })
      expect(operation(check, genesis)).toEqual({ verdict: 'accept' })
      expect(asked.here).toBe(0)
      expect(operation(open().check, wrong)).toEqual({ verdict: 'reject', reason: 'bad-signature' })
    }
  })
})
