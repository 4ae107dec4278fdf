import type { OwnDraft, OwnLog, OwnPublished } from '../../ingest/own-log.ts'
import { NoAccountError, PalabreError } from '../../util/errors.ts'
import type { AbortOptions } from '../../util/startable.ts'
import type { OwnIdentity, RecordPublisher } from '../ports.ts'

/** Takes committed own records on their way; never fails, because sync makes up for whatever doesn't travel now. */
export interface RecordOutlet {
  send(author: Uint8Array, published: readonly OwnPublished[]): void
}

export interface PublisherComponents {
  readonly identity: OwnIdentity
  readonly ownLog: OwnLog
  readonly outlet: RecordOutlet
  readonly rights: { assertMayWrite(): void }
  /** Resolves when the own log is known as far as others can tell. */
  readonly head: { ready(options: AbortOptions): Promise<void> }
  /** Gives this device a new key when a copy of it signs elsewhere. @throws PalabreError log-forked */
  readonly devices: { replaceForked(): Promise<void> }
}

/** Commit first, travel after: what resolved is on this disk for good, whatever the network does. */
export class Publisher implements RecordPublisher {
  readonly #components: PublisherComponents

  constructor(components: PublisherComponents) {
    this.#components = components
  }

  /** @throws NoAccountError, PalabreError device-sealed, device-retired, log-forked and others of the own log, and what the disk refuses */
  async publish(drafts: readonly OwnDraft[], options: AbortOptions = {}): Promise<readonly OwnPublished[]> {
    const { head, identity, ownLog, outlet, rights } = this.#components
    const author = identity.address
    if (author === null) throw new NoAccountError()
    await head.ready(options)
    rights.assertMayWrite()
    const published = await ownLog.publish(drafts, options).catch((error: unknown) => {
      if (!(error instanceof PalabreError) || error.code !== 'log-forked') throw error
      return this.#publishAnew(drafts, options)
    })
    if (published.length > 0) outlet.send(author, published)
    return published
  }

  /** What was being written goes out under the new key. */
  async #publishAnew(drafts: readonly OwnDraft[], options: AbortOptions): Promise<readonly OwnPublished[]> {
    const { devices, ownLog } = this.#components
    await devices.replaceForked()
    return await ownLog.publish(drafts, options)
  }
}
