import { beforeEach, describe, expect, it } from 'vitest'
import { CardBook } from '../../../core/discovery/card-book.ts'
import {
  MAX_AUTHOR_CARDS,
  MAX_CARD_AGE_MS,
  MAX_CARD_AHEAD_MS,
  MAX_CARDS_PER_HOST,
  MAX_OTHER_CARDS,
  MAX_SEED_CARDS,
} from '../../../core/discovery/limits.ts'
import type { PeerCardWord } from '../../../core/record/peer-card.ts'
import { equalBytes } from '../../../core/util/bytes.ts'
import { ManualClock } from '../../../core/util/clock.ts'
import { keyOf } from '../../harness/chains.ts'
import { CARD_TIME, cardOf } from '../../harness/peer-cards.ts'

let clock: ManualClock
let wanted: Uint8Array[]
let book: CardBook

beforeEach(() => {
  clock = new ManualClock(CARD_TIME)
  wanted = []
  book = new CardBook({ clock }, { isWanted: (author) => wanted.some((one) => equalBytes(one, author)) })
})

/** A card without the cost of its signature: the book believes what it is given. */
function unsigned(name: string, change: Partial<PeerCardWord> = {}) {
  return {
    ...cardOf('model'),
    device: keyOf(name).publicKey,
    author: null,
    addresses: [`/dns4/${name}/tcp/1`],
    ...change,
  }
}

describe('which card counts (DSC3)', () => {
  it('keeps the newest of a device, whatever the order', () => {
    const older = cardOf('ada', { addresses: ['/ip4/192.0.2.1/tcp/1'] })
    const newer = cardOf('ada', { addresses: ['/ip4/192.0.2.2/tcp/1'], ts: CARD_TIME + 1 })
    expect([book.note(older), book.note(newer), book.note(older), book.note(newer)]).toEqual([
      'kept',
      'kept',
      'older',
      'known',
    ])
    expect(book.get(older.device)).toEqual(newer)
    expect(book.size).toBe(1)
  })

  it('takes none from the future, and none that is older than 30 days, also when it has grown old here', () => {
    expect(book.note(cardOf('ada', { ts: CARD_TIME + MAX_CARD_AHEAD_MS + 1 }))).toBe('too-new')
    expect(book.note(cardOf('ada', { ts: CARD_TIME - MAX_CARD_AGE_MS - 1 }))).toBe('too-old')
    const card = cardOf('ada')
    expect(book.note(card)).toBe('kept')
    clock.advance(MAX_CARD_AGE_MS + 1)
    expect(book.get(card.device)).toBeNull()
    expect(book.ofAuthors([card.author as Uint8Array], 8)).toEqual([])
    expect(book.all()).toEqual([])
  })

  it('forgets where a device was that says it has no address any more', () => {
    const card = cardOf('ada')
    book.note(card)
    expect(book.note(cardOf('ada', { addresses: [], ts: CARD_TIME + 1 }))).toBe('no-address')
    expect(book.get(card.device)).toBeNull()
  })

  it('takes no older card from others of a device that took its addresses back (DSC13)', () => {
    const card = cardOf('ada')
    book.note(cardOf('ada', { addresses: [], ts: CARD_TIME + 1 }))
    expect(book.note(card)).toBe('older')
    expect(book.note(cardOf('ada', { ts: CARD_TIME + 2 }))).toBe('kept')
  })
})

describe('what is kept (DSC6)', () => {
  it('lets no crowd of strangers push out the devices of somebody who is wanted', () => {
    const friend = cardOf('friend')
    wanted = [friend.author as Uint8Array]
    book.note(friend)
    for (let i = 0; i < MAX_OTHER_CARDS + 50; i++) book.note(unsigned(`stranger-${i}`))
    expect(book.get(friend.device)).toEqual(friend)
    expect(book.size).toBe(MAX_OTHER_CARDS + 1)
  })

  it('keeps at most 200 seeds, and none that answered goes for one that never did', () => {
    for (let i = 0; i < MAX_SEED_CARDS; i++) book.note(unsigned(`seed-${i}`, { role: 'seed' }))
    for (let i = 0; i < MAX_SEED_CARDS; i++) book.noteMet(keyOf(`seed-${i}`).publicKey)
    expect(book.note(unsigned('newcomer', { role: 'seed' }))).toBe('full')
    expect(book.seeds(1_000)).toHaveLength(MAX_SEED_CARDS)
  })

  it('lets the seed go that was tried most often in vain', () => {
    for (let i = 0; i < MAX_SEED_CARDS; i++) book.note(unsigned(`seed-${i}`, { role: 'seed' }))
    book.noteSilent(keyOf('seed-7').publicKey)
    expect(book.note(unsigned('newcomer', { role: 'seed' }))).toBe('kept')
    expect(book.get(keyOf('seed-7').publicKey)).toBeNull()
    expect(book.get(keyOf('seed-8').publicKey)).not.toBeNull()
  })

  it('takes no more than 64 strangers behind one address', () => {
    const addresses = ['/ip4/192.0.2.1/tcp/1']
    for (let i = 0; i < MAX_CARDS_PER_HOST; i++) expect(book.note(unsigned(`one-${i}`, { addresses }))).toBe('kept')
    expect(book.note(unsigned('one more', { addresses }))).toBe('crowd')
    expect(book.note(unsigned('elsewhere'))).toBe('kept')
  })

  it('keeps the eight newest devices of one account', () => {
    const author = keyOf('many').publicKey
    for (let i = 0; i <= MAX_AUTHOR_CARDS; i++) book.note(unsigned(`device-${i}`, { author, ts: CARD_TIME - 100 + i }))
    expect(book.ofAuthors([author], 64).map(({ ts }) => ts - CARD_TIME + 100)).toEqual([8, 7, 6, 5, 4, 3, 2, 1])
  })

  it('moves a card to the wanted ones when its author is followed, and back', () => {
    const card = cardOf('ada')
    book.note(card)
    expect([book.wanted(9), book.others(9)]).toEqual([[], [card]])
    wanted = [card.author as Uint8Array]
    book.noteWanted()
    expect([book.wanted(9), book.others(9)]).toEqual([[card], []])
    wanted = []
    book.noteWanted()
    expect([book.wanted(9), book.others(9)]).toEqual([[], [card]])
  })
})

describe('who is named first', () => {
  it('names a seed of each operator before a second of any, and those that answered before the rest', () => {
    const author = keyOf('large operator').publicKey
    const role = 'seed'
    for (const name of ['large-1', 'large-2', 'large-3']) book.note(unsigned(name, { role, author }))
    book.note(unsigned('small', { role, author: keyOf('small operator').publicKey, ts: CARD_TIME - 5 }))
    clock.advance(1_000)
    book.noteMet(keyOf('large-2').publicKey)
    expect(book.seeds(2).map(({ device }) => device)).toEqual([keyOf('large-2').publicKey, keyOf('small').publicKey])
    expect(book.seeds(9)).toHaveLength(4)
  })

  it('gives back from the disk what was remembered of a card', () => {
    book.note(cardOf('ada'))
    book.noteMet(cardOf('ada').device)
    const again = new CardBook({ clock }, { isWanted: () => false })
    for (const { card, metAt } of book.all()) again.restore(card, metAt)
    expect(again.all()).toEqual([{ card: cardOf('ada'), metAt: CARD_TIME }])
  })
})
