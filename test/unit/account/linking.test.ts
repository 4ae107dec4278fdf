import { describe, expect, it } from 'vitest'
import { MAX_WRONG_TOKENS } from '../../../core/account/limits.ts'
import { resolveChain } from '../../../core/identity/chain.ts'
import { proveDevice } from '../../../core/identity/change.ts'
import { formatPeerId } from '../../../core/identity/peer-id.ts'
import { toHex } from '../../../core/util/bytes.ts'
import { systemRandom } from '../../../core/util/random.ts'
import { connectDevices, JoiningDevice, OfferingDevice, readChain } from '../../harness/linking.ts'
import { createMemoryDuplex } from '../../harness/memory-duplex.ts'
import { eventually } from '../../harness/wait.ts'

/** Long enough for a busy machine where it must not run out, short where it must. */
const SHORT_MS = 50

describe('linking', () => {
  it('shows one code on both sides, and hands the account over once both have confirmed (LNK5, LNK7, LNK8)', async () => {
    const laptop = new OfferingDevice()
    const phone = new JoiningDevice(laptop.terms.token)
    const { ended } = connectDevices(laptop, phone)
    const [near, far] = await Promise.all([laptop.screen.shown, phone.screen.shown])
    expect(near.code).toMatch(/^\d{3} \d{3}$/)
    expect(far.code).toBe(near.code)
    expect([near.other, far.other]).toEqual(['phone', 'Nour'])
    phone.answer.say(true)
    laptop.answer.say(true)
    expect(await ended).toBe('linked')
    expect(await laptop.end()).toBe('linked')
    const [account] = phone.taken
    expect(account).toMatchObject({ name: 'Nour', seeds: ['/ip4/127.0.0.1/tcp/9'] })
    expect(account?.wordsSlotKey).toEqual(new Uint8Array(32).fill(7))
    const state = resolveChain(readChain(account?.operations ?? []))
    const device = state?.devices.find(({ name }) => name === 'phone')
    expect(device).toMatchObject({ status: 'active', sealKey: phone.terms.sealKey })
    expect(device?.addedBy.map(toHex)).toEqual([toHex(laptop.keyPair.publicKey)])
  })

  it('signs nothing before its own person has confirmed too (LNK7)', async () => {
    const laptop = new OfferingDevice()
    const phone = new JoiningDevice(laptop.terms.token)
    const { ended, near } = connectDevices(laptop, phone)
    await Promise.all([laptop.screen.shown, phone.screen.shown])
    phone.answer.say(true)
    await eventually('the word is on its way', () => near.written.length === 3)
    expect(laptop.added).toEqual([])
    expect(phone.isMoving).toBe(false)
    laptop.answer.say(true)
    expect(await ended).toBe('linked')
    expect(laptop.added).toHaveLength(1)
  })

  it('adds nothing when the person at the device of the account says no (LNK7, LNK10)', async () => {
    const laptop = new OfferingDevice()
    const phone = new JoiningDevice(laptop.terms.token)
    const { ended } = connectDevices(laptop, phone)
    await Promise.all([laptop.screen.shown, phone.screen.shown])
    phone.answer.say(true)
    laptop.answer.say(false)
    expect(await Promise.all([ended, laptop.end()])).toEqual(['declined', 'declined'])
    expect([laptop.added, phone.taken]).toEqual([[], []])
  })

  it('adds nothing when the person at the new device says no (LNK7, LNK10)', async () => {
    const laptop = new OfferingDevice()
    const phone = new JoiningDevice(laptop.terms.token)
    const { ended } = connectDevices(laptop, phone)
    await Promise.all([laptop.screen.shown, phone.screen.shown])
    laptop.answer.say(true)
    phone.answer.say(false)
    expect(await Promise.all([ended, laptop.end()])).toEqual(['declined', 'declined'])
    expect([laptop.added, phone.taken]).toEqual([[], []])
  })

  it('refuses a wrong token, hears that peer no more, and goes on waiting (LNK4)', async () => {
    const laptop = new OfferingDevice()
    const stranger = new JoiningDevice(systemRandom(16))
    expect(await connectDevices(laptop, stranger).ended).toBe('wrong-token')
    const again = new JoiningDevice(laptop.terms.token)
    const [near, far] = createMemoryDuplex()
    void laptop.offer.answer(formatPeerId(stranger.keyPair.publicKey), again.keyPair.publicKey, far)
    expect(await again.end(laptop.keyPair.publicKey, near)).toBe('wrong-token')
    const phone = new JoiningDevice(laptop.terms.token)
    const { ended } = connectDevices(laptop, phone)
    await Promise.all([laptop.screen.shown, phone.screen.shown])
    for (const { answer } of [laptop, phone]) answer.say(true)
    expect(await ended).toBe('linked')
  })

  it('ends after five wrong tokens (LNK4)', async () => {
    const laptop = new OfferingDevice()
    for (let i = 0; i < MAX_WRONG_TOKENS; i++) {
      expect(await connectDevices(laptop, new JoiningDevice(systemRandom(16))).ended).toBe('wrong-token')
    }
    expect(await laptop.end()).toBe('wrong-token')
    expect(await connectDevices(laptop, new JoiningDevice(laptop.terms.token)).ended).toBe('no-offer')
  })

  it('binds the token to both keys: what one peer showed is worth nothing to another (LNK4)', async () => {
    const laptop = new OfferingDevice()
    const phone = new JoiningDevice(laptop.terms.token)
    const thief = new JoiningDevice(systemRandom(16))
    const [near, far] = createMemoryDuplex()
    void laptop.hear(thief.keyPair.publicKey, far)
    expect(await phone.end(laptop.keyPair.publicKey, near)).toBe('wrong-token')
  })

  it('expires (LNK4)', async () => {
    const laptop = new OfferingDevice({ times: { offerMs: SHORT_MS } })
    expect(await laptop.end()).toBe('expired')
    expect(await connectDevices(laptop, new JoiningDevice(laptop.terms.token)).ended).toBe('no-offer')
  })

  it('lets one device try, and no second one after it (LNK4)', async () => {
    const laptop = new OfferingDevice()
    const phone = new JoiningDevice(laptop.terms.token)
    const { ended } = connectDevices(laptop, phone)
    await phone.screen.shown
    expect(await connectDevices(laptop, new JoiningDevice(laptop.terms.token)).ended).toBe('busy')
    phone.answer.say(false)
    expect(await ended).toBe('declined')
    await laptop.end()
    expect(await connectDevices(laptop, new JoiningDevice(laptop.terms.token)).ended).toBe('no-offer')
  })

  it('shows the owner another code when somebody photographed the link and was first (LNK6)', async () => {
    const laptop = new OfferingDevice()
    const thief = new JoiningDevice(laptop.terms.token)
    const stolen = connectDevices(laptop, thief)
    await laptop.screen.shown
    const phone = new JoiningDevice(laptop.terms.token)
    expect(await connectDevices(laptop, phone).ended).toBe('busy')
    thief.answer.say(true)
    laptop.answer.say(false)
    expect(await Promise.all([stolen.ended, laptop.end()])).toEqual(['declined', 'declined'])
    expect([laptop.added, thief.taken]).toEqual([[], []])
  })

  it('gives two codes when somebody stands in between with keys of their own (LNK6)', async () => {
    // Mallory has put a link to her own device in the place of the laptop's, with its token.
    const laptop = new OfferingDevice()
    const phone = new JoiningDevice(laptop.terms.token)
    const towardsLaptop = new JoiningDevice(laptop.terms.token)
    const towardsPhone = new OfferingDevice()
    Object.assign(towardsPhone.terms, { token: laptop.terms.token, address: laptop.terms.address })
    const one = connectDevices(laptop, towardsLaptop)
    const other = connectDevices(towardsPhone, phone)
    const [near, far] = await Promise.all([laptop.screen.shown, phone.screen.shown])
    expect(near.code).not.toBe(far.code)
    laptop.answer.say(false)
    phone.answer.say(false)
    expect(await Promise.all([one.ended, other.ended])).toEqual(['declined', 'declined'])
    expect([laptop.added, phone.taken]).toEqual([[], []])
  })

  it('is taken back on both sides (LNK10)', async () => {
    const laptop = new OfferingDevice()
    const phone = new JoiningDevice(laptop.terms.token)
    const { ended } = connectDevices(laptop, phone)
    await phone.screen.shown
    await laptop.offer.close('cancelled')
    expect(await Promise.all([ended, laptop.end()])).toEqual(['cancelled', 'cancelled'])
  })

  it('ends on both sides when nobody confirms in time (LNK9)', async () => {
    const laptop = new OfferingDevice({ times: { compareMs: SHORT_MS } })
    const phone = new JoiningDevice(laptop.terms.token)
    const { ended } = connectDevices(laptop, phone)
    expect(await Promise.all([ended, laptop.end()])).toEqual(['expired', 'expired'])
  })

  it('refuses a device of another network (LNK3)', async () => {
    const laptop = new OfferingDevice()
    const phone = new JoiningDevice(laptop.terms.token, { network: 'elsewhere' })
    expect(await connectDevices(laptop, phone).ended).toBe('wrong-network')
  })

  it('takes nothing over when the disk refuses, and tells the other side (LNK8, LNK10)', async () => {
    const laptop = new OfferingDevice()
    const phone = new JoiningDevice(laptop.terms.token, { takeOver: () => Promise.reject(new Error('disk full')) })
    const { ended } = connectDevices(laptop, phone)
    await Promise.all([laptop.screen.shown, phone.screen.shown])
    for (const { answer } of [laptop, phone]) answer.say(true)
    expect(await Promise.all([ended, laptop.end()])).toEqual(['unavailable', 'unavailable'])
    expect(laptop.added).toHaveLength(1)
    expect(phone.taken).toEqual([])
  })

  it('hands over a chain of many large operations in frames (LNK8)', async () => {
    const laptop = new OfferingDevice()
    for (let i = 0; i < 40; i++) {
      const friend = new JoiningDevice(laptop.terms.token)
      const { keyPair, sealKey } = friend.terms
      await laptop.add(proveDevice({ keyPair, sealKey, name: `device ${i}` }, laptop.terms.address))
    }
    laptop.added.length = 0
    const phone = new JoiningDevice(laptop.terms.token)
    const { ended, far } = connectDevices(laptop, phone)
    await Promise.all([laptop.screen.shown, phone.screen.shown])
    for (const { answer } of [laptop, phone]) answer.say(true)
    expect(await ended).toBe('linked')
    expect(phone.taken[0]?.operations).toHaveLength(42)
    expect(far.written.length).toBeGreaterThan(5)
  })
})
