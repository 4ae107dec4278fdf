import { expect, it } from 'vitest'
import type { PeerHost } from '../../../core/net/peer-host.ts'
import { LOCAL_DIAL_TIMES, PeerManager } from '../../../core/net/peer-manager.ts'
import { silentLogger } from '../../../core/util/logger.ts'

it('says that what is no address will not be tried', () => {
  const host = { peerId: 'me', isConnected: () => false, connections: () => [] } as unknown as PeerHost
  const manager = new PeerManager({ host, logger: silentLogger }, { times: LOCAL_DIAL_TIMES })
  manager.keep('nonsense')
  expect(manager.listUnreachable()).toEqual([
    { address: 'nonsense', cause: 'that is no address', nextTryAt: Number.POSITIVE_INFINITY },
  ])
})
