import { RPC } from '@libp2p/gossipsub/message'
import { encodeMessage } from '../../core/gossip/message.ts'
import { formatTopic, listTopics, shardOf } from '../../core/gossip/shards.ts'
import { createHost, type Host } from '../../core/net/host.ts'
import { LOCAL_LIMITS } from '../../core/net/net-limits.ts'
import type { PeerStream } from '../../core/net/peer-host.ts'
import { concatBytes } from '../../core/util/bytes.ts'
import { silentLogger } from '../../core/util/logger.ts'
import { fakeKey, fakeOperation, fakeRecord } from './memory-square.ts'

const PROTOCOL = '/meshsub/1.1.0'
const LIMITS = { maxInbound: 8, maxOutbound: 8 }
/** Above the size limit of the library. */
const OVERSIZED_BYTES = 5 * 1_024 * 1_024

type Control = RPC['control']

/** What an attacker sends over and over, by name: bytes of a frame without its length. `n` counts up. */
export const STORMS = {
  garbage: (n) => messages(topicOf(n), [numbered(n, 24)]),
  'one author': (n, flood) =>
    messages(
      topicOfAuthor(flood),
      Array.from({ length: 20 }, (_, i) => messageOf(flood, 20 * n + i)),
    ),
  'known messages': (_, flood) =>
    messages(
      topicOfAuthor(flood),
      Array.from({ length: 20 }, () => messageOf(flood, 0)),
    ),
  ihave: (n) =>
    control({
      ihave: Array.from({ length: 60 }, (_, i) => ({ topicID: topicOf(i), messageIDs: [numbered(60 * n + i, 20)] })),
    }),
  iwant: (n) =>
    control({ iwant: [{ messageIDs: Array.from({ length: 1_000 }, (_, i) => numbered(1_000 * n + i, 4)) }] }),
  'graft and prune': () => {
    const topics = listTopics().map((topicID) => ({ topicID }))
    return control({ graft: topics, prune: topics.map((topic) => ({ ...topic, peers: [], backoff: 1 })) })
  },
  subscriptions: (n) => {
    return RPC.encode({ subscriptions: listTopics().map((topic) => ({ topic, subscribe: n % 2 === 0 })), messages: [] })
  },
  'empty frames': () => new Uint8Array(),
  'no frames': (n) => numbered(n, 100).fill(0xff, 0, 96),
  oversized: () => new Uint8Array(OVERSIZED_BYTES),
} as const satisfies Record<string, (n: number, flood: Flood) => Uint8Array>

export type Storm = keyof typeof STORMS

/** What somebody writes without end. */
export interface Flood {
  /** 32-byte address. */
  readonly author: Uint8Array
  readonly chain: readonly Uint8Array[]
  /** The record with that number, from 0. */
  record(n: number): Uint8Array
}

const FLOODING_AUTHOR = fakeKey('flooding author')
const FLOODING_DEVICE = fakeKey('flooding device')

/** Stand-in records, as `MemorySquare` takes them. */
export const FAKE_FLOOD: Flood = {
  author: FLOODING_AUTHOR,
  chain: [fakeOperation(FLOODING_AUTHOR, 0, [FLOODING_DEVICE])],
  record: (n) => fakeRecord(FLOODING_AUTHOR, FLOODING_DEVICE, n + 1, numbered(n, 40)),
}

/** Frames in one write: so many that a slow machine floods as well as a fast one. */
const AT_ONCE: Record<Storm, number> = {
  garbage: 10,
  'one author': 300,
  'known messages': 300,
  ihave: 150,
  iwant: 300,
  'graft and prune': 50,
  subscriptions: 100,
  'empty frames': 9_000,
  'no frames': 30,
  oversized: 1,
}

/** A host that speaks gossip by hand: it joins every mesh, passes nothing on, and sends what it is told. */
export class GossipAttacker {
  readonly #host: Host<Record<string, unknown>>
  #stream: PeerStream | null = null
  #isStopped = false
  #sent = 0

  private constructor(host: Host<Record<string, unknown>>) {
    this.#host = host
  }

  static async start(name: string): Promise<GossipAttacker> {
    const host = await createHost(
      { logger: silentLogger },
      {
        privateKey: fakeKey(name),
        listen: ['/ip4/127.0.0.1/tcp/0'],
        limits: LOCAL_LIMITS,
        isLocal: true,
        services: {},
      },
    )
    const drain = async (stream: PeerStream) => {
      while ((await stream.read()) !== null);
    }
    await host.handle(PROTOCOL, drain, LIMITS)
    return new GossipAttacker(host)
  }

  get peerId(): string {
    return this.#host.peerId
  }

  /** Frames so far. */
  get sent(): number {
    return this.#sent
  }

  get isConnected(): boolean {
    return this.#host.connections().length > 0
  }

  /** Connects, subscribes to everything and grafts itself into every mesh. */
  async join(address: string): Promise<void> {
    const peerId = await this.#host.dial(address)
    await this.#open(peerId)
    await this.send(
      RPC.encode({ subscriptions: listTopics().map((topic) => ({ topic, subscribe: true })), messages: [] }),
    )
    await this.send(control({ graft: listTopics().map((topicID) => ({ topicID })) }))
  }

  /** Frames; resolves when the connection takes more. @throws when the other side has had enough */
  async send(...frames: readonly Uint8Array[]): Promise<void> {
    this.#sent += frames.length
    await this.#stream?.write(concatBytes(...frames.flatMap((frame) => [varint(frame.length), frame])))
  }

  /** As fast as the connection takes it, until the other side ends it or `stop`. Answers after how many frames. */
  async storm(storm: Storm, flood: Flood = FAKE_FLOOD): Promise<number> {
    const peerId = this.#host.connections()[0]?.peerId ?? ''
    let n = 0
    while (!this.#isStopped && this.isConnected) {
      try {
        await this.send(...Array.from({ length: AT_ONCE[storm] }, () => STORMS[storm](n++, flood)))
      } catch {
        // The stream was ended and the connection may not be: another one.
        await this.#open(peerId).catch(() => {})
      }
      // Whoever shares the thread gets a turn.
      await new Promise((resolve) => setImmediate(resolve))
    }
    return n
  }

  async stop(): Promise<void> {
    this.#isStopped = true
    await this.#host.stop()
  }

  async #open(peerId: string): Promise<void> {
    this.#stream = await this.#host.openStream(peerId, PROTOCOL)
  }
}

function messages(topic: string, data: readonly Uint8Array[]): Uint8Array {
  return RPC.encode({ subscriptions: [], messages: data.map((bytes) => ({ topic, data: bytes })) })
}

function control(lists: Partial<NonNullable<Control>>): Uint8Array {
  const none = { ihave: [], iwant: [], graft: [], prune: [], idontwant: [] }
  return RPC.encode({ subscriptions: [], messages: [], control: { ...none, ...lists } })
}

function messageOf(flood: Flood, n: number): Uint8Array {
  return encodeMessage({ operations: n === 0 ? flood.chain : [], records: [flood.record(n)] })
}

function topicOfAuthor({ author }: Flood): string {
  return formatTopic(shardOf(author))
}

function topicOf(n: number): string {
  return formatTopic(n % listTopics().length)
}

/** So many bytes that are different for each number. */
function numbered(n: number, length: number): Uint8Array {
  const bytes = new Uint8Array(length)
  new DataView(bytes.buffer).setUint32(length - 4, n)
  return bytes
}

function varint(value: number): Uint8Array {
  const bytes: number[] = []
  let rest = value
  for (; rest > 0x7f; rest >>>= 7) bytes.push((rest & 0x7f) | 0x80)
  return Uint8Array.of(...bytes, rest)
}
