import { describe, expect, it } from 'vitest'
import { changeByAuthority, linkDevice, proveDevice } from '../../../core/identity/change.ts'
import { keyPairFromSeed } from '../../../core/identity/keys.ts'
import { type IdentityOperation, isNotice } from '../../../core/identity/operation.ts'
import { parseSecret } from '../../../core/identity/secret.ts'
import { formatRecoverLink, parseRecoverLink, type RecoverLink } from '../../../core/record/account-links.ts'
import { equalBytes } from '../../../core/util/bytes.ts'
import { statuses } from '../../harness/chains.ts'
import { DELAY_MS, guardedWorld, HOUR_MS, type Person } from '../../harness/guardian-world.ts'

/** A new computer that asks for Ana's account; the guardians, all but those named, hear of it. */
async function lost(init: { readonly anaStays?: boolean } = {}) {
  const guarded = await guardedWorld()
  const { world, ana, profile } = guarded
  if (init.anaStays !== true) await ana.stop()
  const fresh = await world.add('new computer', { hasAccount: false }).start()
  const status = await fresh.recovery.askGuardians({ profile, addresses: [], name: 'new laptop' })
  await world.settled()
  const { link, code } = status.guardians as NonNullable<typeof status.guardians>
  const guardians = async () => (await fresh.recovery.status()).guardians
  return { ...guarded, fresh, link, code, guardians }
}

function chainOf(person: Person, address: Uint8Array): Record<string, string> {
  return statuses(person.stateOf(address))
}

const isIn = (person: Person, address: Uint8Array) => chainOf(person, address)['new laptop'] === 'active'

describe('GuardianDuty', () => {
  it('brings an account back by two of three guardians of whom one is never there (GRD4 … GRD9)', async () => {
    const { world, ben, cleo, dora, fresh, link, code, address, profile, guardians } = await lost()
    await dora.stop()
    expect(await guardians()).toMatchObject({ threshold: 2, noticed: 0, signed: 0, vetoed: false, dueAt: null })
    expect(await ben.service.open(link)).toMatchObject({
      profile,
      name: 'Ana',
      device: 'new laptop',
      code,
      guardians: 0,
    })
    const begunAt = world.clock.now()
    expect(await ben.service.approve(link)).toMatchObject({ state: 'waiting', dueAt: begunAt + DELAY_MS, guardians: 1 })
    await world.pass(HOUR_MS)
    await cleo.service.approve(link)
    await world.settled()
    expect(await guardians()).toMatchObject({ noticed: 2, signed: 0, dueAt: begunAt + HOUR_MS + DELAY_MS })
    await world.pass(DELAY_MS - 2 * HOUR_MS)
    expect(await guardians()).toMatchObject({ signed: 0 })
    await world.pass(HOUR_MS)
    expect(await guardians()).toMatchObject({ noticed: 2, signed: 1 })
    expect((await ben.service.list()).requests).toMatchObject([{ state: 'signed', guardians: 2 }])
    expect((await cleo.service.list()).requests).toMatchObject([{ state: 'waiting' }])
    expect(fresh.taken).toEqual([])
    await world.pass(HOUR_MS)
    expect(isIn(fresh, address)).toBe(true)
    expect(fresh.taken).toMatchObject([{ address, name: 'Ana', wordsSlotKey: null }])
    expect((await fresh.recovery.status()).step).toBe('restoring')
    expect((await cleo.service.list()).requests).toMatchObject([{ state: 'done' }])
    expect(fresh.stateOf(address)).toMatchObject({ isContested: false, unapplied: 0 })
    expect(chainOf(fresh, address)).toMatchObject({ "Ana's laptop": 'active', 'new laptop': 'active' })
  })

  it('agrees once, whoever asks twice, and to two requests of a person at most', async () => {
    const { world, ben, link, profile } = await lost()
    const first = await ben.service.approve(link)
    await world.pass(HOUR_MS)
    expect(await ben.service.approve(link)).toEqual(first)
    const more = []
    for (const name of ['second', 'third']) {
      const other = await world.add(name, { hasAccount: false }).start()
      more.push((await other.recovery.askGuardians({ profile, addresses: [], name })).guardians?.link as string)
    }
    await ben.service.approve(more[0] as string)
    await expect(ben.service.approve(more[1] as string)).rejects.toMatchObject({ code: 'busy' })
    expect((await ben.service.list()).requests.map(({ device }) => device)).toEqual(['second', 'new laptop'])
  })

  it('is stopped by a device in use, at every guardian (GRD8)', async () => {
    const { world, ana, ben, cleo, fresh, link, address, guardians } = await lost({ anaStays: true })
    await ben.service.approve(link)
    await cleo.service.approve(link)
    await world.settled()
    const { alarms } = await ana.service.list()
    expect(alarms).toMatchObject([{ device: 'new laptop', guardians: 2, state: 'waiting' }])
    expect(ana.events).toContainEqual({ type: 'recovery' })
    await ana.service.veto(alarms[0]?.id as string)
    await world.settled()
    expect((await ana.service.list()).alarms).toEqual([])
    await world.pass(2 * DELAY_MS)
    for (const guardian of [ben, cleo]) {
      expect((await guardian.service.list()).requests).toMatchObject([{ state: 'vetoed' }])
      expect(await guardian.service.approve(link)).toMatchObject({ state: 'vetoed' })
    }
    expect(isIn(fresh, address)).toBe(false)
    expect(fresh.store.list(address).some(({ devices }) => devices.some(({ name }) => name === 'new laptop'))).toBe(
      false,
    )
    expect(await fresh.recovery.status()).toMatchObject({ step: 'failed', failure: 'vetoed' })
    expect(await guardians()).toMatchObject({ vetoed: true })
  })

  it('asked anew after a veto by mistake, goes on under another code', async () => {
    const { world, ana, ben, cleo, dora, fresh, link, code, address, profile } = await lost({ anaStays: true })
    await ben.service.approve(link)
    await ana.service.veto((await ana.service.list()).alarms[0]?.id as string)
    await world.settled()
    const again = (await fresh.recovery.askGuardians({ profile, addresses: [], name: 'new laptop' })).guardians
    expect(again?.code).not.toBe(code)
    for (const guardian of [cleo, dora]) await guardian.service.approve(again?.link as string)
    await world.pass(DELAY_MS)
    expect(isIn(fresh, address)).toBe(true)
  })

  it('of two guardians who want the account for themselves is stopped, whatever else they ask for meanwhile (GRD8)', async () => {
    const { world, ana, cleo, dora, ben, address, profile, link } = await lost({ anaStays: true })
    // Ben is honest, believed them, and then was away.
    await ben.service.approve(link)
    ben.isOnline = false
    await ben.stop()
    for (let i = 0; i < 6; i++) {
      const thief = await world.add(`thief ${i}`, { hasAccount: false }).start()
      const theirs = (await thief.recovery.askGuardians({ profile, addresses: [], name: `thief ${i}` })).guardians?.link
      for (const guardian of [cleo, dora]) {
        // A program that forgets on purpose, and so asks for more than the two that are heard.
        await guardian.book.setState('guardian-requests', [])
        await guardian.restart()
        await guardian.service.approve(theirs as string)
      }
      await world.settled()
      for (const { id } of (await ana.service.list()).alarms) await ana.service.veto(id)
      await world.pass(HOUR_MS)
    }
    await ana.stop()
    await world.pass(2 * DELAY_MS)
    await ben.restart()
    await ben.goOnline()
    expect((await ben.service.list()).requests).toMatchObject([{ state: 'vetoed' }])
    await world.pass(DELAY_MS)
    expect(Object.keys(chainOf(ben, address))).toEqual(["Ana's laptop"])
  })

  it('without a veto the same two succeed: the control', async () => {
    const { world, cleo, dora, link, address, fresh } = await lost({ anaStays: true })
    for (const guardian of [cleo, dora]) await guardian.service.approve(link)
    await world.pass(DELAY_MS)
    expect(isIn(fresh, address)).toBe(true)
  })

  it('refuses links that are none, were changed, or are for somebody else (GRD5)', async () => {
    const { ana, ben, fresh, link, world } = await lost({ anaStays: true })
    const parts = parseRecoverLink(link) as RecoverLink
    const bad = 'bad-request'
    const flip = (bytes: Uint8Array) => bytes.map((byte, i) => (i === 0 ? byte ^ 1 : byte))
    for (const [text, code] of [
      ['palabre:recover?', bad],
      [ana.profile, bad],
      [formatRecoverLink({ ...parts, sealKey: flip(parts.sealKey) }), bad],
      [formatRecoverLink({ ...parts, key: ben.device.publicKey }), bad],
      [formatRecoverLink({ ...parts, proof: flip(parts.proof) }), bad],
      [formatRecoverLink({ ...parts, address: ben.address as Uint8Array }), 'not-a-guardian'],
      [formatRecoverLink({ ...parts, address: fresh.device.publicKey }), 'not-a-guardian'],
    ] as const) {
      await expect(ben.service.open(text), text).rejects.toMatchObject({ code })
      await expect(ben.service.approve(text), text).rejects.toMatchObject({ code })
    }
    await expect(ana.service.approve(link)).rejects.toMatchObject({ code: 'not-a-guardian' })
    // A nonce or a name that was changed is another request: its code tells.
    const other = await ben.service.open(formatRecoverLink({ ...parts, name: 'another' }))
    expect(other.code).not.toBe((await ben.service.open(link)).code)
    await world.settled()
    expect((await ana.service.list()).alarms).toEqual([])
  })

  it('no longer signs for somebody who has named others (GRD5)', async () => {
    const { world, ana, ben, cleo, dora, link, replies } = await lost({ anaStays: true })
    await ben.service.approve(link)
    await ana.service.set({ secret: ana.words, threshold: 2, replies: replies.slice(1) })
    await world.settled()
    await expect(ben.service.open(link)).rejects.toMatchObject({ code: 'not-a-guardian' })
    await cleo.service.approve(link)
    await world.pass(DELAY_MS)
    expect((await ana.service.list()).alarms).toMatchObject([{ guardians: 1 }])
    expect((await ben.service.list()).requests).toMatchObject([{ state: 'waiting' }])
    await dora.service.approve(link)
    await world.pass(DELAY_MS)
    expect((await dora.service.list()).requests).toMatchObject([{ state: 'done' }])
  })

  it('goes on after a restart, with the same delay and the same signature (GRD7)', async () => {
    const { world, ben, cleo, fresh, link, address } = await lost()
    await ben.service.approve(link)
    await cleo.service.approve(link)
    await world.pass(DELAY_MS / 2)
    for (const person of [ben, cleo, fresh]) await person.restart()
    expect((await ben.service.list()).requests).toMatchObject([{ state: 'waiting', guardians: 2 }])
    cleo.isOnline = false
    await world.pass(DELAY_MS / 2)
    expect((await ben.service.list()).requests).toMatchObject([{ state: 'signed' }])
    await ben.restart()
    await fresh.restart()
    expect((await ben.service.list()).requests).toMatchObject([{ state: 'signed' }])
    await cleo.goOnline()
    await world.settled()
    expect(isIn(fresh, address)).toBe(true)
    expect(fresh.taken).toHaveLength(1)
  })

  it('does not sign before it knows what was said until the delay ended (GRD7)', async () => {
    const { world, ana, ben, cleo, fresh, link, address } = await lost({ anaStays: true })
    await ben.service.approve(link)
    await cleo.service.approve(link)
    await world.settled()
    for (const guardian of [ben, cleo]) {
      guardian.isOnline = false
      await guardian.stop()
    }
    await ana.service.veto((await ana.service.list()).alarms[0]?.id as string)
    await world.pass(DELAY_MS)
    // Both start where nobody is, then with somebody who knows nothing, then meet the seed.
    for (const guardian of [ben, cleo]) await guardian.restart()
    await world.pass(HOUR_MS)
    for (const guardian of [ben, cleo]) {
      guardian.service.noteSynced({ isSeed: false, scope: null })
      guardian.service.noteSynced({ isSeed: true, scope: [ana.device.publicKey] })
      await guardian.duty.settle()
      expect((await guardian.service.list()).requests).toMatchObject([{ state: 'waiting' }])
    }
    for (const guardian of [ben, cleo]) await guardian.goOnline()
    expect((await ben.service.list()).requests).toMatchObject([{ state: 'vetoed' }])
    expect(isIn(fresh, address)).toBe(false)
  })

  it('after an hour in which no seed was there takes what other peers know (GRD7)', async () => {
    const { world, ben, cleo, fresh, link, address } = await lost()
    for (const guardian of [ben, cleo]) {
      guardian.hasSeed = false
      await guardian.service.approve(link)
    }
    await world.pass(DELAY_MS)
    for (let minutes = 0; minutes < 50; minutes++) await world.pass(60_000)
    expect(isIn(fresh, address)).toBe(false)
    for (let minutes = 0; minutes < 20; minutes++) await world.pass(60_000)
    expect(isIn(fresh, address)).toBe(true)
  })

  it('begins the delay when somebody can hear of it (GRD6)', async () => {
    const { world, ben, link, guardians } = await lost()
    ben.isOnline = false
    expect(await ben.service.approve(link)).toMatchObject({ state: 'waiting', guardians: 0 })
    await world.pass(DELAY_MS)
    expect(await guardians()).toMatchObject({ noticed: 0 })
    await ben.restart()
    await ben.goOnline()
    expect(await guardians()).toMatchObject({ noticed: 1, signed: 0 })
    await world.pass(DELAY_MS - HOUR_MS)
    expect((await ben.service.list()).requests).toMatchObject([{ state: 'waiting' }])
    await world.pass(HOUR_MS)
    expect((await ben.service.list()).requests).toMatchObject([{ state: 'signed' }])
  })

  describe('while the account changes', () => {
    async function signedByBen() {
      const all = await lost({ anaStays: true })
      const { world, ben, cleo, link } = all
      await ben.service.approve(link)
      await world.pass(HOUR_MS)
      await cleo.service.approve(link)
      await world.pass(DELAY_MS - HOUR_MS)
      expect((await ben.service.list()).requests).toMatchObject([{ state: 'signed' }])
      return all
    }

    it('finishes what was signed before a device was added (GRD9)', async () => {
      const { world, ana, fresh, address } = await signedByBen()
      await ana.publish([link(ana, 'phone')])
      await world.pass(HOUR_MS)
      expect(chainOf(fresh, address)).toEqual({ "Ana's laptop": 'active', 'new laptop': 'active', phone: 'active' })
      expect(fresh.stateOf(address).isContested).toBe(false)
    })

    it('signs anew when an authority has spoken (GRD9)', async () => {
      const { world, ana, ben, fresh, address } = await signedByBen()
      const before = await signedBy(ana, ben)
      await ana.publish([byWords(ana)])
      await world.pass(HOUR_MS)
      await world.pass(HOUR_MS)
      expect(await signedBy(ana, ben)).toBeGreaterThan(before)
      expect(chainOf(fresh, address)).toMatchObject({ 'new laptop': 'active', tablet: 'active' })
      expect(fresh.stateOf(address).isContested).toBe(false)
    })

    it('signs two operations for one person only with a pause between them (GRD10)', async () => {
      const { world, ana, ben } = await signedByBen()
      const before = await signedBy(ana, ben)
      await ana.publish([byWords(ana)])
      await world.pass(60_000)
      expect(await signedBy(ana, ben)).toBe(before)
      await world.pass(10 * 60_000)
      expect(await signedBy(ana, ben)).toBe(before + 1)
    })

    function link(ana: Person, name: string): IdentityOperation {
      const keyPair = keyPairFromSeed(new Uint8Array(32).fill(name.length))
      const address = ana.address as Uint8Array
      const entry = proveDevice({ keyPair, sealKey: ana.sealKeyPair.publicKey, name }, address, 'palabre-test')
      return linkDevice(ana.stateOf(address), entry, ana.device, 'palabre-test')
    }

    function byWords(ana: Person): IdentityOperation {
      const address = ana.address as Uint8Array
      const keyPair = keyPairFromSeed(new Uint8Array(32).fill(9))
      const entry = proveDevice(
        { keyPair, sealKey: ana.sealKeyPair.publicKey, name: 'tablet' },
        address,
        'palabre-test',
      )
      const words = parseSecret(ana.words)
      if (words === undefined) throw new Error('no words')
      return changeByAuthority(ana.stateOf(address), { add: [entry] }, [words.keyPair], { network: 'palabre-test' })
    }

    /** Operations, notices apart, that this guardian has signed for Ana. */
    async function signedBy(at: Person, guardian: Person): Promise<number> {
      const seed = (await guardian.keys.get(at.address as Uint8Array))?.seed as Uint8Array
      const key = keyPairFromSeed(seed).publicKey
      const signs = ({ signatures }: IdentityOperation) => signatures.some((one) => equalBytes(one.key, key))
      return at.store.list(at.address as Uint8Array).filter((one) => !isNotice(one) && signs(one)).length
    }
  })
})
