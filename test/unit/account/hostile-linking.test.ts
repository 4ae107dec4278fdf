import { describe, expect, it } from 'vitest'
import { decodeLinkFrame, encodeLinkFrame, type LinkFrame } from '../../../core/account/frames.ts'
import { LINK_VERSION, MAX_LINK_FRAME_BYTES, MAX_LINK_OPERATIONS } from '../../../core/account/limits.ts'
import { commitmentTo, type PromisedDevice, tokenProof } from '../../../core/account/pairing.ts'
import { proveDevice } from '../../../core/identity/change.ts'
import { encodeOperation } from '../../../core/identity/operation.ts'
import { utf8 } from '../../../core/util/bytes.ts'
import { systemRandom } from '../../../core/util/random.ts'
import { JoiningDevice, OfferingDevice } from '../../harness/linking.ts'
import { createMemoryDuplex, type DuplexEnd } from '../../harness/memory-duplex.ts'

const SHORT_MS = 50

/** The next frame that the other side sent. */
async function next(duplex: DuplexEnd): Promise<LinkFrame> {
  const bytes = await duplex.readFrame()
  if (bytes === null) throw new Error('the stream ended')
  return decodeLinkFrame(bytes)
}

/** What the other side said went wrong. */
async function errorOf(duplex: DuplexEnd): Promise<string> {
  for (;;) {
    const frame = await next(duplex)
    if (frame.type === 'error') return frame.code
  }
}

function say(duplex: DuplexEnd, frame: LinkFrame): Promise<void> {
  return duplex.writeFrame(encodeLinkFrame(frame))
}

/** Somebody with the token and a key of their own who says what they like to a device of the account. */
class Intruder {
  readonly laptop: OfferingDevice
  readonly device: JoiningDevice
  readonly duplex: DuplexEnd
  readonly promised: PromisedDevice

  constructor(laptop = new OfferingDevice()) {
    this.laptop = laptop
    this.device = new JoiningDevice(laptop.terms.token)
    const { keyPair, sealKey, deviceName: name } = this.device.terms
    this.promised = { nonce: systemRandom(16), key: keyPair.publicKey, sealKey, name }
    const [near, far] = createMemoryDuplex(16)
    this.duplex = near
    void laptop.hear(keyPair.publicKey, far)
  }

  async greet(change: Partial<Extract<LinkFrame, { type: 'hello' }>> = {}): Promise<void> {
    const { token, ownKey, network } = this.laptop.terms
    const proof = tokenProof({ token, ownKey, newKey: this.promised.key })
    const commitment = commitmentTo(this.promised)
    await say(this.duplex, { type: 'hello', version: LINK_VERSION, network, commitment, proof, ...change })
  }

  async reveal(change: Partial<Extract<LinkFrame, { type: 'device' }>> = {}): Promise<void> {
    expect(await next(this.duplex)).toMatchObject({ type: 'welcome', name: 'Nour' })
    const { keyPair, sealKey, deviceName: name } = this.device.terms
    const { proof } = proveDevice({ keyPair, sealKey, name }, this.laptop.terms.address)
    await say(this.duplex, { type: 'device', ...this.promised, proof, ...change })
  }
}

describe('a device of the account, to somebody hostile', () => {
  it.each([
    ['no CBOR', utf8('hello there')],
    ['an empty frame', new Uint8Array()],
    ['an unknown type', Uint8Array.of(0x81, 0x18, 0x20)],
    ['too large a frame', new Uint8Array(MAX_LINK_FRAME_BYTES + 1)],
  ])('refuses %s and goes on waiting (LNK3)', async (_what, bytes) => {
    const { laptop, duplex } = new Intruder()
    await duplex.writeFrame(bytes)
    expect(await errorOf(duplex)).toBe('bad-frame')
    const honest = new Intruder(laptop)
    await honest.greet()
    await honest.reveal()
    expect((await laptop.screen.shown).other).toBe('phone')
  })

  it('refuses what is out of order (LNK7)', async () => {
    const early = new Intruder()
    await say(early.duplex, { type: 'confirm' })
    expect(await errorOf(early.duplex)).toBe('unexpected-frame')
    const twice = new Intruder()
    await twice.greet()
    await twice.reveal()
    await say(twice.duplex, { type: 'confirm' })
    await say(twice.duplex, { type: 'done' })
    expect(await errorOf(twice.duplex)).toBe('unexpected-frame')
    expect(await twice.laptop.end()).toBe('unexpected-frame')
    expect(twice.laptop.added).toEqual([])
  })

  it('refuses a later version (LNK3)', async () => {
    const intruder = new Intruder()
    await intruder.greet({ version: LINK_VERSION + 1 })
    expect(await errorOf(intruder.duplex)).toBe('wrong-version')
  })

  it('refuses another device than the one that was promised, once it has said its own nonce (LNK5)', async () => {
    for (const change of [{ nonce: systemRandom(16) }, { sealKey: systemRandom(32) }, { name: 'other' }]) {
      const intruder = new Intruder()
      await intruder.greet()
      await intruder.reveal(change)
      expect(await errorOf(intruder.duplex)).toBe('bad-device')
      expect(await intruder.laptop.end()).toBe('bad-device')
    }
  })

  it('refuses a key that is not the peer’s own, and one without proof (LNK5)', async () => {
    const other = new JoiningDevice(systemRandom(16))
    const stranger = new Intruder()
    Object.assign(stranger.promised, { key: other.keyPair.publicKey })
    const { token, ownKey } = stranger.laptop.terms
    await stranger.greet({ proof: tokenProof({ token, ownKey, newKey: stranger.device.keyPair.publicKey }) })
    await stranger.reveal()
    expect(await errorOf(stranger.duplex)).toBe('bad-device')
    const liar = new Intruder()
    await liar.greet()
    await liar.reveal({ proof: new Uint8Array(64).fill(1) })
    expect(await errorOf(liar.duplex)).toBe('bad-device')
  })

  it('does not wait for somebody who says nothing, and lets four of them wait at once (LNK4, LNK9)', async () => {
    const laptop = new OfferingDevice({ times: { stepMs: SHORT_MS } })
    const silent = Array.from({ length: 5 }, () => new Intruder(laptop))
    const errors = await Promise.all(silent.map(({ duplex }) => errorOf(duplex)))
    expect(errors.toSorted()).toEqual(['busy', ...Array(4).fill('stalled')])
    const honest = new Intruder(laptop)
    await honest.greet()
    await honest.reveal()
    expect((await laptop.screen.shown).other).toBe('phone')
  })

  it('ends when the one with the token falls silent (LNK4, LNK9)', async () => {
    const laptop = new OfferingDevice({ times: { stepMs: SHORT_MS } })
    const intruder = new Intruder(laptop)
    await intruder.greet()
    expect(await laptop.end()).toBe('stalled')
  })

  it('ends when the new device goes away while the codes are compared (LNK10)', async () => {
    const intruder = new Intruder()
    await intruder.greet()
    await intruder.reveal()
    await intruder.laptop.screen.shown
    await intruder.duplex.close()
    expect(await intruder.laptop.end()).toBe('truncated')
    expect(intruder.laptop.added).toEqual([])
  })

  it('says that nobody answered when the device is added and gone (LNK8, LNK10)', async () => {
    const laptop = new OfferingDevice({ times: { takeOverMs: SHORT_MS } })
    const intruder = new Intruder(laptop)
    await intruder.greet()
    await intruder.reveal()
    await say(intruder.duplex, { type: 'confirm' })
    laptop.answer.say(true)
    expect(await laptop.end()).toBe('stalled')
    expect(laptop.added).toHaveLength(1)
  })
})

/** Somebody who shows a link of their own and says what they like to the new device. */
async function lure(change: { stepMs?: number } = {}) {
  const laptop = new OfferingDevice()
  const phone = new JoiningDevice(laptop.terms.token, { times: change })
  const [near, far] = createMemoryDuplex(16)
  const ended = phone.end(laptop.keyPair.publicKey, near)
  expect(await next(far)).toMatchObject({ type: 'hello' })
  const { address } = laptop.terms
  await say(far, { type: 'welcome', nonce: systemRandom(16), address, name: 'Nour' })
  const revealed = await next(far)
  if (revealed.type !== 'device') throw new Error('no device')
  const { key, sealKey, name, proof } = revealed
  const entry = { key, sealKey, name, proof, capabilities: 3, seal: null, extras: {} }
  return { laptop, phone, duplex: far, ended, entry }
}

const ACCOUNT = { type: 'account', wordsSlotKey: null, name: 'Nour', seeds: [] } as const

/** The same up to where both have confirmed. */
async function lureFurther(change: { stepMs?: number } = {}) {
  const lured = await lure(change)
  lured.phone.answer.say(true)
  expect(await next(lured.duplex)).toMatchObject({ type: 'confirm' })
  return lured
}

describe('a new device, to somebody hostile', () => {
  it('takes nothing before its person has confirmed (LNK7)', async () => {
    const { laptop, phone, duplex, ended, entry } = await lure()
    const { operations } = await laptop.add(entry)
    await say(duplex, { type: 'operations', items: operations })
    expect(await ended).toBe('unexpected-frame')
    expect(phone.taken).toEqual([])
  })

  it('takes no chain that lacks it, or that lacks the device that showed the link (LNK8)', async () => {
    const without = await lureFurther()
    await say(without.duplex, { type: 'operations', items: without.laptop.chain.map(encodeOperation) })
    await say(without.duplex, ACCOUNT)
    expect(await without.ended).toBe('bad-chain')

    const foreign = await lureFurther()
    const other = new OfferingDevice()
    const { operations } = await other.add(foreign.entry)
    await say(foreign.duplex, { type: 'operations', items: operations })
    expect(await foreign.ended).toBe('bad-chain')

    const none = await lureFurther()
    await say(none.duplex, ACCOUNT)
    expect(await none.ended).toBe('bad-chain')
    for (const { phone } of [without, foreign, none]) expect(phone.taken).toEqual([])
  })

  it('takes no operation that is wrong in its bytes (LNK8)', async () => {
    const { laptop, duplex, ended, entry } = await lureFurther()
    const { operations } = await laptop.add(entry)
    // A bit of the signature that the link was made with.
    const broken = operations.map((bytes, i) => (i === 0 ? bytes : bytes.with(-40, (bytes.at(-40) as number) ^ 1)))
    await say(duplex, { type: 'operations', items: broken })
    expect(await ended).toBe('bad-chain')
  })

  it('takes no more operations than a chain has (LNK8)', async () => {
    const { laptop, duplex, ended } = await lureFurther()
    const [genesis] = laptop.chain.map(encodeOperation) as [Uint8Array]
    for (let i = 0; i <= MAX_LINK_OPERATIONS / 64; i++) {
      await say(duplex, { type: 'operations', items: Array.from({ length: 64 }, () => genesis) }).catch(() => {})
    }
    expect(await ended).toBe('bad-chain')
  })

  it('does not wait for the rest of a chain (LNK9)', async () => {
    const { laptop, duplex, ended, phone } = await lureFurther({ stepMs: SHORT_MS })
    await say(duplex, { type: 'operations', items: laptop.chain.map(encodeOperation) })
    expect(await ended).toBe('stalled')
    expect(phone.taken).toEqual([])
  })

  it('has the account although the other side doesn’t say goodbye (LNK8)', async () => {
    const { laptop, duplex, ended, entry, phone } = await lureFurther()
    const { operations } = await laptop.add(entry)
    await say(duplex, { type: 'operations', items: operations })
    await say(duplex, ACCOUNT)
    expect(await next(duplex)).toMatchObject({ type: 'done' })
    duplex.abort(new Error('gone'))
    expect(await ended).toBe('linked')
    expect(phone.taken).toHaveLength(1)
  })
})
