import { describe, expect, it, onTestFinished } from 'vitest'
import type { HostEvent, PeerConnection } from '../../../core/net/peer-host.ts'
import { SyncError } from '../../../core/sync/errors.ts'
import { SCHEDULER_TIMES, type SchedulerTimes, SyncScheduler } from '../../../core/sync/scheduler.ts'
import { NO_SHORTFALL } from '../../../core/sync/shortfall.ts'
import type { SyncSummary } from '../../../core/sync/summary.ts'
import type { SyncEvent } from '../../../core/sync/sync-service.ts'
import { silentLogger } from '../../../core/util/logger.ts'
import { fakeKey } from '../../harness/memory-square.ts'
import { HELLO } from '../../harness/scripted-sync-peer.ts'
import { eventually } from '../../harness/wait.ts'

const me = fakeKey('me')
const ana = fakeKey('ana')
const QUICK: SchedulerTimes = {
  pushDelayMs: 1,
  stepInMs: 20,
  hintDelayMs: 1,
  hintPauseMs: 20,
  fullEveryMs: 600_000,
  retryMs: 10,
  maxRetryMs: 40,
  busyMs: 5,
  maxBusyMs: 40,
  yieldMs: 10,
  yieldPauseMs: 20,
}
const SUMMARY: SyncSummary = {
  hello: HELLO,
  scope: null,
  receivedOperations: 0,
  newOperations: 0,
  receivedRecords: 0,
  newRecords: 0,
  sentRecords: 0,
  keptRecords: 0,
  compared: [],
  behindBeat: [],
  shortfall: NO_SHORTFALL,
  isComplete: true,
}

interface Call {
  readonly peerId: string
  readonly scope: readonly Uint8Array[] | null
}

/** A scheduler over a service that answers each session as `answer` says. */
function schedule(
  init: {
    answer?: (call: Call, number: number) => Partial<SyncSummary> | Error
    times?: Partial<SchedulerTimes>
    owes?: (peerId: string) => boolean
    /** Sessions end when they are released. */
    isHeldUp?: boolean
  } = {},
) {
  const calls: Call[] = []
  const connections: PeerConnection[] = []
  const hostListeners: ((event: HostEvent) => void)[] = []
  const syncListeners: ((event: SyncEvent) => void)[] = []
  const wanted = new Set<Uint8Array>()
  const held: PromiseWithResolvers<void>[] = []
  const scheduler = new SyncScheduler(
    {
      logger: silentLogger,
      host: {
        connections: () => connections,
        subscribe: (listener) => {
          hostListeners.push(listener)
          return () => {}
        },
      },
      service: {
        filterWanted: async (authors) => authors.filter((author) => wanted.has(author)),
        endGuest: () => false,
        settled: async () => await held.at(-1)?.promise,
        subscribe: (listener) => {
          syncListeners.push(listener)
          return () => {}
        },
        async sync(peerId, { scope = null } = {}) {
          const call = { peerId, scope }
          calls.push(call)
          if (init.isHeldUp === true) {
            const gate = Promise.withResolvers<void>()
            held.push(gate)
            await gate.promise
          }
          const answer = init.answer?.(call, calls.length) ?? {}
          if (answer instanceof Error) throw answer
          return { ...SUMMARY, ...answer }
        },
      },
    },
    { profile: () => me, times: { ...QUICK, ...init.times }, jitter: () => 0.5, owes: init.owes ?? (() => false) },
  )
  scheduler.start()
  onTestFinished(() => scheduler.stop())
  const connect = (peerId: string, direction: 'in' | 'out', role: 'peer' | 'seed' = 'peer', isRelayed = false) => {
    connections.push({ peerId, direction, address: '/ip4/127.0.0.1/tcp/1', connectedSince: 0, isRelayed })
    for (const listener of hostListeners) {
      listener({ type: 'peer-identified', peerId, protocols: ['/palabre/sync/1'] })
    }
    for (const listener of syncListeners)
      listener({ type: 'hello', peerId, hello: { ...HELLO, role }, clockOffsetMs: 0 })
  }
  const write = () => {
    const record = {
      id: ana,
      author: me,
      device: me,
      seq: 1,
      kind: 1,
      touches: [],
      isHome: true,
      isOwn: true,
      media: [],
    }
    scheduler.noteIngested({
      source: { kind: 'own' },
      records: [record],
      reshown: [],
      identities: [],
      beats: [],
      gaps: [],
    })
  }
  const tell = (event: SyncEvent) => {
    for (const listener of syncListeners) listener(event)
  }
  const release = () => {
    for (const gate of held) gate.resolve()
  }
  return { scheduler, release, calls, wanted, connect, write, tell }
}

describe('SyncScheduler', () => {
  it('starts with whom it has dialled, and steps in where the other does not start (SYN14)', async () => {
    const { calls, connect } = schedule()
    connect('dialled', 'out')
    connect('dialler', 'in')
    expect(calls).toEqual([{ peerId: 'dialled', scope: null }])
    await eventually('it steps in', () => calls.length === 2)
    expect(calls[1]).toEqual({ peerId: 'dialler', scope: null })
  })

  it('does not step in once the other side has synced everything (SYN14)', async () => {
    const { calls, connect, tell, scheduler } = schedule()
    connect('dialler', 'in')
    tell({ type: 'done', peerId: 'dialler', isInitiator: false, summary: SUMMARY, scope: null })
    scheduler.requestAuthors([ana])
    await eventually('something is asked', () => calls.length > 0)
    expect(calls).toEqual([{ peerId: 'dialler', scope: [ana] }])
  })

  it('still asks for a follow that came during a session of the other side (SYN14)', async () => {
    const { calls, connect, tell, scheduler } = schedule({
      answer: (_, number) => (number === 1 ? new SyncError('busy', '') : {}),
      times: { busyMs: 600_000, maxBusyMs: 600_000, stepInMs: 600_000 },
    })
    connect('dialler', 'in')
    scheduler.requestAuthors([ana])
    await eventually('it is refused', () => calls.length === 1)
    await new Promise(setImmediate)
    tell({ type: 'done', peerId: 'dialler', isInitiator: false, summary: SUMMARY, scope: null })
    await eventually('it is asked again', () => calls.length === 2)
    expect(calls[1]).toEqual({ peerId: 'dialler', scope: [ana] })
  })

  it('pushes own records to seeds, and to others only without one (SYN14)', async () => {
    const { calls, connect, write } = schedule()
    connect('friend', 'out')
    await eventually('the first session', () => calls.length === 1)
    write()
    await eventually('it is pushed', () => calls.length === 2)
    expect(calls[1]).toEqual({ peerId: 'friend', scope: [me] })
    connect('seed', 'out', 'seed')
    await eventually('the session with the seed', () => calls.length === 3)
    write()
    await eventually('it is pushed to the seed', () => calls.length === 4)
    expect(calls[3]).toEqual({ peerId: 'seed', scope: [me] })
  })

  it('pushes own records also to who is reached through a relay, where no gossip comes (RCH6)', async () => {
    const { calls, connect, write } = schedule()
    connect('seed', 'out', 'seed')
    connect('relayed', 'out', 'peer', true)
    connect('direct', 'out')
    await eventually('the first sessions', () => calls.length === 3)
    write()
    await eventually('it is pushed to two', () => calls.length === 5)
    expect(calls.slice(3).map(({ peerId }) => peerId)).toEqual(['seed', 'relayed'])
  })

  it('asks about wanted authors that gossip hints at, gathered, and about no others (SYN14)', async () => {
    const { calls, connect, wanted, scheduler } = schedule()
    connect('peer', 'out')
    await eventually('the first session', () => calls.length === 1)
    wanted.add(ana)
    for (let i = 0; i < 50; i++) scheduler.requestAuthors([ana, fakeKey(`stranger ${i}`)], 'peer')
    await eventually('it asks', () => calls.length === 2)
    expect(calls[1]).toEqual({ peerId: 'peer', scope: [ana] })
    for (let i = 0; i < 50; i++) scheduler.requestAuthors([fakeKey(`stranger ${i}`)], 'peer')
    scheduler.requestAuthors([ana])
    await eventually('it asks for the follow', () => calls.length === 3)
    expect(calls[2]).toEqual({ peerId: 'peer', scope: [ana] })
  })

  it('asks the others at once for what a peer keeps back, and who keeps its word first (SYN18)', async () => {
    const { calls, connect, tell } = schedule({ owes: (peerId) => peerId === 'debtor' })
    for (const peerId of ['short', 'debtor', 'friend']) connect(peerId, 'out')
    await eventually('the first sessions', () => calls.length === 3)
    const done = { type: 'done', peerId: 'short', isInitiator: true, scope: null } as const
    tell({ ...done, summary: SUMMARY })
    expect(calls).toHaveLength(3)
    const owed = [{ author: ana, device: me, ranges: [[500, 500]] as const }]
    tell({ ...done, summary: { ...SUMMARY, shortfall: { ...NO_SHORTFALL, owed } } })
    await eventually('the others are asked', () => calls.length === 5)
    expect(calls.slice(3)).toEqual([
      { peerId: 'friend', scope: [ana] },
      { peerId: 'debtor', scope: [ana] },
    ])
  })

  it('tries again after a failure, and goes on where budgets ended a session (SYN11, SYN14)', async () => {
    const answers = [
      new SyncError('busy', ''),
      new SyncError('truncated', ''),
      { isComplete: false, newRecords: 1 },
      { isComplete: true },
    ]
    const { calls, connect } = schedule({ answer: (_, number) => answers[number - 1] ?? {} })
    connect('peer', 'out')
    await eventually('all is synced', () => calls.length === 4)
    expect(calls.every(({ scope }) => scope === null)).toBe(true)
  })

  it('does not go on where a session moved nothing: a full disk would fetch the same for ever (SYN11)', async () => {
    const { calls, connect } = schedule({
      answer: (_, number) => ({ isComplete: false, newRecords: number < 3 ? 1 : 0 }),
    })
    connect('stuck', 'out')
    await eventually('it goes on while something moves', () => calls.length === 3)
    connect('other', 'out')
    await eventually('the other has its turn', () => calls.some(({ peerId }) => peerId === 'other'))
    for (let i = 0; i < 50; i++) await new Promise((resolve) => setImmediate(resolve))
    expect(calls.filter(({ peerId }) => peerId === 'stuck')).toHaveLength(3)
  })

  it('lets events not shorten the wait after a failure, but a follow does (SYN14)', async () => {
    const { calls, connect, write, scheduler } = schedule({
      answer: ({ peerId }, number) => (peerId === 'broken' && number === 1 ? new SyncError('truncated', '') : {}),
      times: { retryMs: 600_000, maxRetryMs: 600_000 },
    })
    connect('broken', 'out')
    await eventually('it fails', () => calls.length === 1)
    connect('sound', 'out')
    await eventually('the other does not', () => calls.length === 2)
    write()
    await eventually('it is pushed', () => calls.length === 3)
    expect(calls[2]).toEqual({ peerId: 'sound', scope: [me] })
    scheduler.requestAuthors([ana])
    await eventually('both are asked', () => calls.length === 5)
    expect(calls.slice(3).map(({ peerId }) => peerId)).toContain('broken')
  })

  it('turns more authors than a scope takes into everything (SYN4)', async () => {
    const { calls, connect, scheduler } = schedule()
    connect('peer', 'out')
    await eventually('the first session', () => calls.length === 1)
    scheduler.requestAuthors(Array.from({ length: 65 }, (_, i) => fakeKey(`author ${i}`)))
    await eventually('it asks', () => calls.length === 2)
    expect(calls[1]?.scope).toBeNull()
  })

  it('syncs everything with eight others when asked to hand on what came, not with whom it came from (SYN14)', async () => {
    const { scheduler, calls, connect } = schedule()
    for (let i = 0; i < 12; i++) connect(`peer ${i}`, 'out')
    await eventually('the first sessions', () => calls.length === 12)
    calls.length = 0
    scheduler.requestEverything(['peer 6'])
    await eventually('eight more', () => calls.length === 8)
    expect(calls.every(({ peerId, scope }) => peerId !== 'peer 6' && scope === null)).toBe(true)
    expect(new Set(calls.map(({ peerId }) => peerId)).size).toBe(8)
  })

  it('hands own records over, again while the peer is busy (SYN15)', async () => {
    const { calls, connect, write, scheduler } = schedule({
      answer: ({ scope }, number) => (scope !== null && number < 4 ? new SyncError('busy', '') : {}),
      times: { pushDelayMs: 600_000 },
    })
    connect('seed', 'out', 'seed')
    await eventually('the first session', () => calls.length === 1)
    expect(await scheduler.flush(AbortSignal.timeout(20_000))).toBe(true)
    expect(calls).toHaveLength(1)
    write()
    expect(await scheduler.flush(AbortSignal.timeout(20_000))).toBe(true)
    expect(calls).toHaveLength(4)
  })

  it('hands over what is still on its way in a session, and a chain that has grown (SYN15)', async () => {
    const { calls, connect, write, scheduler, release } = schedule({ times: { pushDelayMs: 1 }, isHeldUp: true })
    connect('seed', 'out', 'seed')
    release()
    await eventually('the first session', () => calls.length === 1)
    write()
    await eventually('a session about it', () => calls.length === 2)
    let isOver = false
    const flush = scheduler.flush(AbortSignal.timeout(20_000)).finally(() => {
      isOver = true
    })
    await new Promise((resolve) => setTimeout(resolve, 30))
    expect(isOver).toBe(false)
    release()
    expect(await flush).toBe(true)
    scheduler.pushAuthors([me])
    const last = scheduler.flush(AbortSignal.timeout(20_000))
    release()
    expect(await last).toBe(true)
    expect(calls.every(({ peerId }) => peerId === 'seed')).toBe(true)
    expect(calls.length).toBeGreaterThan(2)
  })

  it('keeps saying that records are unsent while the peer does not keep them (SYN15)', async () => {
    const { calls, connect, write, scheduler } = schedule({
      answer: ({ scope }) => (scope === null ? {} : { sentRecords: 1, keptRecords: 0 }),
      times: { pushDelayMs: 600_000 },
    })
    connect('seed', 'out', 'seed')
    await eventually('the first session', () => calls.length === 1)
    write()
    expect(await scheduler.flush(AbortSignal.timeout(20_000))).toBe(false)
  })
})

describe('SCHEDULER_TIMES', () => {
  it('pushes within 300 ms (SYN14)', () => {
    expect(SCHEDULER_TIMES.pushDelayMs).toBeLessThanOrEqual(300)
  })

  it('asks others for a tail that a beat names, each once (BEA8)', async () => {
    const tail = { author: ana, device: ana, offeredSeq: 15, beatSeq: 20, heldSeq: 15 }
    const { calls, connect, tell } = schedule()
    connect('frozen', 'out')
    connect('other', 'out')
    connect('third', 'out', 'seed')
    await eventually('the first sessions', () => calls.length === 3)
    await new Promise(setImmediate)
    const hear = (peerId: string, behindBeat = [tail]) =>
      tell({ type: 'done', peerId, isInitiator: true, summary: { ...SUMMARY, behindBeat }, scope: null })
    hear('frozen', [{ ...tail, heldSeq: 20 }])
    hear('frozen')
    await eventually('others are asked', () => calls.length === 5)
    expect(calls.slice(3)).toEqual([
      { peerId: 'third', scope: [ana] },
      { peerId: 'other', scope: [ana] },
    ])
    for (const peerId of ['frozen', 'other', 'third']) hear(peerId)
    hear('frozen', [{ ...tail, beatSeq: 21 }])
    await eventually('they are asked for a longer tail', () => calls.length === 7)
    expect(calls.slice(5)).toEqual(calls.slice(3, 5))
  })
})
