import { onTestFinished, type TestContext } from 'vitest'
import { type NetHost, NetnsWorld, type Reach } from './netns-world.ts'
import { ReachNode, writeNetwork } from './reach-node.ts'
import { makeTempDir } from './temp-dir.ts'

/** Several processes and their starts, on a machine that has other things to do. */
export const REACH_TEST_MS = 600_000

/** Real nodes in a world of namespaces, for one test; the test is skipped with the reason where there can be none. */
export class ReachWorld {
  readonly world: NetnsWorld
  readonly #folder = makeTempDir()
  readonly #network: string
  readonly #elsewhere: string

  private constructor(world: NetnsWorld) {
    this.world = world
    this.#network = writeNetwork(this.#folder, 'square')
    this.#elsewhere = writeNetwork(this.#folder, 'elsewhere')
  }

  static open(context: TestContext): ReachWorld {
    const opened = NetnsWorld.open()
    if ('missing' in opened) return context.skip(opened.missing)
    onTestFinished(() => opened.world.close())
    return new ReachWorld(opened.world)
  }

  /** A seed of another square: it passes connections on, and no post can come by its store or its gossip. */
  async relay(name: string, args: readonly string[] = []): Promise<ReachNode> {
    const host = this.world.addHost(name, 'open')
    return await this.#start(host, this.#elsewhere, ['seed', ...args])
  }

  /** A person who knows these relays and nobody else. */
  async person(at: NetHost | readonly [name: string, reach: Reach], relays: readonly ReachNode[]): Promise<ReachNode> {
    const host = 'namespace' in at ? at : this.world.addHost(...at)
    const peers = relays.flatMap((relay) => ['--peer', relay.address])
    return await this.#start(host, this.#network, ['start', '--name', host.name, ...peers])
  }

  async #start(host: NetHost, network: string, args: readonly string[]): Promise<ReachNode> {
    return await ReachNode.start({ host, folder: this.#folder, network, args })
  }
}

/** Follows both ways, a post each way. @returns milliseconds from the first post until both had come */
export async function exchange(a: ReachNode, b: ReachNode, text: string): Promise<number> {
  await Promise.all([a.client.follows.add({ profile: b.profile }), b.client.follows.add({ profile: a.profile })])
  const [fromA, fromB] = [`${text} from ${a.host.name}`, `${text} from ${b.host.name}`]
  const startedAt = performance.now()
  await Promise.all([a.client.posts.create({ text: fromA }), b.client.posts.create({ text: fromB })])
  await Promise.all([b.sees(a, fromA), a.sees(b, fromB)])
  return performance.now() - startedAt
}

/** A figure for bench/README.md; nothing depends on it. */
export function printFigure(what: string, ms: number): void {
  process.stdout.write(`${what}: ${(ms / 1_000).toFixed(1)} s\n`)
}
