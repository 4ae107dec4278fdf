import { describe, expect, it } from 'vitest'
import { guardStreams, type StreamReader } from '../../../core/gossip/guarded-streams.ts'
import { EXCESS, type GossipRpc, RPC_LIMITS, RpcGuard } from '../../../core/gossip/rpc-guard.ts'
import { ManualClock } from '../../../core/util/clock.ts'

function guard(isSeed = false) {
  const clock = new ManualClock(0)
  const guard = new RpcGuard({ clock }, { isSeed })
  const breaches: string[] = []
  guard.onBreach = (peerId, reason) => void breaches.push(`${peerId} ${reason}`)
  return { clock, guard, breaches }
}

const messages = (count: number, bytes = 100): GossipRpc => ({
  subscriptions: [],
  messages: Array.from({ length: count }, () => ({ data: new Uint8Array(bytes) })),
})

const control = (change: Partial<NonNullable<GossipRpc['control']>>): GossipRpc => ({
  subscriptions: [],
  messages: [],
  control: { ihave: [], iwant: [], graft: [], prune: [], idontwant: [], ...change },
})

/** Until the guard names the peer, at most so many. */
function flood(breaches: readonly string[], send: () => void, atMost = 1_000): number {
  let sent = 0
  while (breaches.length === 0 && sent < atMost) {
    send()
    sent++
  }
  return sent
}

describe('RpcGuard', () => {
  it('lets through what honest peers send, second after second (GOS11)', () => {
    const { clock, guard: honest, breaches } = guard()
    let trimmed = 0
    for (let second = 0; second < 60; second++) {
      for (let i = 0; i < 50; i++) {
        const rpc = {
          ...control({ idontwant: [{ messageIDs: [new Uint8Array(20)] }] }),
          messages: messages(2).messages,
        }
        if (honest.admits('peer', 1_000)) honest.trim('peer', rpc)
        if (rpc.messages.length < 2 || rpc.control === undefined) trimmed++
      }
      const heartbeat = control({ ihave: Array.from({ length: 64 }, () => ({ messageIDs: [new Uint8Array(20)] })) })
      honest.trim('peer', heartbeat)
      if (heartbeat.control === undefined) trimmed++
      clock.advance(1_000)
    }
    expect(trimmed).toBe(0)
    expect(breaches).toEqual([])
  })

  it('lets go of messages that are over, and names whoever goes on (GOS11)', () => {
    const { guard: strict, breaches } = guard()
    let passed = 0
    const sent = flood(breaches, () => {
      const rpc = messages(500)
      strict.trim('flooder', rpc)
      passed += rpc.messages.length
    })
    expect(passed).toBe(RPC_LIMITS.messages.burst)
    expect(sent * 500).toBeGreaterThan(RPC_LIMITS.messages.burst + EXCESS.burst)
    expect(breaches[0]).toBe('flooder message-flood')
    const other = messages(10)
    strict.trim('honest', other)
    expect(other.messages).toHaveLength(10)
  })

  it('thinks no worse of whoever passes on what a large network says, and takes less of it (GOS6, GOS11)', () => {
    const { clock, guard: honest, breaches } = guard()
    let passed = 0
    for (let tenth = 0; tenth < 600; tenth++) {
      const rpc = messages(100)
      honest.trim('peer', rpc)
      passed += rpc.messages.length
      clock.advance(100)
    }
    expect(breaches).toEqual([])
    expect(passed).toBeLessThanOrEqual(RPC_LIMITS.messages.burst + 60 * RPC_LIMITS.messages.perSecond)
  })

  it('counts large messages for more (GOS11)', () => {
    const { guard: strict } = guard()
    const rpc = messages(500, 48 * 1_024)
    strict.trim('peer', rpc)
    expect(rpc.messages.length).toBe(Math.floor(RPC_LIMITS.messages.burst / 6))
  })

  it.each([
    ['IHAVE', control({ ihave: Array.from({ length: 200 }, () => ({ messageIDs: [] })) })],
    ['IWANT', control({ iwant: [{ messageIDs: Array.from({ length: 2_000 }, () => new Uint8Array(20)) }] })],
    ['GRAFT', control({ graft: Array.from({ length: 64 }, () => ({})) })],
    ['PRUNE', control({ prune: Array.from({ length: 64 }, () => ({})) })],
    ['IDONTWANT', control({ idontwant: Array.from({ length: 200 }, () => ({ messageIDs: [] })) })],
    ['subscriptions', { subscriptions: Array.from({ length: 64 }, () => ({})), messages: [] }],
  ])('lets go of %s without end, and names whoever sends them (GOS11)', (_, rpc) => {
    const { guard: strict, breaches } = guard()
    flood(breaches, () => strict.trim('flooder', { ...rpc }))
    expect(breaches).toEqual(['flooder control-flood'])
  })

  it('does not even decode what comes too fast (GOS11)', () => {
    const { guard: strict, breaches } = guard()
    let admitted = 0
    const send = () => {
      if (strict.admits('flooder', 0)) admitted++
    }
    flood(breaches, send, 20_000)
    expect(admitted).toBe(RPC_LIMITS.frames.burst)
    expect(breaches).toEqual(['flooder control-flood'])
  })

  it('gives a seed four times as much (GOS11)', () => {
    const { guard: seed } = guard(true)
    const rpc = messages(8_000)
    seed.trim('peer', rpc)
    expect(rpc.messages).toHaveLength(4 * RPC_LIMITS.messages.burst)
  })
})

describe('guardStreams', () => {
  class Library implements StreamReader {
    readonly handled: GossipRpc[] = []
    readonly failed: unknown[] = []
    next: GossipRpc = messages(1)

    decodeRpc(bytes: Uint8Array): GossipRpc {
      if (bytes[0] === 0xff) throw new TypeError('that is no RPC')
      return this.next
    }

    async handleReceivedRpc(_: unknown, rpc: GossipRpc): Promise<void> {
      this.handled.push(rpc)
      throw new Error('a bug of the library')
    }

    handlePeerReadStreamError(error: unknown): void {
      this.failed.push(error)
    }

    pipePeerReadStream: StreamReader['pipePeerReadStream'] = async () => {}
  }

  async function* frames(...parts: (Uint8Array | Error)[]) {
    for (const part of parts) {
      if (part instanceof Error) throw part
      yield part
    }
  }

  const oversized = Object.assign(new Error('too long'), { name: 'InvalidDataLengthError' })

  it('reads on after what can not be read and after what the library can not handle', async () => {
    const { guard: strict } = guard()
    const library = new Library()
    guardStreams(library, strict)
    await library.pipePeerReadStream('peer', frames(Uint8Array.of(0xff), Uint8Array.of(1), Uint8Array.of(2)))
    expect([library.handled.length, library.failed.length]).toEqual([2, 0])
  })

  it('names whoever sends what can not be read, or is too large, again and again (GOS11)', async () => {
    for (const parts of [Array.from({ length: 21 }, () => Uint8Array.of(0xff)), [oversized]]) {
      const { guard: strict, breaches } = guard()
      const library = new Library()
      guardStreams(library, strict)
      for (let i = 0; i < 5; i++) await library.pipePeerReadStream('peer', frames(...parts))
      expect(breaches[0]).toBe('peer broken-gossip')
    }
  })

  it('says to the library that a stream broke, and blames nobody for that', async () => {
    const { guard: strict, breaches } = guard()
    const library = new Library()
    guardStreams(library, strict)
    for (let i = 0; i < 50; i++) await library.pipePeerReadStream('peer', frames(new Error('reset')))
    expect([library.failed.length, breaches.length]).toEqual([50, 0])
  })

  it('lets nobody be remembered as pruned for longer than an hour', async () => {
    const { guard: strict } = guard()
    const library = new Library()
    library.next = control({ prune: [{ backoff: 2 ** 40 }, { backoff: 60 }, {}] })
    guardStreams(library, strict)
    await library.pipePeerReadStream('peer', frames(Uint8Array.of(1)))
    expect(library.handled[0]?.control?.prune).toEqual([{ backoff: 3_600 }, { backoff: 60 }, {}])
  })
})
