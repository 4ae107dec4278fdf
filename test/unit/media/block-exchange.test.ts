import * as raw from 'multiformats/codecs/raw'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type BitswapWire, BlockExchange, type WireEvent, type WireWant } from '../../../core/media/block-exchange.ts'
import { cidOf } from '../../../core/media/dag.ts'
import { utf8 } from '../../../core/util/bytes.ts'

const bytes = utf8('a block')
const cid = cidOf(raw.code, bytes)

class ScriptedWire implements BitswapWire {
  readonly connected: string[]
  readonly sent: string[] = []
  readonly unreachable = new Set<string>()
  #listener: ((event: WireEvent) => void) | undefined

  constructor(connected: string[]) {
    this.connected = connected
  }

  peers(): readonly string[] {
    return this.connected
  }

  async send(peer: string, wants: readonly WireWant[]): Promise<void> {
    for (const { kind } of wants) this.sent.push(`${kind}>${peer}`)
    if (this.unreachable.has(peer)) throw new Error('gone')
  }

  subscribe(listener: (event: WireEvent) => void): () => void {
    this.#listener = listener
    return () => {
      this.#listener = undefined
    }
  }

  say(event: WireEvent): void {
    this.#listener?.(event)
  }

  has(peer: string, has = true): void {
    this.say({ type: 'has', peer, cid, has })
  }

  block(peer: string): void {
    this.say({ type: 'block', peer, cid, bytes })
  }
}

function begin(connected: string[]): { wire: ScriptedWire; exchange: BlockExchange } {
  const wire = new ScriptedWire(connected)
  const exchange = new BlockExchange({ wire })
  exchange.start()
  return { wire, exchange }
}

describe('BlockExchange', () => {
  beforeEach(() => {
    vi.useFakeTimers()
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  it('asks everybody whether they have it and one of them for the block (MED7)', async () => {
    const { wire, exchange } = begin(['a', 'b', 'c'])
    const fetched = exchange.fetch(cid, {})
    wire.has('b')
    wire.has('c')
    expect(wire.sent).toEqual(['have>a', 'have>b', 'have>c', 'block>b'])
    wire.block('b')
    expect(await fetched).toEqual({ bytes, peer: 'b' })
    expect(wire.sent.slice(4)).toEqual(['cancel>a', 'cancel>c'])
  })

  it('repeats a question that could not be sent', async () => {
    const { wire, exchange } = begin(['a', 'b'])
    wire.unreachable.add('a')
    const fetched = exchange.fetch(cid, {})
    wire.has('b', false)
    wire.unreachable.delete('a')
    wire.sent.length = 0
    await vi.advanceTimersByTimeAsync(1_000)
    expect(wire.sent).toEqual(['have>a'])
    wire.block('a')
    expect(await fetched).toEqual({ bytes, peer: 'a' })
    await vi.advanceTimersByTimeAsync(5_000)
    expect(wire.sent).toEqual(['have>a', 'cancel>b'])
  })

  it('gives the turn to the next holder after a refusal, a broken connection, a failed message or silence', async () => {
    const { wire, exchange } = begin(['a', 'b', 'c', 'd', 'e'])
    const fetched = exchange.fetch(cid, {})
    wire.unreachable.add('d')
    for (const peer of ['a', 'b', 'c', 'd', 'e']) wire.has(peer)
    wire.sent.length = 0
    wire.has('a', false)
    wire.say({ type: 'gone', peer: 'b' })
    await vi.advanceTimersByTimeAsync(10_000)
    expect(wire.sent).toEqual(['block>b', 'block>c', 'block>d', 'block>e'])
    wire.block('e')
    expect((await fetched).peer).toBe('e')
  })

  it('takes the block from whoever sends it', async () => {
    const { wire, exchange } = begin(['a', 'b'])
    const fetched = exchange.fetch(cid, {})
    wire.has('a')
    wire.block('b')
    expect((await fetched).peer).toBe('b')
  })

  it('asks the preferred peer for the block at once, and the others only when it has not (MED7)', async () => {
    const { wire, exchange } = begin(['a', 'b'])
    const fetched = exchange.fetch(cid, { prefer: 'b' })
    expect(wire.sent).toEqual(['block>b'])
    wire.has('b', false)
    expect(wire.sent).toEqual(['block>b', 'have>a'])
    wire.has('a')
    wire.block('a')
    expect((await fetched).peer).toBe('a')
  })

  it('asks peers that come while it waits', async () => {
    const { wire, exchange } = begin([])
    const fetched = exchange.fetch(cid, {})
    wire.say({ type: 'peer', peer: 'late' })
    expect(wire.sent).toEqual(['have>late'])
    wire.has('late')
    wire.block('late')
    expect((await fetched).peer).toBe('late')
  })

  it('asks once for two that wait, and stops when the last of them gives up', async () => {
    const { wire, exchange } = begin(['a'])
    const [first, second] = [new AbortController(), new AbortController()]
    const one = exchange.fetch(cid, { signal: first.signal })
    const two = exchange.fetch(cid, { signal: second.signal })
    first.abort(new Error('enough'))
    await expect(one).rejects.toThrow('enough')
    expect(wire.sent).toEqual(['have>a'])
    second.abort(new Error('me too'))
    await expect(two).rejects.toThrow('me too')
    expect(wire.sent).toEqual(['have>a', 'cancel>a'])
  })

  it('shouts to 64 peers at most', () => {
    const { wire, exchange } = begin(Array.from({ length: 200 }, (_, i) => `p${i}`))
    exchange.fetch(cid, {}).catch(() => {})
    expect(wire.sent).toHaveLength(64)
    exchange.stop()
  })

  it('ends what waits when it stops', async () => {
    const { exchange } = begin(['a'])
    const fetched = exchange.fetch(cid, {})
    exchange.stop()
    await expect(fetched).rejects.toThrow('the node stops')
  })
})
