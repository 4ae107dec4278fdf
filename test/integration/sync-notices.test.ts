import { describe, expect, it, onTestFinished } from 'vitest'
import { SquareClient } from '../../core/node/square-client.ts'
import { SYNC_LIMITS } from '../../core/sync/limits.ts'
import { chainDigest } from '../../core/sync/offer.ts'
import { SyncSession } from '../../core/sync/session.ts'
import type { SyncSummary } from '../../core/sync/summary.ts'
import { systemClock } from '../../core/util/clock.ts'
import { silentLogger } from '../../core/util/logger.ts'
import { systemRandom } from '../../core/util/random.ts'
import { GuardedAuthor } from '../harness/guarded-author.ts'
import { createMemoryDuplex } from '../harness/memory-duplex.ts'
import { SeededChoice } from '../harness/seeded-random.ts'
import { makeTempDir } from '../harness/temp-dir.ts'

/** A store that keeps everybody whole and holds these operations. */
async function openStore(operations: readonly Uint8Array[], pin: Uint8Array): Promise<SquareClient> {
  const store = await SquareClient.open(
    { logger: silentLogger },
    { dataDir: makeTempDir(), domain: 'palabre', role: 'peer', admit: 'all', pins: [pin], account: null },
  )
  onTestFinished(() => store.close())
  await store.ingest({ operations, records: [] }, { kind: 'sync', peer: 'earlier' })
  return store
}

async function sync(first: SquareClient, second: SquareClient): Promise<[SyncSummary, SyncSummary]> {
  const duplexes = createMemoryDuplex()
  const { signal } = new AbortController()
  const [near, far] = [first, second].map((store, i) => {
    const duplex = duplexes[i] as (typeof duplexes)[0]
    return new SyncSession(
      { door: store, reader: store, book: store, duplex, clock: systemClock, random: systemRandom },
      {
        peerId: `other ${i}`,
        isInitiator: i === 0,
        network: 'palabre',
        role: 'peer',
        profile: null,
        name: '',
        device: new Uint8Array(32),
        scope: null,
        limits: SYNC_LIMITS,
      },
    ).run(signal)
  }) as [Promise<SyncSummary>, Promise<SyncSummary>]
  return await Promise.all([near, far])
}

async function held(store: SquareClient, author: GuardedAuthor): Promise<string> {
  const [chain] = await store.listOperations([author.address])
  return Buffer.from(chainDigest(chain?.operations ?? [])).toString('hex')
}

describe('sync of notices', () => {
  it('ends with the newest on both sides, and then with nothing to ask for (IDN28, SYN7)', async () => {
    const ana = new GuardedAuthor('Ana')
    const [one, two, three] = [1, 2, 3].map((ts) => ana.notice('ann', ts)) as [Uint8Array, Uint8Array, Uint8Array]
    const first = await openStore([...ana.chain, one, two], ana.address)
    const second = await openStore([...ana.chain, two, three], ana.address)
    expect(await held(first, ana)).not.toBe(await held(second, ana))
    const [near, far] = await sync(first, second)
    expect([near.receivedOperations, far.receivedOperations]).toEqual([ana.chain.length + 2, ana.chain.length + 2])
    expect(await held(first, ana)).toBe(await held(second, ana))
    expect((await first.listOperations([ana.address]))[0]?.operations).toEqual([...ana.chain, two, three])
    const [again, back] = await sync(first, second)
    expect([again.receivedOperations, back.receivedOperations]).toEqual([0, 0])
  })

  it('converges when guardians, devices and links came in any part and order', async () => {
    const choice = new SeededChoice(7)
    for (let round = 0; round < 3; round++) {
      const ana = new GuardedAuthor(`Ana ${round}`)
      const start = ana.chain
      const said = ['ann', 'ben', 'cleo', 'device'].flatMap((by) => [1, 2, 3].map((ts) => ana.notice(by, ts)))
      const links = [ana.link('phone'), ana.link('tablet')]
      const late = [
        ana.notice('phone', 1),
        ana.replaceGuardians('ann', 'dora'),
        ana.guardiansAgree({ without: ['device'] }, 'ann'),
      ]
      const part = () => [...said, ...links, ...late].filter(() => choice.below(3) > 0)
      const [first, second] = [
        await openStore([...start, ...part()], ana.address),
        await openStore([...start, ...part()], ana.address),
      ]
      // What came before the link that entitles its signer is dropped and comes again.
      for (let i = 0; i < 3 && (await held(first, ana)) !== (await held(second, ana)); i++) await sync(first, second)
      expect(await held(first, ana)).toBe(await held(second, ana))
      const [again, back] = await sync(first, second)
      expect([again.receivedOperations, back.receivedOperations]).toEqual([0, 0])
    }
  })
})
