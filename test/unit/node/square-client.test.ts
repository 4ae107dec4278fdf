import { describe, expect, it, onTestFinished } from 'vitest'
import { formatRecordId } from '../../../core/codec/cid.ts'
import type { IngestedEvent } from '../../../core/ingest/door.ts'
import type { SquareInit } from '../../../core/node/square-calls.ts'
import { SquareClient } from '../../../core/node/square-client.ts'
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

  it('rejects what waits when the thread ends', async () => {
    const client = await openClient()
    const closing = client.close()
    await closing
    await expect(client.home({ limit: 1 })).rejects.toMatchObject({ code: 'store-stopped' })
    expect(await client.stopped).toBeNull()
  })
})
