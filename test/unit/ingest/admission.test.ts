import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, it } from 'vitest'
import { formatRecordId } from '../../../core/codec/cid.ts'
import { type MadeRecord, TestAuthor } from '../../harness/authors.ts'
import { TestSquare } from '../../harness/test-square.ts'

const GOSSIP = { kind: 'gossip', peer: 'peer' } as const

function people() {
  return { me: new TestAuthor('Me'), ben: new TestAuthor('Ben'), stranger: new TestAuthor('Stranger') }
}

function isKept(test: TestSquare, record: MadeRecord): boolean | undefined {
  const [outcome] = test.ingest({ records: [record] }, GOSSIP).records
  expect(outcome?.mayForward).toBe(true)
  return outcome?.isKept
}

describe('what a peer keeps', () => {
  it('is everything of own and followed authors, and of strangers what refers to them', () => {
    const { me, ben, stranger } = people()
    const test = new TestSquare({ me })
    const mine = me.post('mine')
    me.follow(ben)
    test.ingest({ operations: [ben.genesis, stranger.genesis], records: me.records })
    const bens = ben.post('to nobody')
    const theirs = stranger.post('to nobody')
    expect(isKept(test, bens)).toBe(true)
    expect(isKept(test, theirs)).toBe(false)
    expect(isKept(test, stranger.reply(theirs, 'to myself'))).toBe(false)
    expect(isKept(test, stranger.describe({ name: 'Stranger' }))).toBe(false)
    expect(isKept(test, stranger.reply(bens, 'to Ben'))).toBe(true)
    expect(test.square.names([stranger.profile])).toEqual(['Stranger'])
    expect(isKept(test, stranger.react(mine))).toBe(true)
    expect(isKept(test, stranger.repost(bens))).toBe(true)
    expect(isKept(test, stranger.repost(theirs))).toBe(false)
    expect(isKept(test, stranger.follow(me))).toBe(true)
    expect(isKept(test, stranger.delete(theirs))).toBe(true)
    expect(test.square.profile(stranger.profile)).toMatchObject({ followsMe: true, follow: 'none' })
  })

  it('is also what somebody followed reposts or answers, even when it came before', () => {
    const { me, ben, stranger } = people()
    const test = new TestSquare({ me })
    me.follow(ben)
    test.ingest({ operations: [ben.genesis, stranger.genesis], records: me.records })
    const reposted = stranger.post('worth reading')
    const answered = stranger.post('worth an answer')
    expect(isKept(test, reposted)).toBe(false)
    expect(isKept(test, answered)).toBe(false)
    ben.describe({ name: 'Ben' })
    test.ingest({ records: [...ben.records, ben.repost(reposted), ben.reply(answered, 'here it is')] })
    expect(test.square.home({ limit: 9 }).items).toMatchObject([
      { text: 'here it is', repostedBy: null },
      { text: 'worth reading', repostedBy: { profile: ben.profile, name: 'Ben' } },
    ])
    expect(test.square.thread(test.square.home({ limit: 1 }).items[0]?.id ?? '')?.ancestors).toMatchObject([
      { text: 'worth an answer' },
    ])
  })

  it('is everything of pinned authors and of pending follows', () => {
    const { me, ben, stranger } = people()
    const test = new TestSquare({ me, pins: [ben.address] })
    test.ingest({ operations: [ben.genesis, stranger.genesis] })
    expect(isKept(test, ben.post('pinned'))).toBe(true)
    test.square.addPendingFollows([stranger.address], [])
    expect(isKept(test, stranger.post('about to be followed'))).toBe(true)
    test.square.removePendingFollows([stranger.address])
    expect(isKept(test, stranger.post('not any more'))).toBe(false)
    test.square.setPins([stranger.address])
    expect(isKept(test, stranger.post('pinned now'))).toBe(true)
    expect(test.square.home({ limit: 9 }).items).toEqual([])
  })
})

describe('what a seed keeps', () => {
  it('is everything that it hears', () => {
    const { stranger } = people()
    const test = new TestSquare({ role: 'seed', admit: 'all' })
    test.ingest({ operations: [stranger.genesis] })
    expect(isKept(test, stranger.post('hello'))).toBe(true)
    expect(test.square.wantsEveryone()).toBe(true)
    expect(test.square.listWanted()).toEqual([stranger.address])
  })

  it('is only what is pinned where it admits no more', () => {
    const { ben, stranger } = people()
    const test = new TestSquare({ role: 'seed', admit: 'pinned', pins: [ben.address] })
    test.ingest({ operations: [ben.genesis, stranger.genesis] })
    expect(isKept(test, ben.post('hello'))).toBe(true)
    expect(isKept(test, stranger.post('hello'))).toBe(false)
    expect(test.square.wantsEveryone()).toBe(false)
    expect(test.square.listWanted()).toEqual([ben.address])
  })

  it('takes the deletion of what it holds even from a stranger who has used up all room', () => {
    const { me, stranger } = people()
    const test = new TestSquare({ me })
    const regretted = stranger.reply(me.post('mine'), 'what I regret')
    test.ingest({ operations: [stranger.genesis], records: [...me.records, regretted] })
    const db = new DatabaseSync(join(test.dataDir, 'square.db'))
    db.exec('UPDATE author SET record_bytes = record_bytes + 30000000')
    db.close()
    expect(isKept(test, stranger.reply(regretted, 'and more'))).toBe(false)
    expect(isKept(test, stranger.delete(regretted))).toBe(true)
    expect(test.square.post(formatRecordId(regretted.id))).toMatchObject({ state: 'deleted', text: '' })
  })
})

describe('what a peer carries for neighbours (FEE11)', () => {
  it('is what is new of those authors, within the room of strangers, and not in its own timeline', () => {
    const { me, stranger } = people()
    const test = new TestSquare({ me })
    test.ingest({ operations: [stranger.genesis], records: [me.post('mine')] })
    expect(isKept(test, stranger.post('before'))).toBe(false)
    test.square.setCarried([stranger.address])
    expect(isKept(test, stranger.post('carried'))).toBe(true)
    expect(test.square.home({ limit: 9 }).items.map(({ text }) => text)).toEqual(['mine'])
    expect(test.square.listWanted()).toEqual([me.address])
    test.square.setCarried([])
    expect(isKept(test, stranger.post('after'))).toBe(false)
  })

  it('is nothing of whom the account blocks', () => {
    const { me, stranger } = people()
    const test = new TestSquare({ me })
    test.ingest({ operations: [stranger.genesis], records: [me.block(stranger)] })
    test.square.setCarried([stranger.address])
    expect(isKept(test, stranger.post('no'))).toBe(false)
  })

  it('is no more of one author than a megabyte', () => {
    const { me, stranger } = people()
    const test = new TestSquare({ me })
    test.ingest({ operations: [stranger.genesis], records: [] })
    test.square.setCarried([stranger.address])
    let kept = 0
    const isTaken = () => {
      const batch = { records: [stranger.post('x'.repeat(2_900))] }
      return test.ingest(batch, { kind: 'feed', peer: 'peer' }).records[0]?.isKept
    }
    while (kept < 800 && isTaken()) kept++
    expect(kept).toBeGreaterThan(300)
    expect(kept).toBeLessThan(400)
  })
})
