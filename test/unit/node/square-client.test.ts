import { once } from 'node:events'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, it, onTestFinished } from 'vitest'
import { formatRecordId } from '../../../core/codec/cid.ts'
import type { IngestedEvent } from '../../../core/ingest/door.ts'
import type { SquareInit } from '../../../core/node/square-calls.ts'
import { SquareClient } from '../../../core/node/square-client.ts'
import { startSquareThread } from '../../../core/node/square-starter.ts'
import { encodePost, KIND } from '../../../core/record/kinds/kind-table.ts'
import { silentLogger } from '../../../core/util/logger.ts'
import { TestAuthor } from '../../harness/authors.ts'
import { makeTempDir } from '../../harness/temp-dir.ts'

async function openClient(init: Partial<SquareInit> = {}): Promise<SquareClient> {
  const client = await SquareClient.open(
    { logger: silentLogger },
    { dataDir: makeTempDir(), domain: 'palabre', role: 'peer', admit: 'all', pins: [], account: null, ...init },
  )
  onTestFinished(() => client.close())
  return client
}

function postBody(author: TestAuthor, text: string): Uint8Array {
  return encodePost({ salt: author.salt(), text })
}

describe('SquareClient', () => {
  it('takes an account at run time, publishes a post and shows it at home', async () => {
    const ada = new TestAuthor('Ada')
    const client = await openClient()
    const events: IngestedEvent[] = []
    client.subscribe((event) => events.push(event))
    await expect(client.publish([{ kind: KIND.post, body: postBody(ada, 'too early') }])).rejects.toMatchObject({
      code: 'no-account',
    })
    await client.setAccount(ada.account)
    const [published] = await client.publish([{ kind: KIND.post, body: postBody(ada, 'under the tree') }])
    const page = await client.home({ limit: 50 })
    expect(page.items).toHaveLength(1)
    expect(page.items[0]).toMatchObject({
      id: formatRecordId(published?.id as Uint8Array),
      author: ada.profile,
      text: 'under the tree',
      state: 'shown',
      holding: { seeds: [], cause: 'offline' },
    })
    expect(events.flatMap(({ records }) => records)).toMatchObject([{ seq: 1, isOwn: true, isHome: true }])
  })

  it('shows what a followed person wrote, however it came', async () => {
    const ada = new TestAuthor('Ada')
    const ben = new TestAuthor('Ben')
    const client = await openClient({ account: ada.account })
    const post = ben.post('hello from Ben')
    const before = await client.ingest(
      { operations: [ben.genesis], records: [post.bytes] },
      { kind: 'gossip', peer: 'a' },
    )
    expect(before.records[0]).toMatchObject({
      verdict: { verdict: 'drop', reason: 'not-wanted' },
      isKept: false,
      mayForward: true,
    })
    await client.publish([{ kind: KIND.follow, body: ada.follow(ben).body as Uint8Array }])
    const after = await client.ingest({ operations: [], records: [post.bytes] }, { kind: 'sync', peer: 'a' })
    expect(after.records[0]).toMatchObject({ verdict: { verdict: 'accept' }, isNew: true, isKept: true })
    expect((await client.home({ limit: 10 })).items.map(({ text }) => text)).toEqual(['hello from Ben'])
    expect(await client.follows()).toMatchObject([{ profile: ben.profile, state: 'following' }])
  })

  it('says which database could not be opened, and why', async () => {
    const dataDir = makeTempDir()
    const foreign = new DatabaseSync(join(dataDir, 'own.db'))
    foreign.exec('CREATE TABLE shopping (item TEXT)')
    foreign.close()
    await expect(openClient({ dataDir })).rejects.toMatchObject({ code: 'database-foreign' })
  })

  it('rejects everything that waits when the thread dies, and says so', async () => {
    const script = `
      const { parentPort } = require('node:worker_threads')
      parentPort.postMessage({ type: 'opened' })
      parentPort.once('message', () => parentPort.once('message', () => { throw new Error('out of luck') }))`
    const worker = new URL(
      `data:text/javascript,${encodeURIComponent(`import { createRequire } from 'node:module'; const require = createRequire('file:///'); ${script}`)}`,
    )
    const init = {
      dataDir: makeTempDir(),
      domain: 'palabre',
      role: 'peer',
      admit: 'all',
      pins: [],
      account: null,
    } as const
    const client = await SquareClient.open({ logger: silentLogger, worker }, init)
    const calls = [
      client.home({ limit: 1 }),
      client.follows(),
      client.ingest({ operations: [], records: [] }, { kind: 'sync' }),
    ]
    for (const call of calls) await expect(call).rejects.toMatchObject({ code: 'store-stopped' })
    expect(await client.stopped).toMatchObject({
      code: 'store-stopped',
      message: expect.stringContaining('out of luck'),
    })
    await expect(client.home({ limit: 1 })).rejects.toMatchObject({ code: 'store-stopped' })
  })

  it('opens on a thread that was started before, and says so where that has ended already', async () => {
    const init = {
      dataDir: makeTempDir(),
      domain: 'palabre',
      role: 'peer',
      admit: 'all',
      pins: [],
      account: null,
    } as const
    const thread = startSquareThread()
    const client = await SquareClient.open({ logger: silentLogger, thread }, init)
    expect(await client.home({ limit: 1 })).toEqual({ items: [], cursor: null })
    await client.close()
    const dead = startSquareThread(new URL('data:text/javascript,process.exit(3)'))
    await once(dead, 'exit')
    const opening = SquareClient.open({ logger: silentLogger, thread: dead }, init)
    await expect(opening).rejects.toMatchObject({ code: 'store-stopped' })
  })

  it('hands the thread four batches at a time, however fast they come, and refuses what is more than may wait', async () => {
    // A thread that answers nothing until it is told to; then it says how many batches it had been given.
    const script = `
      import { parentPort } from 'node:worker_threads'
      const given = []
      const answer = ({ call }) => parentPort.postMessage({ type: 'answer', call, result: {
        keys: { buffer: new ArrayBuffer(0), lengths: [] },
        operations: { rows: new Float64Array(0), verdicts: new Map() },
        records: { rows: new Float64Array(0), verdicts: new Map() },
      } })
      let isOpen = false
      parentPort.on('message', (request) => {
        if (request.method === undefined) return
        if (request.method === 'checkpoint') {
          parentPort.postMessage({ type: 'answer', call: request.call, result: given.length })
          isOpen = true
          for (const one of given.splice(0)) answer(one)
        } else if (isOpen) answer(request)
        else given.push(request)
      })
      parentPort.postMessage({ type: 'opened' })`
    const worker = new URL(`data:text/javascript,${encodeURIComponent(script)}`)
    const init = { dataDir: '', domain: 'palabre', role: 'peer', admit: 'all', pins: [], account: null } as const
    const client = await SquareClient.open({ logger: silentLogger, worker }, init)
    onTestFinished(() => client.close())
    const records = Array.from({ length: 16 }, () => new Uint8Array(65_536))
    const outcomes = { done: 0, busy: 0 }
    const batches = Array.from({ length: 200 }, () =>
      client.ingest({ operations: [], records }, { kind: 'import' }).then(
        () => void outcomes.done++,
        (error) => {
          expect(error).toMatchObject({ code: 'store-busy' })
          outcomes.busy++
        },
      ),
    )
    await new Promise((resolve) => setImmediate(resolve))
    // All were brought in one moment: four are there, 64 MiB wait, the rest is refused.
    expect(await (client.checkpoint() as Promise<unknown>)).toBe(4)
    await Promise.all(batches)
    expect(outcomes).toEqual({ done: 68, busy: 132 })
  })

  it('lets reading in between while much is ingested', async () => {
    const ada = new TestAuthor('Ada')
    const client = await openClient({ role: 'seed' })
    const posts = Array.from({ length: 200 }, (_, i) => ada.post(`post ${i}`))
    await client.ingest({ operations: [ada.genesis], records: [] }, { kind: 'sync', peer: 'a' })
    const order: string[] = []
    const batches = Array.from({ length: 10 }, (_, i) => posts.slice(20 * i, 20 * i + 20).map(({ bytes }) => bytes))
    const ingesting = batches.map((records) =>
      client.ingest({ operations: [], records }, { kind: 'sync', peer: 'a' }).then(() => order.push('batch')),
    )
    await client.profilePosts(ada.profile, { limit: 1 }).then(() => order.push('page'))
    await Promise.all(ingesting)
    expect(order.indexOf('page')).toBeLessThanOrEqual(2)
    expect((await client.profilePosts(ada.profile, { limit: 500 })).items).toHaveLength(200)
    expect(await client.readLog(ada.address, ada.device.publicKey, [1, 200], 1_000_000)).toHaveLength(200)
  })

  it('hands blocks over whole', async () => {
    const client = await openClient()
    const cid = Uint8Array.of(1, 85, 18, 32, ...new Uint8Array(32).fill(9))
    const bytes = new Uint8Array(1_048_576).fill(7)
    await client.putBlocks([{ cid, bytes }])
    expect(bytes.length).toBe(1_048_576)
    expect(await client.hasBlock(cid)).toBe(true)
    expect(Buffer.from((await client.getBlock(cid)) as Uint8Array).equals(bytes)).toBe(true)
    await client.deleteBlock(cid)
    expect(await client.getBlock(cid)).toBeNull()
  })

  it('rejects what waits when the thread ends', async () => {
    const client = await openClient()
    const closing = client.close()
    await closing
    await expect(client.home({ limit: 1 })).rejects.toMatchObject({ code: 'store-stopped' })
    expect(await client.stopped).toBeNull()
  })
})
