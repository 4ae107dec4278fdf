import { describe, expect, it, onTestFinished } from 'vitest'
import { CardBook } from '../../../core/discovery/card-book.ts'
import { encodePeersFrame, type PeersFrame } from '../../../core/discovery/frames.ts'
import { MAX_PEERS_FRAME_BYTES, PEERS_BUDGET, PEERS_PROTOCOL } from '../../../core/discovery/limits.ts'
import { PeerExchange } from '../../../core/discovery/peer-exchange.ts'
import { createSignatureVerifier } from '../../../core/identity/signature.ts'
import { FramedStream } from '../../../core/net/framed-stream.ts'
import { encodePeerCard, type PeerCard } from '../../../core/record/peer-card.ts'
import { ManualClock } from '../../../core/util/clock.ts'
import { silentLogger } from '../../../core/util/logger.ts'
import { keyOf } from '../../harness/chains.ts'
import { type MemoryHost, MemoryNetwork } from '../../harness/memory-hosts.ts'
import { CARD_TIME, cardOf, peerIdOfName } from '../../harness/peer-cards.ts'

const NOTHING = { authors: [], seeds: 0 }

async function startExchange(
  host: MemoryHost,
  init: { own?: PeerCard | null; clock?: ManualClock; network?: string; deadlineMs?: number } = {},
) {
  const clock = init.clock ?? new ManualClock(CARD_TIME)
  const book = new CardBook({ clock }, { isWanted: () => false })
  const exchange = new PeerExchange(
    { host: host.peerHost, book, verifier: createSignatureVerifier(), logger: silentLogger, clock },
    {
      network: init.network ?? 'palabre',
      ownCard: () => init.own ?? null,
      ...(init.deadlineMs === undefined ? {} : { deadlineMs: init.deadlineMs }),
    },
  )
  await exchange.start()
  onTestFinished(() => exchange.stop())
  return { book, exchange, clock }
}

async function pair(init: { near?: PeerCard; far?: PeerCard } = {}) {
  const network = new MemoryNetwork()
  const [near, far] = [network.host(peerIdOfName('near')), network.host(peerIdOfName('far'))]
  const asking = await startExchange(near, { own: init.near ?? null })
  const answering = await startExchange(far, { own: init.far ?? null })
  network.join(near, far)
  return { asking, answering, far: far.peerId }
}

describe('between honest peers (DSC4, DSC5)', () => {
  it('tells each side where the other is', async () => {
    const { asking, answering, far } = await pair({ near: cardOf('near'), far: cardOf('far') })
    expect(asking.exchange.peers()).toEqual([far])
    expect(await asking.exchange.ask(far, NOTHING)).toEqual([cardOf('far')])
    expect(answering.book.get(cardOf('near').device)).toEqual(cardOf('near'))
    // Again, when nothing is new.
    expect(await asking.exchange.ask(far, NOTHING)).toEqual([])
  })

  it('tells of the devices that were asked for and of seeds, and of nobody else', async () => {
    const { asking, answering, far } = await pair()
    const seeds = [1, 2, 3].map((i) => cardOf(`seed ${i}`, { role: 'seed', ts: CARD_TIME - i }))
    for (const card of [cardOf('ada'), cardOf('ben'), ...seeds]) answering.book.note(card)
    const author = cardOf('ada').author as Uint8Array
    expect(await asking.exchange.ask(far, { authors: [author], seeds: 2 })).toEqual([cardOf('ada'), seeds[0], seeds[1]])
    expect(asking.book.size).toBe(3)
  })

  it('tells a whole answer however much it knows, within one frame (DSC5)', async () => {
    const { asking, answering, far } = await pair()
    for (let i = 0; i < 64; i++) {
      const addresses = Array.from({ length: 5 }, (_, n) => `/dns4/${'x'.repeat(200)}.of-${i}-${n}.example/tcp/1`)
      answering.book.note(cardOf(`large ${i}`, { role: 'seed', addresses }))
    }
    const told = await asking.exchange.ask(far, { authors: [], seeds: 32 })
    expect(told).toHaveLength(32)
  })

  it('answers nobody of another network', async () => {
    const network = new MemoryNetwork()
    const [near, far] = [network.host(peerIdOfName('near')), network.host(peerIdOfName('far'))]
    const asking = await startExchange(near, { network: 'elsewhere' })
    await startExchange(far)
    network.join(near, far)
    await expect(asking.exchange.ask(far.peerId, NOTHING)).rejects.toMatchObject({
      code: 'wrong-network',
      isRemote: true,
    })
  })

  it('says that it is busy to whoever asks all the time, and answers again later', async () => {
    const { asking, answering, far } = await pair()
    for (let i = 0; i < PEERS_BUDGET.capacity; i++) await asking.exchange.ask(far, NOTHING)
    await expect(asking.exchange.ask(far, NOTHING)).rejects.toMatchObject({ code: 'busy', isRemote: true })
    answering.clock.advance(2_000)
    await expect(asking.exchange.ask(far, NOTHING)).resolves.toEqual([])
  })
})

/** One that asks a peer which answers by script. */
async function askOf(
  answer: (duplex: FramedStream) => Promise<void>,
  question = NOTHING as Parameters<PeerExchange['ask']>[1],
) {
  const network = new MemoryNetwork()
  const [near, liar] = [network.host(peerIdOfName('near')), network.host(peerIdOfName('liar'))]
  const asking = await startExchange(near, { deadlineMs: 2_000 })
  await liar.handle(PEERS_PROTOCOL, async (stream) => {
    const duplex = new FramedStream(stream, { maxFrameBytes: MAX_PEERS_FRAME_BYTES })
    await duplex.readFrame()
    await answer(duplex)
  })
  network.join(near, liar)
  return { ...asking, outcome: asking.exchange.ask(liar.peerId, question) }
}

const say =
  (...frames: PeersFrame[]) =>
  async (duplex: FramedStream) => {
    for (const frame of frames) await duplex.writeFrame(encodePeersFrame(frame))
    await duplex.close()
  }
const cards = (own: PeerCard | null, ...told: Uint8Array[]): PeersFrame => {
  return { type: 'cards', card: own === null ? null : encodePeerCard(own), cards: told }
}
const forged = (card: PeerCard) => encodePeerCard({ ...card, addresses: ['/ip4/203.0.113.6/tcp/6'] })

describe('asking a peer that lies (DSC5)', () => {
  it('ends well with an honest script: the control', async () => {
    const { outcome, exchange } = await askOf(say(cards(cardOf('liar'))))
    expect(await outcome).toEqual([cardOf('liar')])
    expect(exchange.peers()).toHaveLength(1)
  })

  it.each<[string, PeersFrame[], string]>([
    ['a card that somebody changed', [cards(null, forged(cardOf('seed', { role: 'seed' })))], 'bad-card'],
    ['the card of somebody else as its own', [cards(cardOf('ada'))], 'bad-card'],
    ['somebody who was not asked for', [cards(null, encodePeerCard(cardOf('ada')))], 'unrelated'],
    ['more seeds than were asked for', [cards(null, ...seedCards(9))], 'unrelated'],
    [
      'a question for an answer',
      [{ type: 'ask', version: 1, network: 'palabre', card: null, authors: [], seeds: 0, extensions: {} }],
      'unexpected-frame',
    ],
  ])('believes nothing of an answer with %s, and leaves that peer alone', async (_, frames, code) => {
    const { outcome, exchange, book } = await askOf(say(...frames), { authors: [], seeds: 8 })
    await expect(outcome).rejects.toMatchObject({ code, isRemote: false })
    expect(book.size).toBe(0)
    expect(exchange.peers()).toEqual([])
  })

  it.each<[string, (duplex: FramedStream) => Promise<void>, string]>([
    ['bytes that are no frame', async (duplex) => duplex.writeFrame(Uint8Array.of(1, 2, 3)), 'bad-frame'],
    ['nothing at all', async (duplex) => duplex.close(), 'truncated'],
    ['silence', () => new Promise(() => {}), 'stalled'],
  ])('ends where there is %s', async (_, answer, code) => {
    const { outcome } = await askOf(answer)
    await expect(outcome).rejects.toMatchObject({ code })
  })
})

describe('asked by a peer that lies', () => {
  it.each<[string, PeersFrame, string]>([
    ['the card of somebody else', ask({ card: encodePeerCard(cardOf('ada')) }), 'bad-card'],
    ['a version that nobody knows', ask({ version: 2 }), 'wrong-version'],
    ['an answer', { type: 'cards', card: null, cards: [] }, 'unexpected-frame'],
  ])('refuses %s and keeps nothing of it', async (_, frame, code) => {
    const network = new MemoryNetwork()
    const [near, liar] = [network.host(peerIdOfName('near')), network.host(peerIdOfName('liar'))]
    const { book } = await startExchange(near)
    network.join(near, liar)
    const duplex = new FramedStream(await liar.openStream(near.peerId, PEERS_PROTOCOL), {
      maxFrameBytes: MAX_PEERS_FRAME_BYTES,
    })
    await duplex.writeFrame(encodePeersFrame(frame))
    expect(await duplex.readFrame()).toEqual(encodePeersFrame({ type: 'error', code: code as 'bad-card' }))
    expect(book.size).toBe(0)
  })
})

function seedCards(count: number): Uint8Array[] {
  return Array.from({ length: count }, (_, i) =>
    encodePeerCard(cardOf(`seed ${i}`, { role: 'seed', author: keyOf('x').publicKey })),
  )
}

function ask(change: Partial<PeersFrame & { type: 'ask' }>): PeersFrame {
  return { type: 'ask', version: 1, network: 'palabre', card: null, authors: [], seeds: 0, extensions: {}, ...change }
}
