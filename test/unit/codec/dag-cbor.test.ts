import { CID } from 'multiformats/cid'
import { describe, expect, it } from 'vitest'
import {
  type CborMap,
  CodecError,
  decodeCbor,
  encodeCbor,
  isCborArray,
  isCborMap,
} from '../../../core/codec/dag-cbor.ts'
import { fromHex, toHex } from '../../../core/util/bytes.ts'

const bytesOf = (hex: string) => fromHex(hex) as Uint8Array

function faultOf(action: () => unknown): CodecError {
  try {
    action()
  } catch (error) {
    if (error instanceof CodecError) return error
    throw error
  }
  throw new Error('nothing was thrown')
}

describe('decodeCbor', () => {
  it('gives maps without a prototype, so that no key is special (CBR7)', () => {
    const map = decodeCbor(bytesOf('a2695f5f70726f746f5f5f006b636f6e7374727563746f7201')) as CborMap
    expect(Object.getPrototypeOf(map)).toBeNull()
    expect(Object.keys(map)).toEqual(['__proto__', 'constructor'])
    expect(({} as Record<string, unknown>).polluted).toBeUndefined()
  })

  it('copies byte strings, of a Buffer too', () => {
    const source = Buffer.from('43010203', 'hex')
    const value = decodeCbor(source) as Uint8Array
    source.fill(0)
    expect(value.constructor).toBe(Uint8Array)
    expect(toHex(value)).toBe('010203')
    expect(value.buffer.byteLength).toBe(3)
  })

  it('says where the fault is', () => {
    const fault = faultOf(() => decodeCbor(bytesOf('8201f7')))
    expect(fault).toMatchObject({ reason: 'bad-cbor', offset: 2, code: 'codec' })
    expect(fault.message).toMatch(/^bad-cbor at byte 2: /)
  })

  it('allocates nothing for lengths that are not there (CBR1, CBR11)', () => {
    expect(faultOf(() => decodeCbor(bytesOf('5b001fffffffffffff'))).reason).toBe('bad-cbor')
    expect(faultOf(() => decodeCbor(bytesOf('9b001fffffffffffff'))).reason).toBe('too-many-items')
    expect(faultOf(() => decodeCbor(bytesOf('bb001fffffffffffff'))).reason).toBe('too-many-items')
  })

  it('takes other limits than those of records', () => {
    const deep = bytesOf(`${'81'.repeat(7)}80`)
    expect(faultOf(() => decodeCbor(deep)).reason).toBe('too-deep')
    expect(decodeCbor(deep, { maxDepth: 8 })).toHaveLength(1)
    expect(faultOf(() => decodeCbor(deep, { maxDepth: 8, maxItems: 7 })).reason).toBe('too-many-items')
    expect(faultOf(() => decodeCbor(bytesOf('00'), { maxItems: 0 })).reason).toBe('too-many-items')
    expect(faultOf(() => decodeCbor(bytesOf('a1616100'), { maxKeyBytes: 0 })).reason).toBe('bad-cbor')
  })

  it('survives a bomb of nested arrays (CBR10)', () => {
    expect(faultOf(() => decodeCbor(new Uint8Array(1_000_000).fill(0x81))).reason).toBe('too-deep')
  })
})

describe('encodeCbor', () => {
  it('sorts keys by length, then bytewise (CBR7)', () => {
    expect(toHex(encodeCbor({ aa: 1, b: 2, a: 3 }))).toBe('a361610361620262616101')
  })

  it.each([
    ['a float', 1.5],
    ['a negative number', -1],
    ['negative zero', -0],
    ['2^53', 2 ** 53],
    ['NaN', Number.NaN],
    ['undefined', undefined],
    ['a bigint', 1n],
    ['half a surrogate pair', '\ud800'],
    ['a key with half a surrogate pair', { '\ud800': 1 }],
    ['an entry that is undefined', { a: undefined }],
    ['a hole in an array', new Array(1)],
    ['a Map', new Map()],
    ['a Date', new Date(0)],
    ['a CIDv0', CID.parse('QmdfTbBqBPQ7VNxZEYEj14VmRuZBkqFbiwReogJgS1zR1n')],
  ])('refuses %s', (_, value) => {
    expect(() => encodeCbor(value as never)).toThrow(TypeError)
    expect(() => encodeCbor([value] as never)).toThrow(TypeError)
  })

  it('refuses a value that holds itself', () => {
    const loop: unknown[] = []
    loop.push(loop)
    expect(() => encodeCbor(loop as never)).toThrow(TypeError)
  })
})

describe('isCborMap and isCborArray', () => {
  it('tell maps, arrays and the rest apart', () => {
    const link = decodeCbor(bytesOf(`d82a58250001551220${'00'.repeat(32)}`))
    const values = [decodeCbor(bytesOf('a0')), [], new Uint8Array(), link, null, 'text', undefined]
    expect(values.map(isCborMap)).toEqual([true, false, false, false, false, false, false])
    expect(values.map(isCborArray)).toEqual([false, true, false, false, false, false, false])
  })
})
