import { describe, expect, it } from 'vitest'
import { formatPaperKey, generatePaperKey } from '../../../../core/identity/paper-key.ts'
import { redactFields, redactText } from '../../../../core/node/host/redact.ts'

const WORDS = 'legal winner thank year wave sausage worth useful legal winner thank year wave sausage worth'

describe('redactText', () => {
  it('blanks tokens and session cookies, and leaves the rest', () => {
    expect(redactText('GET /open?token=abc_DEF-123 done')).toBe('GET /open?token=[redacted] done')
    expect(redactText('Cookie: palabre_8080=s3cret; other=1')).toBe('Cookie: palabre_8080=[redacted]; other=1')
    expect(redactText('listening on /ip4/127.0.0.1/tcp/4001')).toBe('listening on /ip4/127.0.0.1/tcp/4001')
  })

  it('blanks a row of recovery words', () => {
    expect(redactText(`vault: ${WORDS}.`)).toBe('vault: [redacted words].')
  })

  it('blanks a paper key', () => {
    const paper = formatPaperKey(generatePaperKey(new Uint8Array(32)))
    expect(redactText(`typed ${paper}.`)).toBe('typed [redacted paper key].')
    expect(redactText(`typed ${paper.toLowerCase()}.`)).toBe('typed [redacted paper key].')
    expect(redactText('PALABRE-PAPER-1 is how it begins')).toBe('PALABRE-PAPER-1 is how it begins')
  })
})

describe('redactFields', () => {
  it('blanks by name, at any depth that is written', () => {
    const fields = { a: { secretKey: 'x', list: [{ token: 't', peerId: 'p' }] }, 'set-cookie': 'c', words: ['a', 'b'] }
    expect(redactFields(fields)).toEqual({
      a: { secretKey: '[redacted]', list: [{ token: '[redacted]', peerId: 'p' }] },
      'set-cookie': '[redacted]',
      words: '[redacted]',
    })
  })

  it('says of bytes only how many they are', () => {
    expect(redactFields({ key: new Uint8Array(32) })).toEqual({ key: '[32 bytes]' })
  })

  it('keeps code, message, trace and cause of an error, without what is secret in them', () => {
    const error = new Error('at ?token=abc', { cause: new TypeError('inner') })
    expect(redactFields({ err: error }).err).toMatchObject({
      type: 'Error',
      message: 'at ?token=[redacted]',
      cause: { type: 'TypeError', message: 'inner' },
    })
  })

  it('ends on what refers to itself', () => {
    const loop: Record<string, unknown> = {}
    loop.self = loop
    expect(JSON.stringify(redactFields(loop))).toContain('[…]')
  })
})
