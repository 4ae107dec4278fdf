/**
 * Looks for somebody of whom only a peer ID is known, in every way at the same time: the addresses of a link, what peers
 * remember of their devices, who is connected, the DHT, computers nearby. Whoever is dialled on the way is asked for the
 * chain; what answers is believed for its signatures only. A search ends with an answer.
 */
import type { ChainAsker } from '../account/whois-service.ts'
import type { PersonSearch, SearchWay } from '../contract/finding.ts'
import type { NodeEvent } from '../contract/views.ts'
import { formatPeerId } from '../identity/peer-id.ts'
import { addressOf, peerIdOf } from '../net/addresses.ts'
import { toHex } from '../util/bytes.ts'
import type { Clock } from '../util/clock.ts'
import type { Logger } from '../util/logger.ts'
import { LruMap } from '../util/lru-map.ts'
import type { AbortOptions } from '../util/startable.ts'
import { ChainSearch, type SearchTimes } from './chain-search.ts'
import type { Finding } from './finding.ts'
import { SearchRounds } from './search-rounds.ts'

export const SEARCH_LIMIT_MS = 60_000
export const LOCAL_SEARCH_LIMIT_MS = 20_000

/** Searches at a time; results that are remembered. */
const MAX_SEARCHES = 8
const MAX_REMEMBERED = 64
/** Addresses that one way dials, and how many at a time. */
const MAX_DIALLED = 24
const MAX_PARALLEL = 4
/** People whose records are wanted because somebody looked for them. */
const MAX_VISITED = 16

/** The running network, as far as a search needs it. */
export interface SearchReach {
  readonly whois: ChainAsker
  readonly finding: Pick<Finding, 'findProviders' | 'lanPeers' | 'locate'>
  /** @throws NetworkError */
  connect(address: string, options: AbortOptions): Promise<string>
}

export interface PersonFinderComponents {
  /** Rejects when there will be none. */
  readonly network: { readonly running: Promise<SearchReach> }
  readonly chains: {
    findAuthorOfDevice(device: Uint8Array): Promise<Uint8Array | null>
    findGenesis(author: Uint8Array): Promise<Uint8Array | null>
  }
  /** These are wanted without a follow, for as long as they are among the last that were looked for. */
  readonly wanted: { set(reason: 'visited', addresses: readonly Uint8Array[]): Promise<void> }
  readonly events: { publish(event: NodeEvent): void }
  readonly clock: Clock
  readonly logger: Logger
}

export interface PersonFinderInit {
  readonly limitMs: number
  readonly times: SearchTimes
  /** Somebody was found: their records are asked for. */
  readonly onFound: (author: Uint8Array) => void
}

type WayName = SearchWay['way']

/** What one way of a search dials. */
interface Dials {
  /** Each address once. */
  readonly taken: Set<string>
  readonly waiting: { readonly address: string; readonly done: () => void }[]
  underWay: number
}

interface Search {
  readonly key: Uint8Array
  readonly ways: Map<WayName, SearchWay>
  readonly startedAt: number
  readonly stop: AbortController
  /** Peer → the way that led to it. */
  readonly ledTo: Map<string, WayName>
  readonly dials: Map<WayName, Dials>
  profile: string
  state: PersonSearch['state']
  endedAt: number | null
}

export class PersonFinder {
  readonly #c: PersonFinderComponents
  readonly #init: PersonFinderInit
  readonly #searches = new LruMap<string, Search>(MAX_REMEMBERED)
  readonly #running = new Set<Promise<void>>()
  readonly #visited = new LruMap<string, Uint8Array>(MAX_VISITED)

  constructor(components: PersonFinderComponents, init: PersonFinderInit) {
    this.#c = components
    this.#init = init
  }

  start(): void {}

  async stop(): Promise<void> {
    for (const search of this.#searches.values()) search.stop.abort(new Error('the node stops'))
    await Promise.all(this.#running)
  }

  noteIdentities(): void {}
  noteSynced(): void {}

  /** Begins a search, or goes on with the one that runs. Returns at once. */
  find(key: Uint8Array, addresses: readonly string[]): PersonSearch {
    const name = toHex(key)
    const known = this.#searches.get(name)
    if (known !== undefined && known.state === 'asking') return viewOf(known)
    const search: Search = {
      key,
      ways: new Map(),
      startedAt: this.#c.clock.now(),
      stop: new AbortController(),
      ledTo: new Map(),
      dials: new Map(),
      profile: formatPeerId(key),
      state: 'asking',
      endedAt: null,
    }
    this.#searches.set(name, search)
    if (this.#running.size >= MAX_SEARCHES) this.#end(search, 'nothing')
    else {
      const run = this.#run(search, addresses).finally(() => this.#running.delete(run))
      this.#running.add(run)
    }
    return viewOf(search)
  }

  /** How the last search for this key stands; null when there was none lately. */
  stateOf(key: Uint8Array): PersonSearch | null {
    const search = this.#searches.peek(toHex(key))
    return search === undefined ? null : viewOf(search)
  }

  /** Never rejects. */
  async #run(search: Search, addresses: readonly string[]): Promise<void> {
    const timer = setTimeout(() => search.stop.abort(new Error('nobody knew in time')), this.#init.limitMs)
    try {
      const held = await this.#held(search.key)
      if (held !== null) return this.#found(search, held, null)
      const reach = await this.#c.network.running
      const found = await this.#ask(search, reach, addresses)
      const author = (await this.#held(search.key)) ?? found
      this.#found(search, author, search.ledTo.get(toHex(author)) ?? null)
    } catch (error) {
      if (!search.stop.signal.aborted) this.#c.logger.warn({ err: error }, 'a search for a person failed')
      this.#end(search, 'nothing')
    } finally {
      clearTimeout(timer)
      search.stop.abort(new Error('the search is over'))
    }
  }

  /** Whose chain lists the key or is its own, among those that are here. */
  async #held(key: Uint8Array): Promise<Uint8Array | null> {
    const author = (await this.#c.chains.findAuthorOfDevice(key)) ?? key
    return (await this.#c.chains.findGenesis(author)) === null ? null : author
  }

  /** All ways at once: those that dial bring new peers, all of whom are asked. @throws the signal's reason */
  async #ask(search: Search, reach: SearchReach, addresses: readonly string[]): Promise<Uint8Array> {
    const { signal } = search.stop
    const { clock, logger } = this.#c
    const ways = [
      this.#dialAll(search, reach, 'address', addresses),
      this.#byMemory(search, reach),
      this.#byDht(search, reach),
    ]
    const { lanPeers } = reach.finding
    this.#note(search, 'lan', { state: lanPeers === null ? 'off' : 'asking', asked: lanPeers ?? 0 })
    this.#note(search, 'peers', { state: 'asking' })
    const whois: ChainAsker = {
      peers: () => reach.whois.peers(),
      onPeer: (listener) => reach.whois.onPeer(listener),
      ask: async (peerId, question, options) => {
        const found = await reach.whois.ask(peerId, question, options)
        for (const author of found) search.ledTo.set(toHex(author), search.ledTo.get(peerId) ?? 'peers')
        return found
      },
    }
    const question = { by: 'key', key: search.key } as const
    const onAsked = (asked: number) => this.#note(search, 'peers', { asked })
    const chains = new ChainSearch({ whois, clock, logger }, { question, times: this.#init.times, known: [], onAsked })
    try {
      const [author] = await chains.run(signal)
      return author as Uint8Array
    } finally {
      search.stop.abort(new Error('the search is over'))
      await Promise.all(ways)
    }
  }

  async #byMemory(search: Search, reach: SearchReach): Promise<void> {
    this.#note(search, 'memory', { state: 'asking' })
    const { signal } = search.stop
    const dials: Promise<void>[] = []
    let asked = new Set<string>()
    const onFound = (addresses: readonly string[]) => {
      dials.push(this.#dialAll(search, reach, 'memory', addresses))
    }
    await this.#roundsOf(reach).run(async ({ isAnew }) => {
      // What those who were asked didn't know, they may have heard since.
      if (isAnew) asked = new Set()
      await reach.finding.locate(search.key, { asked, onFound, signal })
    }, signal)
    await Promise.all(dials)
  }

  async #byDht(search: Search, reach: SearchReach): Promise<void> {
    const { signal } = search.stop
    const dials: Promise<void>[] = []
    await this.#roundsOf(reach).run(async () => {
      const providers = reach.finding.findProviders(search.key, { signal })
      this.#note(search, 'dht', { state: providers === null ? 'off' : 'asking' })
      for await (const { peerId, addresses } of providers ?? []) {
        if (signal.aborted) return
        const whole = addresses.map((address) => addressOf(address, peerId))
        dials.push(this.#dialAll(search, reach, 'dht', whole))
      }
    }, signal)
    await Promise.all(dials)
  }

  #roundsOf({ whois }: SearchReach): SearchRounds {
    const { clock, logger } = this.#c
    return new SearchRounds({ whois, clock, logger }, this.#init.times)
  }

  /**
   * Dials a few at a time, each address once and `MAX_DIALLED` of them in a way, however often it is called; who answers
   * is asked by the search for the chain. Resolves when these were dialled; never rejects.
   */
  async #dialAll(search: Search, reach: SearchReach, way: WayName, addresses: readonly string[]): Promise<void> {
    const dials = search.dials.get(way) ?? { taken: new Set(), waiting: [], underWay: 0 }
    search.dials.set(way, dials)
    const fresh = [...new Set(addresses)].filter((address) => !dials.taken.has(address))
    const ends = fresh.slice(0, MAX_DIALLED - dials.taken.size).map((address) => {
      const { promise, resolve } = Promise.withResolvers<void>()
      dials.taken.add(address)
      dials.waiting.push({ address, done: resolve })
      return promise
    })
    if (ends.length > 0) this.#note(search, way, { state: 'asking' })
    while (dials.underWay < MAX_PARALLEL && dials.waiting.length > 0) void this.#dialWaiting(search, reach, way, dials)
    await Promise.all(ends)
    // The others are asked again until the search ends.
    if (way === 'address') this.#close(search, way)
  }

  /** One after the other, until none waits. Never rejects. */
  async #dialWaiting(search: Search, reach: SearchReach, way: WayName, dials: Dials): Promise<void> {
    dials.underWay++
    for (let next = dials.waiting.shift(); next !== undefined; next = dials.waiting.shift()) {
      if (!search.stop.signal.aborted) await this.#dial(search, reach, way, next.address)
      next.done()
    }
    dials.underWay--
  }

  async #dial(search: Search, reach: SearchReach, way: WayName, address: string): Promise<void> {
    this.#note(search, way, { asked: (search.ways.get(way)?.asked ?? 0) + 1 })
    const claimed = peerIdOf(address)
    if (claimed !== null) this.#lead(search, claimed, way)
    try {
      this.#lead(search, await reach.connect(address, { signal: search.stop.signal }), way)
    } catch (error) {
      this.#c.logger.debug({ err: error, address }, 'nobody answered where a person was looked for')
    }
  }

  /** The first way that led to a peer counts. */
  #lead(search: Search, peerId: string, way: WayName): void {
    if (!search.ledTo.has(peerId)) search.ledTo.set(peerId, way)
  }

  #close(search: Search, way: WayName): void {
    if (search.ways.get(way)?.state === 'asking') this.#note(search, way, { state: 'nothing' })
  }

  #found(search: Search, author: Uint8Array, way: WayName | null): void {
    search.profile = formatPeerId(author)
    // Whoever asked about a device finds the answer under its account too.
    this.#searches.set(toHex(author), search)
    if (way !== null) this.#note(search, way, { state: 'found' })
    this.#visited.set(toHex(author), author)
    this.#c.wanted
      .set('visited', [...this.#visited.values()])
      .then(() => this.#init.onFound(author))
      .catch((error: unknown) => this.#c.logger.warn({ err: error }, 'the records of somebody found are not asked for'))
    this.#end(search, 'found')
  }

  #end(search: Search, state: 'found' | 'nothing'): void {
    if (search.state !== 'asking') return
    for (const way of search.ways.keys()) this.#close(search, way)
    search.state = state
    search.endedAt = this.#c.clock.now()
    this.#c.events.publish({ type: 'search', profile: formatPeerId(search.key) })
  }

  #note(search: Search, way: WayName, change: Partial<SearchWay>): void {
    if (search.state !== 'asking') return
    const before = search.ways.get(way) ?? { way, state: 'asking' as const, asked: 0 }
    search.ways.set(way, { ...before, ...change })
    this.#c.events.publish({ type: 'search', profile: formatPeerId(search.key) })
  }
}

function viewOf({ profile, state, ways, startedAt, endedAt }: Search): PersonSearch {
  return { profile, state, ways: [...ways.values()], startedAt, endedAt }
}
