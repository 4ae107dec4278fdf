import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createRouterClient } from '@orpc/server'
import { onTestFailed } from 'vitest'
import type { PersonSearch } from '../../core/contract/finding.ts'
import type { PostView } from '../../core/contract/views.ts'
import type { ApiContext } from '../../core/node/api/context.ts'
import { createNode, type NodeConfig, type PalabreNode } from '../../core/node/create-node.ts'
import { loadNetworkDescriptor } from '../../core/node/network-descriptor.ts'
import type { Logger } from '../../core/util/logger.ts'
import { eventually } from './wait.ts'

export function clientOf(node: PalabreNode, carrier: ApiContext['carrier'] = 'local') {
  return createRouterClient(node.router, { context: { carrier } })
}

export type SquareClient = ReturnType<typeof clientOf>

/** A node on loopback with a data directory of its own, and what a test asks of it. */
export class TestPeer {
  readonly dataDir: string
  readonly #config: NodeConfig
  readonly #logger: Logger
  node: PalabreNode
  api: SquareClient
  #isRunning = false
  /** The node that was handed over hasn't been started yet. */
  #isNew = true

  constructor(config: NodeConfig, node: PalabreNode, logger: Logger) {
    this.dataDir = config.dataDir
    this.#config = config
    this.#logger = logger
    this.node = node
    this.api = clientOf(node)
  }

  get isRunning(): boolean {
    return this.#isRunning
  }

  /** Starts, again after `stop` with what lies in the data directory. */
  async start(change: Partial<NodeConfig> = {}): Promise<void> {
    if (this.#isRunning) return
    if (!this.#isNew) {
      this.node = await createNode({ ...this.#config, ...change }, { logger: this.#logger })
      this.api = clientOf(this.node)
    }
    this.#isNew = false
    await this.node.start()
    this.#isRunning = true
  }

  async stop(): Promise<void> {
    this.#isRunning = false
    await this.node.stop()
  }

  /** A dialable address, once it listens. */
  async address(): Promise<string> {
    const [address] = (await this.node.listening).addresses
    if (address === undefined) throw new Error('the node listens nowhere')
    return address
  }

  async peerId(): Promise<string> {
    return (await this.node.listening).peerId
  }

  /** Profile address of its account. */
  async profile(): Promise<string> {
    return (await this.api.account.get()).profile
  }

  /** Follows the other's account, and waits until that is signed. */
  async follow(author: TestPeer): Promise<void> {
    const profile = await author.profile()
    await this.api.follows.add({ profile })
    await eventually(`following ${profile}`, async () =>
      (await this.api.follows.list()).items.find((item) => item.profile === profile && item.state === 'following'),
    )
  }

  /** The post in the home timeline with that text. */
  async seesAtHome(text: string): Promise<PostView> {
    return await eventually(`"${text}" in the home timeline`, async () =>
      (await this.api.timeline.home({})).items.find((post) => post.text === text),
    )
  }

  /** Whether they have a connection now. */
  async isConnectedTo(other: TestPeer): Promise<boolean> {
    const peerId = await other.peerId()
    return (await this.api.network.status()).peers.some((peer) => peer.peerId === peerId)
  }

  /** Looks for somebody by peer ID, and waits until they are found or everybody was asked. */
  async find(profile: string): Promise<PersonSearch> {
    await this.api.profiles.find({ profile })
    return await eventually(`an answer about ${profile}`, async () => {
      const search = await this.api.profiles.search({ profile })
      return search?.state === 'asking' ? null : search
    })
  }

  async holdsPost(id: string): Promise<PostView> {
    return await eventually(`post ${id}`, () => this.api.posts.get({ id }).catch(() => null))
  }
}

/** Lines of a test's log that are kept for the case that it fails. */
const MAX_LOG_LINES = 400

/** Nodes that belong together; `close` stops all of them and removes their folders. */
export class TestSquare {
  readonly #peers: TestPeer[] = []
  readonly #log: string[] = []
  readonly #startedAt = Date.now()

  /** To be called in a test or its `beforeEach`: prints the log of its nodes when it fails. */
  watch(): void {
    onTestFailed(() => {
      process.stderr.write(`${this.#log.slice(-MAX_LOG_LINES).join('\n')}\n`)
    })
  }

  /** A started node; without `peers` it knows nobody. */
  async add(change: Partial<NodeConfig> = {}): Promise<TestPeer> {
    const dataDir = change.dataDir ?? (await mkdtemp(join(tmpdir(), 'palabre-test-')))
    const config: NodeConfig = {
      role: 'peer',
      name: null,
      listen: ['/ip4/127.0.0.1/tcp/0'],
      announce: [],
      peers: [],
      network: await loadNetworkDescriptor('local'),
      pins: [],
      admit: 'all',
      // Tests say who is connected with whom; those about finding each other ask for it.
      discovers: false,
      ...change,
      dataDir,
    }
    const logger = this.#loggerOf(change.name ?? config.role)
    const node = await createNode(config, { logger })
    const peer = new TestPeer(config, node, logger)
    this.#peers.push(peer)
    await peer.start()
    return peer
  }

  async close(): Promise<void> {
    await Promise.all(this.#peers.map((peer) => peer.stop()))
    await Promise.all(this.#peers.map((peer) => rm(peer.dataDir, { recursive: true, force: true })))
  }

  #loggerOf(who: string): Logger {
    const write = (level: string) => (fields: Record<string, unknown>, message: string) => {
      const facts = JSON.stringify(fields, (_key, value) => (value instanceof Error ? String(value.stack) : value))
      this.#log.push(`${Date.now() - this.#startedAt} ${who} ${level}: ${message} ${facts}`)
      if (this.#log.length > 2 * MAX_LOG_LINES) this.#log.splice(0, MAX_LOG_LINES)
    }
    return { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') }
  }
}

/** A reader and an author who have only ever been told of one seed; the author wrote `text`, which the reader has. */
export async function openByOneSeed(
  square: TestSquare,
  { discovers, text }: { readonly discovers: boolean; readonly text: string },
): Promise<{ seed: TestPeer; aya: TestPeer; nour: TestPeer }> {
  const seed = await square.add({ role: 'seed', discovers })
  const peers = [await seed.address()]
  const [aya, nour] = await Promise.all([
    square.add({ peers, name: 'Aya', discovers }),
    square.add({ peers, name: 'Nour', discovers }),
  ])
  await aya.follow(nour)
  await nour.api.posts.create({ text })
  await aya.seesAtHome(text)
  return { seed, aya, nour }
}
