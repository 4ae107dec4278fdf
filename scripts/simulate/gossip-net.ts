import { SHARD_COUNT } from '../../core/gossip/shards.ts'
import { GOSSIP } from './parameters.ts'
import type { RandomStream } from './random-stream.ts'

export interface MeshDegrees {
  readonly d: number
  readonly dLow: number
  readonly dHigh: number
}

interface Member {
  readonly links: number[]
  /** Peers of each shard's mesh, `dHigh` places a shard, and how many are taken. */
  readonly mesh: Int32Array
  readonly sizes: Uint8Array
  isDue: boolean
}

/**
 * Who gossips with whom: links between nodes, and for each shard a mesh among them, kept between the two degrees as the
 * library's heartbeat does.
 */
export class GossipNet {
  readonly #random: RandomStream
  readonly #degrees: MeshDegrees
  readonly #members = new Map<number, Member>()

  constructor(random: RandomStream, degrees: MeshDegrees = { d: GOSSIP.d, dLow: GOSSIP.dLow, dHigh: GOSSIP.dHigh }) {
    this.#random = random
    this.#degrees = degrees
  }

  get size(): number {
    return this.#members.size
  }

  members(): Iterable<number> {
    return this.#members.keys()
  }

  has(node: number): boolean {
    return this.#members.has(node)
  }

  links(node: number): readonly number[] {
    return this.#members.get(node)?.links ?? []
  }

  join(node: number): void {
    if (this.#members.has(node)) return
    const mesh = new Int32Array(SHARD_COUNT * this.#degrees.dHigh)
    this.#members.set(node, { links: [], mesh, sizes: new Uint8Array(SHARD_COUNT), isDue: false })
  }

  /** Its links are gone at once. Those whose meshes have become too small are answered. */
  leave(node: number): number[] {
    const due = [...this.links(node)].filter((other) => this.unlink(node, other))
    this.#members.delete(node)
    return due
  }

  link(one: number, other: number): void {
    const [a, b] = [this.#members.get(one), this.#members.get(other)]
    if (a === undefined || b === undefined || one === other || a.links.includes(other)) return
    a.links.push(other)
    b.links.push(one)
  }

  /** True when the other's meshes have to be filled at its next heartbeat, once until they are. */
  unlink(one: number, other: number): boolean {
    const [a, b] = [this.#members.get(one), this.#members.get(other)]
    if (a === undefined || b === undefined) return false
    drop(a.links, other)
    drop(b.links, one)
    for (let shard = 0; shard < SHARD_COUNT; shard++) {
      this.#ungraft(a, shard, other)
      this.#ungraft(b, shard, one)
    }
    const wasDue = b.isDue
    b.isDue = true
    return !wasDue
  }

  /** A heartbeat: meshes below the lower degree are filled up. */
  fill(node: number): void {
    const member = this.#members.get(node)
    if (member === undefined) return
    member.isDue = false
    const { d, dLow } = this.#degrees
    for (let shard = 0; shard < SHARD_COUNT; shard++) {
      if ((member.sizes[shard] as number) >= dLow) continue
      const first = this.#random.below(member.links.length || 1)
      for (let i = 0; i < member.links.length && (member.sizes[shard] as number) < d; i++) {
        this.#graft(node, member.links[(first + i) % member.links.length] as number, shard)
      }
    }
  }

  /** Calls for each peer of the shard's mesh. */
  forMesh(node: number, shard: number, visit: (peer: number) => void): void {
    const member = this.#members.get(node)
    if (member === undefined) return
    const from = shard * this.#degrees.dHigh
    const size = member.sizes[shard] as number
    for (let i = 0; i < size; i++) visit(member.mesh[from + i] as number)
  }

  meshSize(node: number, shard: number): number {
    return this.#members.get(node)?.sizes[shard] ?? 0
  }

  isInMesh(node: number, shard: number, peer: number): boolean {
    const member = this.#members.get(node)
    return member !== undefined && this.#placeOf(member, shard, peer) >= 0
  }

  #graft(node: number, peer: number, shard: number): void {
    const [a, b] = [this.#members.get(node), this.#members.get(peer)]
    const { dHigh } = this.#degrees
    if (a === undefined || b === undefined || (b.sizes[shard] as number) >= dHigh) return
    if (this.#placeOf(a, shard, peer) >= 0) return
    a.mesh[shard * dHigh + (a.sizes[shard] as number)] = peer
    b.mesh[shard * dHigh + (b.sizes[shard] as number)] = node
    a.sizes[shard] = (a.sizes[shard] as number) + 1
    b.sizes[shard] = (b.sizes[shard] as number) + 1
  }

  #ungraft(member: Member, shard: number, peer: number): void {
    const at = this.#placeOf(member, shard, peer)
    if (at < 0) return
    const last = (member.sizes[shard] as number) - 1
    member.mesh[at] = member.mesh[shard * this.#degrees.dHigh + last] as number
    member.sizes[shard] = last
  }

  #placeOf(member: Member, shard: number, peer: number): number {
    const from = shard * this.#degrees.dHigh
    const end = from + (member.sizes[shard] as number)
    for (let i = from; i < end; i++) if (member.mesh[i] === peer) return i
    return -1
  }
}

function drop(list: number[], item: number): void {
  const at = list.indexOf(item)
  if (at < 0) return
  list[at] = list.at(-1) as number
  list.pop()
}
