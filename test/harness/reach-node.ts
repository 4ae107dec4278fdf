import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { NodeClient } from '../../core/contract/client.ts'
import type { NetworkStatus, PeerView } from '../../core/contract/views.ts'
import { connectLocal, type LocalConnection } from '../../core/node/local-client.ts'
import { HostProcess, type Ready } from './cli-process.ts'
import type { NetHost } from './netns-world.ts'
import { eventually } from './wait.ts'

/** Many nodes are asked at once: asking without a pause would be most of their work. */
export const pause = () => new Promise<void>((resolve) => setTimeout(resolve, 200))

/** Nobody listens before; a node that is restarted comes back at the same address. */
const PORT = 4_001

/**
 * A square of its own that isn't told to stay on the machine: its nodes behave as on the internet, and the namespaces
 * that they run in are connected to nothing else.
 */
export function writeNetwork(folder: string, domain: string): string {
  const path = join(folder, `${domain}.json`)
  writeFileSync(path, JSON.stringify({ name: domain, domain }))
  return path
}

export interface ReachNodeInit {
  readonly host: NetHost
  readonly folder: string
  readonly network: string
  readonly args: readonly string[]
}

/** A node of the command line in a process and a namespace of its own, asked over its local socket. */
export class ReachNode {
  readonly host: NetHost
  readonly #init: ReachNodeInit
  #process: HostProcess | null = null
  /** Also of one that has ended. */
  #ready: Ready | null = null
  #connection: LocalConnection | null = null

  private constructor(init: ReachNodeInit) {
    this.host = init.host
    this.#init = init
  }

  static async start(init: ReachNodeInit): Promise<ReachNode> {
    const node = new ReachNode(init)
    onTestFinished(() => node.kill())
    await node.restart()
    return node
  }

  async restart(): Promise<void> {
    const { host, folder, network, args } = this.#init
    const data = join(folder, host.name)
    const options = ['--data', data, '--network', network, '--listen', `/ip4/0.0.0.0/tcp/${PORT}`]
    const env = { NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE ?? join(folder, 'compiled'), PALABRE_LOG: 'debug' }
    this.#process = await HostProcess.start([...args, ...options], env, undefined, host.within)
    this.#ready = this.#process.ready
    this.#connection = await connectLocal(data)
  }

  get client(): NodeClient {
    if (this.#connection === null) throw new Error('the node is not running')
    return this.#connection.client
  }

  get peerId(): string {
    return this.#ready?.peerId ?? ''
  }

  get profile(): string {
    return this.#ready?.profile ?? ''
  }

  get stderr(): string {
    return this.#process?.stderr ?? ''
  }

  /** By which it is dialled, where its host is open. */
  get address(): string {
    return `/ip4/${this.host.outside}/tcp/${PORT}/p2p/${this.peerId}`
  }

  async status(): Promise<NetworkStatus> {
    return await this.client.network.status()
  }

  /** An address through that relay, once the relay keeps a place for it. */
  async circuit(relay: ReachNode): Promise<string> {
    return await eventually(`${this.host.name} has a place with ${relay.host.name}`, async () => {
      await pause()
      const { addresses } = await this.status()
      return addresses.find((address) => address.startsWith(`${relay.address}/p2p-circuit`))
    })
  }

  async peer(other: ReachNode): Promise<PeerView | undefined> {
    return (await this.status()).peers.find(({ peerId }) => peerId === other.peerId)
  }

  async connect(address: string): Promise<void> {
    await this.client.network.connect({ address })
  }

  async sees(other: ReachNode, text: string): Promise<void> {
    await eventually(`${this.host.name} sees "${text}"`, async () => {
      await pause()
      const { items } = await this.client.timeline.profile({ profile: other.profile })
      return items.some((post) => post.text === text)
    })
  }

  /** Gone at once, as when the power is cut. */
  async kill(): Promise<void> {
    await this.#process?.stop('SIGKILL')
    this.#process = null
    this.#connection = null
  }
}
