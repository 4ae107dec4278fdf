import { CID } from 'multiformats/cid'
import * as Digest from 'multiformats/hashes/digest'
import { describe, expect, it } from 'vitest'
import { sha256 } from '../../../core/identity/hash.ts'
import { packBytes } from '../../../core/node/square-calls.ts'
import { TEST_EPOCH_MS, TestAuthor } from '../../harness/authors.ts'
import { TestSquare } from '../../harness/test-square.ts'

const DAY_MS = 86_400_000
const SIZE = 10_000

function picture(name: string) {
  const bytes = new Uint8Array(SIZE).fill(name.length)
  bytes.set(new TextEncoder().encode(name))
  const cid = CID.createV1(0x55, Digest.create(0x12, sha256(bytes)))
  const entry = { cid, type: 'image/png', size: SIZE, width: 2, height: 2, alt: name }
  return { bytes, cid, root: cid.toString(), entry }
}

function put(test: TestSquare, { cid, bytes, root }: ReturnType<typeof picture>, isPending = false): void {
  test.square.putBlocks([cid.bytes], packBytes([bytes]))
  test.square.putDag({ root, blocks: [root], type: 'image/png', size: SIZE, isPending })
}

function makeRoom(test: TestSquare): void {
  for (let steps = 0; test.square.makeRoom(); steps++) if (steps > 20_000) throw new Error('it never ends')
}

function open() {
  const now = TEST_EPOCH_MS
  const [me, pia, finn, stranger] = ['Me', 'Pia', 'Finn', 'Stranger'].map(
    (name) => new TestAuthor(name, { ts: now - 400 * DAY_MS }),
  )
  if (!me || !pia || !finn || !stranger) throw new Error('no authors')
  const shown = {
    own: picture('own'),
    pinned: picture('pinned'),
    face: picture('face of Finn'),
    fresh: picture('followed, fresh'),
    old: picture('followed, old'),
    older: picture('followed, older'),
    strange: picture('of a stranger'),
    writing: picture('not posted yet'),
  }
  const test = new TestSquare({ me, pins: [pia.address], role: 'seed' })
  me.follow(finn)
  me.post('mine', { media: [shown.own.entry] })
  pia.post('hers', { media: [shown.pinned.entry] })
  finn.describe({ name: 'Finn', avatar: shown.face.entry })
  finn.post('older', { media: [shown.older.entry], ts: now - 300 * DAY_MS })
  finn.post('old', { media: [shown.old.entry], ts: now - 100 * DAY_MS })
  finn.post('fresh', { media: [shown.fresh.entry], ts: now - 80 * DAY_MS })
  // A stranger who shows the pictures of others takes nothing from them.
  stranger.post('look', { media: [shown.strange.entry, shown.own.entry, shown.fresh.entry] })
  // Everything came long ago.
  test.clock.advance(-200 * DAY_MS)
  for (const author of [me, pia, finn, stranger]) test.ingestAll(author)
  test.clock.advance(200 * DAY_MS)
  test.ingestAll(finn)
  test.clock.advance(-200 * DAY_MS)
  for (const one of Object.values(shown)) put(test, one, one === shown.writing)
  test.clock.advance(200 * DAY_MS)
  put(test, shown.writing, true)
  const here = () =>
    Object.entries(shown).flatMap(([name, { root }]) => (test.square.getDag(root) === null ? [] : [name]))
  const keep = (mediaBytes: number) => {
    test.square.setBudgets({ recordBytes: 1_000_000_000, mediaBytes, strangerBytes: 1_000_000_000 })
    makeRoom(test)
  }
  return { finn, shown, test, here, keep }
}

describe('MediaEvictor', () => {
  it('lets strangers’ pictures go first, then old ones of people who are followed, and no others', () => {
    const { here, keep } = open()
    expect(here()).toHaveLength(8)
    keep(8 * SIZE)
    expect(here()).toHaveLength(8)
    keep(7.9 * SIZE)
    expect(here()).toEqual(['own', 'pinned', 'face', 'fresh', 'old', 'older', 'writing'])
    keep(6.9 * SIZE)
    expect(here()).toEqual(['own', 'pinned', 'face', 'fresh', 'old', 'writing'])
    keep(1)
    expect(here()).toEqual(['own', 'pinned', 'face', 'fresh', 'writing'])
  })

  it('does not ask for what it let go of by itself, and has it back when somebody asks', () => {
    const { finn, here, keep, shown, test } = open()
    keep(7.9 * SIZE)
    keep(6.9 * SIZE)
    test.square.setBudgets({ recordBytes: 1_000_000_000, mediaBytes: 1_000_000, strangerBytes: 1 })
    expect(test.square.listMissing(9)).toEqual([])
    expect(test.square.stats().mediaBytes).toBe(6 * SIZE)
    put(test, shown.older)
    keep(6.9 * SIZE)
    expect(here()).toContain('older')
    expect(here()).not.toContain('old')
    const again = finn.post('once more', { media: [shown.old.entry], ts: TEST_EPOCH_MS })
    test.square.setBudgets({ recordBytes: 1_000_000_000, mediaBytes: 1_000_000, strangerBytes: 1 })
    test.ingest({ records: [again] })
    expect(test.square.listMissing(9).map(({ root }) => root)).toEqual([shown.old.root])
  })

  it('asks for nothing by itself while nothing can make room', () => {
    const { finn, keep, test } = open()
    const young = picture('young')
    test.ingest({ records: [finn.post('young', { media: [young.entry], ts: TEST_EPOCH_MS })] })
    expect(test.square.listMissing(9).map(({ root }) => root)).toEqual([young.root])
    keep(1)
    test.square.makeRoom()
    expect(test.square.listMissing(9)).toEqual([])
  })
})
