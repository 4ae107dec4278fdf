import { WhoisService } from '../../core/account/whois-service.ts'
import type { ChainIndex } from '../../core/account/whois-talk.ts'
import type { IngestDoor } from '../../core/ingest/door.ts'
import { packBytes } from '../../core/node/square-calls.ts'
import type { Clock } from '../../core/util/clock.ts'
import { silentLogger } from '../../core/util/logger.ts'
import type { MemoryHost } from './memory-hosts.ts'
import { TestSquare } from './test-square.ts'

/** A store in the test's own thread as the protocols see it. */
export function indexOf(test: TestSquare): ChainIndex {
  const { square } = test
  return {
    findAuthorsByAuthority: async (...args) => square.findAuthorsByAuthority(...args),
    findAuthorOfDevice: async (device) => square.findAuthorOfDevice(device),
    listOperations: async (authors) => square.listOperations(authors),
  }
}

export function doorOf(test: TestSquare): IngestDoor {
  return {
    ingest: async ({ operations, records }, source) =>
      test.square.ingest(packBytes(operations), packBytes(records), source),
  }
}

/** A real store that answers and asks over a host in memory. */
export async function startWhois(
  host: MemoryHost,
  init: {
    readonly test?: TestSquare
    readonly deadlineMs?: number
    readonly network?: string
    readonly clock?: Clock
  } = {},
): Promise<{ test: TestSquare; whois: WhoisService }> {
  const test = init.test ?? new TestSquare()
  const whois = new WhoisService(
    {
      host: host.peerHost,
      index: indexOf(test),
      door: doorOf(test),
      logger: silentLogger,
      clock: init.clock ?? test.clock,
    },
    { network: init.network ?? 'palabre', ...(init.deadlineMs === undefined ? {} : { deadlineMs: init.deadlineMs }) },
  )
  await whois.start()
  return { test, whois }
}
