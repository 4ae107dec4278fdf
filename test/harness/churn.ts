import { CardBook } from '../../core/discovery/card-book.ts'
import { PeerExchange } from '../../core/discovery/peer-exchange.ts'
import { keyPairFromSeed } from '../../core/identity/keys.ts'
import { createSignatureVerifier } from '../../core/identity/signature.ts'
import { signPeerCard } from '../../core/record/peer-card.ts'
import { systemClock } from '../../core/util/clock.ts'
import { silentLogger } from '../../core/util/logger.ts'
import { type GossipNode, startGossipPeer } from './gossip-peer.ts'
import { JsonProcess } from './json-process.ts'
import { fakeKey } from './memory-square.ts'
import { programFile } from './programs.ts'
import type { SeededChoice } from './seeded-random.ts'

/** What the node that stays holds at a moment. */
export interface ChurnSample {
  readonly peers: number
  /** After garbage collection. */
  readonly heapBytes: number
  readonly residentBytes: number
  /** Open file descriptors. */
  readonly files: number
  readonly signals: number
  /** Budgets of peers. */
  readonly buckets: number
}

/** A seed that stays, in a process of its own. */
export class ChurnedNode {
  readonly #process: JsonProcess
  readonly address: string

  private constructor(child: JsonProcess, address: string) {
    this.#process = child
    this.address = address
  }

  static async start(dataDir: string, how: 'whole' | 'leaking'): Promise<ChurnedNode> {
    const child = new JsonProcess(programFile('churned-process'), [dataDir, how])
    const { address } = await child.next()
    return new ChurnedNode(child, String(address))
  }

  async look(): Promise<ChurnSample> {
    return (await this.#process.ask({})) as unknown as ChurnSample
  }

  stop(): Promise<void> {
    return this.#process.stop()
  }
}

interface Visitor {
  stop(): Promise<void>
}

/** People of one square who come and go: real libp2p hosts with gossip that show their cards, and come back with the same keys. */
export class ChurnCrowd {
  readonly #size: number
  readonly #addresses: readonly string[]
  readonly #choice: SeededChoice
  readonly #here = new Map<number, Visitor>()
  /** Times that somebody came. */
  joins = 0

  constructor(addresses: readonly string[], init: { readonly size: number; readonly choice: SeededChoice }) {
    this.#addresses = addresses
    this.#size = init.size
    this.#choice = init.choice
  }

  get here(): number {
    return this.#here.size
  }

  /** Somebody comes, or somebody goes; half of the crowd is there in the long run. */
  async step(): Promise<void> {
    const number = this.#choice.below(this.#size)
    const visitor = this.#here.get(number)
    if (visitor === undefined) await this.join(number)
    else await this.leave(number)
  }

  async join(number: number): Promise<void> {
    this.#here.set(number, await this.#visit(`visitor ${number}`))
    this.joins++
  }

  async leave(number: number): Promise<void> {
    const visitor = this.#here.get(number)
    this.#here.delete(number)
    await visitor?.stop()
  }

  async close(): Promise<void> {
    await Promise.all([...this.#here.keys()].map((number) => this.leave(number)))
  }

  async #visit(name: string): Promise<Visitor> {
    const node = await startGossipPeer(name, { domain: 'palabre' })
    const exchange = exchangeOf(node, name)
    await exchange.start()
    for (const address of this.#addresses) await node.host.dial(address)
    return {
      async stop() {
        await exchange.stop()
        await node.stop()
      },
    }
  }
}

function exchangeOf({ host }: GossipNode, name: string): PeerExchange {
  const book = new CardBook({ clock: systemClock }, { isWanted: () => false })
  const { publicKey: device, secretKey } = keyPairFromSeed(fakeKey(name))
  const addresses = host.addresses().map((address) => address.replace(/\/p2p\/.*/u, ''))
  const author = keyPairFromSeed(fakeKey(`${name}'s account`)).publicKey
  const word = { device, author, role: 'peer', addresses, ts: systemClock.now(), extensions: {} } as const
  const card = signPeerCard(word, { secretKey, network: 'palabre' })
  const exchange: PeerExchange = new PeerExchange(
    { host, book, verifier: createSignatureVerifier(), logger: silentLogger, clock: systemClock },
    {
      network: 'palabre',
      ownCard: () => card,
      onSpeaker: (peerId) => void exchange.ask(peerId, { authors: [], seeds: 16 }).catch(() => {}),
    },
  )
  return exchange
}
