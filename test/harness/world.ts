import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { IngestedEvent } from '../../core/ingest/door.ts'
import type { OwnPublished } from '../../core/ingest/own-log.ts'
import { BanBook } from '../../core/net/ban-book.ts'
import { NetworkStack } from '../../core/node/network-stack.ts'
import { openSquare, type Square } from '../../core/node/square.ts'
import { packBytes } from '../../core/node/square-calls.ts'
import { encodeFollow, KIND } from '../../core/record/kinds/kind-table.ts'
import { toHex } from '../../core/util/bytes.ts'
import { systemClock } from '../../core/util/clock.ts'
import { silentLogger } from '../../core/util/logger.ts'
import { systemRandom } from '../../core/util/random.ts'
import type { TestAuthor } from './authors.ts'
import { CuttableLink, type LinkState } from './cuttable-link.ts'
import { portsOf } from './square-sync.ts'

const DOMAIN = 'palabre'
const TICK_MS = 1_000

export interface WorldNodeInit {
  readonly role?: 'peer' | 'seed'
  /** The times of a public network instead of those of one machine. Nobody is dialled but by `link`. */
  readonly isPublic?: boolean
  /** People whose records are wanted, whole, without a follow. */
  readonly pins?: readonly TestAuthor[]
}

/**
 * A node without its API and without threads: the network of a real one, whole, over a real store on real files in this
 * thread, so that twenty of them start soon.
 */
export class WorldNode {
  readonly name: string
  readonly author: TestAuthor
  readonly square: Square
  readonly dataDir: string
  /** Record id in hex → how it came here. */
  readonly arrivals = new Map<string, IngestedEvent['source']['kind']>()
  readonly #init: WorldNodeInit
  readonly #timer: NodeJS.Timeout
  #stack: NetworkStack | null = null

  constructor(author: TestAuthor, init: WorldNodeInit = {}) {
    this.name = author.name
    this.#init = init
    this.author = author
    this.dataDir = mkdtempSync(join(tmpdir(), 'palabre-test-'))
    this.square = openSquare(
      { clock: systemClock, logger: silentLogger, onIngested: (event) => this.#noteIngested(event) },
      {
        dataDir: this.dataDir,
        domain: DOMAIN,
        role: init.role ?? 'peer',
        admit: 'all',
        pins: (init.pins ?? []).map(({ address }) => address),
        account: this.author.account,
      },
    )
    this.#timer = setInterval(() => this.square.tick(), TICK_MS)
  }

  get stack(): NetworkStack {
    if (this.#stack === null) throw new Error(`${this.name} has no network`)
    return this.#stack
  }

  get address(): string {
    return this.stack.host.addresses()[0] ?? ''
  }

  async start(): Promise<void> {
    const { square, author } = this
    const { role = 'peer', isPublic = false } = this.#init
    const ports = portsOf(this)
    const blocks = {
      putBlocks: async () => {},
      getBlock: async () => null,
      hasBlock: async () => false,
      deleteBlock: async () => {},
    }
    this.#stack = await NetworkStack.start(
      {
        square: {
          ...ports,
          ...blocks,
          ingest: (batch, source) => square.turns.ingest(batch, source),
          findAuthorsByAuthority: async (...args) => square.findAuthorsByAuthority(...args),
          openInbox: async (key) => square.openInbox(key),
          isHomeOf: async (address) => square.isHomeOf(address),
          readInbox: async (question) => square.readInbox(question),
          setCarried: async (authors) => square.setCarried(authors),
          profile: async (profile) => square.profile(profile),
        },
        book: ports,
        bans: new BanBook({ clock: systemClock }),
        logger: silentLogger,
        clock: systemClock,
        random: systemRandom,
      },
      {
        network: { name: 'world', domain: DOMAIN, bootstrap: [], isLocal: !isPublic, hasLan: false },
        role,
        deviceSeed: author.device.secretKey,
        deviceKey: author.device.publicKey,
        listen: ['/ip4/127.0.0.1/tcp/0'],
        announce: [],
        profile: () => author.address,
        name: () => author.name,
        wanted: { hasProfile: () => true },
        cards: null,
        owes: () => false,
        onSync: () => {},
        onPeersChanged: () => {},
        onPeerJoined: () => {},
        onUsefulAddress: () => {},
        onSynced: () => {},
      },
    )
  }

  /** Gets the chains of these people beside the network. */
  meet(others: readonly TestAuthor[]): void {
    this.square.ingest(packBytes(others.map(({ genesis }) => genesis)), packBytes([]), { kind: 'import' })
  }

  /** Follows these people, whose chains are here. */
  follow(others: readonly TestAuthor[]): void {
    this.square.publish(
      others.map(({ address, genesisHash }) => {
        const subject = { address, genesis: genesisHash.slice(0, 8) }
        return { kind: KIND.follow, body: encodeFollow({ salt: systemRandom(8), subject, on: true }) }
      }),
    )
  }

  /** As a node does: acknowledged when it returns. */
  publish(kind: number, body: Uint8Array): OwnPublished {
    const published = this.square.publish([{ kind, body }])
    this.stack.announce(this.author.address, published)
    return published[0] as OwnPublished
  }

  /** The files stay for whoever looks at them, until `remove`. */
  async stop(): Promise<void> {
    await this.#stack?.stop()
    this.#stack = null
    clearInterval(this.#timer)
    await this.square.turns.settled()
    this.square.close()
  }

  remove(): void {
    rmSync(this.dataDir, { recursive: true, force: true, maxRetries: 3 })
  }

  #noteIngested(event: IngestedEvent): void {
    for (const { id } of event.records) this.arrivals.set(toHex(id), event.source.kind)
    this.#stack?.noteIngested(event)
  }
}

export interface Link {
  readonly from: number
  readonly to: number
  readonly relay: CuttableLink
}

/** Nodes in one process whose ways to one another can be cut. Nobody knows another address than those ways. */
export class World {
  readonly nodes: readonly WorldNode[]
  readonly links: Link[] = []

  constructor(nodes: readonly WorldNode[]) {
    this.nodes = nodes
  }

  async start(): Promise<void> {
    for (const node of this.nodes) await node.start()
  }

  /** A way by which one node dials another whenever they aren't connected. */
  async link(from: number, to: number): Promise<void> {
    const relay = await CuttableLink.to(this.node(to).address)
    this.links.push({ from, to, relay })
    this.node(from).stack.keep(relay.address)
  }

  /** Sets every link as `state` says of its two ends. */
  shape(state: (from: number, to: number) => LinkState): void {
    for (const { from, to, relay } of this.links) relay.set(state(from, to))
  }

  heal(): void {
    this.shape(() => 'open')
  }

  node(index: number): WorldNode {
    const node = this.nodes[index]
    if (node === undefined) throw new RangeError(`there is no node ${index}`)
    return node
  }

  async stop(): Promise<void> {
    await Promise.all(this.nodes.map((node) => node.stop()))
    await Promise.all(this.links.map(({ relay }) => relay.close()))
  }

  /** Deletes what the nodes wrote. */
  remove(): void {
    for (const node of this.nodes) node.remove()
  }
}
