import { describe, expect, it } from 'vitest'
import { DEAF_AFTER_MS, PeerSentinel } from '../../../core/gossip/peer-sentinel.ts'
import type { RpcBreach } from '../../../core/gossip/rpc-guard.ts'
import type { HostEvent } from '../../../core/net/peer-host.ts'
import { ManualClock } from '../../../core/util/clock.ts'
import { silentLogger } from '../../../core/util/logger.ts'

function watched(init: { scores?: Record<string, number>; active?: string[] } = {}) {
  const clock = new ManualClock(0)
  const active = init.active ?? ['peer']
  const banned: [string, string][] = []
  const breaches: ((peerId: string, reason: RpcBreach) => void)[] = []
  const disconnected: string[] = []
  const deaf: ((peerId: string) => void)[] = []
  const listeners: ((event: HostEvent) => void)[] = []
  const connection = { peerId: 'peer', address: '/ip4/127.0.0.1/tcp/1', direction: 'in', connectedSince: 0 } as const
  const sentinel = new PeerSentinel({
    clock,
    logger: silentLogger,
    host: {
      connections: () => [connection],
      disconnect: async (peerId) => void disconnected.push(peerId),
      isConnected: (peerId) => peerId === 'peer',
      ban: (peerId, reason) => void banned.push([peerId, reason]),
      subscribe(listener) {
        listeners.push(listener)
        return () => {}
      },
    },
    pubsub: {
      peers: () => active,
      score: (peerId) => init.scores?.[peerId] ?? 0,
      onBreach: (listener) => void breaches.push(listener),
      onDeaf: (listener) => void deaf.push(listener),
      onHeartbeat() {},
    },
  })
  sentinel.start()
  const identify = (...protocols: string[]) => {
    for (const listener of listeners) listener({ type: 'peer-identified', peerId: 'peer', protocols })
  }
  return { sentinel, clock, active, banned, breaches, deaf, disconnected, identify }
}

describe('PeerSentinel', () => {
  it('bans a graylisted peer (GOS9)', () => {
    const { sentinel, banned } = watched({ scores: { peer: -80 } })
    sentinel.check()
    expect(banned).toEqual([['peer', 'gossip-score']])
  })

  it('bans whoever floods, once: what is still on its way comes from nobody (GOS11)', () => {
    const { sentinel, banned, breaches } = watched()
    for (const say of breaches) for (const peerId of ['peer', 'gone']) say(peerId, 'message-flood')
    expect(banned).toEqual([['peer', 'message-flood']])
    sentinel.stop()
    breaches[0]?.('peer', 'message-flood')
    expect(banned).toHaveLength(1)
  })

  it('leaves a peer alone that is merely disliked (GOS9)', () => {
    const { sentinel, banned, disconnected } = watched({ scores: { peer: -79 } })
    sentinel.check()
    expect([banned, disconnected]).toEqual([[], []])
  })

  it('connects anew with a peer to which gossip has gone deaf', () => {
    const { sentinel, clock, active, disconnected, identify } = watched()
    identify('/meshsub/1.2.0')
    active.length = 0
    sentinel.check()
    clock.advance(DEAF_AFTER_MS - 1)
    sentinel.check()
    expect(disconnected).toEqual([])
    clock.advance(1)
    sentinel.check()
    expect(disconnected).toEqual(['peer'])
  })

  it('connects anew at once with a peer whose stream the library had to end', () => {
    const { deaf, disconnected } = watched()
    for (const say of deaf) say('peer')
    expect(disconnected).toEqual(['peer'])
  })

  it('leaves a peer alone that speaks no gossip', () => {
    const { sentinel, clock, active, disconnected, identify } = watched()
    identify('/ipfs/ping/1.0.0')
    active.length = 0
    sentinel.check()
    clock.advance(10 * DEAF_AFTER_MS)
    sentinel.check()
    expect(disconnected).toEqual([])
  })
})
