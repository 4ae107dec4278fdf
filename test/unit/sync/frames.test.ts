import { describe, expect, it } from 'vitest'
import { type CborValue, encodeCbor } from '../../../core/codec/dag-cbor.ts'
import { decodeFrame, encodeFrame, type SyncFrame } from '../../../core/sync/frames.ts'
import { HELLO } from '../../harness/scripted-sync-peer.ts'

const key = new Uint8Array(32).fill(7)
const chain = new Uint8Array(8).fill(1)
const logs = [{ device: key, ranges: [[1, 5] as const, [7, 2 ** 32 - 1] as const] }]
const beat = { seq: 9, head: key, ts: 1_767_323_045_678, signature: new Uint8Array(64).fill(2) }
const offered = [
  ...logs.map((log) => ({ ...log, marks: [{ seq: 9, digest: new Uint8Array(8) }], beat })),
  ...logs.map((log) => ({ ...log, marks: [], beat: null })),
]
const items = [Uint8Array.of(1), new Uint8Array(300)]

const FRAMES: readonly SyncFrame[] = [
  HELLO,
  { ...HELLO, role: 'seed', scope: [key], profile: key, capabilities: { name: 'Ana', later: [1] } },
  {
    type: 'interest',
    everyone: true,
    keys: [key],
    digests: new Uint8Array(),
    sketch: new Uint8Array(),
    known: null,
    isLast: false,
  },
  {
    type: 'interest',
    everyone: false,
    keys: [],
    digests: new Uint8Array(24).fill(3),
    sketch: new Uint8Array(36).fill(4),
    known: null,
    isLast: true,
  },
  {
    type: 'have',
    entries: [{ author: key, chain, alias: key, logs: offered }],
    alike: Uint8Array.of(7),
    differing: null,
    isLast: true,
  },
  { type: 'have', entries: [], alike: new Uint8Array(), differing: new Uint8Array(16), isLast: true },
  { type: 'need', entries: [{ author: key, needsChain: true, logs }], isLast: true },
  { type: 'operations', number: 1, items },
  { type: 'records', number: 2, items },
  { type: 'ack', number: 2, kept: Uint8Array.of(3) },
  { type: 'done', operations: 2, records: 2, isComplete: false },
  { type: 'error', code: 'busy' },
]

const records = (count: number): CborValue => [5, 1, new Array(count).fill(Uint8Array.of(1))]
const need = (...ranges: number[]): CborValue => [3, [[key, false, [[key, ranges]]]], true]
const have = (beats: CborValue[]): CborValue => [
  2,
  [[key, chain, null, [[key, [1, 9], [], ...beats]]]],
  new Uint8Array(),
  null,
  true,
]
const end = (alikeBytes: number, differingBytes: number | null, isLast = true): CborValue => {
  const differing = differingBytes === null ? null : new Uint8Array(differingBytes)
  return [2, [], new Uint8Array(alikeBytes), differing, isLast]
}
const interest = (count: number, digestBytes = 0, isLast = true, sketchBytes = 0): CborValue => [
  1,
  false,
  new Array(count).fill(key),
  new Uint8Array(digestBytes),
  new Uint8Array(sketchBytes),
  null,
  isLast,
]

describe('frames of sync', () => {
  it.each(FRAMES.map((frame, i) => [i, frame] as const))('go both ways: %i, $type (SYN2)', (_, frame) => {
    expect(decodeFrame(encodeFrame(frame))).toEqual(frame)
  })

  it('begin with the number of their type (SYN2)', () => {
    const types = ['hello', 'interest', 'have', 'need', 'operations', 'records', 'ack', 'done', 'error']
    expect(FRAMES.map((frame) => [frame.type, encodeFrame(frame)[1]])).toEqual(
      FRAMES.map(({ type }) => [type, types.indexOf(type)]),
    )
  })

  it('take a Hello that later versions made longer (SYN2)', () => {
    const plain = [0, 1, 'palabre', new Uint8Array(16), 1, 0, null, null, {}]
    expect(decodeFrame(encodeCbor([...plain, 'new']))).toEqual(HELLO)
  })

  it.each<[string, CborValue, CborValue]>([
    ['256 records and 257', records(256), records(257)],
    ['64 operations and 65', [4, 1, new Array(64).fill(key)], [4, 1, new Array(65).fill(key)]],
    ['one record and none', records(1), records(0)],
    ['a type that is known and one that is not', [8, 'busy'], [9, 'busy']],
    ['an array and a map', [8, 'busy'], { 8: 'busy' }],
    ['a code that is known and one that is not', [8, 'busy'], [8, 'tired']],
    [
      'a key of 32 bytes and of 31',
      interest(1),
      [1, false, [key.slice(1)], new Uint8Array(), new Uint8Array(), null, true],
    ],
    ['whole digests and a broken one', interest(0, 16), interest(0, 14)],
    ['4,096 digests and one more', interest(0, 4 * 4_096), interest(0, 4 * 4_097)],
    ['buckets with the last offer and before it', end(2, null), end(2, null, false)],
    ['512 bytes of buckets and one more', end(512, null), end(513, null)],
    ['digests that differ with the last offer and before it', end(0, 8), end(0, 8, false)],
    ['whole digests that differ and a broken one', end(0, 16), end(0, 15)],
    ['384 digests that differ and one more', end(0, 8 * 384), end(0, 8 * 385)],
    ['what differs, and buckets beside it', end(0, 8), end(1, 8)],
    ['a whole sketch and a broken one', interest(0, 4, true, 36), interest(0, 4, true, 24)],
    ['the longest sketch and a longer one', interest(0, 4, true, 4_608), interest(0, 4, true, 4_644)],
    ['a sketch with digests and without', interest(0, 4, true, 36), interest(0, 0, true, 36)],
    ['digests in the last frame and before it', interest(0, 4), interest(0, 4, false)],
    ['ranges that follow one another and that overlap', need(1, 2, 3, 4), need(1, 3, 3, 4)],
    ['a range and its beginning alone', need(1, 2), need(1)],
    ['number 1 and number 0', need(1, 2), need(0, 2)],
    ['number 2^32 − 1 and 2^32', need(1, 2 ** 32 - 1), need(1, 2 ** 32)],
    ['no beat and a beat that is missing', have([null]), have([])],
    ['a beat and a longer one', have([[9, key, 1, beat.signature]]), have([[9, key, 1, beat.signature, 1]])],
    ['a head of 32 bytes and of 31', have([[9, key, 1, beat.signature]]), have([[9, key.slice(1), 1, beat.signature]])],
    ['a signature of 64 bytes and of 63', have([[9, key, 1, beat.signature]]), have([[9, key, 1, chain]])],
    ['a beat at a time and at none', have([[9, key, 1, beat.signature]]), have([[9, key, null, beat.signature]])],
    ['64 ranges and 65', need(...pairs(64)), need(...pairs(65))],
  ])('take the first and refuse the second: %s (SYN2)', (_, taken, refused) => {
    expect(() => decodeFrame(encodeCbor(taken))).not.toThrow()
    expect(() => decodeFrame(encodeCbor(refused))).toThrow(expect.objectContaining({ code: 'bad-frame' }))
  })

  it('have at most 65,536 bytes and 40,000 values, and are canonical (SYN2)', () => {
    const refusal = expect.objectContaining({ code: 'bad-frame' })
    const fill = (bytes: number): CborValue => [5, 1, [new Uint8Array(bytes)]]
    expect(encodeCbor(fill(65_529))).toHaveLength(65_536)
    expect(() => decodeFrame(encodeCbor(fill(65_529)))).not.toThrow()
    expect(() => decodeFrame(encodeCbor(fill(65_530)))).toThrow(refusal)
    const capabilities = (count: number): CborValue => [
      ...[0, 1, 'palabre', new Uint8Array(16), 1, 0, null, null],
      { a: new Array(count).fill(0) },
    ]
    expect(() => decodeFrame(encodeCbor(capabilities(39_989)))).not.toThrow()
    expect(() => decodeFrame(encodeCbor(capabilities(39_990)))).toThrow(refusal)
    expect(() => decodeFrame(Uint8Array.of(0x82, 0x18, 0x08, 0x64, 0x62, 0x75, 0x73, 0x79))).toThrow(refusal)
  })
})

/** That many ranges of one number each, apart from one another. */
function pairs(count: number): number[] {
  return Array.from({ length: 2 * count }, (_, i) => 1 + 2 * (i >> 1))
}
