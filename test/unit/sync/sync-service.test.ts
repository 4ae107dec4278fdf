import { describe, expect, it } from 'vitest'
import type { PeerHost, PeerStream, StreamHandler } from '../../../core/net/peer-host.ts'
import { DESKTOP_SESSIONS } from '../../../core/sync/limits.ts'
import { SyncService } from '../../../core/sync/sync-service.ts'
import { silentLogger } from '../../../core/util/logger.ts'
import { fakeKey, MemorySquare } from '../../harness/memory-square.ts'

/** A stream whose other side sends nothing; `written` counts what it was sent. */
class IdleStream implements PeerStream {
  readonly peerId: string
  readonly isOutbound = false
  written = 0
  readonly #broken = Promise.withResolvers<never>()

  constructor(peerId: string) {
    this.peerId = peerId
    this.#broken.promise.catch(() => {})
  }

  read(): Promise<Uint8Array | null> {
    return this.#broken.promise
  }

  async write(bytes: Uint8Array): Promise<void> {
    this.written += bytes.byteLength
  }

  async close(): Promise<void> {}

  abort(error: Error): void {
    this.#broken.reject(error)
  }
}

describe('SyncService', () => {
  it('keeps slots for its own sessions when idle guests take all they can get (SYN12)', async () => {
    const square = new MemorySquare()
    let handler: StreamHandler = async () => {}
    const host = {
      peerId: 'me',
      handle: async (_protocol: string, given: StreamHandler) => {
        handler = given
      },
      unhandle: async () => {},
    } as unknown as PeerHost
    const service = new SyncService(
      { host, door: square, reader: square, book: square, logger: silentLogger },
      { network: 'palabre', role: 'peer', device: fakeKey('device'), profile: () => null },
    )
    await service.start()
    const guests = Array.from({ length: 3 * DESKTOP_SESSIONS }, (_, i) => new IdleStream(`guest ${i}`))
    const sessions = guests.map((stream) => handler(stream))
    expect(service.hasSlot).toBe(true)
    expect(service.sessions).toBe((DESKTOP_SESSIONS * 3) / 4)
    for (const stream of guests) stream.abort(new Error('gone'))
    await Promise.all(sessions)
    await service.stop()
  })
})
