import { describe, expect, it, onTestFinished } from 'vitest'
import { createHost } from '../../core/net/host.ts'
import { LOCAL_LIMITS } from '../../core/net/net-limits.ts'
import { SyncService } from '../../core/sync/sync-service.ts'
import { silentLogger } from '../../core/util/logger.ts'
import { systemRandom } from '../../core/util/random.ts'
import { TestAuthor } from '../harness/authors.ts'
import { type TestPeer, TestSquare } from '../harness/square.ts'
import { portsOf, type SquarePorts } from '../harness/square-sync.ts'
import { TestSquare as TestStore } from '../harness/test-square.ts'
import { eventually } from '../harness/wait.ts'

const PEOPLE = 60
const RECORDS = 60
const NEWEST = 20
/** Everything below, but for the profile at the old end. */
const FIRST_NEW = RECORDS - NEWEST + 1

function write(): TestAuthor[] {
  return Array.from({ length: PEOPLE }, (_, i) => {
    const author = new TestAuthor(`person ${i}`)
    author.describe({ name: `person ${i}` })
    for (let seq = 2; seq <= RECORDS; seq++) author.post(`record ${seq} of ${i}`)
    return author
  })
}

/** A seed on a real store and a real socket whose disk gives out no history before `open` is called. */
async function startSeed(authors: readonly TestAuthor[], change: Partial<SquarePorts> = {}) {
  const store = new TestStore({ role: 'seed' })
  store.ingestAll(...authors)
  const ports = { ...portsOf(store), ...change }
  const gate = Promise.withResolvers<void>()
  const reader: SquarePorts = {
    ...ports,
    readLog: async (author, device, range, maxBytes) => {
      if (range[0] < FIRST_NEW && range[1] > 1) await gate.promise
      return await ports.readLog(author, device, range, maxBytes)
    },
  }
  const privateKey = systemRandom(32)
  const host = await createHost(
    { logger: silentLogger },
    { privateKey, listen: ['/ip4/127.0.0.1/tcp/0'], limits: LOCAL_LIMITS, isLocal: true, services: {} },
  )
  const service = new SyncService(
    { host, door: reader, reader, book: reader, logger: silentLogger },
    { network: 'palabre', role: 'seed', device: systemRandom(32), profile: () => null },
  )
  await service.start()
  onTestFinished(async () => {
    gate.resolve()
    await service.stop()
    await host.stop()
  })
  return { address: host.addresses()[0] as string, open: () => gate.resolve() }
}

/** A fresh node that follows all of them, and is connected to this seed alone. */
async function startNewcomer(authors: readonly TestAuthor[], address: string): Promise<TestPeer> {
  const square = new TestSquare()
  square.watch()
  onTestFinished(() => square.close())
  const newcomer = await square.add({ name: 'Newcomer' })
  await Promise.all(authors.map(({ profile }) => newcomer.api.follows.add({ profile })))
  await newcomer.api.network.connect({ address })
  return newcomer
}

async function countHome({ api }: TestPeer): Promise<number> {
  let count = 0
  let cursor: string | undefined
  do {
    const page = await api.timeline.home({ limit: 500, ...(cursor === undefined ? {} : { cursor }) })
    count += page.items.length
    cursor = page.cursor ?? undefined
  } while (cursor !== undefined)
  return count
}

async function namesOf({ api }: TestPeer, authors: readonly TestAuthor[]): Promise<string[]> {
  return await Promise.all(authors.map(async ({ profile }) => (await api.profiles.get({ profile })).name))
}

describe('a newcomer who follows sixty people, with one seed', () => {
  it('reads who they are and their newest posts before any history has come (SYN8)', async () => {
    const authors = write()
    const seed = await startSeed(authors)
    const newcomer = await startNewcomer(authors, seed.address)
    await eventually('the newest of all stand at home', async () => (await countHome(newcomer)) >= PEOPLE * NEWEST)
    expect(await namesOf(newcomer, authors)).toEqual(authors.map(({ name }) => name))
    expect(await countHome(newcomer)).toBe(PEOPLE * NEWEST)
    for (const [i, { profile }] of authors.entries()) {
      const { items } = await newcomer.api.timeline.profile({ profile, limit: 500 })
      expect(items.map(({ text }) => text)).toEqual(
        Array.from({ length: NEWEST }, (_, n) => `record ${RECORDS - n} of ${i}`),
      )
    }
    seed.open()
    await eventually('all of it is here', async () => (await countHome(newcomer)) === PEOPLE * (RECORDS - 1))
  })

  it('would see nobody’s name before the history where profiles have no turn of their own: the control', async () => {
    const authors = write()
    const seed = await startSeed(authors, { listProfilePlaces: async () => [] })
    const newcomer = await startNewcomer(authors, seed.address)
    await eventually('the newest of all stand at home', async () => (await countHome(newcomer)) >= PEOPLE * NEWEST)
    expect(new Set(await namesOf(newcomer, authors))).toEqual(new Set(['']))
    seed.open()
    await eventually('the names have come', async () => {
      const names = await namesOf(newcomer, authors)
      return names.every((name, i) => name === authors[i]?.name)
    })
  })
})
