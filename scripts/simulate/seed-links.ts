import { GOSSIP, PROGRAM } from './parameters.ts'
import { EVENT, type World } from './world.ts'

/** Dead addresses that are dialled at once, and how often one looks for more. */
const PARALLEL_DIALS = 8
const RETRY_MS = 5_000
const HANDSHAKE_TRIPS = 8
const ATTEMPTS = 20

/** Links among seeds: whom they dial at first, what they do when some are gone. */
export class SeedLinks {
  readonly #w: World
  readonly #isHealing: Uint8Array

  constructor(world: World) {
    this.#w = world
    this.#isHealing = new Uint8Array(world.seeds)
  }

  settle(): void {
    const w = this.#w
    for (let seed = 0; seed < w.seeds; seed++) w.gossip.join(seed)
    for (let seed = 0; seed < w.seeds; seed++) this.#dialAtFirst(seed)
    for (let seed = 0; seed < w.seeds; seed++) w.gossip.fill(seed)
  }

  /** Strangers come to whom honest people have come. */
  settleSybils(): void {
    const w = this.#w
    const { sybils, seedRoom } = w.parameters
    if (sybils === 0) return
    for (let seed = 0; seed < w.seeds; seed++) {
      const honest = (w.readers[seed] as number) + w.countSeedLinks(seed)
      w.sybils[seed] = Math.max(0, Math.min(sybils * honest, seedRoom - honest))
    }
  }

  /** Seeds of which so many vanish; the largest operators' first, or any. */
  pickVictims(): number[] {
    const { takedown, takedownOrder } = this.#w.parameters
    const { operators } = this.#w.machines
    const order = Array.from({ length: this.#w.seeds }, (_, seed) => ({ seed, by: this.#w.random.unit() }))
    const sizes = new Map<number, number>()
    for (const operator of operators) sizes.set(operator, (sizes.get(operator) ?? 0) + 1)
    const sizeOf = (seed: number) => sizes.get(operators[seed] as number) as number
    const byOperator = takedownOrder === 'operators'
    order.sort((a, b) => (byOperator ? sizeOf(b.seed) - sizeOf(a.seed) : 0) || a.by - b.by)
    return order.slice(0, Math.round(takedown * order.length)).map(({ seed }) => seed)
  }

  /** A seed is gone. Its neighbours notice at once, or when their pings stay without an answer. */
  take(seed: number): void {
    const w = this.#w
    w.isAlive[seed] = 0
    const isSilent = w.parameters.takedownIs === 'silent'
    for (const other of w.gossip.links(seed)) {
      if (!w.isSeed(other)) continue
      const delay = isSilent ? w.random.unit() * PROGRAM.pingIntervalMs + PROGRAM.pingTimeoutMs : 100
      w.queue.at(w.now + delay, EVENT.healSeed, other, seed)
    }
  }

  /** With `gone`, that neighbour is lost; then others are dialled until there are enough again. */
  onHeal(seed: number, gone: number): void {
    const w = this.#w
    if (w.isAlive[seed] === 0) return
    if (gone >= 0) {
      w.gossip.unlink(seed, gone)
      w.queue.at(w.now + w.random.below(GOSSIP.heartbeatMs), EVENT.fillMesh, seed)
      if (this.#isHealing[seed] === 1) return
      this.#isHealing[seed] = 1
      w.queue.at(w.now + RETRY_MS * w.random.unit(), EVENT.healSeed, seed, -1)
      return
    }
    this.#isHealing[seed] = 0
    let hasDialledDead = false
    const limit =
      w.parameters.links === 'today' ? Math.min(w.parameters.bootstrap, w.seeds - 1) : w.parameters.seedLinks
    for (let i = 0; i < PARALLEL_DIALS && w.gossip.links(seed).length < limit; i++) {
      const other = this.#pick(seed)
      if (other === seed) continue
      if (w.isAlive[other] === 0) hasDialledDead = true
      else if (this.#hasRoom(other)) this.#join(seed, other)
    }
    if (w.gossip.links(seed).length >= limit) return
    this.#isHealing[seed] = 1
    w.queue.at(w.now + (hasDialledDead ? PROGRAM.dialTimeoutMs : RETRY_MS), EVENT.healSeed, seed, -1)
  }

  #join(seed: number, other: number): void {
    const w = this.#w
    w.gossip.link(seed, other)
    const soon = w.now + HANDSHAKE_TRIPS * w.machines.latency(seed, other)
    for (const end of [seed, other]) w.queue.at(soon + w.random.below(GOSSIP.heartbeatMs), EVENT.fillMesh, end)
  }

  #dialAtFirst(seed: number): void {
    const w = this.#w
    const { links, bootstrap, seedLinks } = w.parameters
    if (links === 'today') {
      for (let other = 0; other < Math.min(bootstrap, w.seeds); other++) {
        if (this.#hasRoom(other)) w.gossip.link(seed, other)
      }
      return
    }
    const wanted = w.gossip.links(seed).length + Math.min(seedLinks, w.seeds - 1)
    for (let i = 0; i < ATTEMPTS * seedLinks && w.gossip.links(seed).length < wanted; i++) {
      const other = this.#pick(seed)
      const isOwn = w.machines.operators[other] === w.machines.operators[seed] && i < (ATTEMPTS * seedLinks) / 2
      if (other !== seed && !isOwn) w.gossip.link(seed, other)
    }
  }

  #pick(seed: number): number {
    const { parameters, random, seeds } = this.#w
    if (parameters.links === 'today') return random.below(Math.min(parameters.bootstrap, seeds))
    return seeds < 2 ? seed : random.below(seeds)
  }

  /** Seeds are let in by other seeds even where readers are turned away; today nobody is. */
  #hasRoom(other: number): boolean {
    const w = this.#w
    if (w.parameters.links === 'slots') return true
    return (w.readers[other] as number) + w.countSeedLinks(other) < w.parameters.seedRoom
  }
}
