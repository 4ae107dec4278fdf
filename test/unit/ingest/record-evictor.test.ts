import { describe, expect, it } from 'vitest'
import { resolveChain } from '../../../core/identity/chain.ts'
import { linkDevice, retireDevice } from '../../../core/identity/change.ts'
import { encodeOperation, type IdentityOperation } from '../../../core/identity/operation.ts'
import type { Budgets } from '../../../core/ingest/budgets.ts'
import { encodeBlock, KIND } from '../../../core/record/kinds/kind-table.ts'
import type { HeldLog } from '../../../core/store/log-reader.ts'
import type { ForkNotes } from '../../../core/sync/fork-memory.ts'
import type { OfferEntry } from '../../../core/sync/frames.ts'
import { needsOf, offerKeys } from '../../../core/sync/offer.ts'
import { type MadeRecord, TEST_EPOCH_MS, TestAuthor } from '../../harness/authors.ts'
import { FUZZ_IS_LONG, SeededChoice } from '../../harness/seeded-random.ts'
import { portsOf } from '../../harness/square-sync.ts'
import { TestSquare, type TestSquareInit } from '../../harness/test-square.ts'

const DAY_MS = 86_400_000
const YEAR_MS = 365 * DAY_MS
const TEXT = 'one of many words that take their room '.repeat(8)

function makeRoom(test: TestSquare): void {
  for (let steps = 0; test.square.makeRoom(); steps++) if (steps > 20_000) throw new Error('it never ends')
}

function block(author: TestAuthor, other: TestAuthor, ts: number): MadeRecord {
  const subject = { address: other.address, genesis: other.genesisHash.slice(0, 8) }
  return author.sign(KIND.block, encodeBlock({ salt: author.salt(), subject, on: true }), ts)
}

/** Writes for five years up to now: posts, edits, answers, reactions, reposts, deletes, blocks and faces. */
function writeYears(author: TestAuthor, others: readonly TestAuthor[], choice: SeededChoice, count: number): void {
  for (let i = 0; i < count; i++) {
    const ts = TEST_EPOCH_MS - 5 * YEAR_MS + Math.floor((i * 5 * YEAR_MS) / count)
    const posts = author.records.filter(({ header }) => header.kind === KIND.post)
    const other = choice.pick(others)
    const theirs = other.records.filter(({ header }) => header.kind === KIND.post)
    const [mine, subject] = [choice.pick(posts), choice.pick(theirs)]
    const what = choice.below(12)
    if (what === 0 && mine !== undefined) author.delete(mine, { ts })
    else if (what === 1) block(author, other, ts)
    else if (what === 2 && subject !== undefined) author.react(subject, '❤', { ts })
    else if (what === 3 && subject !== undefined) author.reply(subject, TEXT, { ts })
    else if (what === 4 && subject !== undefined) author.repost(subject, true, { ts })
    else if (what === 5) author.describe({ name: `${author.name} ${i}`, bio: '' }, { ts })
    else if (what === 6 && !author.name.startsWith('Me')) author.follow(other, true, { ts })
    else author.post(TEXT, { ts })
  }
}

function open(seed: number, budgets: Partial<Budgets>, init: TestSquareInit = {}) {
  const choice = new SeededChoice(seed)
  const [me, pinned, followed] = ['Me', 'Pia', 'Finn'].map((name) => new TestAuthor(`${name} ${seed}`))
  const strangers = [0, 1, 2].map((i) => new TestAuthor(`Stranger ${i} ${seed}`))
  if (!me || !pinned || !followed) throw new Error('no authors')
  const all = [me, pinned, followed, ...strangers]
  me.follow(followed, true, { ts: TEST_EPOCH_MS - 6 * YEAR_MS })
  for (const author of all) writeYears(author, all, choice, 60)
  const test = new TestSquare({ me, pins: [pinned.address], role: 'seed', ...init })
  for (const author of all) test.ingestAll(author)
  test.square.setBudgets(budgets)
  return { me, pinned, followed, strangers, all, test }
}

function stateOf(operations: readonly IdentityOperation[]) {
  const state = resolveChain(operations)
  if (state === null) throw new Error('no genesis')
  return state
}

const NO_FORKS: ForkNotes = { has: () => false, add() {} }

async function offerOf(test: TestSquare, author: TestAuthor): Promise<OfferEntry[]> {
  const entries: OfferEntry[] = []
  for await (const page of offerKeys(portsOf(test), [author.address])) entries.push(...page)
  return entries
}

const isHere = (held: readonly HeldLog[], record: MadeRecord) =>
  held.some(({ ranges }) => ranges.some(([from, to]) => from <= record.header.seq && record.header.seq <= to))

/** Records of an author that are neither here nor known as deleted. */
function gone(test: TestSquare, author: TestAuthor): MadeRecord[] {
  const held = test.square.listHeld([author.address])
  return author.records.filter((record) => !isHere(held, record))
}

const isLasting = ({ header }: MadeRecord) => header.kind === KIND.delete || header.kind === KIND.block
const isOld = ({ header }: MadeRecord) => header.ts < TEST_EPOCH_MS + DAY_MS - 2 * YEAR_MS

describe('RecordEvictor', () => {
  it.each(FUZZ_IS_LONG ? [1, 2, 3, 4, 5, 6, 7, 8] : [1, 2])(
    'never lets own, pinned, deletes and blocks go, strangers first, order %i',
    (seed) => {
      const choice = new SeededChoice(seed * 7)
      const { me, pinned, followed, strangers, test } = open(seed, { recordBytes: 1_000_000_000 })
      const before = test.square.stats().recordBytes
      for (const author of [me, pinned, followed, ...strangers]) expect(gone(test, author)).toEqual([])
      makeRoom(test)
      expect(test.square.stats().recordBytes).toBe(before)
      for (const part of [0.9, 0.7, 0.4, 0.1].map((most) => most - choice.below(5) / 100)) {
        test.square.setBudgets({ recordBytes: before * part, mediaBytes: 1, strangerBytes: 1_000_000_000 })
        makeRoom(test)
        expect([...gone(test, me), ...gone(test, pinned)]).toEqual([])
        for (const author of [followed, ...strangers]) expect(gone(test, author).filter(isLasting)).toEqual([])
        expect(gone(test, followed).filter((record) => !isOld(record))).toEqual([])
        const left = strangers.flatMap((author) => author.records.length - gone(test, author).length)
        if (gone(test, followed).length > 0) expect(Math.max(...left)).toBeLessThan(20)
        expect(test.square.integrityCheck()).toEqual([])
      }
      expect(gone(test, followed).length).toBeGreaterThan(5)
      for (const stranger of strangers) expect(gone(test, stranger).length).toBeGreaterThan(30)
    },
  )

  it('lets go of the same records where nobody says whose they are (control)', () => {
    const { me, pinned, test } = open(1, { recordBytes: 10_000 }, { pins: [] })
    makeRoom(test)
    expect(gone(test, me)).toEqual([])
    expect(gone(test, pinned).length).toBeGreaterThan(30)
  })

  it('frees what it says: the oldest first, a few rows a step, down to nine tenths', () => {
    const { strangers, test } = open(5, { recordBytes: 1_000_000_000 })
    const before = test.square.stats().recordBytes
    test.square.setBudgets({ recordBytes: before - 1, mediaBytes: 1, strangerBytes: 1_000_000_000 })
    let largest = 0
    for (let last = before; test.square.makeRoom(); last = test.square.stats().recordBytes) {
      largest = Math.max(largest, last - test.square.stats().recordBytes)
    }
    const after = test.square.stats().recordBytes
    expect(after).toBeLessThanOrEqual(before * 0.9)
    expect(after).toBeGreaterThan(before * 0.7)
    expect(largest).toBeLessThan(65 * 1_500)
    const left = strangers.flatMap((one) => one.records.filter((record) => !gone(test, one).includes(record)))
    const lost = strangers.flatMap((one) => gone(test, one))
    const oldestLeft = Math.min(...left.filter((one) => one.header.kind === KIND.post).map(({ header }) => header.ts))
    expect(Math.max(...lost.map(({ header }) => header.ts)) - oldestLeft).toBeLessThan(2 * YEAR_MS)
  })

  it('says neither that they are here nor that they are wanted, until their author is dearer', async () => {
    const { pinned, test, me } = open(6, { recordBytes: 10_000 }, { pins: [] })
    const whole = new TestSquare({ role: 'seed' })
    whole.ingestAll(pinned)
    makeRoom(test)
    const lost = gone(test, pinned)
    const offer = await offerOf(whole, pinned)
    const [held] = test.square.listHeld([pinned.address])
    expect(held?.releasedTo).toBeGreaterThanOrEqual(lost.at(-1)?.header.seq as number)
    expect(held?.ranges.at(-1)?.[1]).toBe(pinned.records.length)
    const served = test.square.readLog(pinned.address, pinned.device.publicKey, [1, 1_000], 1_000_000)
    expect(served.map(({ seq }) => seq)).not.toContain(lost[0]?.header.seq)
    const { counts, completeAsOf } = test.square.profile(pinned.profile)
    expect({ counts, completeAsOf }).toMatchObject({
      counts: { missing: 0, released: lost.length },
      completeAsOf: null,
    })
    const ask = async () => await needsOf(portsOf(test), offer, NO_FORKS)
    expect(await ask()).toMatchObject({ entries: [], holes: [] })
    const again = test.ingest({ records: lost })
    expect(again.records.map(({ verdict, isKept }) => ({ ...verdict, isKept }))).toEqual(
      lost.map(() => ({ verdict: 'drop', reason: 'not-wanted', isKept: false })),
    )
    test.ingest({ records: [me.follow(pinned)] })
    expect((await ask()).entries).toHaveLength(1)
    expect(test.square.profile(pinned.profile).counts.missing).toBe(lost.length)
    expect(test.square.listHeld([pinned.address])[0]?.releasedTo).toBeUndefined()
    test.ingest({ records: lost })
    expect(gone(test, pinned)).toEqual([])
    makeRoom(test)
    expect(gone(test, pinned).filter((record) => !isOld(record))).toEqual([])
    expect(test.square.integrityCheck()).toEqual([])
  })

  it('leaves what lasts as it was when its device is sealed afterwards (LOG8)', () => {
    const ben = new TestAuthor('Ben', { ts: TEST_EPOCH_MS - 3 * YEAR_MS })
    const phone = ben.another('phone')
    const old = phone.post('old')
    const erasing = phone.delete(old)
    const later = Array.from({ length: 9 }, () => phone.post(TEXT))
    const last = phone.post('last', { ts: TEST_EPOCH_MS })
    const linked = linkDevice(stateOf([ben.operation]), phone.entry, ben.device)
    const retired = retireDevice(stateOf([ben.operation, linked]), phone.seal, phone.device)
    const test = new TestSquare({ role: 'seed', budgets: { recordBytes: 1 } })
    test.ingest({ operations: [ben.genesis, encodeOperation(linked)] })
    test.ingest({ records: phone.records })
    makeRoom(test)
    expect(gone(test, phone)).toEqual([old, ...later])
    test.ingest({ operations: [encodeOperation(retired)] })
    test.square.tick()
    expect(gone(test, phone)).toEqual([old, ...later])
    const [log] = test.square.listDeviceLogs(ben.address)
    expect(log).toMatchObject({ records: 2, hidden: 0, head: { seq: last.header.seq } })
    expect(test.ingest({ records: [old] }).records[0]?.isKept).toBe(false)
    expect(isHere(test.square.listHeld([ben.address]), erasing)).toBe(true)
  })

  it('takes nothing of strangers that would be let go of again, and asks for it once', async () => {
    const { test } = open(7, { recordBytes: 20_000 })
    makeRoom(test)
    const late = new TestAuthor('Late')
    for (let i = 0; i < 20; i++) late.post(TEXT, { ts: TEST_EPOCH_MS - 4 * YEAR_MS + i * 1_000 })
    const whole = new TestSquare({ role: 'seed' })
    whole.ingestAll(late)
    test.ingest({ operations: [late.genesis], records: late.records.toReversed() })
    expect(gone(test, late)).toHaveLength(20)
    const offer = await offerOf(whole, late)
    expect((await needsOf(portsOf(test), offer, NO_FORKS)).entries).toEqual([])
  })

  it('keeps of strangers together no more than their share', () => {
    const { me, test } = open(8, { recordBytes: 400_000 }, { role: 'peer', pins: [] })
    const [post] = me.records.filter(({ header }) => header.kind === KIND.post).toReversed()
    if (post === undefined) throw new Error('no post')
    const crowd = Array.from({ length: 12 }, (_, i) => new TestAuthor(`Crowd ${i}`))
    for (const author of crowd) for (let i = 0; i < 40; i++) author.reply(post, TEXT)
    for (const author of crowd) {
      test.ingestAll(author)
      makeRoom(test)
      test.clock.advance(11_000)
    }
    const left = crowd.reduce((sum, author) => sum + author.records.length - gone(test, author).length, 0)
    expect(left).toBeLessThan(260)
    expect(left).toBeGreaterThan(60)
    expect(gone(test, me)).toEqual([])
  })
})
