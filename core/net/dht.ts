/**
 * The DHT of this network, under a protocol of its own (protocol.md §9): which devices have somebody's records. It is
 * one way of several and never the only one: whoever surrounds a key can keep its answers back.
 */
import {
  type KadDHTComponents,
  kadDHT,
  passthroughMapper,
  removePrivateAddressesMapper,
  type SingleKadDHT,
} from '@libp2p/kad-dht'
import { CID } from 'multiformats/cid'
import * as raw from 'multiformats/codecs/raw'
import { create as createDigest } from 'multiformats/hashes/digest'
import { sha256 } from '../identity/hash.ts'
import { concatBytes, utf8 } from '../util/bytes.ts'
import type { AbortOptions } from '../util/startable.ts'

const SHA2_256 = 0x12

export interface DhtInit {
  /** Signature domain of the network: the DHTs of two networks never meet. */
  readonly network: string
  /** Answers others: for nodes that everybody can reach. */
  readonly isServer: boolean
  /** Addresses of loopback and private networks mean something to the others too. */
  readonly isLocal: boolean
}

/** The libp2p service, to be handed to the host. */
export function dhtService({ network, isServer, isLocal }: DhtInit): (components: object) => SingleKadDHT {
  const create = kadDHT({
    protocol: `/${network}/kad/1`,
    clientMode: !isServer,
    // The first node of a network has nobody to ask, and that is no error.
    allowQueryWithZeroPeers: true,
    peerInfoMapper: isLocal ? passthroughMapper : removePrivateAddressesMapper,
    logPrefix: 'palabre:dht',
    datastorePrefix: '/palabre/dht',
    metricsPrefix: 'palabre_dht',
  })
  // The host hands over its own parts and the services beside this one, ping among them.
  return (components) => create(components as KadDHTComponents) as SingleKadDHT
}

/** A peer that says that it has somebody's records; a claim, like its addresses. */
export interface Provider {
  readonly peerId: string
  /** Multiaddrs without the peer ID at the end. */
  readonly addresses: readonly string[]
}

/** Says and asks in the DHT who has the records of which author. */
export class Dht {
  readonly #dht: Pick<SingleKadDHT, 'findProviders' | 'provide'>

  constructor(components: { readonly dht: Pick<SingleKadDHT, 'findProviders' | 'provide'> }) {
    this.#dht = components.dht
  }

  /**
   * Says that this node has the author's records; it has to be said again within two days.
   *
   * @returns how many others were told, 0 where nobody who keeps it is known
   * @throws the signal's reason
   */
  async provide(author: Uint8Array, options: AbortOptions = {}): Promise<number> {
    let told = 0
    for await (const event of this.#dht.provide(keyOf(author), signalOf(options))) {
      if (event.name === 'PEER_RESPONSE' && event.messageName === 'ADD_PROVIDER') told++
    }
    return told
  }

  /** Who says so, as they are found, nobody twice. Ends by itself. @throws the signal's reason */
  async *find(author: Uint8Array, options: AbortOptions = {}): AsyncGenerator<Provider> {
    const seen = new Set<string>()
    for await (const event of this.#dht.findProviders(keyOf(author), signalOf(options))) {
      if (event.name !== 'PROVIDER') continue
      for (const { id, multiaddrs } of event.providers) {
        const peerId = id.toString()
        if (seen.has(peerId)) continue
        seen.add(peerId)
        yield { peerId, addresses: multiaddrs.map((address) => address.toString()) }
      }
    }
  }
}

/** What stands in the DHT for an author: a key that says nothing to whoever doesn't know the address already. */
export function keyOf(author: Uint8Array): CID {
  return CID.createV1(raw.code, createDigest(SHA2_256, sha256(concatBytes(KEY_LABEL, author))))
}

const KEY_LABEL = utf8('palabre/author/1\0')

function signalOf({ signal }: AbortOptions): { signal?: AbortSignal } {
  return signal === undefined ? {} : { signal }
}
