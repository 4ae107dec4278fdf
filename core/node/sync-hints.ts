import type { NodeEvent } from '../contract/views.ts'
import type { SyncEvent } from '../sync/sync-service.ts'

/**
 * Turns the course of sync sessions into hints about catching up: a line for each peer that sends something, and its
 * end, however the session ended.
 */
export class SyncHints {
  /** Peers whose line is open, with the records received so far. */
  readonly #open = new Map<string, number>()

  /** The hint to publish, null when there is nothing to say. */
  next(event: SyncEvent): NodeEvent | null {
    const { peerId } = event
    switch (event.type) {
      case 'hello':
        return null
      case 'progress':
        this.#open.set(peerId, event.received)
        return { type: 'sync', peerId, received: event.received, done: false }
      case 'done':
        return this.#end(peerId, event.summary.receivedRecords)
      case 'failed':
        return this.#end(peerId, this.#open.get(peerId) ?? 0)
    }
  }

  #end(peerId: string, received: number): NodeEvent | null {
    const wasOpen = this.#open.delete(peerId)
    return wasOpen || received > 0 ? { type: 'sync', peerId, received, done: true } : null
  }
}
