import type { OwnDraft, OwnLog, OwnPublished } from '../../ingest/own-log.ts'
import { NoAccountError } from '../../util/errors.ts'
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
}

/** Commit first, travel after: what resolved is on this disk for good, whatever the network does. */
export class Publisher implements RecordPublisher {
  readonly #components: PublisherComponents

  constructor(components: PublisherComponents) {
    this.#components = components
  }

  /** @throws NoAccountError, PalabreError device-sealed, device-retired, and what the disk refuses */
  async publish(drafts: readonly OwnDraft[], options: AbortOptions = {}): Promise<readonly OwnPublished[]> {
    const { identity, ownLog, outlet, rights } = this.#components
    const author = identity.address
    if (author === null) throw new NoAccountError()
    rights.assertMayWrite()
    const published = await ownLog.publish(drafts, options)
    outlet.send(author, published)
    return published
  }
}
