import { describe, expect, it, onTestFinished } from 'vitest'
import type { CatchUp } from '../../core/contract/catch-up.ts'

import { createNode } from '../../core/node/create-node.ts'
import { loadNetworkDescriptor } from '../../core/node/network-descriptor.ts'
import { openSquare } from '../../core/node/square.ts'
import { packBytes } from '../../core/node/square-calls.ts'
import { systemClock } from '../../core/util/clock.ts'
import { silentLogger } from '../../core/util/logger.ts'
import { TestAuthor } from '../harness/authors.ts'
import { clientOf, type TestPeer, TestSquare } from '../harness/square.ts'
import { makeTempDir } from '../harness/temp-dir.ts'
import { eventually } from '../harness/wait.ts'

const AUTHORS = 4
const POSTS = 5_000
const BATCH = 512

/** Puts the records into the store of a seed, and starts it again. */
async function fill(seed: TestPeer, authors: readonly TestAuthor[]): Promise<void> {
  await seed.stop()
  const store = openSquare(
    { clock: systemClock, logger: silentLogger, onIngested: () => {} },
    { dataDir: seed.dataDir, domain: 'palabre', role: 'seed', admit: 'all', pins: [], account: null },
  )
  store.ingest(packBytes(authors.map(({ genesis }) => genesis)), packBytes([]), { kind: 'import' })
  const records = authors.flatMap((author) => author.records.map(({ bytes }) => bytes))
  for (let i = 0; i < records.length; i += BATCH) {
    store.ingest(packBytes([]), packBytes(records.slice(i, i + BATCH)), { kind: 'import' })
  }
  store.close()
  await seed.start()
}

describe('catching up with two seeds at once', () => {
  it('shows what has come of what was asked for, how fast, and from whom', async () => {
    const square = new TestSquare()
    square.watch()
    onTestFinished(() => square.close())
    const authors = Array.from({ length: AUTHORS }, (_, i) => new TestAuthor(`author ${i}`))
    for (let i = 0; i < POSTS; i++) authors[i % AUTHORS]?.post(`post ${i}`)
    const seeds = [await square.add({ role: 'seed' }), await square.add({ role: 'seed' })]
    for (const seed of seeds) await fill(seed, authors)

    const logged: string[] = []
    const node = await createNode(
      {
        role: 'seed',
        name: null,
        listen: ['/ip4/127.0.0.1/tcp/0'],
        announce: [],
        peers: [],
        network: await loadNetworkDescriptor('local'),
        pins: [],
        admit: 'all',
        dataDir: makeTempDir(),
      },
      { logger: { ...silentLogger, info: (_fields, message) => void logged.push(message) } },
    )
    onTestFinished(() => node.stop())
    await node.start()
    const api = clientOf(node)
    expect((await api.network.status()).catchUp).toBeNull()

    const seen: CatchUp[] = []
    const hints: { received: number; done: boolean }[] = []
    const events = await api.events.subscribe()
    const watching = (async () => {
      for await (const event of events) if (event.type === 'sync') hints.push(event)
    })()
    for (const seed of seeds) await api.network.connect({ address: await seed.address() })
    await eventually('all of it is here', async () => {
      const { catchUp, storage } = await api.network.status()
      if (catchUp !== null) seen.push(catchUp)
      return storage.records === POSTS && catchUp === null
    })

    const received = seen.map((status) => status.received)
    expect(new Set(received).size).toBeGreaterThan(3)
    expect(received).toEqual(received.toSorted((a, b) => a - b))
    // Asked of both, and counted once: what a peer claims can't make it more, nor look done.
    for (const status of seen) {
      expect(status.expected).toBeLessThanOrEqual(POSTS)
      expect(status.received).toBeLessThanOrEqual(status.expected)
    }
    expect(seen.some(({ expected }) => expected === POSTS)).toBe(true)
    expect(seen.some(({ ratePerSecond }) => ratePerSecond > 0)).toBe(true)
    const peers = new Set(seen.flatMap((status) => status.peers.map(({ peerId }) => peerId)))
    const ids = await Promise.all(seeds.map((seed) => seed.peerId()))
    expect(peers.size).toBeGreaterThan(0)
    expect(ids).toEqual(expect.arrayContaining([...peers]))

    await eventually('its end is said', () => hints.some(({ done }) => done))
    await eventually('its end is logged', () => logged.some((line) => line.startsWith('catching up is over')))
    const lines = logged.filter((line) => line.startsWith('catching up'))
    expect(lines).toHaveLength(2)
    expect(lines[0]).toMatch(/^catching up: about 5000 records to come from \d peers?$/)
    expect(lines[1]).toMatch(/^catching up is over: 5000 of about 5000 records came in [\d.]+ s, \d+ a second$/)
    await events.return?.()
    await watching
  })
})
