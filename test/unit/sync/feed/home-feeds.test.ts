import { describe, expect, it } from 'vitest'
import type { IngestedEvent } from '../../../../core/ingest/door.ts'
import type { HostEvent } from '../../../../core/net/peer-host.ts'
import { HOME_FEED_TIMES, HomeFeeds } from '../../../../core/sync/feed/home-feeds.ts'
import { FEED_PROTOCOL } from '../../../../core/sync/feed/limits.ts'
import { systemClock } from '../../../../core/util/clock.ts'
import { silentLogger } from '../../../../core/util/logger.ts'
import { TestAuthor } from '../../../harness/authors.ts'
import { QUICK_FEED } from '../../../harness/feed-pair.ts'
import { type FeedNode, FeedWorld } from '../../../harness/feed-world.ts'
import { eventually } from '../../../harness/wait.ts'

/** Its records go into all of these stores, one after the other, as an author writes them. */
function write(author: TestAuthor, seeds: readonly FeedNode[], text = 'hello'): number {
  author.post(text)
  for (const seed of seeds) seed.take(author, author.records.length - 1)
  return author.records.length
}

describe('the seeds that feed a node', () => {
  it('are three: one sends new records whole, the others name them (FEE8)', async () => {
    const world = new FeedWorld()
    const seeds = await Promise.all(['a', 'b', 'c', 'd'].map((name) => world.node(name)))
    const ana = new TestAuthor('ana')
    const home = await world.home([ana], seeds)
    await eventually('three feeds are open', () => home.modes().filter((mode) => mode !== null).length === 3)
    expect(home.modes().filter((mode) => mode === 'whole')).toHaveLength(1)
    const seq = write(ana, seeds)
    await eventually('the post is here', () => home.holds(ana, seq))
    const fed = home.square.events.filter(({ source }) => source.kind === 'feed')
    expect(fed.flatMap(({ records }) => records)).toHaveLength(1)
  })

  it('are of different operators where there are such (FEE8)', async () => {
    const world = new FeedWorld()
    const seeds = await Promise.all(['a1', 'a2', 'a3', 'b1', 'c1'].map((name) => world.node(name)))
    const home = await world.home([new TestAuthor('ana')], seeds, { operatorOf: (name) => name.slice(0, 1) })
    await eventually('one of each', () => {
      const [a1, a2, a3, b1, c1] = home.modes()
      return [a1, a2, a3].filter((mode) => mode !== null).length === 1 && b1 !== null && c1 !== null
    })
  })

  it('give way to others when they go (FEE8)', async () => {
    const world = new FeedWorld()
    const seeds = await Promise.all(['a', 'b', 'c', 'd'].map((name) => world.node(name)))
    const ana = new TestAuthor('ana')
    const home = await world.home([ana], seeds)
    await eventually('three feeds are open', () => home.modes().filter((mode) => mode !== null).length === 3)
    const sender = seeds[home.modes().indexOf('whole')] as FeedNode
    world.network.part(home.host, sender.host)
    await sender.feeds.stop()
    await eventually('another sends whole records', () => {
      const modes = home.modes()
      return (
        modes.filter((mode) => mode !== null).length === 3 &&
        modes.includes('whole') &&
        home.homes.modeOf(sender.name) === null
      )
    })
    const seq = write(ana, seeds)
    await eventually('the post is here', () => home.holds(ana, seq))
  })

  it('are asked for what one names and the other keeps back (FEE9)', async () => {
    const ana = new TestAuthor('ana')
    const world = new FeedWorld()
    // The first one is told of nothing that it takes, so it sends nothing.
    const silent = await world.node('a', { isDeaf: true })
    const others = await Promise.all(['b', 'c'].map((name) => world.node(name)))
    const seeds = [silent, ...others]
    const home = await world.home([ana], seeds, { judgeMs: 600_000 })
    await eventually('the feeds are open', () => home.modes().every((mode) => mode !== null))
    expect(home.modes()).toEqual(['whole', 'named', 'named'])
    const seq = write(ana, seeds)
    await eventually('the post is here', () => home.holds(ana, seq))
  })

  it('are replaced when one keeps back what others name (FEE9)', async () => {
    const ana = new TestAuthor('ana')
    const world = new FeedWorld()
    const hides = (event: IngestedEvent): IngestedEvent => ({ ...event, records: [] })
    const liar = await world.node('a', { tells: hides })
    const others = await Promise.all(['b', 'c', 'd'].map((name) => world.node(name)))
    const seeds = [liar, ...others]
    const home = await world.home([ana], seeds)
    await eventually('three feeds are open', () => home.modes().filter((mode) => mode !== null).length === 3)
    expect(home.modes()[0]).toBe('whole')
    for (let i = 0; i < 15; i++) write(ana, seeds, `post ${i}`)
    await eventually('the liar is left', () => home.modes()[0] === null)
    await eventually('three feeds are open again', () => home.modes().filter((mode) => mode !== null).length === 3)
    expect(home.modes().includes('whole')).toBe(true)
    await eventually('everything is here', () => ana.records.every((_, i) => home.holds(ana, i + 1)))
  })

  it('stay when they are honest, however much is written (FEE9, control)', async () => {
    const ana = new TestAuthor('ana')
    const world = new FeedWorld()
    const seeds = await Promise.all(['a', 'b', 'c', 'd'].map((name) => world.node(name)))
    const home = await world.home([ana], seeds, { judgeMs: 150 })
    await eventually('three feeds are open', () => home.modes().filter((mode) => mode !== null).length === 3)
    const before = home.modes()
    for (let i = 0; i < 40; i++) write(ana, seeds, `post ${i}`)
    await eventually('everything is here', () => ana.records.every((_, i) => home.holds(ana, i + 1)))
    // Past the moment at which each is judged.
    const end = Date.now() + 1_000
    await eventually('they were judged', () => Date.now() > end)
    expect(home.modes()).toEqual(before)
  })

  it('are replaced when one says nothing any more (FEE8)', async () => {
    const world = new FeedWorld()
    const never = { ...QUICK_FEED, firstHeadsMs: 600_000, headsEveryMs: 600_000 }
    const silent = await world.node('a', { feedTimes: never })
    const others = await Promise.all(['b', 'c', 'd'].map((name) => world.node(name)))
    const home = await world.home([new TestAuthor('ana')], [silent, ...others], { idleMs: 400 })
    await eventually('the others feed it', () => {
      const [first, ...rest] = home.modes()
      return first === null && rest.every((mode) => mode !== null)
    })
  })

  it('are synced with where their heads differ, and not again and again (FEE7)', async () => {
    const ana = new TestAuthor('ana')
    const world = new FeedWorld()
    const seed = await world.node('a', { isDeaf: true })
    const home = await world.home([ana], [seed])
    await eventually('the feed is open', () => home.modes()[0] === 'whole')
    ana.post('unsaid')
    seed.take(ana)
    await eventually('the post is here', () => home.holds(ana, 1))
    const full = () => home.syncs.filter((event) => event.type === 'done' && event.scope === null).length
    const count = full()
    const heads = Date.now() + 20 * QUICK_FEED.headsEveryMs
    await eventually('many more heads came', () => Date.now() > heads)
    expect(full()).toBeLessThanOrEqual(count + 1)
  })

  it('are replaced when one stays behind what the others hold (FEE8)', async () => {
    const ana = new TestAuthor('ana')
    const world = new FeedWorld()
    // It takes nothing in, whatever it is given.
    const behind = await world.node('a', {
      ports: (honest) => ({
        ingest: async (_, source) => await honest.ingest({ operations: [], records: [] }, source),
      }),
    })
    const others = await Promise.all(['b', 'c', 'd'].map((name) => world.node(name)))
    const seeds = [behind, ...others]
    const home = await world.home([ana], seeds)
    await eventually('three feeds are open', () => home.modes().filter((mode) => mode !== null).length === 3)
    write(ana, others)
    await eventually('the one behind is left', () => home.modes()[0] === null)
    await eventually('three feeds are open again', () => home.modes().filter((mode) => mode !== null).length === 3)
    await eventually('the post is here', () => home.holds(ana, 1))
  })

  it('hear of it when other authors are wanted (FEE3)', async () => {
    const [ana, bo] = [new TestAuthor('ana'), new TestAuthor('bo')]
    const world = new FeedWorld()
    const seed = await world.node('a')
    const home = await world.home([ana], [seed])
    await eventually('the feed is open', () => home.modes()[0] === 'whole')
    home.square.square.setWanted([bo.address])
    home.homes.note()
    await eventually('posts of the other one come', () => {
      write(bo, [seed])
      return home.square.events.some(({ source, records }) => source.kind === 'feed' && records.length > 0)
    })
    await eventually('all of them', () => bo.records.every((_, i) => home.holds(bo, i + 1)))
  })
})

describe('the end of it', () => {
  /** One seed whose heads are told by hand, and a store that answers when it is let. */
  async function open(recheckMs: number) {
    const [answers, asked]: [((hash: Uint8Array) => void)[], string[]] = [[], []]
    let tell: (hash: Uint8Array) => void = () => {}
    const homes = new HomeFeeds(
      {
        host: {
          isConnected: () => true,
          subscribe: (listener: (event: HostEvent) => void) => {
            listener({ type: 'peer-identified', peerId: 'a', protocols: [FEED_PROTOCOL] } as HostEvent)
            return () => {}
          },
        },
        feeds: {
          open: async (_, { interest, onHeads }) => {
            tell = (hash) => onHeads?.(hash)
            const reader = { interest, nonce: new Uint8Array(16), setInterest: () => {}, setWhole: () => {} }
            return { reader: reader as never, ended: new Promise<void>(() => {}) }
          },
        },
        heads: { hash: () => new Promise((resolve) => answers.push(resolve)) },
        reader: { listDigests: async () => [], listWanted: async () => [new Uint8Array(32)] },
        scheduler: { requestAuthors: () => {}, requestPeer: (peerId) => asked.push(peerId) },
        clock: systemClock,
        logger: silentLogger,
      },
      {
        candidates: () => [{ peerId: 'a', operator: 'a', isDialled: true }],
        times: { ...HOME_FEED_TIMES, settleMs: 1, recheckMs },
      },
    )
    homes.start()
    const [ours, other] = [new Uint8Array(8), new Uint8Array(8).fill(1)]
    await eventually('heads are looked at', () => {
      tell(other)
      return answers.length > 0
    })
    const answer = () => answers.shift()?.(ours)
    return { homes, asked, answers, answer }
  }

  it('does not wait for the moment at which heads are looked at again, and asks nobody then (FEE7)', async () => {
    const { homes, asked, answer } = await open(3_600_000)
    answer()
    await homes.stop()
    expect(asked).toEqual([])
  })

  it('waits for the store that is being asked, and asks nobody with what it says (FEE7)', async () => {
    const { homes, asked, answer, answers } = await open(1)
    answer()
    await eventually('heads are looked at again', () => answers.length > 0)
    let isStopped = false
    const stopping = homes.stop().then(() => {
      isStopped = true
    })
    await new Promise((resolve) => setImmediate(resolve))
    expect(isStopped).toBe(false)
    answer()
    await stopping
    expect(asked).toEqual([])
  })

  it('is needed: heads that stay different have the seed asked (FEE7, control)', async () => {
    const { homes, asked, answer, answers } = await open(1)
    answer()
    await eventually('heads are looked at again', () => answers.length > 0)
    answer()
    await eventually('the seed is asked', () => asked.length > 0)
    await homes.stop()
  })
})
