import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { OwnDatabase } from '../../../core/store/own-database.ts'
import { GuardedAuthor } from '../../harness/guarded-author.ts'
import { TestSquare } from '../../harness/test-square.ts'

describe('ChainKeeper with notices', () => {
  it('keeps the newest of each key and word and answers for the others without a penalty (IDN28)', () => {
    const ana = new GuardedAuthor('Ana')
    const test = new TestSquare()
    test.ingest({ operations: ana.chain })
    const [one, two, three] = [1, 2, 3].map((ts) => ana.notice('ann', ts)) as [Uint8Array, Uint8Array, Uint8Array]
    expect(test.ingest({ operations: [one, two, three, one] }).operations).toMatchObject([
      { isNew: true, isKept: true },
      { isNew: true, isKept: true },
      { isNew: true, isKept: true },
      { verdict: { verdict: 'accept' }, isNew: false, isKept: false },
    ])
    expect(test.square.listOperations([ana.address])[0]?.operations).toEqual([...ana.chain, two, three])
    expect(test.ingest({ operations: [ana.notice('stranger', 9)] }).operations[0]).toMatchObject({
      verdict: { verdict: 'drop', reason: 'not-owner' },
    })
  })

  it('serves what links to something after it, also where notices have gone in between', () => {
    const ana = new GuardedAuthor('Ana')
    const test = new TestSquare()
    test.ingest({ operations: ana.chain })
    const notices = [1, 2, 3, 4, 5].map((ts) => ana.notice('ann', ts))
    const links: Uint8Array[] = []
    for (const [i, notice] of notices.entries()) {
      const link = ana.link(`device ${i}`)
      links.push(link)
      test.ingest({ operations: [notice, link] })
    }
    const served = test.square.listOperations([ana.address])[0]?.operations ?? []
    expect(served.filter((bytes) => links.some((link) => Buffer.compare(link, bytes) === 0))).toEqual(links)
    expect(served).toHaveLength(ana.chain.length + 2)
  })

  it('forgets what a guardian has said when the words put others in its place', () => {
    const ana = new GuardedAuthor('Ana')
    const test = new TestSquare()
    test.ingest({ operations: [...ana.chain, ana.notice('ann', 1), ana.notice('device', 1)] })
    test.ingest({ operations: [ana.replaceGuardians('ben', 'cleo')] })
    const kept = test.square.listOperations([ana.address])[0]?.operations ?? []
    expect(kept).toContainEqual(ana.notice('device', 1))
    expect(kept).not.toContainEqual(ana.notice('ann', 1))
  })

  it('does so when the signature that is missing comes last', () => {
    const ana = new GuardedAuthor('Ana')
    const test = new TestSquare()
    const change = (...by: string[]) => ana.guardiansAgree({ without: ['device'] }, ...by)
    test.ingest({ operations: [...ana.chain, ana.notice('device', 1), change('ann')] })
    expect(test.square.listOperations([ana.address])[0]?.operations).toHaveLength(4)
    test.ingest({ operations: [change('ben')] })
    expect(test.square.listOperations([ana.address])[0]?.operations).toHaveLength(3)
  })

  it('looks at so many new ones of a key and leaves the rest for later; nobody else pays for that', () => {
    const ana = new GuardedAuthor('Ana')
    const test = new TestSquare()
    test.ingest({ operations: ana.chain })
    const many = Array.from({ length: 40 }, (_, i) => ana.notice('ann', i + 1))
    const outcomes = test.ingest({ operations: many }).operations
    expect(outcomes.filter(({ isNew }) => isNew)).toHaveLength(32)
    expect(outcomes.at(-1)?.verdict).toEqual({ verdict: 'drop', reason: 'quota' })
    // What gave way costs its signer nothing, however often somebody sends it.
    expect(test.ingest({ operations: many.slice(0, 20) }).operations.every(({ isNew }) => !isNew)).toBe(true)
    expect(test.ingest({ operations: [ana.notice('ben', 1)] }).operations[0]?.isNew).toBe(true)
    test.clock.advance(60_000)
    expect(test.ingest({ operations: many.slice(-1) }).operations[0]?.isNew).toBe(true)
  })

  it('keeps notices out of own.db, where the account stands', () => {
    const ana = new GuardedAuthor('Ana')
    const test = new TestSquare()
    test.square.setAccount(ana.account)
    const [link, notice] = [ana.link('phone'), ana.notice('ann', 1)]
    test.ingest({ operations: [link, notice] })
    test.close()
    const own = new OwnDatabase({ path: join(test.dataDir, 'own.db') })
    onTestFinished(() => own.close())
    expect(own.listOperations()).toEqual(ana.chain)
  })
})
