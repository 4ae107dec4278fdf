import { onTestFinished } from 'vitest'
import type { IngestedEvent, IngestOutcome } from '../../core/ingest/door.ts'
import { AuthorHeads } from '../../core/sync/author-heads.ts'
import type { NamedLog } from '../../core/sync/feed/feed-frames.ts'
import { FeedReader } from '../../core/sync/feed/feed-reader.ts'
import { FeedSender } from '../../core/sync/feed/feed-sender.ts'
import { prefixesOf } from '../../core/sync/feed/interest-set.ts'
import type { FeedTimes } from '../../core/sync/feed/limits.ts'
import { createMemoryDuplex, type DuplexEnd } from './memory-duplex.ts'
import { portsOf } from './square-sync.ts'
import type { TestSquare } from './test-square.ts'

export const QUICK_FEED: FeedTimes = { firstHeadsMs: 20, headsEveryMs: 50, idleMs: 60_000, totalMs: 600_000 }
export const READER = 'reader'
export const SEED = 'seed'

/** The serving end over one end of a stream, told of all that its store takes. */
export function serveFeed(
  square: TestSquare,
  duplex: DuplexEnd,
  init: { readonly times?: FeedTimes; readonly mayGrow?: boolean } = {},
): { sender: FeedSender; heads: AuthorHeads; ended: Promise<unknown> } {
  const reader = portsOf(square)
  const heads = new AuthorHeads({ reader, clock: square.clock })
  const sender = new FeedSender(
    { reader, heads, duplex, clock: square.clock },
    { peerId: READER, network: 'palabre', times: init.times ?? QUICK_FEED, mayGrow: () => init.mayGrow ?? true },
  )
  const note = (event: IngestedEvent) => {
    heads.noteIngested(event)
    sender.note(event)
  }
  square.listeners.add(note)
  const stop = new AbortController()
  onTestFinished(() => stop.abort(new Error('the test is over')))
  const ended = sender.run(stop.signal).then(
    () => null,
    (error: unknown) => error,
  )
  return { sender, heads, ended }
}

export interface ReadingEnd {
  readonly reader: FeedReader
  readonly ended: Promise<unknown>
  readonly news: IngestOutcome[]
  readonly named: NamedLog[]
  readonly heads: Uint8Array[]
  isOpen: boolean
}

/** The reading end over the other one. */
export function readFeed(
  square: TestSquare,
  duplex: DuplexEnd,
  init: {
    readonly authors: readonly Uint8Array[]
    readonly isWhole?: boolean
    readonly times?: FeedTimes
    readonly network?: string
  },
): ReadingEnd {
  const news: IngestOutcome[] = []
  const named: NamedLog[] = []
  const heads: Uint8Array[] = []
  const reader = new FeedReader(
    { door: portsOf(square), duplex, clock: square.clock },
    {
      peerId: SEED,
      network: init.network ?? 'palabre',
      times: init.times ?? QUICK_FEED,
      nonce: new Uint8Array(16).fill(7),
      isWhole: init.isWhole ?? true,
      interest: prefixesOf(init.authors),
      onOpen: () => {
        end.isOpen = true
      },
      onNews: (outcomes) => news.push(...outcomes),
      onNamed: (logs) => named.push(...logs),
      onHeads: (hash) => heads.push(hash),
    },
  )
  const stop = new AbortController()
  onTestFinished(() => stop.abort(new Error('the test is over')))
  const ended = reader.run(stop.signal).then(
    () => null,
    (error: unknown) => error,
  )
  const end: ReadingEnd = { reader, ended, news, named, heads, isOpen: false }
  return end
}

/** A feed between two stores over a stream in memory. */
export function feedPair(
  seed: TestSquare,
  home: TestSquare,
  init: Parameters<typeof readFeed>[2] & { readonly capacity?: number },
) {
  const [near, far] = createMemoryDuplex(init.capacity)
  return { near, far, ...serveFeed(seed, far, init), reading: readFeed(home, near, init) }
}
