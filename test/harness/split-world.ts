import { encodePost, KIND } from '../../core/record/kinds/kind-table.ts'
import { toHex } from '../../core/util/bytes.ts'
import { systemRandom } from '../../core/util/random.ts'
import { TestAuthor } from './authors.ts'
import type { LinkState } from './cuttable-link.ts'
import { fingerprint, holdingOf, listFaults, type Written } from './set-checker.ts'
import { World, WorldNode } from './world.ts'

/** A ring with chords: those in the middle of a half know nobody of the other one. */
const STEPS = [1, 3, 4]

export interface SplitWorldInit {
  /** Even. */
  readonly nodes: number
  /** How many of them write, at most; everybody wants them. */
  readonly writers: number
}

/** Nodes with the times of a public network that are split in halves and healed. */
export class SplitWorld {
  readonly world: World
  readonly halves: readonly (readonly WorldNode[])[]
  readonly written: Written[] = []
  readonly #writers: readonly WorldNode[]
  readonly #addresses: readonly Uint8Array[]

  constructor(init: SplitWorldInit) {
    const authors = Array.from({ length: init.nodes }, (_, i) => new TestAuthor(`node ${i}`))
    const each = Math.ceil(init.nodes / init.writers)
    const pins = authors.filter((_, i) => i % each === 0)
    const nodes = authors.map((author) => new WorldNode(author, { isPublic: true, pins }))
    this.world = new World(nodes)
    this.halves = [nodes.slice(0, init.nodes / 2), nodes.slice(init.nodes / 2)]
    this.#writers = nodes.filter(({ author }) => pins.includes(author))
    this.#addresses = pins.map(({ address }) => address)
  }

  get nodes(): readonly WorldNode[] {
    return this.world.nodes
  }

  async start(): Promise<void> {
    await this.world.start()
    const count = this.nodes.length
    for (const from of this.nodes.keys()) {
      for (const step of STEPS) await this.world.link(from, (from + step) % count)
    }
  }

  get isJoined(): boolean {
    return this.nodes.every((node) => node.stack.host.connections().length >= 2 * STEPS.length)
  }

  split(apart: LinkState = 'cut'): void {
    const isFirst = (index: number) => index < this.nodes.length / 2
    this.world.shape((from, to) => (isFirst(from) === isFirst(to) ? 'open' : apart))
  }

  /** A post of one of the writers, in turns. Answers its id in hex. */
  write(): string {
    const number = this.written.length
    const node = this.#writers[(number * 7) % this.#writers.length] as WorldNode
    const text = `post ${number}`
    const id = toHex(node.publish(KIND.post, encodePost({ salt: systemRandom(8), text })).id)
    this.written.push({ id, author: toHex(node.author.address), kind: KIND.post, text, subject: null })
    return id
  }

  /** That many posts, evenly, each waiting for the one before: a machine that is too slow takes longer. */
  async writeFor(durationMs: number, perSecond: number): Promise<void> {
    const start = performance.now()
    for (let post = 0; post < (durationMs / 1_000) * perSecond; post++) {
      this.write()
      const due = start + ((post + 1) * 1_000) / perSecond
      await new Promise((resolve) => setTimeout(resolve, Math.max(5, due - performance.now())))
    }
  }

  /** They hold the same chains and records of all writers. */
  areAlike([first, ...others]: readonly WorldNode[]): boolean {
    if (first === undefined) return true
    const print = fingerprint(first.square, this.#addresses)
    return others.toReversed().every(({ square }) => fingerprint(square, this.#addresses) === print)
  }

  faultsOf({ name, square }: WorldNode): string[] {
    return listFaults(this.written, holdingOf(name, square))
  }

  async close(): Promise<void> {
    await this.world.stop()
    this.world.remove()
  }
}
