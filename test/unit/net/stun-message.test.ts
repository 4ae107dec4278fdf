import { describe, expect, it } from 'vitest'
import { decodeBindingRequest, encodeBindingSuccess, MAX_REQUEST_BYTES } from '../../../core/net/stun-message.ts'
import { fromHex, toHex } from '../../../core/util/bytes.ts'
import { SeededChoice } from '../../harness/seeded-random.ts'

const bytesOf = (hex: string): Uint8Array => fromHex(hex) as Uint8Array

const TRANSACTION = '2112a442b7e7a701bc34d686fa87dfae'
const REQUEST = `00010000${TRANSACTION}`

/** A request with attributes behind its header, its length right. */
function withAttributes(hex: string): Uint8Array {
  const length = (hex.length / 2).toString(16).padStart(4, '0')
  return bytesOf(`0001${length}${TRANSACTION}${hex}`)
}

describe('decodeBindingRequest', () => {
  it('reads the transaction of a request, with or without attributes that may be ignored (RCH5)', () => {
    expect(toHex(decodeBindingRequest(bytesOf(REQUEST)) ?? new Uint8Array())).toBe(TRANSACTION)
    // SOFTWARE with three bytes of text and one of padding, and FINGERPRINT.
    const request = withAttributes(`80220003616263${'00'}80280004e57a3bcf`)
    expect(toHex(decodeBindingRequest(request) ?? new Uint8Array())).toBe(TRANSACTION)
  })

  it.each([
    ['nothing', ''],
    ['a header that is cut', REQUEST.slice(0, 38)],
    ['an answer', `0101${REQUEST.slice(4)}`],
    ['an indication', `0011${REQUEST.slice(4)}`],
    ['another method', `0003${REQUEST.slice(4)}`],
    ['the old magic', REQUEST.replace('2112a442', '2112a443')],
    ['a length beyond the end', `00010004${TRANSACTION}`],
    ['bytes beyond the length', `${REQUEST}00000000`],
    ['a length that is no multiple of four', `00010003${TRANSACTION}802200`],
    ['an attribute beyond the end', `00010004${TRANSACTION}80220004`],
    ['an attribute that must be understood', `00010008${TRANSACTION}0003000400000006`],
  ])('answers nothing to %s (RCH5)', (_what, hex) => {
    expect(decodeBindingRequest(bytesOf(hex))).toBeNull()
  })

  it('answers nothing to what is longer than any path carries (RCH5)', () => {
    const software = (bytes: number) =>
      withAttributes(`8022${bytes.toString(16).padStart(4, '0')}${'00'.repeat(bytes)}`)
    expect(decodeBindingRequest(software(MAX_REQUEST_BYTES - 24))).not.toBeNull()
    expect(decodeBindingRequest(software(MAX_REQUEST_BYTES - 20))).toBeNull()
  })

  it('never throws, whatever the bytes', () => {
    const random = new SeededChoice(7)
    for (let i = 0; i < 20_000; i++) {
      const bytes = bytesOf(REQUEST + '80220004'.repeat(random.below(4)))
      for (let change = random.below(4); change >= 0; change--) bytes[random.below(bytes.length)] = random.below(256)
      decodeBindingRequest(bytes.subarray(0, random.below(bytes.length + 1)))
    }
  })
})

describe('encodeBindingSuccess', () => {
  it('says the address as the vectors of RFC 5769 have it (RCH5)', () => {
    const v4 = encodeBindingSuccess(bytesOf(TRANSACTION), '192.0.2.1', 32_853)
    expect(toHex(v4)).toBe(`0101000c${TRANSACTION}002000080001a147e112a643`)
    const v6 = encodeBindingSuccess(bytesOf(TRANSACTION), '2001:db8:1234:5678:11:2233:4455:6677', 32_853)
    expect(toHex(v6)).toBe(`01010018${TRANSACTION}002000140002a1470113a9faa5d3f179bc25f4b5bed2b9d9`)
  })

  it('takes an address of version 4 in the clothes of version 6 for what it is', () => {
    const plain = encodeBindingSuccess(bytesOf(TRANSACTION), '192.0.2.1', 80)
    expect(encodeBindingSuccess(bytesOf(TRANSACTION), '::ffff:192.0.2.1', 80)).toEqual(plain)
  })

  it.each([
    ['::1', `${'00'.repeat(15)}01`],
    ['fe80::1%eth0', `fe80${'00'.repeat(13)}01`],
    ['2001:db8::', `20010db8${'00'.repeat(12)}`],
  ])('writes out %s', (address, hex) => {
    const bytes = encodeBindingSuccess(bytesOf(TRANSACTION), address, 1).subarray(28)
    expect(toHex(bytes.map((byte, i) => byte ^ (bytesOf(TRANSACTION)[i] as number)))).toBe(hex)
  })

  it('refuses what is no address', () => {
    expect(() => encodeBindingSuccess(bytesOf(TRANSACTION), 'example.org', 1)).toThrow(RangeError)
  })
})
