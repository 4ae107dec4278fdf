import { describe, expect, it } from 'vitest'
import {
  DESKTOP_GOALS,
  DIRECT_GOALS,
  type PlannedPeer,
  planDials,
  SEED_GOALS,
} from '../../../core/discovery/dial-plan.ts'
import type { PeerCard } from '../../../core/record/peer-card.ts'
import { fakeKey } from '../../harness/memory-square.ts'

const NOBODY = { seeds: [], wanted: [], others: [] }

function card(name: string, operator: string | null = name): PeerCard {
  return {
    device: fakeKey(name),
    author: operator === null ? null : fakeKey(`operator ${operator}`),
    role: 'peer',
    addresses: [`/dns4/${name}/tcp/1`],
    ts: 1,
    extensions: {},
    signature: new Uint8Array(64),
  }
}

const cards = (kind: string, count: number) => Array.from({ length: count }, (_, i) => card(`${kind}-${i}`))

function peer(name: string, change: Partial<PlannedPeer> = {}): PlannedPeer {
  const { device, author } = card(name)
  return { device, author, isSeed: false, isWanted: false, isOutbound: true, ...change }
}

const names = (planned: readonly PeerCard[]) => planned.map(({ addresses }) => addresses[0]?.split('/')[2])

describe('whom to dial (DSC8, DSC9)', () => {
  it('is one more of each kind than is lacking', () => {
    const candidates = { seeds: cards('seed', 9), wanted: cards('friend', 9), others: cards('other', 9) }
    expect(planDials([], candidates, DESKTOP_GOALS)).toHaveLength(3 + 1 + 4 + 1 + 2 + 1)
    expect(planDials([], { ...candidates, wanted: cards('friend', 40) }, DIRECT_GOALS)).toHaveLength(4 + 13 + 9)
  })

  it('is nobody where there is enough of everything, and nobody who is connected', () => {
    const seeds = [0, 1, 2].map((i) => peer(`seed-${i}`, { isSeed: true }))
    const friends = [0, 1, 2, 3].map((i) => peer(`friend-${i}`, { isWanted: true }))
    const others = [0, 1].map((i) => peer(`other-${i}`))
    const candidates = { seeds: cards('seed', 9), wanted: cards('friend', 9), others: cards('other', 9) }
    expect(planDials([...seeds, ...friends, ...others], candidates, DESKTOP_GOALS)).toEqual([])
    expect(names(planDials(seeds.slice(1), { ...NOBODY, seeds: cards('seed', 3) }, DESKTOP_GOALS))).toEqual(['seed-0'])
  })

  it('is a seed of another operator, a second one of the same only where there is none', () => {
    const seeds = [card('one-a', 'one'), card('one-b', 'one')]
    expect(names(planDials([], { ...NOBODY, seeds }, DESKTOP_GOALS))).toEqual(['one-a', 'one-b'])
    const connected = { ...peer('one-a', { isSeed: true }), author: fakeKey('operator one') }
    expect(planDials([connected], { ...NOBODY, seeds }, DESKTOP_GOALS)).toEqual([])
    const more = [...seeds, card('two', 'two')]
    expect(names(planDials([connected], { ...NOBODY, seeds: more }, DESKTOP_GOALS))).toEqual(['two'])
  })

  it('stays the same when a crowd dials in: strangers fill no place of those who are dialled', () => {
    const crowd = Array.from({ length: 90 }, (_, i) => peer(`crowd-${i}`, { isOutbound: false }))
    const candidates = { seeds: cards('seed', 2), wanted: cards('friend', 2), others: cards('other', 2) }
    expect(planDials(crowd, candidates, DESKTOP_GOALS)).toEqual(planDials([], candidates, DESKTOP_GOALS))
    // A crowd that calls itself seeds of one operator takes one place.
    const sybils = crowd.map((one) => ({ ...one, isSeed: true, author: fakeKey('one operator') }))
    expect(names(planDials(sybils, { ...NOBODY, seeds: cards('seed', 9) }, SEED_GOALS))).toHaveLength(8)
  })
})
