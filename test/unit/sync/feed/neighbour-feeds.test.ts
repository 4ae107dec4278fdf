import { describe, expect, it, onTestFinished } from 'vitest'
import { FeedService } from '../../../../core/sync/feed/feed-service.ts'
import { prefixesOf } from '../../../../core/sync/feed/interest-set.ts'
import { DESKTOP_FEEDS } from '../../../../core/sync/feed/limits.ts'
import { silentLogger } from '../../../../core/util/logger.ts'
import { TestAuthor } from '../../../harness/authors.ts'
import { QUICK_FEED } from '../../../harness/feed-pair.ts'
import { FeedWorld } from '../../../harness/feed-world.ts'
import { fakeKey } from '../../../harness/memory-square.ts'
import { portsOf } from '../../../harness/square-sync.ts'
import { TestSquare } from '../../../harness/test-square.ts'
import { eventually } from '../../../harness/wait.ts'

describe('feeds of a desktop (FEE10)', () => {
  /** Readers of one desktop, one after the other; how many of them it takes. */
  async function servedBy(isInOutage: boolean, readers: number, isAlone: (i: number) => boolean) {
    const world = new FeedWorld()
    const desk = await world.node('desk', { role: 'peer', isInOutage: () => isInOutage })
    const ports = portsOf(new TestSquare())
    const ends: Promise<string>[] = []
    for (let i = 0; i < readers; i++) {
      const host = world.network.host(`reader ${i}`)
      const feeds = new FeedService(
        { host: host.peerHost, door: ports, reader: ports, heads: desk.heads, logger: silentLogger },
        { network: 'palabre', role: 'peer', times: QUICK_FEED },
      )
      onTestFinished(() => feeds.stop())
      world.network.join(host, desk.host)
      const { promise, resolve } = Promise.withResolvers<string>()
      const { ended } = await feeds.open('desk', {
        interest: prefixesOf([fakeKey('ana')]),
        isWhole: true,
        isAlone: isAlone(i),
        onOpen: () => resolve('open'),
      })
      ended.catch((error: { code: string }) => resolve(error.code))
      ends.push(promise)
    }
    return { desk, ends: await Promise.all(ends) }
  }

  it('are a few while everybody has seeds', async () => {
    const { ends } = await servedBy(false, DESKTOP_FEEDS + 2, () => false)
    expect(ends.filter((end) => end === 'open')).toHaveLength(DESKTOP_FEEDS)
    expect(ends.slice(DESKTOP_FEEDS)).toEqual(['busy', 'busy'])
  })

  it('are one on each connection while it has no seed', async () => {
    const { ends } = await servedBy(true, DESKTOP_FEEDS + 2, () => false)
    expect(ends.every((end) => end === 'open')).toBe(true)
  })

  it('are there for whoever has none, and who says so takes nobody’s place', async () => {
    const { desk, ends } = await servedBy(false, 2 * DESKTOP_FEEDS, (i) => i % 2 === 0 || i === 1)
    expect(ends.every((end) => end === 'open')).toBe(true)
    expect(desk.feeds.listAlone()).toHaveLength(DESKTOP_FEEDS + 1)
  })
})

describe('neighbours in an outage (FEE10, FEE11)', () => {
  /** A — B — C in a line, without gossip: C wants to hear A, B neither. */
  async function line(isInOutage: () => boolean) {
    const world = new FeedWorld()
    const [ana, bo] = [new TestAuthor('ana'), new TestAuthor('bo')]
    const a = await world.desk('a', [ana], isInOutage)
    const b = await world.desk('b', [bo], isInOutage)
    const c = await world.desk('c', [ana], isInOutage)
    c.square.ingest({ operations: [ana.genesis], records: [] })
    world.network.join(b.host, a.host)
    world.network.join(c.host, b.host)
    return { world, ana, a, b, c }
  }
  const synced = (node: Awaited<ReturnType<FeedWorld['desk']>>) =>
    node.syncs.some(({ type }) => type === 'done' || type === 'interest')

  it('carry for each other what they follow, one hop, and keep it out of their own timelines', async () => {
    const { ana, a, b, c } = await line(() => true)
    await eventually('feeds are open', () => a.feeds.served === 1 && b.feeds.served === 2 && c.feeds.served === 1)
    await eventually('what is written arrives', () => {
      ana.post(`post ${ana.records.length}`)
      a.take(ana, ana.records.length - 1)
      return c.square.events.some(({ source, records }) => source.kind === 'feed' && records.length > 0)
    })
    expect(b.square.square.home({ limit: 9 }).items).toEqual([])
    expect(b.square.square.listWanted()).toHaveLength(1)
  })

  it('carry nothing while there are seeds: the control', async () => {
    const { ana, a, b, c } = await line(() => false)
    await eventually('all have met', () => [a, b, c].every(synced))
    ana.post('does anybody hear me?')
    a.take(ana)
    // A record that B wants goes the same way meanwhile.
    const known = new TestAuthor('known')
    for (const { square } of [a, b]) {
      square.square.setWanted([known.address])
      square.ingest({ operations: [known.genesis], records: [] })
    }
    const { ended } = await b.feeds.open('a', { interest: prefixesOf([known.address]), isWhole: true })
    ended.catch(() => {})
    await eventually('that one arrives', () => {
      known.post('again')
      a.take(known, known.records.length - 1)
      return b.square.events.some(({ records }) => records.length > 0)
    })
    expect([b.holds(ana, 1), c.holds(ana, 1)]).toEqual([false, false])
  })

  it('go no further: who has no neighbour who wants it takes nothing, though others behind that one do', async () => {
    const { world, ana, a, b } = await line(() => true)
    const [d, e, f] = [await world.desk('d', []), await world.desk('e', []), await world.desk('f', [ana])]
    world.network.join(d.host, b.host)
    world.network.join(e.host, d.host)
    world.network.join(f.host, e.host)
    await eventually('feeds are open', () => b.feeds.served === 3 && e.feeds.served === 2 && f.feeds.served === 1)
    await eventually('B carries it', () => {
      ana.post(`post ${ana.records.length}`)
      a.take(ana, ana.records.length - 1)
      return b.square.events.filter(({ records }) => records.length > 0).length > 3
    })
    expect([d, e, f].flatMap(({ square }) => square.events.flatMap(({ records }) => records))).toEqual([])
  })

  it('stop when a seed is back', async () => {
    let isOut = true
    const { a, b, c } = await line(() => isOut)
    await eventually('feeds are open', () => a.feeds.served === 1 && b.feeds.served === 2 && c.feeds.served === 1)
    isOut = false
    for (const { help } of [a, b, c]) help.note()
    await eventually('none is left', () => a.feeds.served + b.feeds.served + c.feeds.served === 0)
  })
})
