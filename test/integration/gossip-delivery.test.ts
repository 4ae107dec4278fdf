import { afterEach, describe, expect, it } from 'vitest'
import { JsonProcess } from '../harness/json-process.ts'
import { programFile } from '../harness/programs.ts'
import { eventually } from '../harness/wait.ts'

const started: JsonProcess[] = []

function start(...args: string[]): JsonProcess {
  const child = new JsonProcess(programFile('gossip-process'), args)
  started.push(child)
  return child
}

/** Two processes on loopback, the second connected to the first, both streams of pubsub open. */
async function startPair(domainOfFirst: string, domainOfSecond: string): Promise<[JsonProcess, JsonProcess]> {
  const first = start('first', domainOfFirst)
  const address = String((await first.next()).ready)
  const second = start('second', domainOfSecond, address)
  await second.next()
  for (const child of [first, second]) {
    await eventually('pubsub knows the other peer', async () => (await child.ask({ peers: true })).peers === 1)
  }
  return [first, second]
}

afterEach(async () => {
  await Promise.all(started.splice(0).map((child) => child.stop()))
})

describe('gossip between two processes', () => {
  it('delivers what one publishes to the other, the chain included (GOS5, GOS10)', async () => {
    const [first, second] = await startPair('palabre', 'palabre')
    await eventually('the other listens', async () => (await first.ask({ peers: true })).subscribers === 1)
    await first.ask({ publish: [1, 2, 3] })
    const seqs = await eventually('the records arrive', async () => {
      const answer = (await second.ask({ seqs: 'first' })).seqs as number[]
      return answer.length === 3 ? answer : null
    })
    expect(seqs).toEqual([1, 2, 3])
  })

  it('delivers nothing between networks whose topics differ: the control', async () => {
    const [first, second] = await startPair('palabre', 'elsewhere')
    await first.ask({ publish: [1, 2, 3] })
    await Promise.all([first.ask({ heartbeats: 3 }), second.ask({ heartbeats: 3 })])
    expect((await second.ask({ seqs: 'first' })).seqs).toEqual([])
  })
})
