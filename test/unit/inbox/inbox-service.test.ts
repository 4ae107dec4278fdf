import { describe, expect, it } from 'vitest'
import { encodeInboxFrame, type InboxFrame } from '../../../core/inbox/inbox-frames.ts'
import { INBOX_PROTOCOL, MAX_INBOX_FRAME_BYTES } from '../../../core/inbox/inbox-limits.ts'
import { FramedStream } from '../../../core/net/framed-stream.ts'
import { TestAuthor } from '../../harness/authors.ts'
import { startInbox } from '../../harness/inbox-node.ts'
import { MemoryNetwork } from '../../harness/memory-hosts.ts'

const HOME = new Uint8Array(32).fill(7)
const END: InboxFrame = { type: 'end', next: null, until: 0, kept: new Uint8Array() }

async function pair(me: TestAuthor) {
  const network = new MemoryNetwork()
  const [near, far] = [network.host('near'), network.host('far')]
  const asking = await startInbox(near)
  const answering = await startInbox(far, { role: 'seed', me })
  network.join(near, far)
  return { asking, answering }
}

describe('handing over (INB2, INB3)', () => {
  it('brings what a stranger says to the person it is for, and says that it is kept', async () => {
    const [aya, ben] = [new TestAuthor('Aya'), new TestAuthor('Ben')]
    const { asking, answering } = await pair(aya)
    answering.test.ingestAll(aya)
    const post = aya.post('hello')
    answering.test.ingestAll(aya)
    const answer = ben.reply(post, 'from nowhere')
    const batch = { operations: [ben.genesis], records: [answer.bytes] }
    expect(await asking.inbox.put('far', aya.address, batch)).toEqual([true])
    const [notice] = answering.test.square.notifications({ limit: 10 }).items
    expect(notice).toMatchObject({ kind: 'reply' })
  })

  it('is refused for whoever is not at home there, and what speaks to somebody else is unrelated', async () => {
    const [aya, ben, eve] = [new TestAuthor('Aya'), new TestAuthor('Ben'), new TestAuthor('Eve')]
    const { asking, answering } = await pair(aya)
    answering.test.square.openInbox(HOME)
    const answer = ben.reply(eve.post('hello'), 'from nowhere')
    const batch = { operations: [ben.genesis], records: [answer.bytes] }
    await expect(asking.inbox.put('far', eve.address, batch)).rejects.toMatchObject({ code: 'not-home' })
    await expect(asking.inbox.put('far', aya.address, batch)).rejects.toMatchObject({ code: 'unrelated' })
    expect(answering.test.square.stats().records).toBe(0)
  })

  it('is asked of seeds, and an inbox is told to the devices of its person only (INB4, INB5)', async () => {
    const [aya, ben] = [new TestAuthor('Aya'), new TestAuthor('Ben')]
    const { asking, answering } = await pair(aya)
    const ask = (purpose: 'collect' | 'answers') => ({ purpose, subject: ben.address }) as const
    await expect(asking.inbox.read('far', ask('collect'))).rejects.toMatchObject({ code: 'not-yours' })
    await expect(answering.inbox.read('near', ask('answers'))).rejects.toMatchObject({ code: 'not-seed' })
  })
})

describe('asking a peer that lies (INB5)', () => {
  /** One that asks a peer which answers every question with these frames. */
  async function askOf(...frames: InboxFrame[]) {
    const network = new MemoryNetwork()
    const [near, liar] = [network.host('near'), network.host('liar')]
    const { test, inbox } = await startInbox(near)
    await liar.handle(INBOX_PROTOCOL, async (stream) => {
      const duplex = new FramedStream(stream, { maxFrameBytes: MAX_INBOX_FRAME_BYTES })
      await duplex.readFrame()
      for (const frame of frames) await duplex.writeFrame(encodeInboxFrame(frame))
      await duplex.close()
    })
    network.join(near, liar)
    return { test, inbox }
  }
  const [aya, ben] = [new TestAuthor('Aya'), new TestAuthor('Ben')]
  const root = aya.post('hello')
  const answer = ben.reply(root, 'yes')
  const other = ben.post('something else')
  const question = { purpose: 'answers', subject: root.id } as const
  const chains: InboxFrame = { type: 'operations', operations: [aya.genesis, ben.genesis] }

  it('takes what answers: the control', async () => {
    const { inbox, test } = await askOf(chains, { type: 'records', records: [root.bytes, answer.bytes] }, END)
    expect(await inbox.read('liar', question)).toMatchObject({ fresh: 2, next: null })
    expect(test.square.stats().posts).toBe(2)
  })

  const forged = answer.bytes.slice()
  forged[forged.length - 1] = (forged[forged.length - 1] as number) ^ 1
  it.each([
    ['unrelated', { type: 'records', records: [root.bytes, other.bytes] }],
    ['invalid-record', { type: 'records', records: [forged] }],
    ['invalid-record', { type: 'records', records: [new Uint8Array(40)] }],
    [
      'unexpected-frame',
      { type: 'ask', version: 1, network: 'palabre', ...question, since: 0, cursor: null, extensions: {} },
    ],
    ['budget', { type: 'records', records: Array.from({ length: 129 }, () => new Uint8Array(1)) }],
  ] as const)('leaves it alone for %s, and keeps nothing', async (code, frame) => {
    const { inbox, test } = await askOf(frame as InboxFrame, END)
    await expect(inbox.read('liar', question)).rejects.toMatchObject({ code })
    expect(inbox.peers()).toEqual([])
    expect(test.square.stats().records).toBe(0)
  })
})
