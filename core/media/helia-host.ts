import type { PeerId } from '@libp2p/interface'
import { base64 } from 'multiformats/bases/base64'
import type { CID } from 'multiformats/cid'
import type { Host } from '../net/host.ts'
import type { BlockStore } from '../store/media-index.ts'
import type { Logger } from '../util/logger.ts'
import type { AbortOptions, Startable } from '../util/startable.ts'
import { type BitswapWire, BlockExchange, type WireEvent, type WireWant } from './block-exchange.ts'
import { MediaBlockstore } from './blockstore.ts'
import { isMediaCid } from './dag.ts'

/**
 * Our libp2p with Helia's bitswap on it, and nothing else of Helia: no second libp2p, no bootstrap, no gateways, no
 * content routing, no pins (docs/decisions/helia-light.md). Neither the attachment of a libp2p of one's own nor the
 * parts of bitswap used here are in Helia's types, so all of that stands in this file, behind `BitswapWire`.
 */

const BITSWAP_PROTOCOL = '/ipfs/bitswap/1.2.0'
/** A block of ours is at most 1 MiB; others may pack several into one message. */
const MAX_MESSAGE_BYTES = 4 * 1024 * 1024
/** Every message is a stream of its own. */
const MAX_STREAMS = 32
const SEND_TIMEOUT_MS = 10_000
/** Blocks that one answer to a peer gathers in memory, 1 MiB each; our own fetcher wants twenty at a time. */
const MAX_ANSWERED_WANTS = 32

type Libp2p = Host<Record<string, unknown>>['libp2p']

/** Where blocks come from: this disk or a connected peer. */
export interface BlockSource {
  /**
   * @param options.prefer - peer that sent the root of this block.
   * @throws the signal's reason; without a signal it waits for ever.
   */
  fetchBlock(cid: CID, options: AbortOptions & { readonly prefer?: string | undefined }): Promise<SourcedBlock>
}

export interface SourcedBlock {
  readonly bytes: Uint8Array
  /** Null when it was on this disk. */
  readonly peer: string | null
}

/** What bitswap has inside, as far as it is used. */
interface BitswapParts {
  readonly network: {
    sendMessage(peer: PeerId, message: unknown, options: { signal: AbortSignal }): Promise<void>
  }
  readonly wantList: {
    addEventListener(type: string, listener: (event: { detail: PresenceDetail }) => void): void
    removeEventListener(type: string, listener: (event: { detail: PresenceDetail }) => void): void
  }
  notify(cid: CID): Promise<void>
}

interface PresenceDetail {
  readonly sender: PeerId
  readonly cid: CID
  readonly has: boolean
  readonly block?: Uint8Array
}

export interface HeliaHostComponents {
  readonly libp2p: Libp2p
  readonly blocks: BlockStore
  readonly logger: Logger
}

export class HeliaHost implements BlockSource, BitswapWire, Startable {
  readonly #libp2p: Libp2p
  readonly #blocks: BlockStore
  readonly #logger: Logger
  readonly #exchange: BlockExchange
  readonly #peers = new Map<string, PeerId>()
  readonly #listeners = new Set<(event: WireEvent) => void>()
  #helia: { stop(): Promise<unknown> } | undefined
  #bitswap: BitswapParts | undefined
  #topologyId: string | undefined

  constructor(components: HeliaHostComponents) {
    this.#libp2p = components.libp2p
    this.#blocks = components.blocks
    this.#logger = components.logger
    this.#exchange = new BlockExchange({ wire: this })
  }

  /** Serves blocks to whoever asks, and can fetch. */
  async start(): Promise<void> {
    if (this.#helia !== undefined) return
    // Helia brings half of libp2p along: it loads when everything else runs, not before the first page.
    // One by one, because a bundler then sees what is taken of each and leaves the rest out.
    const { createHeliaLight } = await import('helia')
    const { withBitswap } = await import('@helia/bitswap')
    const light = createHeliaLight({ blockstore: new MediaBlockstore({ blocks: this.#blocks }) })
    const attached = Object.assign(light, { libp2p: this.#libp2p })
    const helia = withBitswap(attached as unknown as Parameters<typeof withBitswap>[0], {
      maxInboundStreams: MAX_STREAMS,
      maxOutboundStreams: MAX_STREAMS,
      maxIncomingMessageSize: MAX_MESSAGE_BYTES,
      maxOutgoingMessageSize: MAX_MESSAGE_BYTES,
      // Not in its types, and taken all the same.
      ...{ maxWantListSize: MAX_ANSWERED_WANTS },
    })
    this.#helia = helia
    await helia.start()
    this.#bitswap = findBitswap(helia)
    this.#bitswap.wantList.addEventListener('presence', this.#onPresence)
    this.#exchange.start()
    this.#topologyId = await this.#libp2p.register(BITSWAP_PROTOCOL, {
      onConnect: (peer) => {
        this.#peers.set(peer.toString(), peer)
        this.#emit({ type: 'peer', peer: peer.toString() })
      },
      onDisconnect: (peer) => {
        this.#peers.delete(peer.toString())
        this.#emit({ type: 'gone', peer: peer.toString() })
      },
    })
  }

  /** Leaves libp2p running: it isn't ours. */
  async stop(): Promise<void> {
    this.#exchange.stop()
    this.#bitswap?.wantList.removeEventListener('presence', this.#onPresence)
    this.#bitswap = undefined
    if (this.#topologyId !== undefined) this.#libp2p.unregister(this.#topologyId)
    this.#peers.clear()
    await this.#helia?.stop()
  }

  async fetchBlock(
    cid: CID,
    options: AbortOptions & { readonly prefer?: string | undefined } = {},
  ): Promise<SourcedBlock> {
    if (!isMediaCid(cid)) throw new TypeError(`${cid} is no media block`)
    const here = await this.#blocks.getBlock(cid.bytes)
    if (here !== null) return { bytes: here, peer: null }
    const { bytes, peer } = await this.#exchange.fetch(cid, options)
    await this.#blocks.putBlocks([{ cid: cid.bytes, bytes }])
    this.announce([cid])
    return { bytes, peer }
  }

  /** Tells peers that asked for these blocks that they are here now. Returns at once. */
  announce(cids: readonly CID[]): void {
    for (const cid of cids) {
      this.#bitswap?.notify(cid).catch((error: unknown) => {
        this.#logger.debug({ cid: cid.toString(), error: String(error) }, 'a block could not be announced')
      })
    }
  }

  peers(): readonly string[] {
    return [...this.#peers.keys()]
  }

  async send(peer: string, wants: readonly WireWant[]): Promise<void> {
    const peerId = this.#peers.get(peer)
    if (peerId === undefined || this.#bitswap === undefined) throw new Error(`${peer} is not connected`)
    const wantlist = new Map(wants.map((want) => [base64.encode(want.cid.multihash.bytes), encodeWant(want)]))
    const message = { full: false, pendingBytes: 0, wantlist, blocks: new Map(), blockPresences: new Map() }
    await this.#bitswap.network.sendMessage(peerId, message, { signal: AbortSignal.timeout(SEND_TIMEOUT_MS) })
  }

  subscribe(listener: (event: WireEvent) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  readonly #onPresence = ({ detail }: { detail: PresenceDetail }): void => {
    const peer = detail.sender.toString()
    const { cid, has, block } = detail
    this.#emit(block === undefined ? { type: 'has', peer, cid, has } : { type: 'block', peer, cid, bytes: block })
  }

  #emit(event: WireEvent): void {
    for (const listener of this.#listeners) listener(event)
  }
}

function encodeWant({ cid, kind }: WireWant): object {
  return {
    cid: cid.bytes,
    priority: 1,
    cancel: kind === 'cancel',
    wantType: kind === 'have' ? 'WantHave' : 'WantBlock',
    sendDontHave: kind !== 'cancel',
  }
}

/** @throws Error when Helia's insides are not what this file was written for: its version changed. */
function findBitswap(helia: unknown): BitswapParts {
  const { blockBrokers } = helia as { blockBrokers?: { name?: string; bitswap?: Partial<BitswapParts> }[] }
  const bitswap = blockBrokers?.find((broker) => broker.name === 'bitswap')?.bitswap
  if (
    typeof bitswap?.notify !== 'function' ||
    typeof bitswap.network?.sendMessage !== 'function' ||
    typeof bitswap.wantList?.addEventListener !== 'function'
  ) {
    throw new Error('the bitswap of this Helia version is not the one that core/media/helia-host.ts knows')
  }
  return bitswap as BitswapParts
}
