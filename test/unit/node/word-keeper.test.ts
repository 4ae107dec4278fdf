import { describe, expect, it } from 'vitest'
import type { NodeEvent } from '../../../core/contract/views.ts'
import { MAX_MUTED_WORDS } from '../../../core/moderation/word-book.ts'
import { WordKeeper } from '../../../core/node/word-keeper.ts'
import { silentLogger } from '../../../core/util/logger.ts'
import { TestAuthor } from '../../harness/authors.ts'
import { TestSquare } from '../../harness/test-square.ts'
import { eventually } from '../../harness/wait.ts'

const DAY_MS = 86_400_000
const FOREVER = { group: '', level: 'hide', until: null, exceptFollowed: false } as const

/** A keeper over a real store; private words lie in memory, the last one said comes first. */
function desk() {
  const [me, ben] = ['Me', 'Ben'].map((name) => new TestAuthor(name)) as [TestAuthor, TestAuthor]
  const test = new TestSquare({ me })
  test.ingest({ operations: [me.genesis, ben.genesis], records: [me.follow(ben), ben.post('a spoiler')] })
  const said = new Map<string, { value: unknown; at: number }>()
  const events: NodeEvent[] = []
  const keeper = new WordKeeper({
    book: {
      list: async () =>
        [...said].flatMap(([subject, word]) => (word.value === null ? [] : [{ subject, ...word }])).reverse(),
      put: async (_, subject, value) => {
        said.delete(subject)
        said.set(subject, { value, at: said.size + 1 })
      },
    },
    store: { settleWords: async (words) => test.square.settleWords(words) },
    events: { publish: (event) => void events.push(event) },
    clock: test.clock,
    logger: silentLogger,
  })
  test.listeners.add((event) => keeper.noteIngested(event))
  const seen = () => test.square.home({ limit: 9 }).items.length
  return { me, ben, test, said, events, keeper, seen }
}

describe('WordKeeper', () => {
  it('mutes a word in a private record, says once that lists have changed, and takes it back', async () => {
    const { keeper, events, seen } = desk()
    const word = await keeper.mute({ ...FOREVER, word: 'Spoilèr', group: 'Films' })
    expect(word).toMatchObject({ word: 'Spoilèr', group: 'Films', level: 'hide', until: null, isExpired: false })
    expect(seen()).toBe(0)
    expect(events).toEqual([{ type: 'silences' }])
    // However it is written it is the same word.
    const again = await keeper.mute({ ...FOREVER, word: 'SPOILER', level: 'warn' })
    expect(again.id).toBe(word.id)
    expect((await keeper.list()).items).toMatchObject([{ word: 'SPOILER', level: 'warn' }])
    await eventually('folded', () => seen() === 1)
    await keeper.unmute(word.id)
    expect(await keeper.list()).toEqual({ items: [], max: MAX_MUTED_WORDS })
    await keeper.stop()
  })

  it('shows posts again when the time of a word has come, keeps it as expired, and mutes anew when it is renewed', async () => {
    const { keeper, test, seen } = desk()
    const until = test.clock.now() + 7 * DAY_MS
    await keeper.mute({ ...FOREVER, word: 'spoiler', until })
    expect(seen()).toBe(0)
    test.clock.advance(7 * DAY_MS - 1)
    await keeper.start()
    await keeper.stop()
    expect(seen()).toBe(0)
    test.clock.advance(1)
    await keeper.start()
    await eventually('shown again', () => seen() === 1)
    expect((await keeper.list()).items).toMatchObject([{ word: 'spoiler', until, isExpired: true }])
    await keeper.mute({ ...FOREVER, word: 'spoiler', until: until + DAY_MS })
    expect(seen()).toBe(0)
    await keeper.stop()
  })

  it('wakes by itself at the moment in which a word runs out', async () => {
    const { keeper, test, seen } = desk()
    await keeper.mute({ ...FOREVER, word: 'spoiler', until: test.clock.now() + 30 })
    expect(seen()).toBe(0)
    test.clock.advance(30)
    await eventually('shown again', () => seen() === 1)
    await keeper.stop()
  })

  it('refuses what no post can be looked for by, one too many, and to take back what is not muted', async () => {
    const { keeper, said } = desk()
    for (const word of ['🔥', '…', '#1']) {
      await expect(keeper.mute({ ...FOREVER, word })).rejects.toMatchObject({ code: 'bad-request' })
    }
    await expect(keeper.unmute('00')).rejects.toMatchObject({ code: 'not-found' })
    for (let i = 0; i < MAX_MUTED_WORDS; i++) said.set(`${i}`, { value: { word: `word${i}` }, at: i })
    await expect(keeper.mute({ ...FOREVER, word: 'spoiler' })).rejects.toMatchObject({ code: 'bad-request' })
  })

  it('passes over what another program wrote, and heeds what another device says', async () => {
    const { keeper, said, seen } = desk()
    said.set('aa', { value: { word: 7 }, at: 1 })
    said.set('bb', { value: 'spoiler', at: 2 })
    said.set('cc', { value: { word: 'spoiler', level: 'shout', until: 'soon' }, at: 3 })
    await keeper.start()
    await eventually('hidden', () => seen() === 0)
    expect((await keeper.list()).items).toMatchObject([{ id: 'cc', level: 'hide', until: null }])
    await keeper.stop()
  })
})
