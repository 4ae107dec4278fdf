import { describe, expect, it } from 'vitest'
import type { IngestedEvent } from '../../../core/ingest/door.ts'
import type { LogReader } from '../../../core/store/log-reader.ts'
import { AuthorHeads } from '../../../core/sync/author-heads.ts'
import { prefixesOf } from '../../../core/sync/feed/interest-set.ts'
import { ManualClock } from '../../../core/util/clock.ts'
import { fakeKey, MemorySquare } from '../../harness/memory-square.ts'

const [ana, bo, phone] = [fakeKey('ana'), fakeKey('bo'), fakeKey('phone')]

/** Something of that author was committed. */
function changeOf(author: Uint8Array): IngestedEvent {
  return { source: { kind: 'own' }, records: [], reshown: [], identities: [author], gaps: [], beats: [] }
}

describe('AuthorHeads', () => {
  function counted() {
    const square = new MemorySquare()
    square.fill(ana, phone, 3)
    let reads = 0
    const reader = new Proxy<LogReader>(square, {
      get: (target, name) => {
        if (name === 'listHeld') reads++
        const value = Reflect.get(target, name)
        return typeof value === 'function' ? value.bind(target) : value
      },
    })
    const clock = new ManualClock(1_000_000)
    return { square, clock, heads: new AuthorHeads({ reader, clock }), reads: () => reads }
  }

  it('reads what is held once, until it has changed (FEE7)', async () => {
    const { square, heads, reads } = counted()
    const salt = new Uint8Array(16)
    const before = await heads.hash(prefixesOf([ana]), salt)
    expect(await heads.hash(prefixesOf([ana]), salt)).toEqual(before)
    expect(reads()).toBe(1)
    square.put(ana, phone, 4)
    expect(await heads.hash(prefixesOf([ana]), salt)).toEqual(before)
    heads.noteIngested(changeOf(ana))
    expect(await heads.hash(prefixesOf([ana]), salt)).not.toEqual(before)
    expect(await heads.hash(prefixesOf([ana]), new Uint8Array(16).fill(1))).not.toEqual(before)
  })

  it('believes nothing that is older than ten minutes', async () => {
    const { square, clock, heads } = counted()
    const salt = new Uint8Array(16)
    const before = await heads.hash(prefixesOf([ana]), salt)
    square.put(ana, phone, 4)
    clock.advance(10 * 60_000 + 1)
    expect(await heads.hash(prefixesOf([ana]), salt)).not.toEqual(before)
  })

  it('does not keep what changed while it was being read', async () => {
    const { square, heads } = counted()
    const salt = new Uint8Array(16)
    const reading = heads.hash(prefixesOf([ana]), salt)
    square.put(ana, phone, 4)
    heads.noteIngested(changeOf(ana))
    await reading
    const fresh = new AuthorHeads({ reader: square, clock: new ManualClock(1) })
    expect(await heads.hash(prefixesOf([ana]), salt)).toEqual(await fresh.hash(prefixesOf([ana]), salt))
  })

  it('serves sessions and feeds alike (SYN6, FEE7)', async () => {
    const { heads, reads } = counted()
    await heads.hash(prefixesOf([ana, bo]), new Uint8Array(16))
    expect(await heads.headsOf([bo, ana])).toMatchObject([{ author: ana }])
    // Of whom nothing is held is asked again by his whole address: another may begin alike.
    expect(reads()).toBe(2)
    expect(await heads.headsOf([ana])).toMatchObject([{ author: ana }])
    expect(reads()).toBe(2)
  })
})
