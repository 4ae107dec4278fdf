import { InboxService } from '../../core/inbox/inbox-service.ts'
import { silentLogger } from '../../core/util/logger.ts'
import type { TestAuthor } from './authors.ts'
import type { MemoryHost } from './memory-hosts.ts'
import { TestSquare } from './test-square.ts'
import { doorOf } from './whois-node.ts'

/** A real store that hands over, takes in and looks up over a host in memory. */
export async function startInbox(
  host: MemoryHost,
  init: { readonly role?: 'peer' | 'seed'; readonly me?: TestAuthor; readonly deadlineMs?: number } = {},
): Promise<{ test: TestSquare; inbox: InboxService }> {
  const { role = 'peer', me, deadlineMs = 5_000 } = init
  const test = new TestSquare({ role, me })
  const { square } = test
  const store = {
    openInbox: async (key: Uint8Array) => square.openInbox(key),
    isHomeOf: async (address: Uint8Array) => square.isHomeOf(address),
    readInbox: async (question: Parameters<typeof square.readInbox>[0]) => square.readInbox(question),
    findAuthorOfDevice: async (device: Uint8Array) => square.findAuthorOfDevice(device),
  }
  const inbox = new InboxService(
    { host: host.peerHost, store, door: doorOf(test), logger: silentLogger, clock: test.clock },
    { network: 'palabre', role, profile: () => me?.address ?? null, deadlineMs },
  )
  await inbox.start()
  return { test, inbox }
}
