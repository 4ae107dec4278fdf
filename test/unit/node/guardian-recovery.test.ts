import { describe, expect, it } from 'vitest'
import { checkOperation, isNotice } from '../../../core/identity/operation.ts'
import { parseRecoverLink } from '../../../core/record/account-links.ts'
import { DELAY_MS, guardedWorld, HOUR_MS } from '../../harness/guardian-world.ts'

describe('GuardianRecovery', () => {
  it('shows a link and a code before it has found the chain, and wants it (GRD3)', async () => {
    const { world, profile, address } = await guardedWorld()
    const fresh = world.add('new computer', { hasAccount: false })
    fresh.isOnline = false
    await fresh.start()
    expect((await fresh.recovery.status()).step).toBe('none')
    const status = await fresh.recovery.askGuardians({ profile, addresses: [], name: 'new laptop' })
    expect(status).toMatchObject({
      step: 'looking',
      by: 'guardians',
      profile,
      guardians: { threshold: null, noticed: 0 },
    })
    expect(status.guardians?.code).toMatch(/^\d{3} \d{3}$/)
    expect(parseRecoverLink(status.guardians?.link ?? '')).toMatchObject({
      address,
      key: fresh.device.publicKey,
      sealKey: fresh.sealKeyPair.publicKey,
      name: 'new laptop',
    })
    expect(fresh.wanted).toEqual([profile])
    await fresh.goOnline()
    expect(await fresh.recovery.status()).toMatchObject({ step: 'waiting', guardians: { threshold: 2 } })
  })

  it('shows the same after a restart, and nothing after it was cancelled', async () => {
    const { world, profile } = await guardedWorld()
    const fresh = await world.add('new computer', { hasAccount: false }).start()
    const { guardians } = await fresh.recovery.askGuardians({ profile, addresses: [] })
    await fresh.restart()
    expect((await fresh.recovery.status()).guardians).toEqual(guardians)
    expect(fresh.wanted).toEqual([profile])
    expect((await fresh.recovery.cancel()).step).toBe('none')
    expect(fresh.wanted).toEqual([])
    await fresh.restart()
    expect((await fresh.recovery.status()).step).toBe('none')
  })

  it('says of each guardian how far they are, by the key that their own list names (GRD3, GRD12)', async () => {
    const { world, ana, ben, cleo, dora, profile } = await guardedWorld()
    await ana.service.check()
    await world.settled()
    const aliveAt = world.clock.now()
    const fresh = await world.add('new computer', { hasAccount: false }).start()
    const { guardians } = await fresh.recovery.askGuardians({ profile, addresses: [] })
    const people = async () => (await fresh.recovery.status()).guardians?.people
    const keyOf = async (person: typeof ben) => (await person.service.list()).wards[0]?.key as string
    const silent = { state: 'silent', dueAt: null, lastAliveAt: aliveAt }
    const [benKey, cleoKey, doraKey] = await Promise.all([ben, cleo, dora].map(keyOf))
    expect(new Set((await people())?.map(({ key }) => key))).toEqual(new Set([benKey, cleoKey, doraKey]))
    expect(await people()).toMatchObject([silent, silent, silent])
    await ben.service.approve(guardians?.link as string)
    await world.settled()
    const dueAt = world.clock.now() + DELAY_MS
    expect((await people())?.[0]).toEqual({ key: benKey, state: 'waiting', dueAt, lastAliveAt: aliveAt })
    await world.pass(DELAY_MS)
    expect((await people())?.map(({ key, state }) => [key === benKey, state])).toEqual([
      [true, 'signed'],
      [false, 'silent'],
      [false, 'silent'],
    ])
  })

  it('takes over the chain with what applies, genesis first and without notices (GRD11)', async () => {
    const { world, ben, cleo, profile } = await guardedWorld()
    const fresh = await world.add('new computer', { hasAccount: false }).start()
    const { guardians } = await fresh.recovery.askGuardians({ profile, addresses: [] })
    for (const guardian of [ben, cleo]) await guardian.service.approve(guardians?.link as string)
    await world.pass(DELAY_MS)
    expect(fresh.taken).toHaveLength(1)
    const operations = (fresh.taken[0]?.operations ?? []).map(
      (bytes) => checkOperation(bytes, { verify: () => null }).operation,
    )
    expect(operations[0]?.prev).toBeNull()
    expect(operations.every((one) => one !== null && !isNotice(one))).toBe(true)
    expect(operations).toHaveLength(3)
    expect(fresh.wanted).toEqual([])
    expect(fresh.events).toContainEqual({ type: 'recovery' })
  })

  it('takes over at the next start when it stopped just before', async () => {
    const { world, ben, cleo, profile } = await guardedWorld()
    const fresh = await world.add('new computer', { hasAccount: false }).start()
    const { guardians } = await fresh.recovery.askGuardians({ profile, addresses: [] })
    for (const guardian of [ben, cleo]) await guardian.service.approve(guardians?.link as string)
    await fresh.stop()
    await world.pass(DELAY_MS)
    expect(fresh.taken).toEqual([])
    await fresh.restart()
    expect(fresh.taken).toHaveLength(1)
  })

  it('is refused where there is an account, and gives up when one is made meanwhile', async () => {
    const { world, ana, ben, cleo, profile } = await guardedWorld()
    await expect(ana.recovery.askGuardians({ profile, addresses: [] })).rejects.toMatchObject({
      code: 'account-exists',
    })
    const fresh = await world.add('new computer', { hasAccount: false }).start()
    const { guardians } = await fresh.recovery.askGuardians({ profile, addresses: [] })
    for (const guardian of [ben, cleo]) await guardian.service.approve(guardians?.link as string)
    fresh.address = fresh.device.publicKey
    await world.pass(DELAY_MS)
    expect(fresh.taken).toEqual([])
    expect(await fresh.recovery.status()).toMatchObject({ step: 'failed', failure: 'account-exists' })
  })

  it('refuses names that are too long and addresses that are none', async () => {
    const { world, profile } = await guardedWorld()
    const fresh = await world.add('new computer', { hasAccount: false }).start()
    await expect(fresh.recovery.askGuardians({ profile, addresses: [], name: 'é'.repeat(33) })).rejects.toMatchObject({
      code: 'too-long',
    })
    await expect(fresh.recovery.askGuardians({ profile, addresses: ['somewhere'] })).rejects.toMatchObject({
      code: 'bad-request',
    })
    expect((await fresh.recovery.status()).step).toBe('none')
  })

  it('says when the delay of as many as are needed ends', async () => {
    const { world, ben, cleo, dora, profile } = await guardedWorld()
    const fresh = await world.add('new computer', { hasAccount: false }).start()
    const { guardians } = await fresh.recovery.askGuardians({ profile, addresses: [] })
    const due: (number | null | undefined)[] = []
    const begunAt = world.clock.now()
    for (const guardian of [ben, cleo, dora]) {
      await guardian.service.approve(guardians?.link as string)
      due.push((await fresh.recovery.status()).guardians?.dueAt)
      await world.pass(HOUR_MS)
    }
    expect(due).toEqual([null, begunAt + DELAY_MS + HOUR_MS, begunAt + DELAY_MS + HOUR_MS])
  })
})
