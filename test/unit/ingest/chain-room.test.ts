import { describe, expect, it } from 'vitest'
import { type IdentityState, resolveChain } from '../../../core/identity/chain.ts'
import { sha256 } from '../../../core/identity/hash.ts'
import { makeNotice, type NoticeContent } from '../../../core/identity/notice.ts'
import type { DeviceEntry, IdentityOperation } from '../../../core/identity/operation.ts'
import { signOperation } from '../../../core/identity/operation.ts'
import {
  MAX_OPERATIONS_PER_AUTHOR,
  ROOM_FOR_AUTHORITIES,
  ROOM_FOR_PAPER,
  roomFor,
  surplusOf,
} from '../../../core/ingest/chain-room.ts'
import { equalBytes, toHex, utf8 } from '../../../core/util/bytes.ts'
import { adding, device, following, genesisOf, keyOf, paperHash, slot } from '../../harness/chains.ts'
import { SeededChoice } from '../../harness/seeded-random.ts'

const genesis = genesisOf({ slots: [slot(1, 'words'), slot(2, 'ann', 'ben', 'cleo')] })
const state = resolveChain([genesis]) as IdentityState

function notice(by: string, ts: number, word = 'rehearse'): IdentityOperation {
  return makeNotice(state, { content: { word } as NoticeContent, ts }, keyOf(by))
}

/** What is held after all came in this order. */
function keep(operations: readonly IdentityOperation[], held: readonly IdentityOperation[] = [genesis]) {
  let all = [...held]
  for (const operation of operations) {
    if (all.some(({ id }) => equalBytes(id, operation.id))) continue
    const { isKept, surplus } = roomFor(operation, all)
    if (isKept) all = [...all.filter((one) => !surplus.includes(one)), operation]
  }
  return all
}

const idsOf = (operations: readonly IdentityOperation[]) => operations.map(({ id }) => toHex(id)).sort()

/** Device operations beside one another; made, not signed by anybody who would be asked here. */
function deviceOperations(count: number): IdentityOperation[] {
  return Array.from({ length: count }, (_, i) => ({
    ...genesis,
    prev: genesis.id,
    id: sha256(utf8(`device ${i}`)),
  })).map((one) => ({ ...one, signatures: [{ key: keyOf('laptop').publicKey, signature: new Uint8Array(64) }] }))
}

describe('the room of notices (IDN28)', () => {
  it('keeps the two newest of each key and word, whatever comes first', () => {
    const [first, second, third] = [1, 2, 3].map((ts) => notice('laptop', ts)) as [
      IdentityOperation,
      IdentityOperation,
      IdentityOperation,
    ]
    const others = [notice('laptop', 0, 'veto'), notice('ann', 0)]
    const wanted = idsOf([genesis, second, third, ...others])
    expect(idsOf(keep([...others, first, second, third]))).toEqual(wanted)
    expect(idsOf(keep([third, second, first, ...others]))).toEqual(wanted)
    expect(roomFor(first, keep([third, second]))).toMatchObject({ verdict: { verdict: 'accept' }, isKept: false })
    expect(roomFor(third, keep([first, second])).surplus).toEqual([first])
  })

  it('goes by id where the times are equal', () => {
    const equal = ['a', 'b', 'c', 'd'].map((to) =>
      makeNotice(state, { content: { word: 'alive', to: sha256(utf8(to)) }, ts: 5 }, keyOf('ann')),
    )
    const highest = idsOf(equal).slice(-2)
    expect(idsOf(keep(equal))).toEqual(idsOf([genesis, ...equal.filter(({ id }) => highest.includes(toHex(id)))]))
  })

  it('is a function of the set: every order, and whoever is asked whom, ends alike', () => {
    const choice = new SeededChoice(28)
    const phone = adding(genesis, 'laptop', device('phone'))
    const replaced = following(phone, { by: ['words'], slots: [slot(1, 'words'), slot(2, 'ann', 'dora')] })
    const all = ['laptop', 'phone', 'ann', 'ben', 'dora'].flatMap((by) =>
      [1, 2, 3, 4].flatMap((ts) => ['veto', 'recovery', 'later'].map((word) => notice(by, ts, word))),
    )
    for (let i = 0; i < 6; i++) {
      const chain = [genesis, phone, ...(i % 2 === 0 ? [replaced] : [])]
      // Two stores that have heard different parts, then hear what the other kept, each with the chain in its time.
      const part = () => all.filter(() => choice.below(2) === 0)
      const [one, other] = [keep(part(), chain), keep([...chain.slice(1), ...part()])]
      const [joined, joinedBack] = [keep(other, one), keep([...chain.slice(1), ...one], other)]
      expect(idsOf(joined)).toEqual(idsOf(joinedBack))
    }
  })

  it('has no place for what says nothing, for strangers, and for who may not speak any more', () => {
    const silent = signOperation({ ...notice('laptop', 1), extras: { notice: 'veto' } }, [keyOf('laptop')])
    const large = signOperation(
      { ...notice('laptop', 1), extras: { ...notice('laptop', 1).extras, more: new Uint8Array(1_024) } },
      [keyOf('laptop')],
    )
    for (const one of [silent, large, notice('stranger', 1), notice('paper', 1)]) {
      expect(roomFor(one, [genesis])).toMatchObject({ verdict: { verdict: 'drop', reason: 'quota' }, isKept: false })
    }
    const replaced = following(genesis, { by: ['words'], slots: [slot(1, 'words')] })
    expect(roomFor(replaced, keep([notice('ann', 1), notice('laptop', 1)])).surplus).toEqual([notice('ann', 1)])
  })

  it('gives a key eight words, those that come first', () => {
    const words = Array.from({ length: 12 }, (_, i) => `word ${String.fromCharCode(97 + i)}`)
    const kept = keep(words.toReversed().map((word) => notice('laptop', 1, word)))
    expect(kept.slice(1).map(({ extras }) => extras.notice)).toEqual(words.slice(0, 8).toReversed())
  })

  it('lets a thief who links devices without end silence neither the owner nor the guardians', () => {
    let last = genesis
    const chain = [genesis]
    for (let i = 0; i < 40; i++) {
      last = adding(last, i === 0 ? 'laptop' : 'thief 0', device(`thief ${i}`))
      chain.push(last)
    }
    const noise = Array.from({ length: 40 }, (_, i) => notice(`thief ${i}`, 100 + i))
    const said = [notice('laptop', 1), notice('ann', 1), notice('words', 1)]
    const kept = keep([...said, ...noise, ...said], chain)
    expect(said.every((one) => kept.some(({ id }) => toHex(id) === toHex(one.id)))).toBe(true)
    expect(kept.length - chain.length).toBe(32 + 2)
  })

  it('takes none of the room of operations', () => {
    const full = deviceOperations(MAX_OPERATIONS_PER_AUTHOR - ROOM_FOR_AUTHORITIES - 1)
    expect(roomFor(notice('ann', 1), [genesis, ...full]).isKept).toBe(true)
    const noise = [1, 2].flatMap((ts) => ['ann', 'ben', 'laptop'].map((by) => notice(by, ts)))
    const [more] = deviceOperations(500).slice(-1)
    expect(roomFor(more as IdentityOperation, [genesis, ...full.slice(1), ...noise]).isKept).toBe(true)
    expect(roomFor(more as IdentityOperation, [genesis, ...full, ...noise]).isKept).toBe(false)
  })
})

describe('the room of operations (IDN29)', () => {
  const other = MAX_OPERATIONS_PER_AUTHOR - ROOM_FOR_AUTHORITIES

  it('keeps places for authorities when devices have filled the rest, and the last ones for the paper key', () => {
    const full = [genesis, ...deviceOperations(other - 1)]
    const byWords = Array.from({ length: ROOM_FOR_AUTHORITIES - ROOM_FOR_PAPER }, (_, i) =>
      following(genesis, { by: ['words'], paper: paperHash(`paper ${i}`) }),
    )
    const byPaper = following(genesis, { by: ['paper'], paper: paperHash('next') })
    const [byDevice, byMore] = [deviceOperations(400).at(-1), following(genesis, { by: ['words'], devices: [] })]
    expect(roomFor(byDevice as IdentityOperation, full).verdict).toEqual({ verdict: 'drop', reason: 'quota' })
    expect(byWords.every((one) => roomFor(one, full).isKept)).toBe(true)
    expect(roomFor(byMore, [...full, ...byWords]).isKept).toBe(false)
    expect(roomFor(byPaper, [...full, ...byWords]).isKept).toBe(true)
  })

  it('keeps four of what a guardian has signed alone, those that can still count first', () => {
    const entry = (name: string): DeviceEntry[] => [...genesis.devices, device(name)]
    const alone = (on: IdentityOperation, i: number) => following(on, { by: ['ann'], devices: entry(`new ${i}`) })
    const since = following(genesis, { by: ['words'], paper: paperHash('next') })
    const late = Array.from({ length: 9 }, (_, i) => alone(genesis, i))
    const current = Array.from({ length: 3 }, (_, i) => alone(since, i))
    const byBen = following(genesis, { by: ['ben'], devices: entry('for Ben') })
    const kept = keep([...late, since, ...current, byBen])
    expect(idsOf(kept)).toEqual(idsOf(keep([byBen, ...current.toReversed(), ...late.toReversed()], [genesis, since])))
    expect(current.every((one) => kept.includes(one))).toBe(true)
    expect(kept).toHaveLength(2 + 3 + 2)
    expect(
      kept.filter(({ signatures }) => toHex(signatures[0]?.key as Uint8Array) === toHex(keyOf('ben').publicKey)),
    ).toHaveLength(1)
  })

  it('never takes what is applied for unfinished', () => {
    const devices = Array.from({ length: 6 }, (_, i) => adding(genesis, 'laptop', device(`phone ${i}`)))
    const withAnn = devices.map((one) => signOperation(one, [keyOf('laptop'), keyOf('ann')]))
    const byTwo = Array.from({ length: 6 }, (_, i) =>
      following(genesis, { by: ['ann', 'ben'], paper: paperHash(`paper ${i}`) }),
    )
    expect(surplusOf([genesis, ...withAnn, ...byTwo, notice('ann', 1)])).toEqual([])
  })
})
