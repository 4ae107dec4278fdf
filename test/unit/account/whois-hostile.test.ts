import { describe, expect, it } from 'vitest'
import { encodeWhoisFrame, type WhoisFrame, type WhoisQuestion } from '../../../core/account/whois-frames.ts'
import { MAX_ANSWERING, MAX_WHOIS_FRAME_BYTES, WHOIS_PROTOCOL } from '../../../core/account/whois-limits.ts'
import { sha256 } from '../../../core/identity/hash.ts'
import { FramedStream } from '../../../core/net/framed-stream.ts'
import type { PeerStream } from '../../../core/net/peer-host.ts'
import { equalBytes } from '../../../core/util/bytes.ts'
import { TestAuthor } from '../../harness/authors.ts'
import { MemoryNetwork } from '../../harness/memory-hosts.ts'
import { fakeKey } from '../../harness/memory-square.ts'
import { eventually } from '../../harness/wait.ts'
import { startWhois } from '../../harness/whois-node.ts'

const ada = new TestAuthor('Ada')
const ben = new TestAuthor('Ben')
const byWords: WhoisQuestion = { by: 'authority', keyHash: sha256(ada.words.publicKey), addressStart: new Uint8Array() }
const ASK: WhoisFrame = { type: 'ask', version: 1, network: 'palabre', question: byWords, extensions: {} }
const END: WhoisFrame = { type: 'end', isComplete: true }

function chain(address: Uint8Array, ...operations: Uint8Array[]): WhoisFrame {
  return { type: 'chain', address, operations }
}

function framed(stream: PeerStream): FramedStream {
  return new FramedStream(stream, { maxFrameBytes: MAX_WHOIS_FRAME_BYTES })
}

/** One that asks a peer which answers every question by script. */
async function askOf(answer: (duplex: FramedStream, stream: PeerStream) => Promise<void>, deadlineMs = 5_000) {
  const network = new MemoryNetwork()
  const [near, liar] = [network.host('near'), network.host('liar')]
  const { test, whois } = await startWhois(near, { deadlineMs })
  await liar.handle(WHOIS_PROTOCOL, async (stream) => {
    const duplex = framed(stream)
    await duplex.readFrame()
    await answer(duplex, stream)
  })
  network.join(near, liar)
  return { test, whois, outcome: whois.ask('liar', byWords) }
}

const script =
  (...frames: WhoisFrame[]) =>
  async (duplex: FramedStream) => {
    for (const frame of frames) await duplex.writeFrame(encodeWhoisFrame(frame))
    await duplex.close()
  }

/** The genesis with one bit of its signature turned. */
function broken(genesis: Uint8Array): Uint8Array {
  const bytes = genesis.slice()
  bytes[bytes.length - 5] = (bytes[bytes.length - 5] as number) ^ 1
  return bytes
}

describe('asking a peer that lies', () => {
  it('ends well with an honest script: the control', async () => {
    const { outcome, whois } = await askOf(script(chain(ada.address, ada.genesis), END))
    expect(await outcome).toEqual([ada.address])
    expect(whois.peers()).toEqual(['liar'])
  })

  it.each<[string, WhoisFrame[], string]>([
    ['a chain that names others', [chain(ben.address, ben.genesis), END], 'unrelated'],
    [
      'such a chain beside the right one',
      [chain(ada.address, ada.genesis), chain(ben.address, ben.genesis), END],
      'unrelated',
    ],
    ['operations of two addresses as one chain', [chain(ada.address, ada.genesis, ben.genesis), END], 'unrelated'],
    ['the chain under another address', [chain(ben.address, ada.genesis), END], 'unrelated'],
    ['bytes that are no operation', [chain(ada.address, ada.genesis, Uint8Array.of(1)), END], 'invalid-operation'],
    ['a signature that is none', [chain(ada.address, broken(ada.genesis)), END], 'invalid-operation'],
    ['a question', [ASK], 'unexpected-frame'],
    ['more chains than four', Array.from({ length: 5 }, (_, i) => chain(fakeKey(`${i}`), ada.genesis)), 'budget'],
    [
      'more operations than 256',
      Array.from({ length: 3 }, () => chain(ada.address, ...Array(100).fill(ada.genesis))),
      'budget',
    ],
    ['more bytes than 2 MiB', Array.from({ length: 66 }, () => chain(ada.address, new Uint8Array(32_768))), 'budget'],
  ])('takes nothing in of %s, and leaves the peer alone (RCV6, RCV7)', async (_, frames, code) => {
    const { outcome, test, whois } = await askOf(script(...frames))
    await expect(outcome).rejects.toMatchObject({ code, isRemote: false })
    expect(test.square.listAuthors(null, 10)).toEqual([])
    expect(test.square.findGenesis(ada.address)).toBeNull()
    expect(test.square.findGenesis(ben.address)).toBeNull()
    expect(whois.peers()).toEqual([])
  })

  it.each<[string, (duplex: FramedStream, stream: PeerStream) => Promise<void>, string]>([
    ['the end before the end', (duplex) => duplex.close(), 'truncated'],
    ['a stream that breaks', async (_, stream) => stream.abort(new Error('gone')), 'truncated'],
    ['a frame of a gigabyte', (_, stream) => stream.write(Uint8Array.of(0xff, 0xff, 0xff, 0xff, 3)), 'truncated'],
    ['nothing', async () => {}, 'stalled'],
    [
      'a drip that never ends',
      async (duplex) => {
        for (let i = 0; i < 200; i++) {
          await duplex.writeFrame(encodeWhoisFrame(chain(ada.address, ada.genesis)))
          await new Promise((resolve) => setTimeout(resolve, 5))
        }
      },
      'stalled',
    ],
  ])('gives up on %s (RCV6)', async (_, answer, code) => {
    const { outcome, test } = await askOf(answer, 200)
    await expect(outcome).rejects.toMatchObject({ code })
    expect(test.square.findGenesis(ada.address)).toBeNull()
  })

  it('passes on what the other side says', async () => {
    const { outcome, whois } = await askOf(script({ type: 'error', code: 'busy' }))
    await expect(outcome).rejects.toMatchObject({ code: 'busy', isRemote: true })
    expect(whois.peers()).toEqual(['liar'])
  })
})

describe('answering a peer that asks wrongly', () => {
  async function askRaw(...sent: Uint8Array[]) {
    const network = new MemoryNetwork()
    const [near, far] = [network.host('near'), network.host('far')]
    const { test } = await startWhois(far, { deadlineMs: 300 })
    test.ingest({ operations: [ada.genesis] })
    network.join(near, far)
    const duplex = framed(await near.openStream('far', WHOIS_PROTOCOL))
    for (const bytes of sent) await duplex.writeFrame(bytes)
    return { duplex }
  }

  it.each<[string, Uint8Array, string]>([
    ['an answer', encodeWhoisFrame(END), 'unexpected-frame'],
    ['junk', Uint8Array.of(0xff), 'bad-frame'],
    ['another version', encodeWhoisFrame({ ...ASK, version: 2 } as WhoisFrame), 'wrong-version'],
    ['another network', encodeWhoisFrame({ ...ASK, network: 'elsewhere' } as WhoisFrame), 'wrong-network'],
  ])('says what is wrong with %s (RCV6)', async (_, bytes, code) => {
    const { duplex } = await askRaw(bytes)
    expect(await duplex.readFrame()).toEqual(encodeWhoisFrame({ type: 'error', code: code as 'bad-frame' }))
  })

  it('answers the right question: the control', async () => {
    const { duplex } = await askRaw(encodeWhoisFrame(ASK))
    expect(await duplex.readFrame()).toEqual(encodeWhoisFrame(chain(ada.address, ada.genesis)))
    expect(await duplex.readFrame()).toEqual(encodeWhoisFrame(END))
    expect(await duplex.readFrame()).toBeNull()
  })

  it('answers no more at a time than it can, and lets go of those who never ask (RCV6)', async () => {
    const network = new MemoryNetwork()
    const [crowd, far, other] = [network.host('crowd'), network.host('far'), network.host('other')]
    const { test } = await startWhois(far, { deadlineMs: 3_000 })
    test.ingest({ operations: [ada.genesis] })
    network.join(crowd, far)
    network.join(other, far)
    for (let i = 0; i < MAX_ANSWERING; i++) await crowd.openStream('far', WHOIS_PROTOCOL)
    const ask = async (host = other) => {
      const duplex = framed(await host.openStream('far', WHOIS_PROTOCOL))
      await duplex.writeFrame(encodeWhoisFrame(ASK)).catch(() => {})
      // One that comes in and takes too long on a slow machine is let go as well.
      return (await duplex.readFrame().catch(() => null)) ?? new Uint8Array()
    }
    const busy = encodeWhoisFrame({ type: 'error', code: 'busy' })
    expect(await ask()).toEqual(busy)
    const answer = encodeWhoisFrame(chain(ada.address, ada.genesis))
    await eventually('the idle ones were let go', async () => equalBytes(await ask(), answer))
    // They have paid for it.
    await eventually('none of the crowd is answered', async () => equalBytes(await ask(crowd), busy))
  })
})
