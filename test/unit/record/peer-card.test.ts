import { describe, expect, it } from 'vitest'
import { generateKeyPair } from '../../../core/identity/keys.ts'
import { MAX_TS_MS } from '../../../core/record/limits.ts'
import {
  checkPeerCard,
  decodePeerCard,
  encodePeerCard,
  MAX_CARD_BYTES,
  type PeerCard,
  type PeerCardWord,
  signPeerCard,
} from '../../../core/record/peer-card.ts'
import { VERIFIERS } from '../../harness/verifiers.ts'

const device = generateKeyPair()
const WORD: PeerCardWord = {
  device: device.publicKey,
  author: generateKeyPair().publicKey,
  role: 'peer',
  addresses: ['/ip4/192.0.2.7/tcp/4001', '/dns4/seed.example/tcp/443/tls/ws'],
  ts: 1_767_323_045_678,
  extensions: {},
}
const [, verifier] = VERIFIERS[0] as (typeof VERIFIERS)[number]
const sign = (change: Partial<PeerCardWord> = {}, network?: string) =>
  signPeerCard({ ...WORD, ...change }, { secretKey: device.secretKey, ...(network === undefined ? {} : { network }) })

describe('signPeerCard', () => {
  it.each<[string, Partial<PeerCardWord>]>([
    ['of a peer with an account', {}],
    ['of a seed without one', { author: null, role: 'seed' }],
    ['without an address, which takes the ones before back', { addresses: [] }],
    ['with what only later versions know', { extensions: { later: 7 } }],
  ])('makes a card that every peer accepts, byte for byte what it returned: %s (DSC1)', (_, change) => {
    const card = sign(change)
    expect(checkPeerCard(encodePeerCard(card), verifier)).toEqual({ ok: true, card })
  })

  it('is worth nothing on another network (SIG5)', () => {
    const wire = encodePeerCard(sign({}, 'elsewhere'))
    expect(checkPeerCard(wire, verifier)).toEqual({ ok: false, reason: 'bad-signature' })
    expect(checkPeerCard(wire, verifier, 'elsewhere')).toMatchObject({ ok: true })
  })

  it.each<[string, Partial<PeerCardWord>]>([
    ['nine addresses', { addresses: Array.from({ length: 9 }, () => '/ip4/192.0.2.7/tcp/4001') }],
    ['an address of 256 bytes', { addresses: [`/dns4/${'a'.repeat(250)}`] }],
    ['an address that is none', { addresses: ['https://seed.example'] }],
    ['a device of 31 bytes', { device: new Uint8Array(31) }],
    ['an author of 31 bytes', { author: new Uint8Array(31) }],
    ['time 0', { ts: 0 }],
    ['a time after the year 9999', { ts: MAX_TS_MS + 1 }],
    ['more than 1,536 bytes', { extensions: { later: new Uint8Array(1_400) } }],
  ])('refuses what no peer would take: %s (DSC2)', (_, change) => {
    expect(() => sign(change)).toThrow(RangeError)
  })
})

describe('checkPeerCard', () => {
  it('names what is wrong with a card that says something else than what was signed (DSC1)', () => {
    const card = sign()
    const changed: Partial<PeerCard>[] = [
      { author: generateKeyPair().publicKey },
      { author: null },
      { role: 'seed' },
      { addresses: ['/ip4/203.0.113.9/tcp/4001'] },
      { ts: card.ts + 1 },
      { extensions: { more: 1 } },
    ]
    for (const change of changed) {
      const wire = encodePeerCard({ ...card, ...change })
      expect(checkPeerCard(wire, verifier)).toEqual({ ok: false, reason: 'bad-signature' })
    }
    const other = encodePeerCard({ ...card, device: generateKeyPair().publicKey })
    expect(checkPeerCard(other, verifier)).toEqual({ ok: false, reason: 'bad-signature' })
  })

  it('never throws for cut bytes, and never accepts them (DSC2)', () => {
    const wire = encodePeerCard(sign())
    for (let length = 0; length < wire.length; length++) {
      expect(decodePeerCard(wire.slice(0, length))).toEqual({ ok: false, reason: 'bad-cbor' })
    }
    expect(decodePeerCard(new Uint8Array(MAX_CARD_BYTES + 1))).toEqual({ ok: false, reason: 'too-large' })
  })
})
