import type { Media, MediaView } from '../contract/media.ts'
import type { IngestedEvent } from '../ingest/door.ts'
import { KIND } from '../record/kinds/kind-table.ts'
import type { MediaStates } from '../timeline/reader.ts'
import { type Clock, systemClock } from '../util/clock.ts'
import type { Logger } from '../util/logger.ts'
import type { AbortOptions, Startable } from '../util/startable.ts'
import { type AddMediaInit, addMedia } from './add.ts'
import { MediaCollector } from './collector.ts'
import { parseMediaCid } from './dag.ts'
import { MediaFetcher } from './fetcher.ts'
import { HeliaHost, type HeliaHostComponents } from './helia-host.ts'
import { type MediaFile, readMedia } from './read.ts'
import type { MediaTables } from './register.ts'

export interface MediaServiceComponents extends MediaTables {
  readonly logger: Logger
  readonly clock?: Clock
}

/**
 * All that a node does with media. Adding and reading work from the start; fetching and serving begin with `attach`,
 * once libp2p listens.
 */
export class MediaService implements MediaStates, Startable {
  readonly #components: MediaServiceComponents
  readonly #collector: MediaCollector
  readonly #listeners = new Set<(cid: string, state: MediaView['state']) => void>()
  #helia: HeliaHost | undefined
  #fetcher: MediaFetcher | undefined

  constructor(components: MediaServiceComponents) {
    this.#components = { clock: systemClock, ...components }
    this.#collector = new MediaCollector(components)
  }

  start(): void {
    this.#collector.start()
  }

  /** Serves and fetches over this libp2p from now on. Once only. */
  async attach(libp2p: HeliaHostComponents['libp2p']): Promise<void> {
    const helia = new HeliaHost({ ...this.#components, libp2p })
    const fetcher = new MediaFetcher({ ...this.#components, source: helia })
    this.#helia = helia
    this.#fetcher = fetcher
    fetcher.subscribe((cid, state) => this.#emit(cid, state))
    helia.subscribe((event) => {
      if (event.type === 'peer') fetcher.peerConnected()
    })
    await helia.start()
    fetcher.start()
  }

  /** Before libp2p stops. */
  async stop(): Promise<void> {
    await this.#collector.stop()
    await this.#fetcher?.stop()
    await this.#helia?.stop()
  }

  /** @throws UnsupportedMediaError with the reason. */
  async add(bytes: Uint8Array, init: AddMediaInit): Promise<Media> {
    const media = await addMedia(this.#components, bytes, init)
    this.#fetcher?.noteHere(media.cid)
    const root = parseMediaCid(media.cid)
    if (root !== undefined) this.#helia?.announce([root])
    return media
  }

  /** The file where it is here whole; its type is sniffed. Never asks the network. */
  async read(cid: string, options: AbortOptions = {}): Promise<MediaFile | null> {
    return await readMedia(this.#components, cid, options)
  }

  /** Asks for it now, whoever wrote it; resolves with `here` or `missing`, at most after the deadline of a fetch. */
  async fetch(cid: string): Promise<MediaView['state']> {
    if (this.#fetcher !== undefined) return await this.#fetcher.fetch(cid)
    return (await this.#components.index.getDag(cid)) === null ? 'waiting' : 'here'
  }

  /** What the fetcher knows; `waiting` for what it hasn't touched, although it may be here: the store knows that. */
  stateOf(cid: string): MediaView['state'] {
    return this.#fetcher?.stateOf(cid) ?? 'waiting'
  }

  /** Called at each change of a file's state; must not throw. Returns the function that ends it. */
  subscribe(listener: (cid: string, state: MediaView['state']) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** New records may bring media that is wanted, or deletions that free some. */
  noteIngested(event: IngestedEvent): void {
    if (event.records.some((record) => record.media.length > 0)) this.#fetcher?.wake()
    if (event.records.some((record) => record.kind === KIND.delete)) this.#collector.noteDeletion()
  }

  /** Follows or admissions changed: other media may be wanted now. */
  noteInterest(): void {
    this.#fetcher?.wake()
  }

  /** Frees what nothing needs, now. */
  async collect(): Promise<void> {
    await this.#collector.collect()
  }

  #emit(cid: string, state: MediaView['state']): void {
    for (const listener of this.#listeners) listener(cid, state)
  }
}
