import type { BeatDoor, IngestDoor } from '../../core/ingest/door.ts'
import type { FrameDuplex } from '../../core/net/framed-stream.ts'
import { packBytes } from '../../core/node/square-calls.ts'
import type { HoldingBook, LogReader } from '../../core/store/log-reader.ts'
import type { ForkMemory } from '../../core/sync/fork-memory.ts'
import { SYNC_LIMITS } from '../../core/sync/limits.ts'
import { SyncSession } from '../../core/sync/session.ts'
import type { SyncSessionInit } from '../../core/sync/session-init.ts'
import type { SyncSummary } from '../../core/sync/summary.ts'
import { toHex } from '../../core/util/bytes.ts'
import { systemRandom } from '../../core/util/random.ts'
import { createMemoryDuplex } from './memory-duplex.ts'
import type { TestSquare } from './test-square.ts'

export type SquarePorts = BeatDoor & IngestDoor & LogReader & HoldingBook

/** A store in the test's own thread as the protocols see it. */
export function portsOf(test: Pick<TestSquare, 'square'>): SquarePorts {
  const { square } = test
  return {
    ingest: async (batch, source) => square.ingest(packBytes(batch.operations), packBytes(batch.records), source),
    ingestBeats: async (beats, source) => square.ingestBeats(packBytes(beats), source),
    listWanted: async () => square.listWanted(),
    wantsEveryone: async () => square.wantsEveryone(),
    listAuthors: async (after, limit) => square.listAuthors(after, limit),
    findByPrefix: async (prefixes) => square.findByPrefix(prefixes),
    listHeld: async (authors) => square.listHeld(authors),
    listDigests: async (places) => square.listDigests(places),
    listBeats: async (logs) => square.listBeats(logs),
    listTails: async (limit) => square.listTails(limit),
    listForks: async (logs) => square.listForks(logs),
    listOperations: async (authors) => square.listOperations(authors),
    listProfilePlaces: async (authors) => square.listProfilePlaces(authors),
    readLog: async (author, device, range, maxBytes) => square.readLog(author, device, range, maxBytes),
    findAuthorOfDevice: async (device) => square.findAuthorOfDevice(device),
    noteHeld: async (peerId, isSeed, device, seqs) => square.noteHeld(peerId, isSeed, device, seqs),
  }
}

/**
 * The ports of a store that answers a question once until it has changed, and doesn't write down who holds what: for a
 * side that is there to make frames only. What it says is the same.
 */
export function rememberingPorts(test: Pick<TestSquare, 'square'>): {
  readonly ports: Partial<SquarePorts>
  /** To be called when the store has changed in another way than by a session. */
  forget(): void
} {
  const ports = portsOf(test)
  const known = new Map<string, unknown>()
  const forget = () => known.clear()
  const once =
    <Q extends readonly unknown[], A>(name: string, ask: (...question: Q) => Promise<A>) =>
    async (...question: Q): Promise<A> => {
      const key = `${name} ${JSON.stringify(question, (_, value) => (value instanceof Uint8Array ? toHex(value) : value))}`
      if (!known.has(key)) known.set(key, await ask(...question))
      return known.get(key) as A
    }
  return {
    forget,
    ports: {
      listWanted: once('wanted', ports.listWanted),
      listHeld: once('held', ports.listHeld),
      listDigests: once('digests', ports.listDigests),
      listBeats: once('beats', ports.listBeats),
      listTails: once('tails', ports.listTails),
      listForks: once('forks', ports.listForks),
      listOperations: once('operations', ports.listOperations),
      listProfilePlaces: once('profiles', ports.listProfilePlaces),
      ingest: async (...batch) => {
        const result = await ports.ingest(...batch)
        if (result.records.some(({ isNew }) => isNew) || result.operations.some(({ isNew }) => isNew)) forget()
        return result
      },
      noteHeld: async () => {},
    },
  }
}

export type SyncedStore = Pick<TestSquare, 'square' | 'clock'>

/** One side of a session. */
export interface SideInit extends Partial<SyncSessionInit> {
  readonly forks?: ForkMemory
  /** What it does in place of what an honest store does. */
  readonly ports?: Partial<SquarePorts>
}

/** A session of this store over one end of a stream. */
export function squareSession(test: SyncedStore, duplex: FrameDuplex, init: SideInit): SyncSession {
  const { forks, ports: changed, ...rest } = init
  const ports = { ...portsOf(test), ...changed }
  const components = { door: ports, reader: ports, book: ports, duplex, clock: test.clock, random: systemRandom }
  return new SyncSession(forks === undefined ? components : { ...components, forks }, {
    peerId: 'other',
    isInitiator: false,
    network: 'palabre',
    role: 'peer',
    profile: null,
    name: '',
    device: new Uint8Array(32),
    scope: null,
    limits: SYNC_LIMITS,
    ...rest,
  })
}

/** Both stores sync once over a stream in memory; what each side says of it. */
export async function syncOnce(
  first: SyncedStore,
  second: SyncedStore,
  init: { readonly first?: SideInit; readonly second?: SideInit } = {},
): Promise<[SyncSummary, SyncSummary]> {
  const [near, far] = createMemoryDuplex()
  const { signal } = new AbortController()
  return await Promise.all([
    squareSession(first, near, { ...init.first, isInitiator: true }).run(signal),
    squareSession(second, far, { ...init.second }).run(signal),
  ])
}

/** Syncs as the scheduler does: again at once while a session was incomplete and moved something. Answers how often. */
export async function syncAll(
  first: SyncedStore,
  second: SyncedStore,
  init: { readonly first?: SideInit; readonly second?: SideInit } = {},
): Promise<number> {
  for (let sessions = 1; ; sessions++) {
    const [one, other] = await syncOnce(first, second, init)
    const hasMoved = one.newRecords + other.newRecords > 0
    if (!hasMoved || (one.isComplete && other.isComplete)) return sessions
  }
}
