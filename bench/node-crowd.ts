import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { NodeClient } from '../core/contract/client.ts'
import { connectLocal, type LocalConnection } from '../core/node/local-client.ts'
import { HostProcess, type Ready } from '../test/harness/cli-process.ts'

/** A node in a process of its own, asked over its local socket. */
export interface CrowdNode {
  readonly ready: Ready
  readonly client: NodeClient
}

/** Many real nodes at once, each built as it is shipped and in a process of its own, on loopback. */
export class NodeCrowd {
  readonly #folder: string
  readonly #processes: HostProcess[] = []
  readonly #connections: LocalConnection[] = []

  private constructor(folder: string) {
    this.#folder = folder
  }

  static async open(): Promise<NodeCrowd> {
    return new NodeCrowd(await mkdtemp(join(tmpdir(), 'palabre-bench-')))
  }

  /** Resolves when it listens. The name is its folder's, and its person's where it has one. */
  async start(command: 'start' | 'seed', name: string, peers: readonly string[]): Promise<CrowdNode> {
    const data = join(this.#folder, name)
    const person = command === 'start' ? ['--name', name] : []
    const known = peers.flatMap((peer) => ['--peer', peer])
    const node = await HostProcess.start([command, '--data', data, ...person, ...known])
    this.#processes.push(node)
    const connection = await connectLocal(data)
    this.#connections.push(connection)
    return { ready: node.ready, client: connection.client }
  }

  /** Ends all of them and removes what they wrote. */
  async close(): Promise<void> {
    await Promise.all(this.#connections.map((connection) => connection.close().catch(() => {})))
    await Promise.all(this.#processes.map((node) => node.stop('SIGKILL')))
    await rm(this.#folder, { recursive: true, force: true })
  }
}
