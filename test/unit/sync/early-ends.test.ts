import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { EarlyEnds } from '../../../core/sync/early-ends.ts'
import { newPeer } from '../../../core/sync/peer-state.ts'
import { SyncPlan } from '../../../core/sync/sync-plan.ts'
import { ManualClock } from '../../../core/util/clock.ts'
import { fakeKey } from '../../harness/memory-square.ts'

const [ana, bo] = [fakeKey('ana'), fakeKey('bo')]
const TIMES = { yieldMs: 1_000, yieldPauseMs: 10_000 }

describe('EarlyEnds', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  function open(guests: string[] = []) {
    const clock = new ManualClock(1_000_000)
    const early = new EarlyEnds({ service: { endGuest: (peerId) => guests.includes(peerId) }, clock }, { times: TIMES })
    const peer = newPeer('seed')
    const pass = (ms: number) => {
      clock.advance(ms)
      vi.advanceTimersByTime(ms)
    }
    const run = () => {
      const session = new AbortController()
      peer.session = session
      return session.signal
    }
    return { early, peer, pass, run }
  }

  it('ends a session that goes on for a second while something urgent waits for it (SYN14)', () => {
    const { early, peer, pass, run } = open()
    const session = run()
    peer.plan.addUrgent([ana])
    early.note(peer)
    pass(999)
    expect(session.aborted).toBe(false)
    pass(1)
    expect(session.reason).toMatchObject({ code: 'busy' })
  })

  it('lets it go on where nothing urgent waits any more, or the peer has gone (SYN14)', () => {
    const { early, peer, pass, run } = open()
    const session = run()
    early.note(peer)
    peer.plan.addUrgent([ana])
    early.note(peer)
    peer.plan.relax([ana, bo])
    pass(2_000)
    peer.plan.addUrgent([bo])
    early.note(peer)
    early.forget('seed')
    pass(20_000)
    expect(session.aborted).toBe(false)
  })

  it('lets the next one go on for ten seconds, whoever is followed in between (SYN14)', () => {
    const { early, peer, pass, run } = open()
    run()
    peer.plan.addUrgent([ana])
    early.note(peer)
    pass(1_000)
    const second = run()
    for (let seconds = 0; seconds < 9; seconds++) {
      peer.plan.addUrgent([bo])
      early.note(peer)
      pass(1_000)
    }
    expect(second.aborted).toBe(false)
    pass(1_000)
    expect(second.aborted).toBe(true)
  })

  it('ends one that the other side began, and has everything synced afterwards (SYN12, SYN14)', () => {
    for (const guests of [['seed'], []]) {
      const { early, peer, pass } = open(guests)
      peer.plan.addUrgent([ana])
      early.note(peer)
      pass(1_000)
      expect(peer.plan.take()).toMatchObject({ scope: [ana] })
      expect(peer.plan.isEmpty).toBe(guests.length === 0)
    }
  })

  it('ends nothing after its own end', () => {
    const { early, peer, pass, run } = open()
    const session = run()
    peer.plan.addUrgent([ana])
    early.note(peer)
    early.stop()
    pass(20_000)
    expect(session.aborted).toBe(false)
  })
})

describe('SyncPlan', () => {
  it('has what is urgent synced by itself first, and again when that failed (SYN14)', () => {
    const plan = new SyncPlan()
    plan.addEverything()
    plan.addAuthors([bo])
    plan.addUrgent([ana])
    const first = plan.take()
    expect(first).toMatchObject({ scope: [ana], isUrgent: true })
    plan.restore(first)
    expect(plan.hasUrgent).toBe(true)
    expect(plan.take()).toMatchObject({ scope: [ana] })
    expect(plan.hasUrgent).toBe(false)
    expect(plan.take()).toMatchObject({ scope: null, authors: [bo], isUrgent: false })
    expect(plan.isEmpty).toBe(true)
  })

  it('has everything synced where more is urgent than a scope takes: names come before history there (SYN8, SYN14)', () => {
    const plan = new SyncPlan()
    plan.addUrgent(Array.from({ length: 64 }, (_, i) => fakeKey(`author ${i}`)))
    expect(plan.take().scope).toHaveLength(64)
    plan.addUrgent(Array.from({ length: 65 }, (_, i) => fakeKey(`author ${i}`)))
    expect(plan.hasUrgent).toBe(true)
    expect(plan.take()).toMatchObject({ scope: null, isOverfull: true })
    expect(plan.hasUrgent).toBe(false)
    expect(plan.isEmpty).toBe(true)
  })
})
