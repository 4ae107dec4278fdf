import { describe, expect, it } from 'vitest'
import { WhoisError } from '../../../core/account/whois-error.ts'
import { decodeWhoisFrame, encodeWhoisFrame, type WhoisFrame } from '../../../core/account/whois-frames.ts'
import { MAX_WHOIS_FRAME_BYTES } from '../../../core/account/whois-limits.ts'
import { type CborValue, encodeCbor } from '../../../core/codec/dag-cbor.ts'
import { fakeKey } from '../../harness/memory-square.ts'
import { fuzzCases, fuzzSeed, SeededChoice } from '../../harness/seeded-random.ts'

const key = fakeKey('key')
const start = fakeKey('address').slice(0, 8)
const none = new Uint8Array()

const FRAMES: WhoisFrame[] = [
  {
    type: 'ask',
    version: 1,
    network: 'palabre',
    question: { by: 'authority', keyHash: key, addressStart: start },
    extensions: { later: true },
  },
  {
    type: 'ask',
    version: 7,
    network: '',
    question: { by: 'authority', keyHash: key, addressStart: none },
    extensions: {},
  },
  { type: 'ask', version: 1, network: 'palabre', question: { by: 'key', key }, extensions: {} },
  { type: 'chain', address: key, operations: [Uint8Array.of(1), none] },
  { type: 'end', isComplete: false },
  { type: 'error', code: 'busy' },
]

describe('whois frames (RCV4)', () => {
  it.each(FRAMES.map((frame) => [frame.type, frame] as const))('a frame of type %s comes back', (_, frame) => {
    expect(decodeWhoisFrame(encodeWhoisFrame(frame))).toEqual(frame)
  })

  it('takes elements that a later version appends to a question', () => {
    const bytes = encodeCbor([0, 1, 'palabre', 1, key, none, {}, 'more'])
    expect(decodeWhoisFrame(bytes)).toMatchObject({ type: 'ask', question: { by: 'key', key } })
  })

  it.each<[string, CborValue]>([
    ['no array', { type: 0 }],
    ['no type', []],
    ['an unknown type', [4, true]],
    ['a question without its extensions', [0, 1, 'palabre', 1, key, none]],
    ['a question of an unknown kind', [0, 1, 'palabre', 2, key, none, {}]],
    ['a key of 31 bytes', [0, 1, 'palabre', 1, key.slice(1), none, {}]],
    ['a start of 33 bytes', [0, 1, 'palabre', 0, key, new Uint8Array(33), {}]],
    ['a start beside a key', [0, 1, 'palabre', 1, key, start, {}]],
    ['a long network', [0, 1, 'n'.repeat(65), 1, key, none, {}]],
    ['a version that is no number', [0, '1', 'palabre', 1, key, none, {}]],
    ['extensions that are no map', [0, 1, 'palabre', 1, key, none, []]],
    ['a chain without operations', [1, key, []]],
    ['a chain of no address', [1, none, [none]]],
    ['an operation that is no bytes', [1, key, ['op']]],
    ['an operation over its limit', [1, key, [new Uint8Array(32 * 1024 + 1)]]],
    ['an end that says nothing', [2]],
    ['an error without a known code', [3, 'because']],
  ])('refuses %s', (_, value) => {
    expect(() => decodeWhoisFrame(encodeCbor(value))).toThrow(expect.objectContaining({ code: 'bad-frame' }))
  })

  it('refuses bytes that are too many or no frame', () => {
    for (const bytes of [none, Uint8Array.of(0xff), new Uint8Array(MAX_WHOIS_FRAME_BYTES + 1)]) {
      expect(() => decodeWhoisFrame(bytes)).toThrow(expect.objectContaining({ code: 'bad-frame' }))
    }
  })

  it('answers mutated bytes with a frame or a named error', () => {
    const choice = new SeededChoice(fuzzSeed('whois frames'))
    for (let i = 0; i < fuzzCases(5_000); i++) {
      const bytes = encodeWhoisFrame(choice.pick(FRAMES)).slice()
      for (let n = choice.below(4); n >= 0; n--) bytes[choice.below(bytes.length)] = choice.below(256)
      try {
        decodeWhoisFrame(bytes.slice(0, choice.below(8) === 0 ? choice.below(bytes.length) : undefined))
      } catch (error) {
        expect(error).toBeInstanceOf(WhoisError)
      }
    }
  })
})
