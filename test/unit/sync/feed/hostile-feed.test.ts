import { describe, expect, it } from 'vitest'
import { SyncError } from '../../../../core/sync/errors.ts'
import type { FeedFrame } from '../../../../core/sync/feed/feed-frames.ts'
import { prefixesOf } from '../../../../core/sync/feed/interest-set.ts'
import { TestAuthor } from '../../../harness/authors.ts'
import { QUICK_FEED, readFeed, serveFeed } from '../../../harness/feed-pair.ts'
import { createMemoryDuplex } from '../../../harness/memory-duplex.ts'
import { ScriptedFeedEnd } from '../../../harness/scripted-feed.ts'
import { TestSquare } from '../../../harness/test-square.ts'
import { eventually } from '../../../harness/wait.ts'

const ana = new TestAuthor('ana')
const bo = new TestAuthor('bo')
ana.post('hello')
bo.post('hello')

const HELLO: FeedFrame = {
  type: 'hello',
  version: 1,
  network: 'palabre',
  nonce: new Uint8Array(16),
  isWhole: true,
  isAlone: false,
}
const WELCOME: FeedFrame = { type: 'welcome', version: 1, network: 'palabre' }
const NONE = new BigUint64Array()
const INTEREST: FeedFrame = { type: 'interest', added: prefixesOf([ana.address]), removed: NONE, isLast: true }
const MANY = BigUint64Array.from({ length: 7_000 }, (_, i) => BigInt(i))

/** What a reader can do wrong, and the code that it is ended with. */
const READERS: Record<string, { frames: readonly (FeedFrame | Uint8Array)[]; code: string }> = {
  'speaks another version': { frames: [{ ...HELLO, version: 2 }], code: 'wrong-version' },
  'belongs to another network': { frames: [{ ...HELLO, network: 'other' }], code: 'wrong-network' },
  'greets twice': { frames: [HELLO, HELLO], code: 'unexpected-frame' },
  'doesn’t greet': { frames: [INTEREST], code: 'unexpected-frame' },
  'speaks as a seed': { frames: [HELLO, INTEREST, WELCOME], code: 'unexpected-frame' },
  'acknowledges what it didn’t get': { frames: [HELLO, INTEREST, { type: 'ack', number: 1 }], code: 'bad-ack' },
  'changes its mind without end': {
    frames: [HELLO, INTEREST, ...Array.from({ length: 64 }, (): FeedFrame => ({ type: 'mode', isWhole: true }))],
    code: 'budget',
  },
  'sends no frame': { frames: [new Uint8Array([0xff])], code: 'bad-frame' },
  'asks for more than is served': {
    frames: [
      HELLO,
      ...[0, 1, 2].map(
        (part): FeedFrame => ({
          type: 'interest',
          added: MANY.map((prefix) => prefix + BigInt(part * 7_000)),
          removed: NONE,
          isLast: part === 2,
        }),
      ),
    ],
    code: 'budget',
  },
}

/** What a seed can do wrong. */
const SEEDS: Record<string, { frames: readonly FeedFrame[]; code: string }> = {
  'speaks another version': { frames: [{ ...WELCOME, version: 9 }], code: 'wrong-version' },
  'belongs to another network': { frames: [{ ...WELCOME, network: 'other' }], code: 'wrong-network' },
  'doesn’t greet': { frames: [{ type: 'heads', number: 1, hash: new Uint8Array(8) }], code: 'unexpected-frame' },
  'greets twice': { frames: [WELCOME, WELCOME], code: 'unexpected-frame' },
  'speaks as a reader': { frames: [WELCOME, HELLO], code: 'unexpected-frame' },
  'leaves a number out': {
    frames: [WELCOME, { type: 'heads', number: 2, hash: new Uint8Array(8) }],
    code: 'unexpected-frame',
  },
  'sends what nobody asked for': {
    frames: [WELCOME, { type: 'news', number: 1, operations: [bo.genesis], records: [] }],
    code: 'unexpected-author',
  },
  'names what nobody asked for': {
    frames: [
      WELCOME,
      {
        type: 'names',
        number: 1,
        logs: [{ author: bo.address, device: bo.device.publicKey, seqs: [{ seq: 1, digest: new Uint8Array(8) }] }],
      },
    ],
    code: 'unexpected-author',
  },
  'sends an invalid record': {
    frames: [
      WELCOME,
      {
        type: 'news',
        number: 1,
        operations: [ana.genesis],
        records: [falsify(ana.records[0]?.bytes ?? new Uint8Array())],
      },
    ],
    code: 'invalid-record',
  },
}

/** The same record with a bit of its signature turned. */
function falsify(record: Uint8Array): Uint8Array {
  const copy = record.slice()
  const at = copy.length - (ana.records[0]?.bytes.length ?? 0) + (ana.records[0]?.headerBytes.length ?? 0) + 10
  copy[at] = (copy[at] as number) ^ 1
  return copy
}

async function send(end: ScriptedFeedEnd, frame: FeedFrame | Uint8Array): Promise<void> {
  await (frame instanceof Uint8Array ? end.sendBytes(frame) : end.send(frame))
}

describe('who serves a feed', () => {
  for (const [what, { frames, code }] of Object.entries(READERS)) {
    it(`ends with ${code} when the reader ${what}`, async () => {
      const [near, far] = createMemoryDuplex(100)
      const { ended } = serveFeed(new TestSquare({ role: 'seed' }), far, {
        times: { ...QUICK_FEED, firstHeadsMs: 60_000 },
      })
      const reader = new ScriptedFeedEnd(near)
      for (const frame of frames) await send(reader, frame)
      expect(await ended).toMatchObject({ code, isRemote: false })
    })
  }

  it('ends a reader who acknowledges nothing (FEE5)', async () => {
    const [near, far] = createMemoryDuplex(100)
    const { ended } = serveFeed(new TestSquare({ role: 'seed' }), far, { times: { ...QUICK_FEED, idleMs: 100 } })
    await new ScriptedFeedEnd(near).send(HELLO, INTEREST)
    expect(await ended).toMatchObject({ code: 'stalled' })
  })

  it('serves no more than it has room for (FEE3)', async () => {
    const [near, far] = createMemoryDuplex(100)
    const { ended } = serveFeed(new TestSquare({ role: 'seed' }), far, { mayGrow: false })
    await new ScriptedFeedEnd(near).send(HELLO, INTEREST)
    expect(await ended).toMatchObject({ code: 'budget' })
  })
})

describe('who reads a feed', () => {
  for (const [what, { frames, code }] of Object.entries(SEEDS)) {
    it(`ends with ${code} when the seed ${what}`, async () => {
      const home = new TestSquare()
      home.square.setWanted([ana.address])
      const [near, far] = createMemoryDuplex(100)
      const { ended } = readFeed(home, near, { authors: [ana.address] })
      const seed = new ScriptedFeedEnd(far)
      for (const frame of frames) await send(seed, frame)
      expect(await ended).toMatchObject({ code, isRemote: false })
      expect(home.square.readLog(bo.address, bo.device.publicKey, [1, 1], 100_000)).toEqual([])
    })
  }

  it('ends a seed that says nothing any more (FEE7)', async () => {
    const [near, far] = createMemoryDuplex(100)
    const { ended } = readFeed(new TestSquare(), near, {
      authors: [ana.address],
      times: { ...QUICK_FEED, idleMs: 100 },
    })
    await new ScriptedFeedEnd(far).send(WELCOME)
    expect(await ended).toMatchObject({ code: 'stalled' })
  })

  it('takes what was on its way when the interest shrank (FEE3)', async () => {
    const home = new TestSquare()
    home.square.setWanted([ana.address])
    const [near, far] = createMemoryDuplex(100)
    const { reader, ended, news } = readFeed(home, near, { authors: [ana.address] })
    const seed = new ScriptedFeedEnd(far)
    await seed.send(WELCOME)
    reader.setInterest(NONE)
    await seed.send({
      type: 'news',
      number: 1,
      operations: [ana.genesis],
      records: [ana.records[0]?.bytes as Uint8Array],
    })
    await eventually('it is taken', () => news.length === 1)
    await far.close()
    expect(await ended).toBe(null)
  })

  it('makes a seed wait that sends more than a feed may bring (FEE5)', async () => {
    const home = new TestSquare()
    home.square.setWanted([ana.address])
    const [near, far] = createMemoryDuplex(1_000)
    readFeed(home, near, { authors: [ana.address] })
    const seed = new ScriptedFeedEnd(far)
    await seed.send(WELCOME)
    const records = Array.from({ length: 100 }, () => ana.records[0]?.bytes as Uint8Array)
    const sent = 1_000
    for (let number = 1; number <= sent; number++)
      await seed.send({ type: 'news', number, operations: [ana.genesis], records })
    // The clock of this test stands still: what is over the burst waits for good.
    const acks = await countAcks(far)
    expect(acks).toBeGreaterThan(10)
    expect(acks).toBeLessThan(sent)
  })

  it('makes a seed wait that says its heads again and again (FEE5)', async () => {
    const [near, far] = createMemoryDuplex(2_000)
    const { heads } = readFeed(new TestSquare(), near, { authors: [ana.address] })
    const seed = new ScriptedFeedEnd(far)
    await seed.send(WELCOME)
    const hash = new Uint8Array(8)
    for (let number = 1; number <= 1_500; number++) await seed.send({ type: 'heads', number, hash })
    // The clock of this test stands still: 8 MiB are 512 frames, the Welcome among them.
    expect(await countAcks(far)).toBe(511)
    expect(heads).toHaveLength(511)
  })

  it('tells what the other side said of why it ended', async () => {
    const [near, far] = createMemoryDuplex(100)
    const { ended } = readFeed(new TestSquare(), near, { authors: [ana.address] })
    await new ScriptedFeedEnd(far).send({ type: 'error', code: 'busy' })
    const error = await ended
    expect(error).toBeInstanceOf(SyncError)
    expect(error).toMatchObject({ code: 'busy', isRemote: true })
  })
})

/** Acknowledgements until none has come for a while. */
async function countAcks(duplex: Parameters<typeof readFeed>[1]): Promise<number> {
  const end = new ScriptedFeedEnd(duplex)
  for (let count = 0; ; count++) {
    const quiet = new Promise<null>((resolve) => setTimeout(resolve, 2_000, null))
    if ((await Promise.race([end.next('ack'), quiet])) === null) return count
  }
}
