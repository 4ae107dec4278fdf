import { describe, expect, it } from 'vitest'
import { createSignatureVerifier } from '../../../core/identity/signature.ts'
import { describeVectors } from '../../conformance/vector-suites.ts'

const texts = import.meta.glob<string>('../../vectors/*.json', { query: '?raw', import: 'default', eager: true })
const byName = Object.entries(texts).map(([path, text]) => [path.slice(path.lastIndexOf('/') + 1), text] as const)

describe('the pure zone', () => {
  it('runs here without Node.js, in a page', () => {
    expect(typeof document).toBe('object')
    expect('Buffer' in globalThis).toBe(false)
  })
})

describeVectors(new Map(byName), [['reference path', createSignatureVerifier()]])
