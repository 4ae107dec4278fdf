import { describe, expect, it } from 'vitest'
import type { CborValue } from '../../../core/codec/dag-cbor.ts'
import { VaultGuardianKeys } from '../../../core/node/guardian-keys.ts'
import { formatGuardianLink, type GuardianLink, parseGuardianLink } from '../../../core/record/account-links.ts'
import { DELAY_MS, GuardianWorld, guardedWorld, HOUR_MS } from '../../harness/guardian-world.ts'

const DAY_MS = 24 * HOUR_MS

describe('GuardianService', () => {
  it('names guardians in the chain, and everybody knows for whom they are one (GRD1, GRD2)', async () => {
    const { ana, ben, cleo, dora, profile } = await guardedWorld()
    const { threshold, items, wards } = await ana.service.list()
    expect({ threshold, wards }).toEqual({ threshold: 2, wards: [] })
    expect(items.map(({ name }) => name).sort()).toEqual(['Ben', 'Cleo', 'Dora'])
    expect(items.map((item) => item.profile).sort()).toEqual([ben, cleo, dora].map((one) => one.profile).sort())
    for (const guardian of [ben, cleo, dora]) {
      expect((await guardian.service.list()).wards).toMatchObject([{ profile, name: 'Ana' }])
      expect(guardian.wanted).toEqual([profile])
    }
    const keys = new Set(items.map(({ key }) => key))
    expect([ben.profile, cleo.profile, dora.profile].some((one) => keys.has(one))).toBe(false)
  })

  it('makes one key for a person, however often they ask (GRD2)', async () => {
    const { ana, ben, replies } = await guardedWorld()
    const again = await ben.service.accept(await ana.service.invite())
    expect(again).toMatchObject({ profile: ana.profile, name: 'Ana', reply: replies[0] })
    await expect(ana.service.accept(await ana.service.invite())).rejects.toMatchObject({ code: 'bad-request' })
    await expect(ben.service.accept('palabre:guard?p=nobody')).rejects.toMatchObject({ code: 'bad-request' })
  })

  it('refuses answers that are wrong, for somebody else, or counted twice', async () => {
    const { ana, ben, replies } = await guardedWorld()
    const [first, second] = replies as [string, string]
    const parts = parseGuardianLink(first) as GuardianLink
    const other = parseGuardianLink(second) as GuardianLink
    const set = (...links: string[]) => ana.service.set({ secret: ana.words, threshold: 2, replies: links })
    for (const links of [
      ['palabre:guardian?', second],
      [first, first],
      [first, formatGuardianLink({ ...other, guardian: parts.guardian })],
      [first, formatGuardianLink({ ...other, key: parts.key, proof: parts.proof })],
      [second, formatGuardianLink({ ...parts, proof: other.proof })],
      [second, formatGuardianLink({ ...parts, ward: ben.address as Uint8Array })],
      [second, formatGuardianLink({ ...parts, guardian: ana.address as Uint8Array })],
      [first],
    ]) {
      await expect(set(...links), links.join(' ')).rejects.toMatchObject({ code: 'bad-request' })
    }
    const three = { secret: ana.words, threshold: 3, replies: [first, second] }
    await expect(ana.service.set(three)).rejects.toMatchObject({ code: 'bad-request' })
    expect((await ana.service.list()).items).toHaveLength(3)
  })

  it('needs the words of this very account', async () => {
    const { ana, ben, replies } = await guardedWorld()
    const set = (secret: string) => ana.service.set({ secret, threshold: 2, replies })
    await expect(set('not the words')).rejects.toMatchObject({ code: 'wrong-words' })
    await expect(set(ben.words)).rejects.toMatchObject({ code: 'no-right' })
  })

  it('takes all guardians away with an empty list', async () => {
    const { world, ana, ben } = await guardedWorld()
    const { threshold, items } = await ana.service.set({ secret: ana.words, threshold: 2, replies: [] })
    expect({ threshold, items }).toEqual({ threshold: null, items: [] })
    await world.settled()
    expect((await ben.service.list()).wards).toHaveLength(1)
    expect(await ana.service.means()).toEqual({ threshold: null, count: 0, alive: 0, checkedAt: null })
  })

  it('asks for a sign of life, which comes by itself from those who are there (GRD12)', async () => {
    const { world, ana, dora } = await guardedWorld()
    dora.isOnline = false
    await world.pass(HOUR_MS)
    const at = world.clock.now()
    expect((await ana.service.check()).items.map(({ lastAliveAt }) => lastAliveAt)).toEqual([null, null, null])
    await world.settled()
    const { items } = await ana.service.list()
    expect(items.map(({ name, lastAliveAt }) => `${name} ${lastAliveAt}`).sort()).toEqual([
      `Ben ${at}`,
      `Cleo ${at}`,
      'Dora null',
    ])
    expect(await ana.service.means()).toEqual({ threshold: 2, count: 3, alive: 2, checkedAt: at })
    await world.pass(HOUR_MS)
    await dora.goOnline()
    expect(await ana.service.means()).toMatchObject({ alive: 3 })
    await world.pass(91 * DAY_MS)
    expect(await ana.service.means()).toMatchObject({ alive: 0, checkedAt: at })
  })

  it('asks no more often than it makes sense, and is answered once a day (GRD12)', async () => {
    const { world, ana } = await guardedWorld()
    const notices = (word: string) =>
      ana.store.list(ana.address as Uint8Array).filter(({ extras }) => extras.notice === word).length
    await ana.service.check()
    await ana.service.check()
    await world.settled()
    expect([notices('rehearse'), notices('alive')]).toEqual([1, 3])
    await world.pass(HOUR_MS)
    await ana.service.check()
    await world.settled()
    expect([notices('rehearse'), notices('alive')]).toEqual([2, 3])
    await world.pass(DAY_MS)
    expect([notices('rehearse'), notices('alive')]).toEqual([2, 6])
    await world.pass(DAY_MS)
    expect([notices('rehearse'), notices('alive')]).toEqual([2, 6])
  })

  it('cannot stop what nobody has begun, nor from a device that is not of the account', async () => {
    const { world, ana, ben, profile } = await guardedWorld()
    await expect(ana.service.veto('0'.repeat(64))).rejects.toMatchObject({ code: 'not-found' })
    const fresh = await world.add('new computer', { hasAccount: false }).start()
    const { guardians } = await fresh.recovery.askGuardians({ profile, addresses: [] })
    await ben.service.approve(guardians?.link as string)
    await world.settled()
    const [alarm] = (await ana.service.list()).alarms
    Object.assign(ana, { device: ben.device })
    await expect(ana.service.veto(alarm?.id as string)).rejects.toMatchObject({ code: 'no-right' })
    await expect(ana.service.check()).rejects.toMatchObject({ code: 'no-right' })
  })

  it('shows the earliest moment of an alarm, and forgets what came to nothing long ago', async () => {
    const { world, ana, ben, cleo, dora, profile } = await guardedWorld()
    const fresh = await world.add('new computer', { hasAccount: false }).start()
    const { guardians } = await fresh.recovery.askGuardians({ profile, addresses: [] })
    const begunAt = world.clock.now()
    await ben.service.approve(guardians?.link as string)
    for (const guardian of [cleo, dora]) await guardian.stop()
    await world.settled()
    expect((await ana.service.list()).alarms).toMatchObject([
      { askedAt: begunAt, dueAt: begunAt + DELAY_MS, guardians: 1, code: guardians?.code, name: 'Ana' },
    ])
    await world.pass(DELAY_MS + 31 * DAY_MS)
    expect((await ana.service.list()).alarms).toEqual([])
    expect((await ben.service.list()).requests).toEqual([])
  })

  it('says that there is no account where there is none', async () => {
    const world = new GuardianWorld()
    const nobody = await world.add('nobody', { hasAccount: false }).start()
    for (const call of [
      () => nobody.service.list(),
      () => nobody.service.invite(),
      () => nobody.service.accept('x'),
      () => nobody.service.check(),
      () => nobody.service.set({ secret: 'x', threshold: 2, replies: [] }),
    ]) {
      await expect(call()).rejects.toMatchObject({ code: 'no-account' })
    }
  })
})

describe('VaultGuardianKeys', () => {
  function keysOver(value?: CborValue) {
    let kept = value
    const keep = async (_: string, next: CborValue) => {
      kept = next
    }
    const vault = { kept: () => kept, keep }
    return new VaultGuardianKeys({ vault })
  }
  const key = (first: number, name = 'Ana') => {
    return { address: new Uint8Array(32).fill(first), seed: new Uint8Array(32).fill(first + 1), name, since: 5 }
  }

  it('keeps one key a person, and refuses more people than it can hold', async () => {
    const keys = keysOver()
    await keys.put(key(1))
    await keys.put(key(1, 'Anna'))
    expect(await keys.list()).toEqual([key(1, 'Anna')])
    for (let i = 2; i <= 256; i++) await keys.put({ ...key(1), address: Uint8Array.from([i >> 8, i & 255]) })
    await expect(keys.put(key(9))).rejects.toMatchObject({ code: 'too-many-wards' })
    await keys.put(key(1))
    expect(await keys.get(new Uint8Array(32).fill(1))).toEqual(key(1))
    expect(await keys.get(new Uint8Array(32))).toBeNull()
  })

  it('passes over what it cannot read', async () => {
    expect(await keysOver('x').list()).toEqual([])
    const entries = [[], 'x', [new Uint8Array(32), new Uint8Array(31), 'a', 1], Object.values(key(3))]
    expect(await keysOver(entries).list()).toEqual([key(3)])
  })
})
