import type { Desks } from './desks.ts'
import { COMING, type Flight, forTells, WAITING } from './flight.ts'
import { GOSSIP, PROGRAM } from './parameters.ts'
import type { Repairs } from './repairs.ts'
import { EVENT, type World } from './world.ts'

/** One-way trips until a push by sync has brought what is new. */
const PUSH_TRIPS = 6

/** How a record goes from its author to all seeds, and from them to the readers they feed. */
export class Spread {
  readonly #w: World
  readonly #c: { readonly desks: Desks; readonly repairs: Repairs }
  readonly #busyUntil: Float64Array
  /** Of each seed: how many records came from each link first; in a large population a link is limited by it. */
  readonly #firsts = new Map<number, Map<number, number>>()
  ignored = 0

  constructor(world: World, components: { readonly desks: Desks; readonly repairs: Repairs }) {
    this.#w = world
    this.#c = components
    this.#busyUntil = new Float64Array(world.seeds)
  }

  /** The author's computer sends it: by gossip to those it knows, and by sync to its seeds. */
  launch(flight: Flight): void {
    const w = this.#w
    const node = w.nodeOf(flight.author)
    if (w.parameters.isMute) return
    const at = w.now + PROGRAM.flushMs
    const homes = [0, 1, 2].map((place) => w.homeOf(flight.author, place)).filter((home) => home >= 0)
    flight.isAuthorAlone = homes.length === 0 && w.gossip.links(node).length === 0
    if (w.gossip.has(node)) {
      flight.noteSeen(node, w.now)
      this.#forward(flight, node, node, at)
      this.#fillUp(flight, node, at)
    } else {
      for (const home of homes) this.#send(flight, node, home, at)
    }
    for (const home of homes) {
      const delay = PROGRAM.pushDelayMs + PUSH_TRIPS * w.machines.latency(node, home)
      w.queue.at(w.now + delay, EVENT.push, flight.id, home)
      w.traffic.add(flight.author, 'own', flight.bytes + w.parameters.gossipOverhead + 500)
    }
    this.#c.desks.launch(flight)
  }

  /** A copy by gossip. */
  onArrive(flight: Flight, node: number, from: number): void {
    const w = this.#w
    if (w.isAlive[node] === 0) return
    if (!w.isSeed(node)) w.traffic.add(w.userOf(node), 'gossip', flight.bytes + w.parameters.gossipOverhead)
    if (flight.hasSeen(node) || flight.deaf.has(node)) return
    if (w.isSeed(node) && w.isLiar[node] === 1) return
    const at = w.isSeed(node) ? this.#serve(node, from) : w.now + 2
    if (at !== null) {
      this.accept(flight, node, from, at)
      return
    }
    flight.deaf.add(node)
    this.ignored++
  }

  /** A copy by sync, which no limit of gossip keeps out. */
  onPush(flight: Flight, node: number): void {
    const isTaken = this.#w.isAlive[node] === 1 && !flight.hasSeen(node)
    if (isTaken && !(this.#w.isSeed(node) && this.#w.isLiar[node] === 1))
      this.accept(flight, node, node, this.#w.now + 5)
  }

  /** It is committed at that node at that time, and goes on from there. */
  accept(flight: Flight, node: number, from: number, at: number): void {
    const w = this.#w
    flight.noteSeen(node, at)
    this.#forward(flight, node, from, at)
    if (!w.isSeed(node)) this.#c.desks.noteHere(flight, w.userOf(node), at)
    forTells(flight.tells, node, (member, place) => this.#tell(flight, node, member, place, at))
    if (flight.late.length > 0) this.#c.repairs.noteSeen(flight, node)
  }

  /** Heartbeats: lists of what is held go to some who aren't in the mesh, and bring what they lack. */
  onLazy(flight: Flight, beat: number): void {
    const w = this.#w
    if (flight.holders === 0 || this.#isEverywhere(flight)) return
    for (const node of w.gossip.members()) {
      if (!(flight.seenAt(node) <= w.now) || w.isAlive[node] === 0) continue
      const links = w.gossip.links(node)
      const others = Math.max(1, links.length + (w.isSeed(node) ? (w.sybils[node] as number) : 0))
      const share = Math.max(GOSSIP.dLazy / others, GOSSIP.lazyShare)
      for (const other of links) {
        if (flight.hasSeen(other) || w.gossip.isInMesh(node, flight.shard, other) || !w.random.chance(share)) continue
        const trips = 3 * w.machines.latency(node, other)
        w.queue.at(w.now + w.random.unit() * GOSSIP.heartbeatMs + trips, EVENT.arrive, flight.id, other, node)
      }
    }
    if (beat < GOSSIP.lazyBeats) w.queue.at(w.now + GOSSIP.heartbeatMs, EVENT.lazy, flight.id, beat + 1)
  }

  /** What gossip has lost comes to a node with the next sync with one of its neighbours. */
  seek(flight: Flight): void {
    const w = this.#w
    if (flight.holders === 0) return
    for (const node of w.gossip.members()) {
      if (w.isAlive[node] === 1 && !flight.hasSeen(node)) this.#awaitSync(flight, node)
    }
  }

  onRepair(flight: Flight, node: number): void {
    const w = this.#w
    const hasSource = w.gossip.links(node).some((other) => w.isAlive[other] === 1 && flight.hasSeen(other))
    if (hasSource) this.onPush(flight, node)
    else if (w.isAlive[node] === 1 && !flight.hasSeen(node)) this.#awaitSync(flight, node)
  }

  #awaitSync(flight: Flight, node: number): void {
    const { gossip, now, queue, random } = this.#w
    const links = Math.max(1, gossip.links(node).length)
    queue.at(now + random.exponential(PROGRAM.fullSyncMs / links), EVENT.repairNode, flight.id, node)
  }

  #isEverywhere(flight: Flight): boolean {
    for (const node of this.#w.gossip.members()) {
      if (this.#w.isAlive[node] === 1 && !flight.hasSeen(node)) return false
    }
    return true
  }

  #tell(flight: Flight, node: number, member: number, place: number, at: number): void {
    const w = this.#w
    const { feedOverhead, nameBytes, ackBytes } = w.parameters
    if (member >= flight.audience.length) {
      const carrier = flight.carriers[member - flight.audience.length] as number
      if (w.homeOf(carrier, place) === node && w.isOnline[carrier] === 1) {
        w.traffic.add(carrier, 'carried', flight.bytes + feedOverhead + ackBytes)
        w.queue.at(at + w.machines.latency(node, w.nodeOf(carrier)), EVENT.deskArrive, flight.id, w.nodeOf(carrier))
      }
      return
    }
    const user = flight.audience[member] as number
    if (w.homeOf(user, place) !== node || w.isOnline[user] === 0) return
    if (w.wholeHome(user) !== node) {
      w.traffic.add(user, 'names', nameBytes + ackBytes)
      return
    }
    w.traffic.add(user, 'feeds', flight.bytes + feedOverhead + ackBytes)
    const sentAt = at + w.machines.send(node, flight.bytes + feedOverhead, at)
    if (flight.state(member) !== WAITING || at < (w.feedSince[3 * user + place] as number)) return
    flight.setState(member, COMING)
    const due = sentAt + w.machines.latency(node, w.nodeOf(user))
    w.queue.at(due, EVENT.deliver, flight.id, member, w.session[user] as number)
  }

  #forward(flight: Flight, node: number, from: number, at: number): void {
    this.#w.gossip.forMesh(node, flight.shard, (peer) => {
      if (peer === from) return
      if (!flight.hasSeen(peer)) {
        this.#send(flight, node, peer, at)
        return
      }
      // It will be a copy too many; what it costs counts.
      const { traffic, parameters, machines, now } = this.#w
      const bytes = flight.bytes + parameters.gossipOverhead
      machines.send(node, bytes, now)
      for (const end of [node, peer]) if (!this.#w.isSeed(end)) traffic.add(this.#w.userOf(end), 'gossip', bytes)
    })
  }

  /** An author whose mesh is small sends to others as well. */
  #fillUp(flight: Flight, node: number, at: number): void {
    const { gossip } = this.#w
    let missing = GOSSIP.d - gossip.meshSize(node, flight.shard)
    for (const other of gossip.links(node)) {
      if (missing-- <= 0) return
      if (!gossip.isInMesh(node, flight.shard, other)) this.#send(flight, node, other, at)
    }
  }

  #send(flight: Flight, node: number, peer: number, at: number): void {
    const { machines, parameters, queue, traffic } = this.#w
    const bytes = flight.bytes + parameters.gossipOverhead
    if (!this.#w.isSeed(node)) traffic.add(this.#w.userOf(node), 'gossip', bytes)
    else traffic.seedBytes += bytes
    queue.at(at + machines.send(node, bytes, at) + machines.latency(node, peer), EVENT.arrive, flight.id, peer, node)
  }

  /** When the seed has looked at a message; null when it looks at none: too many wait, or the link is over its budget. */
  #serve(node: number, from: number): number | null {
    const { now, parameters, random } = this.#w
    const { background, serviceMs } = parameters
    const load = (background * serviceMs) / 1_000
    if (background > 0) {
      if (load >= 1 && random.chance(1 - 1 / load)) return null
      const perSecond = background * this.#shareOf(node, from)
      if (perSecond > PROGRAM.messagesPerSecond && random.chance(1 - PROGRAM.messagesPerSecond / perSecond)) return null
    }
    const start = Math.max(now, this.#busyUntil[node] as number)
    if ((start - now) / serviceMs > PROGRAM.pendingMessages) return null
    const end = start + serviceMs
    this.#busyUntil[node] = end
    // Behind those of others: as long a wait as an even stream of them makes.
    const wait = load >= 1 ? PROGRAM.pendingMessages * serviceMs : random.exponential((serviceMs * load) / (1 - load))
    return end + wait
  }

  #shareOf(node: number, from: number): number {
    const firsts = this.#firsts.get(node) ?? new Map<number, number>()
    this.#firsts.set(node, firsts)
    firsts.set(from, (firsts.get(from) ?? 0) + 1)
    const total = (firsts.get(-1) ?? 0) + 1
    firsts.set(-1, total)
    const links = Math.max(1, this.#w.gossip.links(node).length)
    return ((firsts.get(from) as number) + 1) / (total + links)
  }
}
