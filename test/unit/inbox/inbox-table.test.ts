import { describe, expect, it } from 'vitest'
import { TestAuthor } from '../../harness/authors.ts'
import { TestSquare } from '../../harness/test-square.ts'

const HOME = new Uint8Array(32).fill(7)
const NOTHING = { since: 0, cursor: null }

/** Records that the seed hands to Aya, by their authors' addresses in hex. */
function collected(square: TestSquare['square'], aya: TestAuthor): Set<string> {
  const seen = new Set<string>()
  let cursor: Uint8Array | null = null
  do {
    const page = square.readInbox({ purpose: 'collect', subject: aya.address, ...NOTHING, cursor })
    for (const record of page.records) seen.add(Buffer.from(record).toString('hex'))
    cursor = page.next
  } while (cursor !== null)
  return seen
}

/** Two people say something to Aya, then strangers say five hundred things; whether the two still stand there. */
function flood(isNear: boolean): boolean[] {
  const [aya, ben, cleo] = ['Aya', 'Ben', 'Cleo'].map((name) => new TestAuthor(name)) as [
    TestAuthor,
    TestAuthor,
    TestAuthor,
  ]
  const follows = isNear
    ? ([
        [aya, ben],
        [ben, cleo],
      ] as const)
    : []
  const home = new TestSquare({ role: 'seed' })
  home.square.openInbox(HOME)
  aya.describe({ name: 'Aya', seeds: [{ peer: HOME, addrs: [] }] })
  for (const [from, to] of follows) from.follow(to)
  const post = aya.post('hello')
  home.ingestAll(aya, ben, cleo)
  const said = [ben.reply(post, 'followed'), cleo.reply(post, 'two hops')]
  home.ingest({ records: said }, { kind: 'gossip', peer: 'p' })
  for (let i = 0; i < 10; i++) {
    const stranger = new TestAuthor(`stranger ${i}`)
    for (let n = 0; n < 50; n++) stranger.reply(post, `noise ${n}`)
    home.ingestAll(stranger)
  }
  const here = collected(home.square, aya)
  return said.map(({ bytes }) => here.has(Buffer.from(bytes).toString('hex')))
}

describe('what a seed keeps for whom it is home to (INB6)', () => {
  it('keeps who is near where strangers flood', () => {
    expect(flood(true)).toEqual([true, true])
  })

  it('would lose them if nobody had room of their own: strangers push each other out', () => {
    expect(flood(false)).toEqual([false, false])
  })

  it('takes no more of one author than fifty, and keeps nothing for whoever does not name it', () => {
    const [aya, ben, eve] = [new TestAuthor('Aya'), new TestAuthor('Ben'), new TestAuthor('Eve')]
    const home = new TestSquare({ role: 'seed' })
    home.square.openInbox(HOME)
    aya.describe({ name: 'Aya', seeds: [{ peer: HOME, addrs: [] }] })
    eve.describe({ name: 'Eve' })
    const posts = [aya.post('hello'), eve.post('hello')] as const
    home.ingestAll(aya, eve)
    for (let n = 0; n < 60; n++) ben.reply(posts[0], `answer ${n}`)
    ben.reply(posts[1], 'to Eve')
    home.ingestAll(ben)
    expect(collected(home.square, aya).size).toBe(50)
    expect(home.square.isHomeOf(aya.address)).toBe(true)
    expect(home.square.isHomeOf(eve.address)).toBe(false)
    expect(collected(home.square, eve).size).toBe(0)
  })

  it('does not hand over what was deleted, and says nothing twice from a time on', () => {
    const [aya, ben] = [new TestAuthor('Aya'), new TestAuthor('Ben')]
    const home = new TestSquare({ role: 'seed' })
    home.square.openInbox(HOME)
    aya.describe({ name: 'Aya', seeds: [{ peer: HOME, addrs: [] }] })
    const post = aya.post('hello')
    home.ingestAll(aya)
    const answer = ben.reply(post, 'oh no')
    home.ingestAll(ben)
    const { until } = home.square.readInbox({ purpose: 'collect', subject: aya.address, ...NOTHING })
    expect(until).toBe(home.clock.now())
    expect(collected(home.square, aya).size).toBe(1)
    const later = { purpose: 'collect', subject: aya.address, since: until + 1, cursor: null } as const
    expect(home.square.readInbox(later).records).toEqual([])
    ben.delete(answer)
    home.ingestAll(ben)
    expect(collected(home.square, aya).size).toBe(0)
    expect(home.square.integrityCheck()).toEqual([])
  })

  it('tells all answers to a root page by page, each once, with the chains of who wrote them (INB4)', () => {
    const [aya, ben] = [new TestAuthor('Aya'), new TestAuthor('Ben')]
    const seed = new TestSquare({ role: 'seed' })
    const root = aya.post('hello #Tout')
    for (let n = 0; n < 80; n++) ben.reply(root, `answer ${n} #tout`)
    ben.describe({ name: 'Ben' })
    seed.ingestAll(aya, ben)
    for (const [purpose, subject] of [
      ['answers', root.id],
      ['tag', new TextEncoder().encode('tout')],
    ] as const) {
      const seen: string[] = []
      let cursor: Uint8Array | null = null
      do {
        const page = seed.square.readInbox({ purpose, subject, since: 0, cursor })
        expect(page.operations.length).toBeGreaterThan(0)
        seen.push(...page.records.map((record) => Buffer.from(record).toString('hex')))
        cursor = page.next
      } while (cursor !== null)
      const posts = [...aya.records, ...ben.records].map(({ bytes }) => Buffer.from(bytes).toString('hex'))
      expect(new Set(seen)).toEqual(new Set(posts))
    }
  })
})
