import { describe, expect, it, onTestFinished } from 'vitest'
import { createHost } from '../../core/net/host.ts'
import { LOCAL_LIMITS } from '../../core/net/net-limits.ts'
import { AuthorHeads } from '../../core/sync/author-heads.ts'
import { FeedService } from '../../core/sync/feed/feed-service.ts'
import { prefixesOf } from '../../core/sync/feed/interest-set.ts'
import { systemClock } from '../../core/util/clock.ts'
import { silentLogger } from '../../core/util/logger.ts'
import { TestAuthor } from '../harness/authors.ts'
import { QUICK_FEED } from '../harness/feed-pair.ts'
import { fakeKey } from '../harness/memory-square.ts'
import { portsOf } from '../harness/square-sync.ts'
import { TestSquare } from '../harness/test-square.ts'
import { eventually } from '../harness/wait.ts'

/** A libp2p host on loopback that speaks the feed protocol and nothing else of ours. */
async function start(name: string, role: 'peer' | 'seed') {
  const square = new TestSquare({ role })
  const host = await createHost<Record<string, never>>(
    { logger: silentLogger },
    {
      privateKey: fakeKey(name),
      listen: ['/ip4/127.0.0.1/tcp/0'],
      limits: LOCAL_LIMITS,
      isLocal: true,
      services: {},
    },
  )
  const ports = portsOf(square)
  const heads = new AuthorHeads({ reader: ports, clock: systemClock })
  const feeds = new FeedService(
    { host, door: ports, reader: ports, heads, logger: silentLogger, clock: systemClock },
    { network: 'palabre', role, times: QUICK_FEED },
  )
  square.listeners.add((event) => {
    heads.noteIngested(event)
    feeds.noteIngested(event)
  })
  await feeds.start()
  onTestFinished(async () => {
    await feeds.stop()
    await host.stop()
  })
  const holds = (author: TestAuthor) =>
    author.records.filter(
      ({ header: { seq } }) => square.square.readLog(author.address, author.device.publicKey, [seq, seq], 1).length > 0,
    ).length
  return { square, host, feeds, holds }
}

describe('feeds between hosts', () => {
  it('speak /palabre/feed/1 and carry what is new, without gossip and without sync (FEE1)', async () => {
    const [seed, home] = [await start('seed', 'seed'), await start('home', 'peer')]
    const ana = new TestAuthor('ana')
    home.square.square.setWanted([ana.address])
    await home.host.dial(seed.host.addresses()[0] as string)
    let isOpen = false
    const { ended } = await home.feeds.open(seed.host.peerId, {
      interest: prefixesOf([ana.address]),
      isWhole: true,
      onOpen: () => {
        isOpen = true
      },
    })
    await eventually('the feed is open', () => isOpen)
    for (let i = 0; i < 300; i++) ana.post(`post ${i} ${'x'.repeat(1_000)}`)
    seed.square.ingestAll(ana)
    await eventually('all of it is here', () => home.holds(ana) === 300)
    expect(seed.feeds.served).toBe(1)
    await home.feeds.stop()
    await expect(ended).rejects.toMatchObject({ code: 'unavailable' })
    await eventually('the seed has seen the end', () => seed.feeds.served === 0)
  })

  it('are one a peer: who comes again takes the place of the old one (FEE1)', async () => {
    const [seed, home] = [await start('seed', 'seed'), await start('home', 'peer')]
    await home.host.dial(seed.host.addresses()[0] as string)
    const interest = prefixesOf([fakeKey('ana')])
    const opened: string[] = []
    const open = (name: string) =>
      home.feeds.open(seed.host.peerId, { interest, isWhole: true, onOpen: () => opened.push(name) })
    const first = await open('first')
    await eventually('the first is open', () => opened.includes('first'))
    const second = await open('second')
    await expect(first.ended).rejects.toMatchObject({ code: 'truncated' })
    await eventually('the second is open', () => opened.includes('second'))
    expect(seed.feeds.served).toBe(1)
    second.ended.catch(() => {})
  })
})
