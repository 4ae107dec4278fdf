import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { addGuarded, approve } from '../harness/guarded-square.ts'
import { TestSquare } from '../harness/square.ts'
import { eventually } from '../harness/wait.ts'

const DELAY_MS = 3_000

describe('guardians between real nodes', () => {
  let square: TestSquare
  beforeEach(() => {
    square = new TestSquare()
    square.watch()
  })
  afterEach(() => square.close())

  it('give an account that was lost to a new computer, two of three and one never there (GRD4 … GRD11)', async () => {
    const { seed, ana, guardians, profile } = await addGuarded(square, DELAY_MS)
    const [ben, cleo, dora] = guardians
    const { id } = await ana.api.posts.create({ text: 'before it was lost' })
    await eventually('the post is on the seed', async () => (await ana.api.posts.get({ id }))?.holding?.seeds.length)
    await Promise.all([ana.stop(), dora.stop()])
    const fresh = await square.add({ peers: [seed] })
    const status = await fresh.api.recovery.askGuardians({ profile, addresses: [], name: 'new laptop' })
    const { link, code } = status.guardians ?? { link: '', code: '' }
    await eventually('the chain has been found', async () => (await fresh.api.recovery.status()).step === 'waiting')
    expect((await ben.api.guardians.open({ link })).code).toBe(code)
    await approve(ben, link)
    await approve(cleo, link)
    const waiting = await eventually('both are heard', async () => {
      const { guardians: heard } = await fresh.api.recovery.status()
      return heard?.noticed === 2 ? heard : null
    })
    expect(waiting).toMatchObject({ link, code, threshold: 2, vetoed: false })
    await expect(fresh.api.account.get()).rejects.toMatchObject({ code: 'no-account' })
    const account = await eventually('the account is here', () => fresh.api.account.get().catch(() => null))
    expect(account.profile).toBe(profile)
    await eventually('the old post is here', async () =>
      (await fresh.api.timeline.home({})).items.some(({ text }) => text === 'before it was lost'),
    )
    await eventually('the guardians know', async () => {
      const { requests } = await ben.api.guardians.list()
      return requests[0]?.state === 'done'
    })
    await fresh.stop()
    await fresh.start()
    expect((await fresh.api.account.get()).profile).toBe(profile)
    expect((await fresh.api.guardians.list()).items).toHaveLength(3)
    await fresh.api.posts.create({ text: 'back' })
    expect(await fresh.seesAtHome('back')).toMatchObject({ author: profile })
  })

  it('are stopped by a device that is still there (GRD8)', async () => {
    const { seed, ana, guardians, profile } = await addGuarded(square, DELAY_MS)
    const [ben, cleo] = guardians
    const thief = await square.add({ peers: [seed] })
    const status = await thief.api.recovery.askGuardians({ profile, addresses: [] })
    for (const guardian of [ben, cleo]) await approve(guardian, status.guardians?.link ?? '')
    const alarm = await eventually('the alarm', async () => (await ana.api.guardians.list()).alarms[0])
    expect(alarm.code).toBe(status.guardians?.code)
    await ana.api.guardians.veto({ id: alarm.id })
    for (const guardian of [ben, cleo]) {
      await eventually('the guardian has heard', async () => {
        return (await guardian.api.guardians.list()).requests[0]?.state === 'vetoed'
      })
    }
    await eventually('it has failed', async () => (await thief.api.recovery.status()).failure === 'vetoed')
    await expect(thief.api.account.get()).rejects.toMatchObject({ code: 'no-account' })
  })

  it('give a sign of life by themselves (GRD12)', async () => {
    const { ana, guardians } = await addGuarded(square, DELAY_MS)
    await guardians[2].stop()
    await ana.api.guardians.check()
    await eventually('two have answered', async () => {
      const { items } = await ana.api.guardians.list()
      return items.filter(({ lastAliveAt }) => lastAliveAt !== null).length === 2
    })
  })
})
