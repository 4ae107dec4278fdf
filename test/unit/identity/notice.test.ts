import { describe, expect, it } from 'vitest'
import { type IdentityState, resolveChain } from '../../../core/identity/chain.ts'
import { placeOperations } from '../../../core/identity/chain-path.ts'
import { sha256 } from '../../../core/identity/hash.ts'
import {
  isVetoed,
  MAX_NOTICE_BYTES,
  makeNotice,
  type NoticeContent,
  nextNoticeTs,
  readNotice,
  readNoticeFrame,
  readNotices,
  requestCode,
  requestId,
} from '../../../core/identity/notice.ts'
import {
  checkOperation,
  encodeOperation,
  type IdentityOperation,
  isNotice,
  signOperation,
} from '../../../core/identity/operation.ts'
import { createSignatureVerifier } from '../../../core/identity/signature.ts'
import { utf8 } from '../../../core/util/bytes.ts'
import {
  ADDRESS,
  adding,
  device,
  following,
  genesisOf,
  keyOf,
  sealAt,
  slot,
  statuses,
  textOf,
} from '../../harness/chains.ts'

const genesis = genesisOf({ slots: [slot(1, 'words'), slot(2, 'ann', 'ben', 'cleo')] })
const phone = adding(genesis, 'laptop', device('phone'))
const operations = [genesis, phone]
const state = resolveChain(operations) as IdentityState

const entry = device('new')
const nonce = sha256(utf8('nonce')).slice(0, 8)
const request = requestId({ address: ADDRESS, nonce, entry })
const other = sha256(utf8('another request'))
const recovery: NoticeContent = { word: 'recovery', request, device: entry.key, name: entry.name, due: 2_000 }

function noticeBy(name: string, content: NoticeContent, ts = 1_000): IdentityOperation {
  return makeNotice(state, { content, ts }, keyOf(name))
}

/** A notice with other extras, or another payload, signed by these. */
function malformed(change: Partial<IdentityOperation>, ...by: string[]): IdentityOperation {
  const signers = by.length === 0 ? ['ann'] : by
  return signOperation({ ...noticeBy('ann', recovery), ...change }, signers.map(keyOf))
}

const contents: [string, NoticeContent][] = [
  ['ann', recovery],
  ['laptop', { word: 'veto', requests: [request, other] }],
  ['phone', { word: 'rehearse' }],
  ['ben', { word: 'alive', to: phone.id }],
]

describe('notices', () => {
  it.each(contents)('by %s are read as they were made: %o (IDN26, IDN27)', (by, content) => {
    const made = noticeBy(by, content)
    const { verdict, operation } = checkOperation(encodeOperation(made), createSignatureVerifier())
    expect(verdict).toEqual({ verdict: 'accept' })
    expect(readNotice(operation as IdentityOperation)).toEqual({
      ...content,
      id: made.id,
      by: keyOf(by).publicKey,
      ts: 1_000,
    })
    expect(made.payloadBytes.length).toBeLessThan(MAX_NOTICE_BYTES)
  })

  it('are never applied, whoever signs them and whatever else they would do (IDN25)', () => {
    const before = textOf(state)
    for (const signers of [['words'], ['paper'], ['laptop'], ['ann', 'ben'], ['words', 'paper', 'laptop']]) {
      for (const devices of [[], [device('laptop', { seal: sealAt(1) })], [device('laptop'), device('thief')]]) {
        const notice = signOperation(
          { ...following(genesis, { by: ['words'], devices }), extras: { notice: 'recovery' } },
          signers.map(keyOf),
        )
        expect(isNotice(notice)).toBe(true)
        expect(textOf(resolveChain([...operations, notice]))).toBe(before)
        expect(placeOperations([...operations, notice])).toHaveLength(2)
        const onIt = adding(notice, 'laptop', device('tablet'))
        expect(statuses(resolveChain([...operations, notice, onIt]))).toEqual(statuses(state))
      }
    }
  })

  it('are told by the key alone, whatever stands there; the control is another key (IDN25)', () => {
    const withExtras = (extras: IdentityOperation['extras']) =>
      signOperation({ ...following(phone, { by: [], devices: [device('laptop')] }), extras }, [keyOf('words')])
    for (const notice of ['', 'x', 7, null, new Uint8Array(), {}]) {
      expect(textOf(resolveChain([...operations, withExtras({ notice })]))).toBe(textOf(state))
    }
    expect(statuses(resolveChain([...operations, withExtras({ other: 'x' })]))).toEqual({
      laptop: 'active',
      phone: 'sealed 0',
    })
  })

  it('are no genesis, whatever a genesis says (IDN25)', () => {
    const loud = signOperation({ ...genesis, extras: { notice: 'recovery' } }, [])
    expect(isNotice(loud)).toBe(false)
    expect(statuses(resolveChain([loud]))).toEqual({ laptop: 'active' })
  })

  it('of two people have two ids, whatever they say alike (IDN26)', () => {
    expect(noticeBy('ann', recovery).id).not.toEqual(noticeBy('ben', recovery).id)
  })

  const { extras } = noticeBy('ann', recovery)
  const { extras: veto } = noticeBy('ann', { word: 'veto', requests: [request] })
  it.each<[string, IdentityOperation, boolean]>([
    ['without who signed', malformed({ extras: { ...extras, by: null } }), false],
    ['signed by somebody else', malformed({}, 'ben'), false],
    ['signed by two', malformed({}, 'ann', 'ben'), false],
    ['without a time', malformed({ extras: { ...extras, ts: 'soon' } }), false],
    ['with a word too long', malformed({ extras: { ...extras, notice: 'x'.repeat(17) } }), false],
    ['with an empty word', malformed({ extras: { ...extras, notice: '' } }), false],
    ['with devices', malformed({ devices: genesis.devices }), false],
    ['with slots', malformed({ slots: genesis.slots }), false],
    ['with a paper hash', malformed({ paperHash: new Uint8Array(32) }), false],
    ['too large', malformed({ extras: { ...extras, more: new Uint8Array(MAX_NOTICE_BYTES) } }), false],
    ['of an unknown word', malformed({ extras: { ...extras, notice: 'later' } }), true],
    ['of another version', { ...malformed({}), version: 2 }, true],
    ['with a request that is no hash', malformed({ extras: { ...extras, request: new Uint8Array(31) } }), true],
    ['without a device', malformed({ extras: { ...extras, device: null } }), true],
    ['with a name too long', malformed({ extras: { ...extras, name: 'x'.repeat(65) } }), true],
    ['without when it is due', malformed({ extras: { ...extras, due: null } }), true],
    ['that stops nothing', malformed({ extras: { ...veto, requests: [] } }), true],
    ['that stops too much', malformed({ extras: { ...veto, requests: Array(17).fill(request) } }), true],
    ['that stops no hash', malformed({ extras: { ...veto, requests: [request, 'x'] } }), true],
    ['that answers nothing', malformed({ extras: { ...extras, notice: 'alive' } }), true],
  ])('%s say nothing', (_, operation, hasFrame) => {
    expect(readNotice(operation)).toBeUndefined()
    expect(readNoticeFrame(operation) !== undefined).toBe(hasFrame)
  })

  it('with further extras are read (IDN26)', () => {
    expect(readNotice(malformed({ extras: { ...extras, further: [1] } }))).toMatchObject({ word: 'recovery' })
  })
})

describe('readNotices', () => {
  const heard = (from: IdentityState, ...notices: IdentityOperation[]) =>
    readNotices(from, notices).map(({ word, ts }) => `${word} ${ts}`)

  it('hears guardians on recovery and devices in use on vetoes, and nobody else (IDN27)', () => {
    for (const by of ['words', 'laptop', 'phone', 'stranger', 'paper']) {
      expect(heard(state, noticeBy(by, recovery), noticeBy(by, { word: 'alive', to: phone.id }))).toEqual([])
    }
    for (const by of ['words', 'ann', 'stranger', 'paper']) {
      expect(
        heard(state, noticeBy(by, { word: 'veto', requests: [request] }), noticeBy(by, { word: 'rehearse' })),
      ).toEqual([])
    }
    expect(heard(state, ...contents.map(([by, content], i) => noticeBy(by, content, 9 - i)))).toEqual([
      'alive 6',
      'rehearse 7',
      'veto 8',
      'recovery 9',
    ])
  })

  it('passes over what names another address', () => {
    const elsewhere = signOperation({ ...noticeBy('ann', recovery), address: keyOf('elsewhere').publicKey }, [
      keyOf('ann'),
    ])
    expect(heard(state, elsewhere)).toEqual([])
  })

  it('hears no device that is sealed, retired or may not add devices, and no guardian of before (IDN27)', () => {
    const sealed = adding(phone, 'words', device('phone', { seal: sealAt(0, new Uint8Array(32)) }))
    const writer = adding(phone, 'laptop', device('writer', { capabilities: 1 }))
    const replaced = following(phone, { by: ['words'], slots: [slot(1, 'words'), slot(2, 'dora', 'ben')] })
    const stop: NoticeContent = { word: 'veto', requests: [request] }
    const stateWith = (one: IdentityOperation) => resolveChain([...operations, one]) as IdentityState
    expect(heard(stateWith(sealed), noticeBy('phone', stop))).toEqual([])
    expect(heard(stateWith(writer), noticeBy('writer', stop))).toEqual([])
    expect(heard(stateWith(replaced), noticeBy('ann', recovery))).toEqual([])
    expect(heard(stateWith(replaced), noticeBy('ben', recovery))).toEqual(['recovery 1000'])
  })

  it('lets any request of a veto be stopped, by that device only while it is in use', () => {
    const notices = readNotices(state, [noticeBy('phone', { word: 'veto', requests: [other, request] })])
    expect([request, other, phone.id].map((id) => isVetoed(notices, id))).toEqual([true, true, false])
  })
})

describe('nextNoticeTs', () => {
  it('is now, or after the last notice of that key and word', () => {
    const held = [noticeBy('ann', recovery, 5_000), noticeBy('ben', recovery, 9_000), phone]
    const at = (word: string, by: string) => nextNoticeTs(held, { word, by: keyOf(by).publicKey, nowMs: 4_000 })
    expect([at('recovery', 'ann'), at('alive', 'ann'), at('recovery', 'cleo')]).toEqual([5_001, 4_000, 4_000])
  })
})

describe('requestId', () => {
  it('covers the account, the nonce and everything of the device (IDN27)', () => {
    const ids = [
      request,
      requestId({ address: keyOf('elsewhere').publicKey, nonce, entry }),
      requestId({ address: ADDRESS, nonce: nonce.map((byte) => byte ^ 1), entry }),
      ...(['key', 'sealKey', 'proof'] as const).map((part) =>
        requestId({ address: ADDRESS, nonce, entry: { ...entry, [part]: entry[part].map((byte) => byte ^ 1) } }),
      ),
      requestId({ address: ADDRESS, nonce, entry: { ...entry, name: 'other' } }),
    ]
    expect(new Set(ids.map(requestCode)).size).toBe(ids.length)
  })

  it('has six digits, zeros in front too', () => {
    expect(requestCode(new Uint8Array(32))).toBe('000 000')
    expect(requestCode(Uint8Array.from([0, 0, 0, 42, 9]))).toBe('000 042')
    expect(requestCode(new Uint8Array(32).fill(255))).toBe('967 295')
  })
})
