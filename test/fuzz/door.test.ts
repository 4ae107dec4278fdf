import { describe, expect, it } from 'vitest'
import { encodeCbor } from '../../core/codec/dag-cbor.ts'
import {
  encodeBlock,
  encodeDelete,
  encodeEdit,
  encodeFollow,
  encodeLabel,
  encodeList,
  encodeListMember,
  encodePin,
  encodePost,
  encodePrivate,
  encodeProfile,
  encodeReaction,
  encodeRepost,
  KIND,
} from '../../core/record/kinds/kind-table.ts'
import { TEST_EPOCH_MS, TestAuthor } from '../harness/authors.ts'
import { randomValue } from '../harness/cbor-mutator.ts'
import { fuzzCases, fuzzSeed, SeededChoice } from '../harness/seeded-random.ts'
import { TestSquare } from '../harness/test-square.ts'

const NAMED = new Set(['accept', 'unreadable', 'hold', 'drop', 'reject'])
const BATCH = 50
const SEED = fuzzSeed('door')
const RECORDS = fuzzCases(1_500)

/** What a hostile author can do with a key of its own: any kind, body, place in the log and time, rightly signed. */
function hostileRecord(author: TestAuthor, choice: SeededChoice): { bytes: Uint8Array } {
  const isReadable = choice.below(3) !== 0
  const [kind, body] = isReadable
    ? readableBody(author, choice)
    : [choice.pick([...Object.values(KIND), 99, 65_535]), anyBody(choice)]
  const seq = 1 + choice.below(choice.pick([3, 20, 4_000_000_000]))
  const place = {
    seq,
    prev: seq === 1 ? null : choice.bytes(32),
    ts: choice.pick([1, TEST_EPOCH_MS, TEST_EPOCH_MS + choice.below(100_000), 253_402_300_799_999]),
  }
  const record = author.signAt(kind, body, place)
  author.records.push(record)
  if (choice.below(4) !== 0) return record
  const bytes = record.bytes.slice()
  for (let i = 0; i <= choice.below(4); i++) bytes[choice.below(bytes.length)] = choice.below(256)
  return { bytes }
}

/** Bodies that fit their kind and refer to anything: earlier records of any kind, themselves, nothing at all. */
function readableBody(author: TestAuthor, choice: SeededChoice): [number, Uint8Array] {
  const salt = author.salt()
  const earlier = author.records.length > 0 ? choice.pick(author.records).id : choice.bytes(32)
  const subject = {
    author: choice.pick([author.address, choice.bytes(32)]),
    id: choice.pick([earlier, choice.bytes(32)]),
  }
  const on = choice.below(2) === 1
  const text = `text ${choice.below(9)}`
  const person = { address: subject.author, genesis: choice.bytes(8) }
  const list = new Uint8Array(16).fill(choice.below(3))
  const about = choice.pick([{ type: 'record', record: subject } as const, { type: 'person', person } as const])
  return choice.pick<() => [number, Uint8Array]>([
    () => [KIND.post, encodePost({ salt, text })],
    () => [KIND.post, encodePost({ salt, text, reply: { root: subject, parent: subject } })],
    () => [KIND.reaction, encodeReaction({ salt, subject, emoji: on ? '❤' : null })],
    () => [KIND.repost, encodeRepost({ salt, subject, on })],
    () => [KIND.delete, encodeDelete({ salt, subject })],
    () => [KIND.follow, encodeFollow({ salt, subject: person, on })],
    () => [KIND.profile, encodeProfile({ salt, name: text })],
    () => [KIND.edit, encodeEdit({ salt, subject, text })],
    () => [KIND.block, encodeBlock({ salt, subject: person, on })],
    () => [KIND.label, encodeLabel({ salt, subject: about, label: text, on })],
    () => [KIND.list, encodeList({ salt, list, name: text, purpose: 'read', on })],
    () => [KIND.listMember, encodeListMember({ salt, list, subject: person, on })],
    () => [KIND.pin, encodePin({ salt, subject, on })],
    () => [KIND.private, encodePrivate({ salt, key: choice.bytes(8), box: choice.bytes(256) })],
  ])()
}

function anyBody(choice: SeededChoice): Uint8Array {
  try {
    return encodeCbor(randomValue(choice)).slice(0, 8_192)
  } catch {
    return choice.bytes(choice.below(300))
  }
}

describe(`the door under ${RECORDS} records of a hostile author, seed ${SEED}`, () => {
  it('answers every record with a named verdict and stays whole, whatever an author signs', () => {
    const choice = new SeededChoice(SEED)
    const author = new TestAuthor('Mallory')
    const test = new TestSquare({ role: 'seed' })
    test.ingest({ operations: [author.genesis] })
    const counts = new Map<string, number>()
    for (let done = 0; done < RECORDS; done += BATCH) {
      const records = Array.from({ length: BATCH }, () => hostileRecord(author, choice))
      const source = { kind: choice.pick(['sync', 'gossip'] as const), peer: `peer ${choice.below(3)}` }
      for (const { verdict } of test.ingest({ records }, source).records) {
        expect(NAMED).toContain(verdict.verdict)
        counts.set(verdict.verdict, (counts.get(verdict.verdict) ?? 0) + 1)
      }
      test.clock.advance(60_000)
      test.square.tick()
    }
    expect(counts.values().reduce((sum, count) => sum + count, 0)).toBe(RECORDS)
    expect(counts.get('accept')).toBeGreaterThan(0)
    expect(counts.get('unreadable')).toBeGreaterThan(0)
    expect(counts.get('reject')).toBeGreaterThan(0)
    expect(test.square.integrityCheck()).toEqual([])
    const page = test.square.profilePosts(author.profile, { limit: 500 })
    for (const { id } of page.items.slice(0, 50)) expect(test.square.thread(id)).not.toBeNull()
    expect(test.square.listHeld([author.address])[0]?.ranges.length).toBeLessThanOrEqual(64)
  })
})
