import { describe, expect, it } from 'vitest'
import { IngestGate } from '../../../core/node/ingest-gate.ts'

const nextTurn = () => new Promise((resolve) => setImmediate(resolve))

/** A gate, and who went in so far. */
function setUp() {
  const gate = new IngestGate({ atOnce: 2, maxWaiting: 3, maxWaitingBytes: 100 })
  const entered: string[] = []
  const enter = (name: string, bytes: number, signal?: AbortSignal) =>
    gate.enter(bytes, signal).then(() => void entered.push(name))
  return { gate, entered, enter }
}

describe('IngestGate', () => {
  it('lets a few in at once and the others in the order in which they came', async () => {
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

  it('refuses what is more than may wait, by number and by bytes, and takes as much again once that is gone', async () => {
    const { gate, entered, enter } = setUp()
    const waiting = ['a', 'b', 'c', 'd', 'e'].map((name) => enter(name, 20))
    await expect(enter('f', 1)).rejects.toMatchObject({ code: 'store-busy' })
    for (let i = 0; i < 5; i++) gate.leave()
    await Promise.all(waiting)
    const more = ['g', 'h', 'i', 'j'].map((name) => enter(name, 50))
    await expect(enter('k', 1)).rejects.toMatchObject({ code: 'store-busy' })
    for (let i = 0; i < 4; i++) gate.leave()
    await Promise.all(more)
    expect(entered.join('')).toBe('abcdeghij')
  })

  it('lets go of what waits for somebody who has gone', async () => {
    const { gate, entered, enter } = setUp()
    const gone = new AbortController()
    const first = [enter('a', 1), enter('b', 1)]
    const waiting = enter('c', 100, gone.signal)
    const refused = expect(waiting).rejects.toThrow('gone')
    gone.abort(new Error('gone'))
    await refused
    const next = enter('d', 100)
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
