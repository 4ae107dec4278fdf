import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { NodeClient } from '../core/contract/client.ts'
import { connectLocal, type LocalConnection } from '../core/node/local-client.ts'
import { HostProcess, type Ready } from '../test/harness/cli-process.ts'

/** Processes that start at a time. */
const PARALLEL_STARTS = 3

/** A node in a process of its own, asked over its local socket. */
export interface CrowdNode {
  readonly name: string
  readonly ready: Ready
  readonly client: NodeClient
  /** Gone at once, as when the power is cut. */
  kill(): Promise<void>
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
    return {
      name,
      ready: node.ready,
      client: connection.client,
      kill: async () => void (await node.stop('SIGKILL')),
    }
  }

  /** Ends all of them and removes what they wrote. */
  async close(): Promise<void> {
    await Promise.all(this.#connections.map((connection) => connection.close().catch(() => {})))
    await Promise.all(this.#processes.map((node) => node.stop('SIGKILL')))
    await rm(this.#folder, { recursive: true, force: true })
  }
}

/** Does `work` for 0 … count − 1, a few at a time: more starts at once only stand in each other's way. */
export async function inGroups<T>(count: number, work: (index: number) => Promise<T>): Promise<T[]> {
  const results: T[] = []
  for (let at = 0; at < count; at += PARALLEL_STARTS) {
    const size = Math.min(PARALLEL_STARTS, count - at)
    results.push(...(await Promise.all(Array.from({ length: size }, (_, i) => work(at + i)))))
    process.stderr.write(`${at + size} of ${count}\n`)
  }
  return results
}
