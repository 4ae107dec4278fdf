import { SHARD_COUNT, shardOf } from '../../core/gossip/shards.ts'
import { sha256 } from '../../core/identity/hash.ts'
import { EventQueue } from './event-queue.ts'
import type { Flight } from './flight.ts'
import { type FollowGraph, makeFollowGraph } from './follow-graph.ts'
import { GossipNet } from './gossip-net.ts'
import { drawActivity, Machines } from './machines.ts'
import { GOSSIP, type Parameters, PROGRAM } from './parameters.ts'
import { RandomStream } from './random-stream.ts'
import { Traffic } from './traffic.ts'

export const HOMES = PROGRAM.wantedHomes
export const NOBODY = -1

/** What happens. The numbers stand in the queue. */
export const EVENT = {
  post: 0,
  wake: 1,
  sleep: 2,
  dialled: 3,
  tryHomes: 4,
  homeLost: 5,
  arrive: 6,
  push: 7,
  lazy: 8,
  repairNode: 9,
  deliver: 10,
  deskArrive: 11,
  check: 12,
  close: 13,
  takedown: 14,
  healSeed: 15,
  fillMesh: 16,
  outage: 17,
  tryPeers: 18,
  peerDialled: 19,
  feedOpen: 20,
  celebrity: 21,
} as const

const UNKNOWN_SHARD = 255
const RING = 2 ** 18

/** All state that several parts of the simulator share. Node numbers: seeds first, then users. */
export class World {
  readonly parameters: Parameters
  readonly queue: EventQueue
  readonly random: RandomStream
  readonly graph: FollowGraph
  readonly machines: Machines
  readonly gossip: GossipNet
  readonly traffic: Traffic
  readonly activity: Float64Array
  /** Of each user. */
  readonly isOnline: Uint8Array
  readonly onlineSince: Float64Array
  readonly offlineAt: Float64Array
  readonly session: Int32Array
  readonly isInOutage: Uint8Array
  readonly isStandIn: Uint8Array
  /** Its address isn't the one that others remember. */
  readonly hasMoved: Uint8Array
  /** Nodes that a user is connected to as homes, since when, and since when they feed. */
  readonly homes: Int32Array
  readonly homeSince: Float64Array
  readonly feedSince: Float64Array
  /** Of each node. */
  readonly isAlive: Uint8Array
  readonly isLiar: Uint8Array
  /** Connections of readers at each node, and of sybils at each seed. */
  readonly readers: Int32Array
  readonly sybils: Int32Array
  readonly #flights: (Flight | undefined)[] = []
  readonly #shards: Uint8Array

  constructor(parameters: Parameters) {
    this.parameters = parameters
    const { users, seeds } = parameters
    const nodes = users + seeds
    const streamOf = (stream: number) => new RandomStream(parameters.seed, stream)
    this.queue = new EventQueue()
    this.random = streamOf(1)
    this.graph = makeFollowGraph(parameters, streamOf(2))
    this.machines = new Machines(parameters, streamOf(3))
    this.activity = drawActivity(this.graph, parameters, streamOf(4))
    // Silent strangers take the mesh but for the outbound ones and those that score keeps.
    const { d, dLow, dHigh, dOut } = GOSSIP
    const degrees = parameters.sybils > 0 ? { d: dOut, dLow: dOut, dHigh: dLow } : { d, dLow, dHigh }
    this.gossip = new GossipNet(streamOf(5), degrees)
    this.traffic = new Traffic(users)
    this.isOnline = new Uint8Array(users)
    this.onlineSince = new Float64Array(users)
    this.offlineAt = new Float64Array(users)
    this.session = new Int32Array(users)
    this.isInOutage = new Uint8Array(users)
    this.isStandIn = new Uint8Array(users)
    this.hasMoved = new Uint8Array(users)
    this.homes = new Int32Array(HOMES * users).fill(NOBODY)
    this.homeSince = new Float64Array(HOMES * users)
    this.feedSince = new Float64Array(HOMES * users)
    this.isAlive = new Uint8Array(nodes).fill(1, 0, seeds)
    this.isLiar = new Uint8Array(seeds)
    this.readers = new Int32Array(nodes)
    this.sybils = new Int32Array(seeds)
    this.#shards = new Uint8Array(users).fill(UNKNOWN_SHARD)
    for (let seed = 0; seed < seeds; seed++) this.isLiar[seed] = this.random.chance(parameters.liars) ? 1 : 0
    for (let user = 0; user < users; user++) this.hasMoved[user] = this.random.chance(parameters.addressTruth) ? 0 : 1
  }

  get now(): number {
    return this.queue.now
  }

  get seeds(): number {
    return this.parameters.seeds
  }

  nodeOf(user: number): number {
    return this.parameters.seeds + user
  }

  userOf(node: number): number {
    return node - this.parameters.seeds
  }

  isSeed(node: number): boolean {
    return node < this.parameters.seeds
  }

  /** As the program says it, of a made-up address. */
  shardOf(user: number): number {
    const known = this.#shards[user] as number
    if (known !== UNKNOWN_SHARD) return known
    const address = new Uint8Array(32)
    new DataView(address.buffer).setUint32(0, user)
    const shard = shardOf(sha256(address)) % SHARD_COUNT
    this.#shards[user] = shard
    return shard
  }

  homeOf(user: number, place: number): number {
    return this.homes[HOMES * user + place] as number
  }

  /** Homes that are connected, as far as the user knows. */
  countHomes(user: number, isCounted: (node: number) => boolean = () => true): number {
    let count = 0
    for (let place = 0; place < HOMES; place++) {
      const home = this.homeOf(user, place)
      if (home !== NOBODY && isCounted(home)) count++
    }
    return count
  }

  /** Readers that gossip are counted as readers. */
  countSeedLinks(node: number): number {
    let count = 0
    for (const other of this.gossip.links(node)) if (this.isSeed(other)) count++
    return count
  }

  hasSeed(user: number): boolean {
    return this.countHomes(user, (node) => this.isSeed(node)) > 0
  }

  /** The home that sends whole records. */
  wholeHome(user: number): number {
    for (let place = 0; place < HOMES; place++) {
      const home = this.homeOf(user, place)
      if (home !== NOBODY) return home
    }
    return NOBODY
  }

  /** Share of people who are online at this moment of the day. */
  onlineShare(): number {
    const { online, dailySwing, hour } = this.parameters
    const at = hour + this.now / 3_600_000
    return Math.min(0.95, online * (1 + dailySwing * Math.cos((2 * Math.PI * (at - 20)) / 24)))
  }

  addFlight(flight: Flight): void {
    this.#flights[flight.id % RING] = flight
  }

  /** Undefined when it has been closed. */
  flight(id: number): Flight | undefined {
    const flight = this.#flights[id % RING]
    return flight?.id === id ? flight : undefined
  }

  removeFlight(flight: Flight): void {
    this.#flights[flight.id % RING] = undefined
  }
}
