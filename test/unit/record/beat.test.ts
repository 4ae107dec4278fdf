import { describe, expect, it } from 'vitest'
import { generateKeyPair } from '../../../core/identity/keys.ts'
import {
  type Beat,
  type BeatDraft,
  checkBeat,
  compareBeats,
  decodeBeat,
  encodeBeat,
  MAX_BEAT_BYTES,
  signBeat,
} from '../../../core/record/beat.ts'
import { MAX_TS_MS } from '../../../core/record/limits.ts'
import { VERIFIERS } from '../../harness/verifiers.ts'

const device = generateKeyPair()
const DRAFT: BeatDraft = {
  author: generateKeyPair().publicKey,
  device: device.publicKey,
  secretKey: device.secretKey,
  seq: 7,
  head: new Uint8Array(32).fill(9),
  ts: 1_767_323_045_678,
}
const [, verifier] = VERIFIERS[0] as (typeof VERIFIERS)[number]

describe('signBeat', () => {
  it('makes a beat that every peer accepts, byte for byte what it returned (BEA1)', () => {
    const beat = signBeat(DRAFT)
    expect(checkBeat(encodeBeat(beat), verifier)).toEqual({ ok: true, beat })
  })

  it('is worth nothing on another network (SIG5)', () => {
    const wire = encodeBeat(signBeat({ ...DRAFT, network: 'elsewhere' }))
    expect(checkBeat(wire, verifier)).toEqual({ ok: false, reason: 'bad-signature' })
    expect(checkBeat(wire, verifier, 'elsewhere')).toMatchObject({ ok: true })
  })

  it('never has more than 183 bytes, which fit (BEA2)', () => {
    const longest = encodeBeat(signBeat({ ...DRAFT, seq: 2 ** 32 - 1, ts: MAX_TS_MS }))
    expect(longest).toHaveLength(183)
    expect(longest.length).toBeLessThanOrEqual(MAX_BEAT_BYTES)
  })

  it.each<[string, Partial<BeatDraft>]>([
    ['number 0', { seq: 0 }],
    ['half a number', { seq: 1.5 }],
    ['number 2^32', { seq: 2 ** 32 }],
    ['time 0', { ts: 0 }],
    ['a time after the year 9999', { ts: MAX_TS_MS + 1 }],
    ['a head of 31 bytes', { head: new Uint8Array(31) }],
    ['an author of 31 bytes', { author: new Uint8Array(31) }],
  ])('refuses what no peer would take: %s (BEA2)', (_, change) => {
    expect(() => signBeat({ ...DRAFT, ...change })).toThrow(RangeError)
  })
})

describe('checkBeat', () => {
  it('names what is wrong with a beat that says something else than what was signed (BEA1)', () => {
    const beat = signBeat(DRAFT)
    const changed: Partial<Beat>[] = [
      { author: generateKeyPair().publicKey },
      { seq: 8 },
      { head: new Uint8Array(32) },
      { ts: beat.ts + 1 },
    ]
    for (const change of changed) {
      expect(checkBeat(encodeBeat({ ...beat, ...change }), verifier)).toEqual({ ok: false, reason: 'bad-signature' })
    }
  })

  it('never throws for cut bytes, and never accepts them (BEA2)', () => {
    const wire = encodeBeat(signBeat(DRAFT))
    for (let length = 0; length < wire.length; length++) {
      expect(decodeBeat(wire.slice(0, length))).toEqual({ ok: false, reason: 'bad-cbor' })
    }
  })
})

describe('compareBeats', () => {
  it('takes the higher number, then the later time, then the lower head (BEA4)', () => {
    const word = { seq: 5, ts: 100, head: new Uint8Array(32).fill(5) }
    expect(compareBeats({ ...word, seq: 6, ts: 1 }, word)).toBeGreaterThan(0)
    expect(compareBeats({ ...word, ts: 101 }, word)).toBeGreaterThan(0)
    expect(compareBeats({ ...word, head: new Uint8Array(32).fill(4) }, word)).toBeGreaterThan(0)
    expect(compareBeats(word, word)).toBe(0)
  })
})
