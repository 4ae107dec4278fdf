import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type HeldDeviceLog, listMissing, readDeviceLogs } from '../harness/device-logs.ts'
import { addGuarded, approve, type GuardedSquare } from '../harness/guarded-square.ts'
import { linkNodes } from '../harness/link-nodes.ts'
import { clientOf, type TestPeer, TestSquare } from '../harness/square.ts'
import { eventually } from '../harness/wait.ts'

const POSTS = 300
const GUARDIAN_DELAY_MS = 1_000

// `bench/recover.ts` does the same with 10,000 records and says how long it takes.
describe('every record of every device of an account', () => {
  const square = new TestSquare()
  let world: GuardedSquare
  let words: string
  /** Computers with the account; each has signed records of its own. */
  const computers: TestPeer[] = []

  /** The log of each of those computers' own devices, as far as it is signed there now. */
  async function listSigned(): Promise<HeldDeviceLog[]> {
    const logs = computers.map(async ({ api, dataDir }) => {
      const { peerId } = (await api.account.get()).device
      return readDeviceLogs(dataDir, world.profile).filter(({ device }) => device === peerId)
    })
    return (await Promise.all(logs)).flat()
  }

  /** The same, once the seed keeps all of it. */
  async function signed(): Promise<HeldDeviceLog[]> {
    for (const { api } of computers) {
      await eventually('the seed keeps all of it', async () => (await api.network.status()).storage.ownUnheld === 0)
    }
    return await listSigned()
  }

  /** All is back on this new computer: counted against the last head that each device signed, and seen by a follower. */
  async function isBack(fresh: TestPeer): Promise<void> {
    await eventually('the account is here', () => fresh.api.account.get().catch(() => null))
    const logs = await signed()
    expect(logs).toHaveLength(computers.length)
    expect(logs[0]?.head).toBeGreaterThan(POSTS)
    // A device that hears of the new one signs something for it, so the heads may go on while one looks.
    await eventually('every record', async () => {
      return listMissing(fresh.dataDir, world.profile, await listSigned()).length === 0
    })
    expect((await fresh.api.account.get()).profile).toBe(world.profile)
    await eventually('whom it follows', async () => {
      const { items } = await fresh.api.follows.list()
      return items.length === 1 && items[0]?.name === 'Ben' && items[0]?.state === 'following'
    })
    const text = `from computer ${computers.length}`
    await fresh.api.posts.create({ text })
    const [ben] = world.guardians
    expect(await ben.seesAtHome(text)).toMatchObject({ author: world.profile, name: 'Ana' })
    expect((await ben.api.follows.list()).items).toHaveLength(1)
    computers.push(fresh)
  }

  beforeAll(async () => {
    world = await addGuarded(square, GUARDIAN_DELAY_MS)
    const { ana, guardians, profile } = world
    const [ben, , dora] = guardians
    words = ((await clientOf(ana.node, 'web').account.words()).words ?? []).join(' ')
    await ben.api.follows.add({ profile })
    await ana.api.follows.add({ profile: await ben.profile() })
    for (const { api } of [ana, ben]) {
      await eventually('the follow', async () => (await api.follows.list()).items[0]?.state === 'following')
    }
    await Promise.all(Array.from({ length: POSTS }, (_, i) => ana.api.posts.create({ text: `post ${i}` })))
    computers.push(ana)
    await signed()
    await dora.stop()
  })
  beforeEach(() => square.watch())
  afterAll(() => square.close())

  it('reaches a device that is linked, with the address and the follows (LNK8)', async () => {
    const phone = await square.add()
    await linkNodes(world.ana, phone, 'phone')
    await isBack(phone)
  })

  it('comes back by the words, from the linked device and the lost one (RCV11)', async () => {
    const laptop = await square.add()
    await laptop.api.recovery.start({ secret: words, addresses: [world.seed] })
    await isBack(laptop)
    await eventually('it says so', async () => (await laptop.api.recovery.status()).step === 'done')
  })

  it('comes back by two of three guardians, the third never there (GRD11)', async () => {
    const [ben, cleo] = world.guardians
    const laptop = await square.add({ peers: [world.seed] })
    const { guardians } = await laptop.api.recovery.askGuardians({ profile: world.profile, addresses: [] })
    for (const guardian of [ben, cleo]) await approve(guardian, guardians?.link ?? '')
    await isBack(laptop)
    await eventually('it says so', async () => (await laptop.api.recovery.status()).step === 'done')
  })

  it('is counted: one that is missing is noticed, the control', async () => {
    const last = computers.at(-1) as TestPeer
    await last.stop()
    const logs = readDeviceLogs(last.dataDir, world.profile)
    expect(listMissing(last.dataDir, world.profile, logs)).toEqual([])
    const db = new DatabaseSync(join(last.dataDir, 'square.db'))
    db.exec('UPDATE held_range SET from_seq = from_seq + 1 WHERE to_seq >= 300')
    db.close()
    const first = logs.find(({ head }) => head >= POSTS) as HeldDeviceLog
    expect(listMissing(last.dataDir, world.profile, logs)).toEqual([
      `${first.device}: ${first.head - 1} of ${first.head}, head ${first.head}`,
    ])
  })
})
