import { describe, expect, it } from 'vitest'
import { formatRecordId } from '../../core/codec/cid.ts'
import { type IdentityState, resolveChain } from '../../core/identity/chain.ts'
import { changeByAuthority, linkDevice, retireDevice, revokeDevice } from '../../core/identity/change.ts'
import { encodeOperation, type IdentityOperation } from '../../core/identity/operation.ts'
import { encodePost, KIND } from '../../core/record/kinds/kind-table.ts'
import { type MadeRecord, TestAuthor } from '../harness/authors.ts'
import { FUZZ_TIMEOUT_MS, fuzzCases, fuzzSeed, SeededChoice } from '../harness/seeded-random.ts'
import { TestSquare } from '../harness/test-square.ts'

const ORDERS = 24

type Delivery = { readonly operation: Uint8Array } | { readonly record: MadeRecord }

function stateOf(operations: readonly IdentityOperation[]): IdentityState {
  return resolveChain(operations) as IdentityState
}

/**
 * Ada has a laptop and a phone, and retires a tablet. The phone is stolen: the thief goes on, backdates, edits, deletes,
 * unfollows, and adds a device of their own. Ada revokes the phone with the words, and comes back on a new computer.
 */
function makeStory() {
  const laptop = new TestAuthor('Ada')
  const [phone, tablet, thief, fresh] = ['phone', 'tablet', 'thief', 'fresh'].map((name) => laptop.another(name)) as [
    TestAuthor,
    TestAuthor,
    TestAuthor,
    TestAuthor,
  ]
  const ben = new TestAuthor('Ben')
  const bens = ben.post('a post of Ben’s')
  const chain = [laptop.operation]
  chain.push(linkDevice(stateOf(chain), phone.entry, laptop.device))
  chain.push(linkDevice(stateOf(chain), tablet.entry, phone.device))
  const first = laptop.post('the first word')
  laptop.describe({ name: 'Ada' })
  laptop.follow(ben)
  tablet.post('from the tablet')
  tablet.react(bens)
  chain.push(retireDevice(stateOf(chain), tablet.seal, tablet.device))
  tablet.post('after the tablet was sold')
  const own = phone.post('from the phone')
  phone.edit(own, 'from the phone, said better')
  const last = phone.post('the last word from the phone')
  const { seal } = phone
  const beforeTheft = [...chain]
  chain.push(linkDevice(stateOf(chain), thief.entry, phone.device))
  const backdated = phone.signAt(KIND.post, encodePost({ salt: phone.salt(), text: 'backdated' }), {
    seq: last.header.seq,
    prev: last.header.prev,
    ts: last.header.ts,
  })
  phone.edit(first, 'what the thief would have it')
  phone.edit(own, 'what the thief would have it')
  phone.delete(first)
  phone.follow(ben, false)
  phone.describe({ name: 'Mallory' })
  thief.post('from the device of the thief')
  thief.repost(bens)
  chain.push(revokeDevice(stateOf(chain), { key: phone.device.publicKey, seal }, [laptop.words]))
  chain.push(changeByAuthority(stateOf(chain), { add: [fresh.entry] }, [laptop.words]))
  // A branch that nobody waited for: the laptop adds what it never heard was stolen.
  chain.push(linkDevice(stateOf(beforeTheft), laptop.another('forgotten').entry, laptop.device))
  fresh.post('back again')
  const authors = [laptop, phone, tablet, thief, fresh]
  const records = [...authors.flatMap((author) => author.records), backdated, ...ben.records]
  return { laptop, ben, bens, chain, records, first }
}

function seen({ square }: TestSquare, { laptop, ben, bens, records }: ReturnType<typeof makeStory>) {
  const posts = records
    .filter(({ header }) => header.kind === KIND.post)
    .map(({ id }) => square.post(formatRecordId(id)))
  const views = posts.map((post) => post && [post.text, post.state, post.editedAt, post.counts])
  const profile = square.profile(laptop.profile)
  return JSON.stringify({
    views,
    page: square
      .profilePosts(laptop.profile, { limit: 50 })
      .items.map(({ text }) => text)
      .sort(),
    profile: [profile.name, profile.counts],
    followers: square.profile(ben.profile).counts,
    reposted: square.post(formatRecordId(bens.id))?.counts,
    found: square.search('thief', { limit: 9 }).items.map(({ text }) => text),
    logs: square
      .listDeviceLogs(laptop.address)
      .map(({ records: count, hidden, isForked }) => [count, hidden, isForked]),
  })
}

describe('chains and records in any order', () => {
  it(
    'end alike in every store, and show nothing of the thief (IDN10, IDN12, IDN18, IDN21, LOG8)',
    () => {
      const story = makeStory()
      const choice = new SeededChoice(fuzzSeed('seal orders'))
      const chain: Delivery[] = [story.ben.genesis, ...story.chain.map((one) => encodeOperation(one))].map(
        (operation) => ({
          operation,
        }),
      )
      const all: Delivery[] = [...chain, ...story.records.map((record) => ({ record }))]
      let expected: string | undefined
      for (let order = 0; order < fuzzCases(ORDERS); order++) {
        const test = new TestSquare({ pins: [story.laptop.address, story.ben.address] })
        deliver(test, shuffled(choice, [...all, choice.pick(all), choice.pick(all)]), choice)
        // What came too early is asked for again, as sync does, and so are the texts that a thief's delete took away.
        deliver(test, [...chain, ...shuffled(choice, all.slice(chain.length))], choice)
        test.square.tick()
        expect(test.square.integrityCheck(), `order ${order}`).toEqual([])
        const end = seen(test, story)
        expected ??= end
        expect(end, `order ${order}`).toBe(expected)
        test.close()
      }
      for (const text of [
        'back again',
        'the first word',
        'from the phone, said better',
        'the last word from the phone',
      ]) {
        expect(expected).toContain(text)
      }
      for (const text of ['thief', 'Mallory', 'backdated', 'after the tablet was sold'])
        expect(expected).not.toContain(text)
    },
    FUZZ_TIMEOUT_MS,
  )
})

function deliver(test: TestSquare, deliveries: readonly Delivery[], choice: SeededChoice): void {
  for (let at = 0; at < deliveries.length; ) {
    const batch = deliveries.slice(at, at + 1 + choice.below(6))
    at += batch.length
    test.ingest({
      operations: batch.flatMap((one) => ('operation' in one ? [one.operation] : [])),
      records: batch.flatMap((one) => ('record' in one ? [one.record] : [])),
    })
  }
}

function shuffled<T>(choice: SeededChoice, list: readonly T[]): T[] {
  const rest = [...list]
  return Array.from({ length: rest.length }, () => rest.splice(choice.below(rest.length), 1)[0] as T)
}
