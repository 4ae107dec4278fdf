import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { fromHex } from '../../core/util/bytes.ts'
import type { BoxVector, GrantVector } from '../../scripts/vectors/private-vectors.ts'
import { nodeOpenBox, nodeOpenGrant } from '../harness/node-sealing.ts'

const bytesOf = (hex: string) => fromHex(hex) as Uint8Array
const file = new URL('../vectors/private.json', import.meta.url)
const { cases } = JSON.parse(readFileSync(file, 'utf8')) as { cases: (BoxVector | GrantVector)[] }

describe('private.json, by node:crypto alone', () => {
  it.each(cases.map((one) => [`${one.name} (${one.rule})`, one] as const))('%s', (_, one) => {
    if ('box' in one) {
      const opened = nodeOpenBox(bytesOf(one.key), bytesOf(one.address), bytesOf(one.box))
      expect(opened?.toString('hex') ?? null).toBe(one.expect.plaintext)
      return
    }
    const [recipient, once, wrapped] = one.grant.map(bytesOf) as [Uint8Array, Uint8Array, Uint8Array]
    const grant = { recipient, once, wrapped }
    const key = nodeOpenGrant(bytesOf(one.secretKey), grant, bytesOf(one.address), bytesOf(one.keyId))
    expect(key?.toString('hex') ?? null).toBe(one.expect.key)
  })
})
