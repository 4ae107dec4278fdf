import { describe, expect, it } from 'vitest'
import type { NodeEvent } from '../../../core/contract/views.ts'
import { formatPeerId, parsePeerId } from '../../../core/identity/peer-id.ts'
import { Drafts } from '../../../core/node/publish/drafts.ts'
import { SilenceKeeper } from '../../../core/node/silence-keeper.ts'
import { decodeRecord } from '../../../core/record/decode-record.ts'
import { KIND } from '../../../core/record/kinds/kind-table.ts'
import { silentLogger } from '../../../core/util/logger.ts'
import { systemRandom } from '../../../core/util/random.ts'
import { TestAuthor } from '../../harness/authors.ts'
import { TestSquare } from '../../harness/test-square.ts'
import { eventually } from '../../harness/wait.ts'

/** A keeper over a real store; private words lie in memory, the last one wins. */
function desk() {
  const [me, ben, stranger] = ['Me', 'Ben', 'Stranger'].map((name) => new TestAuthor(name)) as [
    TestAuthor,
    TestAuthor,
    TestAuthor,
  ]
  const test = new TestSquare({ me })
  test.ingest({ operations: [me.genesis, ben.genesis], records: [me.follow(ben), ben.post('shade')] })
  const words = new Map<string, { value: unknown; at: number }>()
  const wishes = new Map<string, { value: unknown; at: number }>()
  const events: NodeEvent[] = []
  const keeper = new SilenceKeeper({
    identity: { address: me.address, profile: me.profile, deviceKey: me.account.device },
    people: { find: async (text) => ({ key: parsePeerId(text) as Uint8Array, addresses: [] }) },
    book: {
      list: async (edge) =>
        [...(edge === 'mute' ? words : wishes)].flatMap(([subject, word]) =>
          word.value ? [{ subject, ...word }] : [],
        ),
      put: async (edge, subject, value) => {
        expect(['mute', 'block']).toContain(edge)
        ;(edge === 'mute' ? words : wishes).set(subject, { value, at: words.size + 1 })
      },
    },
    store: {
      settleSilences: async (muted, blocked) => test.square.settleSilences(muted, blocked),
      findGenesis: async (author) => test.square.findGenesis(author),
    },
    reader: { silencedPeople: async () => test.square.silencedPeople() },
    publisher: { publish: async (drafts) => test.square.publish(drafts) },
    drafts: new Drafts({ random: systemRandom }),
    events: { publish: (event) => void events.push(event) },
    logger: silentLogger,
  })
  test.listeners.add((event) => keeper.noteIngested(event))
  const seen = () => test.square.home({ limit: 9 }).items.length
  return { me, ben, stranger, test, words, wishes, events, keeper, seen }
}

describe('SilenceKeeper', () => {
  it('mutes in private, blocks in public, and takes both back, saying each change once', async () => {
    const { ben, keeper, events, seen } = desk()
    expect(seen()).toBe(1)
    await keeper.mute(ben.profile, true)
    expect(seen()).toBe(0)
    expect(await keeper.list()).toMatchObject({ muted: [{ profile: ben.profile }], blocked: [] })
    await keeper.block(ben.profile, true)
    await keeper.mute(ben.profile, false)
    expect(seen()).toBe(0)
    expect(await keeper.list()).toMatchObject({ muted: [], blocked: [{ profile: ben.profile }] })
    await keeper.block(ben.profile, false)
    expect(seen()).toBe(1)
    expect(events).toEqual(Array(4).fill({ type: 'silences' }))
  })

  it('heeds what another device has muted, and a block that comes from the other one', async () => {
    const { me, ben, test, words, keeper, seen } = desk()
    words.set(Buffer.from(ben.address).toString('hex'), { value: true, at: 3 })
    words.set('ff', { value: true, at: 4 })
    await keeper.start()
    expect(seen()).toBe(0)
    words.clear()
    await keeper.start()
    expect(seen()).toBe(1)
    test.ingest({ records: [ben.block(me)] })
    await eventually('hidden', () => seen() === 0)
    test.ingest({ records: [ben.block(me, false)] })
    await eventually('shown again', () => seen() === 1)
    await keeper.stop()
  })

  it('heeds a block by somebody whom nobody here follows, and keeps no block of others among themselves', () => {
    const { me, ben, stranger, test } = desk()
    const blocks = [stranger.block(ben), stranger.block(me)]
    test.ingest({ operations: [stranger.genesis], records: blocks })
    test.square.settleSilences([])
    expect(test.square.profile(stranger.profile).silences).toEqual(['blocks-me'])
    const kept = test.square.readLog(stranger.address, stranger.account.device, [1, 9], 1_000_000)
    expect(kept.map(({ seq }) => seq)).toEqual([2])
  })

  it('blocks somebody of whom nothing is here, at once in private and in public when their chain comes', async () => {
    const { me, stranger, test, wishes, keeper } = desk()
    const profile = formatPeerId(stranger.address)
    await keeper.block(profile, true)
    expect(await keeper.list()).toMatchObject({ blocked: [{ profile, isWaiting: true }] })
    expect(test.square.profile(profile).silences).toEqual(['blocked'])
    const own = () =>
      test.square
        .readLog(me.address, me.account.device, [1, 99], 1_000_000)
        .map(({ record }) => decodeRecord(record))
        .filter((record) => record.ok && record.record.header.kind === KIND.block).length
    expect(own()).toBe(0)
    test.ingest({ operations: [stranger.genesis], records: [stranger.follow(me)] })
    keeper.noteIdentities()
    await eventually('said in public', () => [...wishes.values()].every(({ value }) => value === null))
    expect(own()).toBe(1)
    expect((await keeper.list()).blocked).toMatchObject([{ profile }])
    expect((await keeper.list()).blocked[0]).not.toHaveProperty('isWaiting')
    await keeper.block(profile, false)
    expect((await keeper.list()).blocked).toEqual([])
    await keeper.stop()
  })

  it('takes such a block back before anybody learns of it', async () => {
    const { stranger, test, keeper } = desk()
    const profile = formatPeerId(stranger.address)
    await keeper.block(profile, true)
    await keeper.block(profile, false)
    expect((await keeper.list()).blocked).toEqual([])
    test.ingest({ operations: [stranger.genesis] })
    await keeper.start()
    await keeper.stop()
    expect(test.square.profile(profile)).not.toHaveProperty('silences')
  })

  it('refuses oneself', async () => {
    const { me, keeper } = desk()
    await expect(keeper.mute(me.profile, true)).rejects.toMatchObject({ code: 'bad-request' })
    await expect(keeper.block(me.profile, true)).rejects.toMatchObject({ code: 'bad-request' })
  })
})
