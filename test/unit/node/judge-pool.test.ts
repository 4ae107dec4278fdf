import { describe, expect, it, onTestFinished } from 'vitest'
import { signingInput } from '../../../core/identity/domains.ts'
import type { SignatureInput } from '../../../core/ingest/signature-judges.ts'
import { JudgePool } from '../../../core/node/judge-pool.ts'
import { silentLogger } from '../../../core/util/logger.ts'
import { TestAuthor } from '../../harness/authors.ts'

const ada = new TestAuthor('Ada')
const ben = new TestAuthor('Ben')

function createPool(worker?: URL): JudgePool {
  const pool = new JudgePool({ logger: silentLogger }, { threads: 2, ...(worker !== undefined && { worker }) })
  onTestFinished(() => pool.close())
  return pool
}

function inputOf(author: TestAuthor, text: string): SignatureInput {
  const { header, headerBytes, signature } = author.post(text)
  return { key: header.device, message: signingInput('record', headerBytes, 'palabre'), signature }
}

describe('JudgePool', () => {
  it('judges each by the rule, in order, whoever it is given to (SIG1, SIG4)', async () => {
    const inputs = Array.from({ length: 40 }, (_, i) => inputOf(i % 3 === 0 ? ada : ben, `number ${i}`))
    const wrong = inputs.map((input, i) => {
      if (i % 5 === 0) return { ...input, message: input.message.map((byte) => byte ^ 1) }
      return i % 7 === 0 ? { ...input, key: new Uint8Array(32) } : input
    })
    const judgements = await createPool().judge(wrong)
    expect(judgements).toEqual(wrong.map((_, i) => (i % 5 === 0 ? 'bad-signature' : i % 7 === 0 ? 'bad-key' : null)))
  })

  it('gives each of many keys to one thread', async () => {
    const inputs = Array.from({ length: 40 }, (_, i) => inputOf(new TestAuthor(`Person ${i}`), 'hello'))
    const pool = createPool()
    expect(await Promise.all([pool.judge(inputs), pool.judge(inputs.toReversed())])).toEqual([
      inputs.map(() => null),
      inputs.map(() => null),
    ])
  })

  it('leaves unjudged what waits when it ends, and what comes after a thread has failed', async () => {
    const inputs = [inputOf(ada, 'a'), inputOf(ben, 'b')]
    const pool = createPool()
    const waiting = pool.judge(inputs)
    await pool.close()
    expect(await waiting).toEqual([undefined, undefined])
    // It begins anew when somebody asks.
    expect(await pool.judge(inputs)).toEqual([null, null])
    const broken = createPool(new URL('data:text/javascript,throw new Error("no")'))
    expect(await broken.judge(inputs)).toEqual([undefined, undefined])
    expect(await broken.judge(inputs)).toEqual([undefined, undefined])
  })
})
