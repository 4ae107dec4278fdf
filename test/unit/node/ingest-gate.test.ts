import { describe, expect, it } from 'vitest'
import { IngestGate } from '../../../core/node/ingest-gate.ts'

const nextTurn = () => new Promise((resolve) => setImmediate(resolve))

/** A gate, and who went in so far. */
function setUp() {
  const gate = new IngestGate({ atOnce: 2, maxWaiting: 3, maxWaitingBytes: 100_000 })
  const entered: string[] = []
  const enter = (name: string, bytes: number, signal?: AbortSignal, from = 'peer') =>
    gate.enter(bytes, from, signal).then(() => void entered.push(name))
  return { gate, entered, enter }
}

describe('IngestGate', () => {
  it('lets a few in at once and the others of one peer in the order in which they came', async () => {
    const { gate, entered, enter } = setUp()
    const all = ['a', 'b', 'c', 'd', 'e'].map((name) => enter(name, 10))
    await nextTurn()
    expect(entered).toEqual(['a', 'b'])
    gate.leave()
    await nextTurn()
    expect(entered).toEqual(['a', 'b', 'c'])
    gate.leave()
    gate.leave()
    await Promise.all(all)
    expect(entered).toEqual(['a', 'b', 'c', 'd', 'e'])
  })

  it('refuses the oldest of what is more than may wait, by number and by bytes, and takes as much again', async () => {
    const { gate, entered, enter } = setUp()
    const busy = { code: 'store-busy' }
    const full = ['a', 'b', 'c', 'd', 'e'].map((name) => enter(name, 20))
    const oldest = expect(full[2]).rejects.toMatchObject(busy)
    const waiting = [...full.filter((_, i) => i !== 2), enter('f', 1)]
    await oldest
    for (let i = 0; i < 5; i++) gate.leave()
    await Promise.all(waiting)
    const more = ['g', 'h', 'i', 'j'].map((name) => enter(name, 50_000))
    const large = expect(more[2]).rejects.toMatchObject(busy)
    const rest = [...more.filter((_, i) => i !== 2), enter('k', 1)]
    await large
    for (let i = 0; i < 4; i++) gate.leave()
    await Promise.all(rest)
    expect(entered.join('')).toBe('abdefghjk')
  })

  it('gives everybody their turn, however much one brings', async () => {
    const gate = new IngestGate({ atOnce: 1, maxWaiting: 100, maxWaitingBytes: 1_000_000 })
    const entered: string[] = []
    const enter = (from: string, bytes: number) =>
      gate.enter(bytes, from).then(() => {
        entered.push(from)
      })
    const first = enter('flood', 2_000)
    const all = [...Array.from({ length: 50 }, () => enter('flood', 2_000)), enter('late', 1_000), enter('late', 1_000)]
    await first
    for (let i = 0; i < 4; i++) {
      gate.leave()
      await nextTurn()
    }
    expect(entered.filter((from) => from === 'late')).toHaveLength(2)
    for (let i = 0; i < 60; i++) gate.leave()
    await Promise.all(all)
  })

  it('never refuses anybody for what another one brings', async () => {
    const gate = new IngestGate({ atOnce: 1, maxWaiting: 10, maxWaitingBytes: 1_000_000 })
    await gate.enter(1, 'first')
    const honest = gate.enter(1, 'honest')
    const flood = Array.from({ length: 50 }, () => gate.enter(1, 'flood').catch((error: unknown) => error))
    const late = gate.enter(1, 'late')
    for (let i = 0; i < 12; i++) gate.leave()
    await Promise.all([honest, late])
    const refused = (await Promise.all(flood)).filter((answer) => answer !== undefined)
    expect(refused).toHaveLength(42)
  })

  it('lets go of what waits for somebody who has gone', async () => {
    const { gate, entered, enter } = setUp()
    const gone = new AbortController()
    const first = [enter('a', 1), enter('b', 1)]
    const waiting = enter('c', 100_000, gone.signal)
    const refused = expect(waiting).rejects.toThrow('gone')
    gone.abort(new Error('gone'))
    await refused
    const next = enter('d', 100_000)
    gate.leave()
    await Promise.all([...first, next])
    expect(entered).toEqual(['a', 'b', 'd'])
    await expect(enter('e', 1, gone.signal)).rejects.toThrow('gone')
  })

  it('lets all in when there is nothing to wait for any more', async () => {
    const { gate, entered, enter } = setUp()
    const all = ['a', 'b', 'c', 'd'].map((name) => enter(name, 1))
    gate.open()
    await Promise.all(all)
    expect(entered).toHaveLength(4)
  })
})
