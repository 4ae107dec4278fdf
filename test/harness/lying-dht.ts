import { generateKeyPair } from '../../core/identity/keys.ts'
import { FramedStream } from '../../core/net/framed-stream.ts'
import { createHost, type Host } from '../../core/net/host.ts'
import { LOCAL_LIMITS } from '../../core/net/net-limits.ts'
import type { PeerStream } from '../../core/net/peer-host.ts'
import { concatBytes } from '../../core/util/bytes.ts'
import { silentLogger } from '../../core/util/logger.ts'

const MAX_FRAME_BYTES = 1024 * 1024
/** Of the messages of Kademlia in libp2p. */
const TYPE = { getProviders: 3, findNode: 4 } as const
const FIELD = { providers: 9, peerId: 1, peerAddress: 2 } as const
/** /ip4/127.0.0.1/tcp/9: nobody is there. */
const NOWHERE = Uint8Array.of(0x04, 127, 0, 0, 1, 0x06, 0, 9)

/** What a lying node answers to who has somebody's records. */
export const DHT_LIES = ['wrong address', 'no answer', 'other key', 'nobody'] as const
export type DhtLie = (typeof DHT_LIES)[number]

/** A real libp2p node that speaks the DHT of a network and lies in it. */
export class LyingDhtNode {
  readonly host: Host<Record<string, unknown>>
  readonly #lie: DhtLie
  /** Whom it names with a wrong address: peer ID as bytes. */
  readonly #named: Uint8Array
  /** Questions for somebody's records so far. */
  asked = 0

  private constructor(host: Host<Record<string, unknown>>, lie: DhtLie, named: Uint8Array) {
    this.host = host
    this.#lie = lie
    this.#named = named
  }

  static async start(network: string, lie: DhtLie, named: Uint8Array): Promise<LyingDhtNode> {
    const host = await createHost(
      { logger: silentLogger },
      {
        privateKey: generateKeyPair().secretKey,
        listen: ['/ip4/127.0.0.1/tcp/0'],
        limits: LOCAL_LIMITS,
        isLocal: true,
        services: {},
      },
    )
    const node = new LyingDhtNode(host, lie, named)
    await host.handle(`/${network}/kad/1`, (stream) => node.#serve(stream), { maxInbound: 32, maxOutbound: 32 })
    return node
  }

  get address(): string {
    return this.host.addresses()[0] as string
  }

  async #serve(stream: PeerStream): Promise<void> {
    const framed = new FramedStream(stream, { maxFrameBytes: MAX_FRAME_BYTES })
    for (let question = await framed.readFrame(); question !== null; question = await framed.readFrame()) {
      const type = question[1]
      if (type === TYPE.getProviders) this.asked++
      // Everything else is answered as one should, so that others take it for a good node.
      if (type !== TYPE.getProviders) await framed.writeFrame(type === TYPE.findNode ? messageOf(type) : question)
      else if (this.#lie !== 'no answer') await framed.writeFrame(concatBytes(messageOf(type), this.#providers()))
    }
    await framed.close()
  }

  #providers(): Uint8Array {
    if (this.#lie === 'nobody') return new Uint8Array()
    const other = concatBytes(PEER_ID_HEAD, generateKeyPair().publicKey)
    const peerId = this.#lie === 'other key' ? other : concatBytes(PEER_ID_HEAD, this.#named)
    return field(FIELD.providers, concatBytes(field(FIELD.peerId, peerId), field(FIELD.peerAddress, NOWHERE)))
  }
}

/** Of an Ed25519 key of 32 bytes: identity multihash around the key as libp2p writes it. */
const PEER_ID_HEAD = Uint8Array.of(0x00, 0x24, 0x08, 0x01, 0x12, 0x20)

function messageOf(type: number): Uint8Array {
  return Uint8Array.of(0x08, type)
}

/** A field of bytes in protobuf; shorter than 128. */
function field(number: number, bytes: Uint8Array): Uint8Array {
  return concatBytes(Uint8Array.of((number << 3) | 2, bytes.length), bytes)
}
