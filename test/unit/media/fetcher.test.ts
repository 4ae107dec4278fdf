import type { CID } from 'multiformats/cid'
import { afterEach, describe, expect, it } from 'vitest'
import { encodeDag } from '../../../core/media/dag.ts'
import { MediaFetcher } from '../../../core/media/fetcher.ts'
import type { BlockSource } from '../../../core/media/helia-host.ts'
import { concatBytes } from '../../../core/util/bytes.ts'
import { ManualClock } from '../../../core/util/clock.ts'
import { silentLogger } from '../../../core/util/logger.ts'
import { MemoryTables } from '../../harness/media/memory-tables.ts'
import { pictures, pngChunk } from '../../harness/media/pictures.ts'
import { eventually } from '../../harness/wait.ts'

/** A network whose answers the test gives. */
class HeldSource implements BlockSource {
  readonly asked: string[] = []
  readonly blocks = new Map<string, Uint8Array>()
  #waiting: (() => void)[] = []
  isOpen = true

  async fetchBlock(cid: CID, { signal }: { signal?: AbortSignal | undefined }) {
    this.asked.push(cid.toString())
    while (true) {
      signal?.throwIfAborted()
      const bytes = this.isOpen ? this.blocks.get(cid.toString()) : undefined
      if (bytes !== undefined) return { bytes, peer: 'somebody' }
      await new Promise<void>((resolve) => {
        this.#waiting.push(resolve)
        signal?.addEventListener('abort', () => resolve(), { once: true })
      })
    }
  }

  open(): void {
    this.isOpen = true
    for (const go of this.#waiting.splice(0)) go()
  }
}

function key(fill: number): Uint8Array {
  return new Uint8Array(32).fill(fill)
}

/** Different pictures of about 150 bytes. */
function picture(index: number): Uint8Array {
  const mark = pngChunk('IDAT', Uint8Array.of(index >> 8, index & 255))
  return concatBytes(pictures.png.subarray(0, 33), mark, pictures.png.subarray(33))
}

function setUp(init: { deadlineMs?: number } = {}) {
  const tables = new MemoryTables()
  const source = new HeldSource()
  const clock = new ManualClock(1_000_000)
  const peers = { connected: true }
  const hasPeers = () => peers.connected
  const saving = { isOn: false }
  const isSaving = () => saving.isOn
  const components = { index: tables, blocks: tables, source, logger: silentLogger, clock, hasPeers, isSaving }
  const fetcher = new MediaFetcher(components, init)
  running.push(fetcher)
  const claim = (bytes: Uint8Array, author = 1): string => {
    const [root, ...leaves] = encodeDag(bytes)
    for (const { cid, bytes } of [root, ...leaves]) source.blocks.set(cid.toString(), bytes)
    const cid = root.cid.toString()
    tables.claims.set(cid, { type: 'image/png', size: bytes.length, author: key(author) })
    return cid
  }
  return { tables, source, clock, peers, saving, fetcher, claim }
}

const running: MediaFetcher[] = []
afterEach(async () => {
  for (const fetcher of running.splice(0)) await fetcher.stop()
})

describe('MediaFetcher', () => {
  it('brings what wanted records refer to, and says each step', async () => {
    const { fetcher, tables, claim } = setUp()
    const cid = claim(picture(1))
    const steps: string[] = []
    fetcher.subscribe((root, state) => steps.push(`${root === cid} ${state}`))
    expect(fetcher.stateOf(cid)).toBe('waiting')
    fetcher.start()
    await eventually('the picture is here', () => fetcher.stateOf(cid) === 'here')
    expect(steps).toEqual(['true fetching', 'true here'])
    expect(await tables.getDag(cid)).toMatchObject({ type: 'image/png', isPending: false })
  })

  it('brings nothing by itself while traffic is saved, only what somebody asks for, and the rest afterwards', async () => {
    const { fetcher, saving, source, tables, claim } = setUp()
    source.isOpen = false
    const cids = Array.from({ length: 12 }, (_, i) => claim(picture(i)))
    fetcher.start()
    await eventually('four are asked for', () => source.asked.length === 4)
    saving.isOn = true
    let lists = 0
    const listMissing = tables.listMissing.bind(tables)
    tables.listMissing = async (limit) => {
      lists++
      return await listMissing(limit)
    }
    source.open()
    const stateOf = (cid: string) => fetcher.stateOf(cid)
    await eventually('what was under way is here', () => cids.filter((cid) => stateOf(cid) === 'here').length === 4)
    fetcher.wake()
    fetcher.peerConnected()
    expect([lists, source.asked.length]).toEqual([0, 4])
    const wanted = cids.find((cid) => stateOf(cid) === 'waiting') as string
    expect(await fetcher.fetch(wanted)).toBe('here')
    expect(cids.filter((cid) => stateOf(cid) === 'here')).toHaveLength(5)
    saving.isOn = false
    fetcher.wake()
    await eventually('all are here', () => cids.every((cid) => stateOf(cid) === 'here'))
  })

  it('asks for four at once, and for each once', async () => {
    const { fetcher, source, claim } = setUp()
    source.isOpen = false
    const cids = Array.from({ length: 12 }, (_, i) => claim(picture(i)))
    fetcher.start()
    await eventually('four are asked for', () => source.asked.length === 4)
    fetcher.wake()
    expect(cids.filter((cid) => fetcher.stateOf(cid) === 'fetching')).toHaveLength(4)
    source.open()
    await eventually('all are here', () => cids.every((cid) => fetcher.stateOf(cid) === 'here'))
    expect(new Set(source.asked).size).toBe(source.asked.length)
  })

  it('comes to what stands behind hundreds of files that broke a rule', async () => {
    const { fetcher, tables, claim } = setUp()
    for (let i = 0; i < 300; i++) tables.claims.set(claim(picture(i)), { type: 'image/gif', size: 150, author: key(1) })
    const last = claim(picture(300), 2)
    fetcher.start()
    const rounds = setInterval(() => fetcher.wake(), 10)
    await eventually('it is here', () => fetcher.stateOf(last) === 'here')
    clearInterval(rounds)
  })

  it('asks first for what the list names first, whatever has waited longer (MED8)', async () => {
    const { fetcher, source, tables, claim } = setUp()
    source.isOpen = false
    const old = Array.from({ length: 400 }, (_, i) => claim(picture(i)))
    fetcher.start()
    await eventually('four are asked for', () => source.asked.length === 4)
    const fresh = Array.from({ length: 20 }, (_, i) => claim(picture(1_000 + i), 2))
    const [late, ...others] = [...tables.claims].toReversed()
    const listed = [...(late === undefined ? [] : [late]), ...others]
    tables.claims.clear()
    for (const [root, one] of listed) tables.claims.set(root, one)
    let lists = 0
    const listMissing = tables.listMissing.bind(tables)
    tables.listMissing = async (limit) => {
      lists++
      return await listMissing(limit)
    }
    fetcher.wake()
    await eventually('the list was read', () => lists > 0)
    const clicked = fetcher.fetch(old[200] as string)
    source.open()
    expect(await clicked).toBe('here')
    await eventually('all are here', () => [...old, ...fresh].every((cid) => fetcher.stateOf(cid) === 'here'))
    const places = new Map(source.asked.map((cid, i) => [cid, i]))
    const placeOf = (cid: string | undefined) => places.get(cid ?? '') ?? Number.NaN
    expect(Math.max(...fresh.map(placeOf))).toBeLessThanOrEqual(4 + fresh.length)
    expect(placeOf(old[200])).toBeLessThanOrEqual(4 + fresh.length)
    // The control: in the order in which they came these are the last.
    expect(placeOf(old[10])).toBeGreaterThan(placeOf(old[300]))
  })

  it('counts once what leaves the queue for newer files and comes back (MED8)', async () => {
    const { fetcher, source, tables, claim } = setUp()
    source.isOpen = false
    const size = 1024 * 1024
    const heavy = Array.from({ length: 200 }, (_, i) => claim(picture(i)))
    for (const cid of heavy) tables.claims.set(cid, { type: 'image/png', size, author: key(1) })
    fetcher.start()
    await eventually('four are asked for', () => source.asked.length === 4)
    const light = Array.from({ length: 300 }, (_, i) => claim(picture(1_000 + i), 2))
    const inOrder = [...tables.claims]
    const reorder = (isLightFirst: boolean) => {
      tables.claims.clear()
      for (const [root, one] of isLightFirst ? inOrder.toReversed() : inOrder) tables.claims.set(root, one)
    }
    let lists = 0
    const listMissing = tables.listMissing.bind(tables)
    tables.listMissing = async (limit) => {
      lists++
      return await listMissing(limit)
    }
    // They wait, and are pushed out and taken in again three times: more than 256 MiB, if each time counted.
    for (let round = 0; round < 6; round++) {
      reorder(round % 2 === 0)
      const before = lists
      fetcher.wake()
      await eventually('the list was read', () => lists > before)
    }
    source.open()
    await eventually('all were tried', () => {
      fetcher.wake()
      return [...heavy.slice(4), ...light].every((cid) => ['here', 'missing'].includes(fetcher.stateOf(cid)))
    })
    expect(heavy.map((cid) => fetcher.stateOf(cid))).toEqual(heavy.map(() => 'missing'))
  })

  it('calls it missing after the deadline and tries again after a pause, or when a peer comes (MED8)', async () => {
    const { fetcher, source, tables, clock, claim } = setUp({ deadlineMs: 400 })
    source.isOpen = false
    const cid = claim(picture(1))
    fetcher.start()
    await eventually('it counts as missing', () => fetcher.stateOf(cid) === 'missing' && tables.failed.length === 1)
    const tries = source.asked.length
    fetcher.wake()
    await eventually('the list was read', () => fetcher.stateOf(cid) === 'missing')
    expect(source.asked.length).toBe(tries)

    clock.advance(10_001)
    fetcher.wake()
    await eventually('it is asked for again', () => source.asked.length === tries + 1)
    await eventually('it counts as missing', () => tables.failed.length === 2)
    source.open()
    fetcher.peerConnected()
    await eventually('it is here', () => fetcher.stateOf(cid) === 'here')
  })

  it('asks for nothing and calls nothing missing while nobody is connected', async () => {
    const { fetcher, source, tables, peers, claim } = setUp({ deadlineMs: 400 })
    peers.connected = false
    const cid = claim(picture(1))
    fetcher.start()
    expect(await fetcher.fetch(cid)).toBe('waiting')
    expect(source.asked).toEqual([])
    peers.connected = true
    source.isOpen = false
    fetcher.peerConnected()
    await eventually('it is asked for', () => source.asked.length === 1)
    peers.connected = false
    await eventually('it waits again', () => fetcher.stateOf(cid) === 'waiting')
    expect(tables.failed).toEqual([])
  })

  it('asks a new peer at once for what others did not have, whatever the list says', async () => {
    const { fetcher, source, tables, claim } = setUp({ deadlineMs: 400 })
    source.isOpen = false
    const cid = claim(picture(1))
    fetcher.start()
    await eventually('it counts as missing', () => fetcher.stateOf(cid) === 'missing' && tables.failed.length === 1)
    tables.listMissing = async () => []
    source.open()
    fetcher.peerConnected()
    await eventually('it is here', () => fetcher.stateOf(cid) === 'here')
  })

  it('does not ask again for what broke a rule, unless somebody asks by name (MED8)', async () => {
    const { fetcher, source, tables, claim } = setUp()
    const cid = claim(picture(1))
    const honest = tables.claims.get(cid)
    tables.claims.set(cid, { type: 'image/jpeg', size: honest?.size ?? 0, author: new Uint8Array(32) })
    fetcher.start()
    await eventually('it is refused', () => fetcher.stateOf(cid) === 'missing')
    const tries = source.asked.length
    fetcher.peerConnected()
    const other = claim(picture(2))
    await eventually('the next one is here', () => {
      fetcher.wake()
      return fetcher.stateOf(other) === 'here'
    })
    expect(source.asked.filter((asked) => asked === cid)).toHaveLength(tries)
    expect(await fetcher.fetch(cid)).toBe('missing')
    expect(source.asked.filter((asked) => asked === cid)).toHaveLength(tries + 1)
  })

  it('fetches by name what it does not want by itself (MED8)', async () => {
    const { fetcher, tables, claim } = setUp()
    const cid = claim(picture(1))
    tables.listMissing = async () => []
    fetcher.start()
    const [first, second] = await Promise.all([fetcher.fetch(cid), fetcher.fetch(cid)])
    expect([first, second]).toEqual(['here', 'here'])
    expect(await fetcher.fetch(cid)).toBe('here')
    expect(await fetcher.fetch(encodeDag(picture(9))[0].cid.toString())).toBe('waiting')
  })

  it('lets one author bring in 256 MiB and then waits; other authors go on (MED8)', async () => {
    const { fetcher, source, tables, claim } = setUp({ deadlineMs: 400 })
    for (let i = 0; i < 20; i++) {
      const cid = claim(picture(i))
      tables.claims.set(cid, { type: 'image/png', size: 16 * 1024 * 1024, author: new Uint8Array(32).fill(1) })
    }
    const cid = claim(picture(99), 2)
    fetcher.start()
    await eventually('the other author is served', () => fetcher.stateOf(cid) === 'here')
    // A file of another size than it claims costs its claim: sixteen of them use up the budget.
    await eventually('sixteen were tried', () => {
      const refused = [...tables.claims.keys()].filter((root) => fetcher.stateOf(root) === 'missing')
      return refused.length === 16
    })
    expect(source.asked.length).toBeLessThanOrEqual(17)
  })

  it('writes blocks again that a collection took while they were coming', async () => {
    const { fetcher, tables, claim } = setUp()
    const cid = claim(picture(1))
    const put = tables.putDag.bind(tables)
    let collections = 0
    tables.putDag = async (dag) => {
      await put(dag)
      if (collections++ === 0) tables.stored.clear()
    }
    fetcher.start()
    await eventually('it is here', () => fetcher.stateOf(cid) === 'here')
    expect(await tables.getDag(cid)).not.toBeNull()
  })

  it('stops in the middle of things', async () => {
    const { fetcher, source, claim } = setUp()
    source.isOpen = false
    const cids = Array.from({ length: 6 }, (_, i) => claim(picture(i)))
    fetcher.start()
    await eventually('it asks', () => source.asked.length === 4)
    const clicked = fetcher.fetch(cids[5] as string)
    await fetcher.stop()
    expect(await clicked).toBe('waiting')
    expect(cids.map((cid) => fetcher.stateOf(cid))).toEqual(cids.map(() => 'waiting'))
  })
})
