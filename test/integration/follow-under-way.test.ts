import { describe, expect, it } from 'vitest'
import { decodeRecord } from '../../core/record/decode-record.ts'
import type { SchedulerTimes } from '../../core/sync/scheduler.ts'
import { equalBytes } from '../../core/util/bytes.ts'
import { TestAuthor } from '../harness/authors.ts'
import { OwedWorld } from '../harness/owed-world.ts'
import type { SquarePorts } from '../harness/square-sync.ts'
import { eventually } from '../harness/wait.ts'

const POSTS = 300
/** Older posts of Ben than this are taken in when they are let. */
const OLD = 200

/** A reader who catches up on Ben from a seed, and is slow with what is old of him until `release`; Ana is followed meanwhile. */
async function open(times: Partial<SchedulerTimes> = { yieldMs: 50 }) {
  const gate = Promise.withResolvers<void>()
  const isOld = (bytes: Uint8Array) => {
    const decoded = decodeRecord(bytes)
    return decoded.ok && equalBytes(decoded.record.header.author, ben.address) && decoded.record.header.seq < OLD
  }
  const slow = ({ ingest }: SquarePorts): Partial<SquarePorts> => ({
    ingest: async (batch, source) => {
      if (batch.records.some(isOld)) await gate.promise
      return await ingest(batch, source)
    },
  })
  const world = new OwedWorld({ times, ports: slow })
  const { ben, me, reader, scheduler } = world
  const ana = new TestAuthor('Ana')
  for (let i = 1; i <= POSTS; i++) ben.post(`number ${i}`)
  for (let i = 1; i <= 30; i++) ana.post(`post ${i}`)
  const seed = await world.add('seed', 'seed')
  seed.test.ingestAll(ben, ana)
  const holds = (author: TestAuthor) => {
    const [log] = reader.square.listHeld([author.address])
    return (log?.ranges ?? []).reduce((sum, [from, to]) => sum + to - from + 1, 0)
  }
  const follow = () => {
    const record = me.follow(ana)
    reader.ingest({ operations: [ana.genesis], records: [record] }, { kind: 'import' })
    scheduler.requestAuthors([ana.address])
  }
  const isUnderWay = () => world.events.some(({ type }) => type === 'asked')
  return { world, seed, ana, ben, holds, follow, isUnderWay, release: () => gate.resolve() }
}

describe('a follow while a long session with the only seed is under way', () => {
  it('brings the newest posts before that ends, which goes on afterwards (SYN12, SYN14)', async () => {
    const { world, seed, ana, ben, holds, follow, isUnderWay, release } = await open()
    await world.start()
    world.join(seed)
    await eventually('catching up is under way', isUnderWay)
    follow()
    await eventually('Ana is here', () => holds(ana) === 30)
    expect(holds(ben)).toBeLessThan(POSTS)
    expect(world.sessionsWith('seed')).toBe(1)
    release()
    await eventually('Ben is here', () => holds(ben) === POSTS)
    expect(world.reader.square.listHeld([ben.address])).toMatchObject([{ ranges: [[1, POSTS]] }])
  })

  it('does so where the seed has begun the session (SYN12, SYN14)', async () => {
    const { world, seed, ana, ben, holds, follow, isUnderWay, release } = await open({ yieldMs: 50, busyMs: 20 })
    await world.answer()
    world.join(seed)
    const ended = seed.service.sync('reader').catch((error: unknown) => error)
    await eventually('catching up is under way', isUnderWay)
    world.scheduler.start()
    world.join(seed)
    follow()
    await eventually('Ana is here', () => holds(ana) === 30)
    expect(holds(ben)).toBeLessThan(POSTS)
    expect(await ended).toMatchObject({ code: 'truncated' })
    release()
    await eventually('Ben is here', () => holds(ben) === POSTS)
  })

  it('does not end a session that asks for the followed one already (SYN14)', async () => {
    const { world, seed, ben, holds, isUnderWay, release } = await open()
    await world.start()
    world.join(seed)
    await eventually('catching up is under way', isUnderWay)
    world.scheduler.requestAuthors([ben.address])
    // Past the moment at which it would be ended.
    const end = Date.now() + 500
    await eventually('it would have been ended', () => Date.now() > end)
    release()
    await eventually('Ben is here', () => holds(ben) === POSTS)
    expect(world.events.filter(({ type }) => type === 'failed')).toEqual([])
  })

  it('waits for its end where that does not give way: the control (SYN14)', async () => {
    const { world, seed, ana, ben, holds, follow, isUnderWay, release } = await open({ yieldMs: 3_600_000 })
    await world.start()
    world.join(seed)
    await eventually('catching up is under way', isUnderWay)
    let bensWhenAnaCame = 0
    world.reader.listeners.add(({ records, source }) => {
      const isAna = records.some(({ author }) => equalBytes(author, ana.address))
      if (source.kind === 'sync' && isAna) bensWhenAnaCame ||= holds(ben)
    })
    follow()
    release()
    await eventually('Ana is here', () => holds(ana) === 30)
    expect(bensWhenAnaCame).toBe(POSTS)
  })
})
