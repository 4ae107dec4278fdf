import type { FollowGraph } from './follow-graph.ts'
import type { Parameters } from './parameters.ts'
import type { RandomStream } from './random-stream.ts'

/** One-way milliseconds between regions: Europe, North America, South America, Asia and the Pacific. */
const REGION_MS: readonly (readonly number[])[] = [
  [12, 45, 95, 110],
  [45, 14, 65, 75],
  [95, 65, 15, 140],
  [110, 75, 140, 25],
]
const REGION_SHARES = [0.4, 0.3, 0.1, 0.2]
const BYTES_PER_MS_OF_MBIT = 125
/** One packet in so many is lost and comes after a timeout of TCP. */
const LOSS = 0.005
const RETRANSMIT_MS = 250

export const NAT = { open: 0, cone: 1, hard: 2 } as const

/**
 * Where computers stand and how they are connected. Seeds have the numbers 0 … seeds − 1, the computer of user u is
 * node seeds + u.
 */
export class Machines {
  readonly seeds: number
  readonly nat: Uint8Array
  /** Operator of a seed. */
  readonly operators: Int32Array
  readonly #regions: Uint8Array
  readonly #accessMs: Float32Array
  readonly #bytesPerMs: Float32Array
  readonly #freeAt: Float64Array
  readonly #random: RandomStream

  constructor(parameters: Parameters, random: RandomStream) {
    const { users, seeds } = parameters
    const nodes = seeds + users
    this.seeds = seeds
    this.#random = random
    this.nat = new Uint8Array(nodes)
    this.operators = drawOperators(parameters, random)
    this.#regions = new Uint8Array(nodes)
    this.#accessMs = new Float32Array(nodes)
    this.#bytesPerMs = new Float32Array(nodes)
    this.#freeAt = new Float64Array(nodes)
    let circleRegion = 0
    for (let node = 0; node < nodes; node++) {
      const isSeed = node < seeds
      if (!isSeed && (node - seeds) % parameters.circle === 0) circleRegion = drawRegion(random)
      this.#regions[node] = !isSeed && random.chance(0.8) ? circleRegion : drawRegion(random)
      this.#accessMs[node] = isSeed ? random.logNormal(1.5, 0.5) : random.logNormal(8, 0.7)
      this.#bytesPerMs[node] = BYTES_PER_MS_OF_MBIT * drawMbit(parameters, isSeed, random)
      if (!isSeed) this.nat[node] = drawNat(parameters, random)
    }
  }

  isOpen(node: number): boolean {
    return this.nat[node] === NAT.open
  }

  /** A direct connection through both NATs. */
  canCross(one: number, other: number): boolean {
    return this.nat[one] !== NAT.hard && this.nat[other] !== NAT.hard
  }

  /** Milliseconds one way, with jitter and now and then a packet that is sent again. */
  latency(from: number, to: number): number {
    const far = REGION_MS[this.#regions[from] as number]?.[this.#regions[to] as number] ?? 0
    const ms = far + (this.#accessMs[from] as number) + (this.#accessMs[to] as number)
    const again = this.#random.chance(LOSS) ? RETRANSMIT_MS + ms : 0
    return ms + this.#random.exponential(0.1 * ms) + again
  }

  /** Milliseconds until so many bytes have left, those before them included. */
  send(node: number, bytes: number, now: number): number {
    const start = Math.max(now, this.#freeAt[node] as number)
    const end = start + bytes / (this.#bytesPerMs[node] as number)
    this.#freeAt[node] = end
    return end - now
  }
}

function drawRegion(random: RandomStream): number {
  let rest = random.unit()
  for (const [region, share] of REGION_SHARES.entries()) {
    rest -= share
    if (rest < 0) return region
  }
  return 0
}

function drawMbit(parameters: Parameters, isSeed: boolean, random: RandomStream): number {
  if (!isSeed) return Math.max(0.5, random.logNormal(parameters.desktopMbit, 0.9))
  return random.chance(parameters.homeSeedShare) ? parameters.homeSeedMbit : parameters.serverMbit
}

function drawNat({ openShare, coneShare }: Parameters, random: RandomStream): number {
  const drawn = random.unit()
  if (drawn < openShare) return NAT.open
  return drawn < openShare + coneShare ? NAT.cone : NAT.hard
}

/** As many operators as half of the seeds; how many each runs follows Zipf's law. Operator 0 is the largest. */
function drawOperators({ seeds, operatorZipf }: Parameters, random: RandomStream): Int32Array {
  const operators = Math.max(1, Math.ceil(seeds / 2))
  return Int32Array.from({ length: seeds }, () => random.rank(operators, operatorZipf))
}

/** Records per day of each user: a heavy tail, and three times as much for the hundredth that most people follow. */
export function drawActivity(graph: FollowGraph, parameters: Parameters, random: RandomStream): Float64Array {
  const { users } = graph
  const popular = Math.ceil(users / 100)
  const rates = new Float64Array(users)
  let sum = 0
  for (let user = 0; user < users; user++) {
    const drawn = Math.min(200, (1 - random.unit()) ** (-1 / parameters.activityTail))
    rates[user] = (graph.ranks[user] as number) < popular ? 3 * drawn : drawn
    sum += rates[user] as number
  }
  for (let user = 0; user < users; user++)
    rates[user] = ((rates[user] as number) * parameters.recordsPerDay * users) / sum
  return rates
}
