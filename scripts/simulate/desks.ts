import { deliver } from './deliver.ts'
import { type Flight, HERE, WAITING } from './flight.ts'
import { PROGRAM, RELAY_RESERVATIONS } from './parameters.ts'
import { EVENT, HOMES, NOBODY, type World } from './world.ts'

const HANDSHAKE_TRIPS = 8
const PICKS = 16
const PARALLEL_DIALS = 8
const RETRY_MS = 2_000
const RETRY_AT_PEACE_MS = 60_000
/** A desktop pushes its own records to so many others while it has no seed (SYN14). */
const PUSHED = 4
/** Who has fewer links than that is let in before others. */
const FEW_LINKS = 3

/** Links between desktops, and what they do for each other when seeds are gone. */
export class Desks {
  readonly #w: World
  readonly #init: { readonly onOutage: (user: number) => void; readonly cutReaders: (node: number) => void }
  readonly #peers = new Map<number, number[]>()
  /** Links over which what is new goes at once, by `from × users + to`: a desktop serves few feeds. */
  readonly #live = new Set<number>()
  readonly #served: Uint8Array
  readonly #isTrying: Uint8Array
  readonly #aloneSince: Float64Array
  readonly #isCarrying: boolean
  #inOutage = 0

  constructor(
    world: World,
    init: { readonly onOutage: (user: number) => void; readonly cutReaders: (node: number) => void },
  ) {
    const { users, takedown, outage } = world.parameters
    this.#w = world
    this.#init = init
    this.#served = new Uint8Array(users)
    this.#isTrying = new Uint8Array(users)
    this.#aloneSince = new Float64Array(users)
    this.#isCarrying = takedown > 0 && outage === 'carry'
  }

  /** The links of a network that has run for long. */
  settle(user: number): void {
    if (!this.#isCarrying) return
    const { peerLinks } = this.#w.parameters
    for (let i = 0; i < 2 * PICKS && this.#peersOf(user).length < peerLinks; i++) {
      const other = this.#pick(user)
      if (other !== NOBODY && this.#w.isOnline[other] === 1 && this.#canMeet(user, other)) this.#link(user, other)
    }
  }

  wake(user: number): void {
    if (this.#isCarrying) this.#retry(user, RETRY_MS)
  }

  sleep(user: number): void {
    const w = this.#w
    for (const other of [...this.#peersOf(user)]) this.#unlink(user, other)
    this.#peers.delete(user)
    if (w.isInOutage[user] === 1) this.#inOutage--
    w.isInOutage[user] = 0
    if (w.isStandIn[user] === 0) return
    w.isStandIn[user] = 0
    const node = w.nodeOf(user)
    w.isAlive[node] = 0
    for (const due of w.gossip.leave(node)) w.queue.at(w.now + 500, EVENT.fillMesh, due)
    this.#init.cutReaders(node)
  }

  // --- an outage ---

  noteAlone(user: number): void {
    const w = this.#w
    this.#aloneSince[user] = w.now
    if (w.parameters.outage === 'none') return
    w.queue.at(w.now + w.parameters.outageAfterMs, EVENT.outage, user, w.session[user] as number)
  }

  noteSeed(user: number): void {
    if (this.#w.isInOutage[user] === 1) this.#inOutage--
    this.#w.isInOutage[user] = 0
  }

  onOutage(user: number, session: number): void {
    const w = this.#w
    const since = w.now - (this.#aloneSince[user] as number)
    if (w.session[user] !== session || w.isOnline[user] === 0 || w.isInOutage[user] === 1) return
    if (w.countHomes(user) > 0 || since < w.parameters.outageAfterMs) return
    w.isInOutage[user] = 1
    this.#inOutage++
    const isOpen = w.machines.isOpen(w.nodeOf(user))
    if (w.parameters.outage === 'stand-in' && isOpen) this.#standIn(user)
    this.#retry(user, 0)
    this.#init.onOutage(user)
  }

  /** An open desktop that this one knows, or hears of from those it is connected to. */
  pickStandIn(user: number): number {
    const w = this.#w
    if (w.parameters.outage !== 'stand-in') return NOBODY
    const known = w.isStandIn[user] === 1 ? w.gossip.links(w.nodeOf(user)) : w.gossip.links(w.wholeHome(user))
    if (known.length > 0 && w.random.chance(0.7)) {
      const friend = known[w.random.below(known.length)] as number
      const theirs = w.gossip.links(friend)
      const found = w.random.chance(0.5) ? friend : (theirs[w.random.below(theirs.length)] as number)
      if (!w.isSeed(found)) return found
    }
    for (let i = 0; i < PICKS; i++) {
      const other = this.#pick(user)
      if (other !== NOBODY && other !== user && w.machines.isOpen(w.nodeOf(other))) return w.nodeOf(other)
    }
    return NOBODY
  }

  onTry(user: number, session: number): void {
    const w = this.#w
    if (w.session[user] !== session) return
    this.#isTrying[user] = 0
    if (w.isOnline[user] === 0) return
    const missing = this.#wanted(user) - this.#linksOf(user)
    for (let i = 0; i < Math.min(missing, PARALLEL_DIALS); i++) {
      const node = w.isStandIn[user] === 1 ? this.pickStandIn(user) : this.#pickPeer(user)
      if (node === NOBODY) continue
      const trips = HANDSHAKE_TRIPS * w.machines.latency(w.nodeOf(user), node)
      const delay = this.#answers(user, w.userOf(node)) ? trips : PROGRAM.dialTimeoutMs
      w.queue.at(w.now + delay, EVENT.peerDialled, user, w.userOf(node), session)
    }
    if (missing > 0) this.#retry(user, w.isInOutage[user] === 1 ? RETRY_MS : RETRY_AT_PEACE_MS)
  }

  onDialled(user: number, other: number, session: number): void {
    const w = this.#w
    if (w.session[user] !== session || !this.#answers(user, other) || this.#linksOf(user) >= this.#wanted(user)) return
    if (w.isStandIn[user] === 0) {
      if (this.#isFull(other)) this.#unlink(other, this.#bestLinked(other))
      this.#link(user, other)
      return
    }
    w.gossip.link(w.nodeOf(user), w.nodeOf(other))
    for (const end of [user, other]) w.queue.at(w.now + w.random.below(1_000), EVENT.fillMesh, w.nodeOf(end))
  }

  /** Somebody in an outage dials it: an open desktop that has seeds itself stands between them and the others. */
  onAsked(node: number): void {
    const w = this.#w
    const user = w.userOf(node)
    const isFree = w.isOnline[user] === 1 && w.isStandIn[user] === 0 && w.machines.isOpen(node)
    if (!isFree || w.hasMoved[user] === 1) return
    this.#standIn(user)
    this.#retry(user, 0)
  }

  #standIn(user: number): void {
    const w = this.#w
    const node = w.nodeOf(user)
    w.isStandIn[user] = 1
    w.isAlive[node] = 1
    w.gossip.join(node)
    for (let place = 0; place < HOMES; place++) w.gossip.link(node, w.homeOf(user, place))
    w.queue.at(w.now + w.random.below(1_000), EVENT.fillMesh, node)
  }

  // --- records ---

  /** Who may have to carry it, before it is sent. */
  prepare(flight: Flight): void {
    const w = this.#w
    const isAlone = w.countHomes(flight.author) === 0
    if (!this.#isCarrying || (this.#inOutage === 0 && !isAlone)) return
    const wants = new Set<number>(isAlone ? this.#peersOf(flight.author).map((peer) => w.nodeOf(peer)) : [])
    for (const user of flight.audience) {
      if (!isAlone && w.countHomes(user) > 0) continue
      wants.add(w.nodeOf(user))
      for (const peer of this.#peersOf(user)) wants.add(w.nodeOf(peer))
    }
    flight.wants = wants
    flight.carriers = [...wants].map((node) => w.userOf(node)).filter((user) => this.#isCarrier(flight, user))
  }

  launch(flight: Flight): void {
    if (flight.wants === null) return
    const peers = this.#peersOf(flight.author)
    for (const [i, peer] of peers.entries()) this.#hand(flight, flight.author, peer, i < PUSHED)
  }

  /** A desktop has it, from whomever. */
  noteHere(flight: Flight, user: number, at: number): void {
    const w = this.#w
    const member = flight.memberOf(user)
    if (member >= 0 && flight.state(member) === WAITING) {
      w.queue.at(at, EVENT.deliver, flight.id, member, w.session[user] as number)
    }
    this.forward(flight, user)
  }

  forward(flight: Flight, user: number): void {
    if (flight.wants === null) return
    if (!flight.hasSeen(this.#w.nodeOf(user))) flight.noteSeen(this.#w.nodeOf(user), this.#w.now)
    for (const peer of this.#peersOf(user)) this.#hand(flight, user, peer, false)
  }

  /** A copy from another desktop, or from a seed for others. */
  onArrive(flight: Flight, node: number): void {
    const w = this.#w
    const user = w.userOf(node)
    if (w.isOnline[user] === 0) return
    w.traffic.add(user, 'carried', flight.bytes + w.parameters.feedOverhead + w.parameters.ackBytes)
    if (flight.hasSeen(node)) return
    flight.noteSeen(node, w.now)
    const member = flight.memberOf(user)
    if (member >= 0 && flight.state(member) !== HERE) deliver(w, flight, member, w.session[user] as number)
    this.forward(flight, user)
    if (!flight.isAuthorAlone) return
    for (let place = 0; place < HOMES; place++) {
      const home = w.homeOf(user, place)
      const trips = 6 * w.machines.latency(node, home === NOBODY ? node : home)
      if (home !== NOBODY) w.queue.at(w.now + PROGRAM.pushDelayMs + trips, EVENT.push, flight.id, home)
    }
  }

  #hand(flight: Flight, from: number, to: number, isPushed: boolean): void {
    const w = this.#w
    const node = w.nodeOf(to)
    if (flight.wants?.has(node) !== true || flight.hasSeen(node)) return
    if (!isPushed && !this.#live.has(from * w.parameters.users + to)) return
    const bytes = flight.bytes + w.parameters.feedOverhead
    w.traffic.add(from, 'carried', bytes)
    const sent = w.machines.send(w.nodeOf(from), bytes, w.now) + w.machines.latency(w.nodeOf(from), node)
    w.queue.at(w.now + sent + (isPushed ? PROGRAM.pushDelayMs + 100 : 0), EVENT.deskArrive, flight.id, node)
  }

  #isCarrier(flight: Flight, user: number): boolean {
    const member = flight.memberOf(user)
    return this.#w.countHomes(user) > 0 && member < 0 && user !== flight.author
  }

  // --- links ---

  #peersOf(user: number): readonly number[] {
    return this.#peers.get(user) ?? []
  }

  #linksOf(user: number): number {
    const w = this.#w
    return w.isStandIn[user] === 1 ? w.gossip.links(w.nodeOf(user)).length : this.#peersOf(user).length
  }

  #wanted(user: number): number {
    const { standInLinks, outageLinks, peerLinks } = this.#w.parameters
    if (this.#w.isStandIn[user] === 1) return standInLinks
    if (!this.#isCarrying) return 0
    return this.#w.isInOutage[user] === 1 ? outageLinks : peerLinks
  }

  #retry(user: number, delayMs: number): void {
    const w = this.#w
    if (this.#isTrying[user] === 1 && delayMs > 0) return
    this.#isTrying[user] = 1
    w.queue.at(w.now + delayMs, EVENT.tryPeers, user, w.session[user] as number)
  }

  /** Somebody whom one follows, or who follows somebody whom one follows. */
  #pick(user: number): number {
    const { random, graph } = this.#w
    const from = graph.followsFrom[user] as number
    const count = (graph.followsFrom[user + 1] as number) - from
    if (count === 0) return NOBODY
    const followed = graph.follows[from + random.below(count)] as number
    if (random.chance(0.5)) return followed
    const first = graph.followersFrom[followed] as number
    return graph.followers[first + random.below((graph.followersFrom[followed + 1] as number) - first)] as number
  }

  /** In an outage only open desktops can be dialled; before it, whoever is online is found through the seeds. */
  #pickPeer(user: number): number {
    const w = this.#w
    for (let i = 0; i < PICKS; i++) {
      const other = this.#pick(user)
      if (other === NOBODY || other === user || this.#peersOf(user).includes(other)) continue
      const isKnown = w.isInOutage[user] === 1 ? w.machines.isOpen(w.nodeOf(other)) : w.isOnline[other] === 1
      if (isKnown) return w.nodeOf(other)
    }
    return NOBODY
  }

  #answers(user: number, other: number): boolean {
    const w = this.#w
    if (w.isOnline[other] === 0) return false
    if (w.isStandIn[user] === 1)
      return w.isStandIn[other] === 1 && w.hasMoved[other] === 0 && this.#linksOf(other) < 2 * this.#wanted(user)
    if (this.#isFull(other) && !this.#makesRoom(user, other)) return false
    if (w.isInOutage[user] === 1) return w.machines.isOpen(w.nodeOf(other)) && w.hasMoved[other] === 0
    return this.#canMeet(user, other)
  }

  #isFull(user: number): boolean {
    return this.#peersOf(user).length >= PROGRAM.desktopConnections
  }

  /** Under the rule `share` a full desktop lets go of somebody who has many links for somebody who has hardly any. */
  #makesRoom(user: number, other: number): boolean {
    if (this.#w.parameters.crowded !== 'share' || this.#peersOf(user).length >= FEW_LINKS) return false
    return this.#peersOf(this.#bestLinked(other)).length > 2 * FEW_LINKS
  }

  #bestLinked(user: number): number {
    const links = (peer: number) => this.#peersOf(peer).length
    const isFree = (peer: number) => !this.#w.machines.isOpen(this.#w.nodeOf(peer))
    const peers = this.#peersOf(user)
    const first = peers[0] ?? user
    return peers.reduce((best, peer) => (isFree(peer) && links(peer) > links(best) ? peer : best), first)
  }

  /** At peace: who is behind a NAT is called through a relay, and crossed to where both NATs allow it. */
  #canMeet(user: number, other: number): boolean {
    const w = this.#w
    const [a, b] = [w.nodeOf(user), w.nodeOf(other)]
    if (user === other || this.#isFull(other)) return false
    if (w.machines.isOpen(b)) return w.hasMoved[other] === 0
    if (!w.hasSeed(user) || !w.hasSeed(other)) return false
    return (w.machines.isOpen(a) || w.machines.canCross(a, b)) && w.random.chance(this.#relayShare())
  }

  #relayShare(): number {
    const { users, seeds, openShare } = this.#w.parameters
    const needed = users * this.#w.onlineShare() * (1 - openShare)
    return Math.min(1, (RELAY_RESERVATIONS * seeds) / needed)
  }

  #link(user: number, other: number): void {
    if (this.#peersOf(user).includes(other) || user === other) return
    for (const [a, b] of [
      [user, other],
      [other, user],
    ] as const) {
      const peers = this.#peers.get(a) ?? []
      peers.push(b)
      this.#peers.set(a, peers)
      if ((this.#served[a] as number) >= this.#w.parameters.outageFeeds) continue
      this.#served[a] = (this.#served[a] as number) + 1
      this.#live.add(a * this.#w.parameters.users + b)
    }
  }

  #unlink(user: number, other: number): void {
    const { users } = this.#w.parameters
    for (const [a, b] of [
      [user, other],
      [other, user],
    ] as const) {
      const peers = this.#peers.get(a) ?? []
      const at = peers.indexOf(b)
      if (at >= 0) peers.splice(at, 1)
      if (this.#live.delete(a * users + b)) this.#served[a] = (this.#served[a] as number) - 1
    }
    if (this.#isCarrying) this.#retry(other, RETRY_MS)
  }
}
