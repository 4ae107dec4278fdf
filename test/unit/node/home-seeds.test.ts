import { describe, expect, it, onTestFinished } from 'vitest'
import type { ProfileView } from '../../../core/contract/views.ts'
import { MISSED_DAYS } from '../../../core/node/home-seed-book.ts'
import { HomeSeeds } from '../../../core/node/home-seeds.ts'
import type { StateBook } from '../../../core/node/ports.ts'
import type { ProfileDraft } from '../../../core/node/publish/drafts.ts'
import { ManualClock } from '../../../core/util/clock.ts'
import { silentLogger } from '../../../core/util/logger.ts'
import { TestSquare } from '../../harness/test-square.ts'
import { eventually } from '../../harness/wait.ts'

const DAY_MS = 86_400_000
const seedOf = (peerId: string) => ({ peerId, addresses: [`/ip4/192.0.2.1/tcp/1/p2p/${peerId}`] })

/** A node's home seeds over a real store, and who is connected, by name. */
function open(named: readonly string[] = []) {
  const { square } = new TestSquare()
  const book: StateBook = {
    getState: async (key) => square.getState(key),
    setState: async (key, value) => square.setState(key, value),
  }
  const clock = new ManualClock(100 * DAY_MS)
  const world = {
    met: [] as string[],
    profile: { name: 'Nour', bio: '', avatar: null, seeds: named.map(seedOf) } as ProfileDraft,
    written: 0,
  }
  const start = () => {
    const seeds = new HomeSeeds(
      {
        identity: { profile: 'nour', address: new Uint8Array(32), deviceKey: new Uint8Array(32) },
        peers: {
          listConnected: () =>
            world.met.map((peerId) => ({
              peerId,
              isSeed: true,
              name: '',
              dialable: seedOf(peerId).addresses[0] as string,
            })),
        },
        writing: {
          rewriteProfile: async (_profile, change) => {
            const next = change(world.profile)
            if (next === null) return
            world.profile = next
            world.written++
          },
        },
        reader: { profile: async () => world.profile as unknown as ProfileView },
        events: { publish() {} },
        book,
        clock,
        logger: silentLogger,
      },
      { debounceMs: 1 },
    )
    seeds.start()
    onTestFinished(() => seeds.stop())
    return seeds
  }
  const listNamed = () => world.profile.seeds.map(({ peerId }) => peerId)
  return { world, clock, start, named: listNamed }
}

async function add(node: ReturnType<typeof open>, seeds: HomeSeeds, names: readonly string[]): Promise<void> {
  node.world.met = [...names]
  seeds.notePeers()
  await eventually('they are named', () => names.every((name) => node.named().includes(name)) || null)
}

/** So many days go by, on each of which it is looked several times. */
async function pass(node: ReturnType<typeof open>, seeds: HomeSeeds, days: number): Promise<void> {
  for (let day = 0; day < days; day++) {
    node.clock.advance(DAY_MS)
    await seeds.review()
    await seeds.review()
  }
}

describe('home seeds that are given up (DSC12)', () => {
  it('make room for one that is met, after a week and across restarts', async () => {
    const node = open()
    let seeds = node.start()
    await add(node, seeds, ['a', 'b', 'c'])
    node.world.met = ['a', 'b', 'd']
    await pass(node, seeds, MISSED_DAYS - 1)
    await seeds.stop()
    seeds = node.start()
    await seeds.stop()
    seeds = node.start()
    await eventually('its book is read', () => seeds.review().then(() => true))
    expect(node.named()).toEqual(['a', 'b', 'c'])
    await pass(node, seeds, 1)
    expect(node.named()).toEqual(['a', 'b', 'd'])
  })

  it('are replaced one a day', async () => {
    const node = open()
    const seeds = node.start()
    await add(node, seeds, ['a', 'b', 'c'])
    node.world.met = ['c', 'd', 'e']
    await pass(node, seeds, MISSED_DAYS)
    expect(node.named()).toEqual(['d', 'b', 'c'])
    await pass(node, seeds, 1)
    expect(node.named()).toEqual(['d', 'e', 'c'])
  })

  it('stay where somebody else named them', async () => {
    const node = open(['chosen', 'b', 'c'])
    const seeds = node.start()
    node.world.met = ['b', 'd']
    await pass(node, seeds, 3 * MISSED_DAYS)
    expect(node.named()).toEqual(['chosen', 'b', 'c'])
    expect(node.world.written).toBe(0)
  })

  it('stay while nobody else is met, and when they were met in between', async () => {
    const node = open()
    const seeds = node.start()
    await add(node, seeds, ['a', 'b', 'c'])
    node.world.met = []
    await pass(node, seeds, 3 * MISSED_DAYS)
    node.world.met = ['a', 'd']
    await pass(node, seeds, MISSED_DAYS - 1)
    node.world.met = ['b', 'c', 'd']
    await pass(node, seeds, 1)
    node.world.met = ['a', 'd']
    await pass(node, seeds, MISSED_DAYS - 1)
    expect(node.named()).toEqual(['a', 'b', 'c'])
  })
})
