import { describe, expect, it } from 'vitest'
import type { ChainAsker } from '../../../core/account/whois-service.ts'
import { ChainSearch, type SearchTimes } from '../../../core/node/chain-search.ts'
import { LateWhois } from '../../../core/node/late-whois.ts'
import { systemClock } from '../../../core/util/clock.ts'
import { silentLogger } from '../../../core/util/logger.ts'
import { fakeKey } from '../../harness/memory-square.ts'
import { eventually } from '../../harness/wait.ts'

const ADA = fakeKey('ada')
const BEN = fakeKey('ben')
const QUICK: SearchTimes = { retryMs: 60, maxRetryMs: 240, settleMs: 80, maxSettleMs: 400 }

/** Peers that answer by script: what each says the first time, the second … and then always. */
class FakeAsker implements ChainAsker {
  readonly answers = new Map<string, (() => Promise<readonly Uint8Array[]>)[]>()
  readonly asked: string[] = []
  readonly times: number[] = []
  parallel = 0
  maxParallel = 0
  #listeners = new Set<() => void>()

  come(peerId: string, ...answers: (() => Promise<readonly Uint8Array[]>)[]): void {
    this.answers.set(peerId, answers)
    for (const listener of this.#listeners) listener()
  }

  peers(): readonly string[] {
    return [...this.answers.keys()]
  }

  onPeer(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  get listeners(): number {
    return this.#listeners.size
  }

  async ask(peerId: string): Promise<readonly Uint8Array[]> {
    this.asked.push(peerId)
    this.times.push(performance.now())
    this.maxParallel = Math.max(this.maxParallel, ++this.parallel)
    const answers = this.answers.get(peerId) ?? []
    try {
      return (await (answers.length > 1 ? answers.shift() : answers[0])?.()) ?? []
    } finally {
      this.parallel--
    }
  }
}

const nothing = async () => []
const knows =
  (...addresses: Uint8Array[]) =>
  async () =>
    addresses
const answerIn = async (ms: number, address: Uint8Array) => {
  await new Promise((resolve) => setTimeout(resolve, ms))
  return [address]
}

function searchOf(whois: ChainAsker, init: { times?: SearchTimes; known?: Uint8Array[] } = {}) {
  const counts: number[] = []
  const stop = new AbortController()
  const search = new ChainSearch(
    { whois, clock: systemClock, logger: silentLogger },
    {
      question: { by: 'key', key: ADA },
      times: init.times ?? QUICK,
      known: init.known ?? [],
      onAsked: (count) => counts.push(count),
    },
  )
  const outcome = search.run(stop.signal)
  outcome.catch(() => {})
  return { outcome, counts, stop }
}

describe('ChainSearch (RCV8)', () => {
  it('asks whoever is there, and ends with the first that knows', async () => {
    const whois = new FakeAsker()
    whois.come('one', nothing)
    whois.come('two', knows(ADA))
    const { outcome, counts } = searchOf(whois)
    expect(await outcome).toEqual([ADA])
    expect(whois.asked).toEqual(['one', 'two'])
    expect(counts).toEqual([1, 2])
    expect(whois.listeners).toBe(0)
  })

  it('asks peers as they come, and those that knew nothing again after a growing wait', async () => {
    const whois = new FakeAsker()
    const { outcome } = searchOf(whois)
    whois.come('one', nothing)
    await eventually('it was asked five times', () => whois.asked.length >= 5)
    const waits = whois.times.slice(1).map((time, i) => time - (whois.times[i] as number))
    for (const [i, least] of [60, 120, 240, 240].entries()) expect(waits[i]).toBeGreaterThan(least - 10)
    whois.come('two', knows(ADA))
    expect(await outcome).toEqual([ADA])
  })

  it('goes on after a peer that fails', async () => {
    const whois = new FakeAsker()
    whois.come('one', () => Promise.reject(new Error('gone')), knows(ADA))
    const { outcome, counts } = searchOf(whois)
    expect(await outcome).toEqual([ADA])
    expect(counts).toEqual([1])
  })

  it('asks at most four at a time', async () => {
    const whois = new FakeAsker()
    for (let i = 0; i < 20; i++) whois.come(`peer ${i}`, () => answerIn(5, ADA))
    await searchOf(whois).outcome
    expect(whois.maxParallel).toBe(4)
    expect(whois.asked).toHaveLength(20)
  })

  it('waits for others who may know more, who come late too', async () => {
    const whois = new FakeAsker()
    whois.come('quick', knows(ADA))
    whois.come('slow', () => answerIn(150, BEN))
    const { outcome } = searchOf(whois)
    setTimeout(() => whois.come('late', knows(fakeKey('cleo'))), 30)
    expect(await outcome).toEqual([ADA, fakeKey('cleo'), BEN])
  })

  it('does not wait for ever', async () => {
    const whois = new FakeAsker()
    whois.come('quick', knows(ADA))
    let isReleased = false
    const { promise, resolve } = Promise.withResolvers<readonly Uint8Array[]>()
    whois.come('stuck', () => promise)
    const { outcome } = searchOf(whois)
    // A real peer hears the signal; this one lets go a little later.
    setTimeout(() => {
      isReleased = true
      resolve([])
    }, 500)
    expect(await outcome).toEqual([ADA])
    expect(isReleased).toBe(true)
  })

  it('is content with what is held here when nobody can be asked', async () => {
    const { outcome, counts } = searchOf(new LateWhois(new Promise(() => {})), { known: [ADA] })
    expect(await outcome).toEqual([ADA])
    expect(counts).toEqual([])
  })

  it('ends with its signal', async () => {
    const whois = new FakeAsker()
    whois.come('one', nothing)
    const { outcome, stop } = searchOf(whois, { times: { ...QUICK, retryMs: 60_000, maxRetryMs: 60_000 } })
    await eventually('it was asked', () => whois.asked.length === 1)
    stop.abort(new Error('enough'))
    await expect(outcome).rejects.toThrow('enough')
    expect(whois.listeners).toBe(0)
  })
})

describe('LateWhois', () => {
  it('has nobody to ask before there is a network, and says when there is', async () => {
    const { promise, resolve } = Promise.withResolvers<{ whois: ChainAsker }>()
    const late = new LateWhois(promise)
    const { outcome } = searchOf(late)
    expect(late.peers()).toEqual([])
    const whois = new FakeAsker()
    whois.come('one', knows(ADA))
    resolve({ whois })
    expect(await outcome).toEqual([ADA])
    expect(late.peers()).toEqual(['one'])
  })

  it('asks nobody when there never is one', async () => {
    const late = new LateWhois(Promise.reject(new Error('no port')))
    await expect(late.ask('one', { by: 'key', key: ADA })).rejects.toThrow('no port')
    expect(late.peers()).toEqual([])
  })
})
