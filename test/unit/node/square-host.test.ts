import { existsSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { openSquare, type Square } from '../../../core/node/square.ts'
import { packBytes, type SquareInit } from '../../../core/node/square-calls.ts'
import { SquareClient } from '../../../core/node/square-client.ts'
import { SquareHost } from '../../../core/node/square-host.ts'
import { encodePost, KIND } from '../../../core/record/kinds/kind-table.ts'
import { ManualClock } from '../../../core/util/clock.ts'
import { silentLogger } from '../../../core/util/logger.ts'
import { TEST_EPOCH_MS, TestAuthor } from '../../harness/authors.ts'
import { makeTempDir } from '../../harness/temp-dir.ts'
import { eventually } from '../../harness/wait.ts'

const PAGE = 4_096
const components = { clock: new ManualClock(TEST_EPOCH_MS + 86_400_000), logger: silentLogger, onIngested: () => {} }

function initOf(dataDir: string, account: SquareInit['account']): SquareInit {
  return { dataDir, domain: 'palabre', role: 'peer', admit: 'all', pins: [], account }
}

function write(square: Pick<Square, 'publish'>, author: TestAuthor, text: string) {
  return square.publish([{ kind: KIND.post, body: encodePost({ salt: author.salt(), text }) }])[0]
}

function textsAtHome(square: Pick<Square, 'home'>): string[] {
  return square.home({ limit: 50 }).items.map(({ text }) => text)
}

/** A closed store with three own posts, and two of somebody who is followed. */
function makeStore(): { dataDir: string; me: TestAuthor } {
  const [dataDir, me, ben] = [makeTempDir(), new TestAuthor('Ada'), new TestAuthor('Ben')]
  const square = openSquare(components, initOf(dataDir, me.account))
  square.ingest(packBytes([ben.genesis]), packBytes([]), { kind: 'import' })
  square.publish([{ kind: KIND.follow, body: me.follow(ben).body as Uint8Array }])
  for (const text of ['one', 'two', 'three']) write(square, me, text)
  const records = [ben.post('from Ben'), ben.post('once more')].map(({ bytes }) => bytes)
  square.ingest(packBytes([]), packBytes(records), { kind: 'sync', peer: 'peer' })
  square.checkpoint()
  square.close()
  return { dataDir, me }
}

/** Overwrites all pages but the first with noise. */
function ruin(path: string): void {
  const bytes = readFileSync(path)
  writeFileSync(path, Buffer.concat([bytes.subarray(0, PAGE), Buffer.alloc(bytes.length - PAGE, 0xa5)]))
}

/** Turns over a bit of each occurrence of this text in the file. */
function garble(path: string, text: string): void {
  const bytes = readFileSync(path)
  for (let at = bytes.indexOf(text); at >= 0; at = bytes.indexOf(text, at + 1)) bytes[at] = (bytes[at] as number) ^ 2
  writeFileSync(path, bytes)
}

describe('a square.db that can not be read', () => {
  it('is made anew from own.db at the start, and kept as it was', () => {
    const { dataDir, me } = makeStore()
    truncateSync(join(dataDir, 'square.db'), 3 * PAGE)
    const square = openSquare(components, initOf(dataDir, me.account))
    onTestFinished(() => square.close())
    expect(square.rebuilt).toEqual(['square.db'])
    expect(square.stats().damage).toEqual({ at: components.clock.now(), files: ['square.db'] })
    expect(textsAtHome(square)).toEqual(['three', 'two', 'one'])
    expect(existsSync(join(dataDir, 'damaged', `${components.clock.now()}-square.db`, 'square.db'))).toBe(true)
    expect(write(square, me, 'four')?.seq).toBe(5)
    expect(square.isOwnLogForked()).toBe(false)
  })

  it('is made anew while the thread runs, as soon as a call meets the damage', async () => {
    const { dataDir, me } = makeStore()
    const client = await SquareClient.open({ logger: silentLogger }, initOf(dataDir, null))
    onTestFinished(() => client.close())
    ruin(join(dataDir, 'square.db'))
    await client.setAccount(me.account)
    await eventually('the own posts', async () => {
      const page = await client.home({ limit: 50 }).catch(() => null)
      return page?.items.length === 3
    })
    const body = encodePost({ salt: me.salt(), text: 'four' })
    expect((await client.publish([{ kind: KIND.post, body }]))[0]?.seq).toBe(5)
    expect(await client.integrityCheck()).toEqual([])
  })
})

describe('SquareHost', () => {
  it('finds a garbled text in its slow pass, takes over the rest, and knows what it was told before', async () => {
    const { dataDir, me } = makeStore()
    garble(join(dataDir, 'square.db'), 'from Ben')
    const host = new SquareHost(components, initOf(dataDir, null))
    onTestFinished(() => host.close())
    host.square.setAccount(me.account)
    host.noteCall('setAccount', [me.account])
    const before = host.square
    for (let i = 0; i < 2_000 && !host.isRepairing; i++) host.tick()
    await host.ready()
    expect(host.square).not.toBe(before)
    await eventually('all that can be proven', () => textsAtHome(host.square).length === 4)
    expect(textsAtHome(host.square)).toEqual(['three', 'two', 'one', 'once more'])
    expect(write(host.square, me, 'four')?.seq).toBe(5)
  })

  it('does not begin a pass anew before a month has gone by', () => {
    const { dataDir, me } = makeStore()
    const clock = new ManualClock(TEST_EPOCH_MS + 86_400_000)
    const square = openSquare({ ...components, clock }, initOf(dataDir, me.account))
    onTestFinished(() => square.close())
    for (let i = 0; i < 500; i++) square.care.scrubDue()
    const { endedAt, looked } = square.getState('scrub') as { endedAt: number | null; looked: number }
    expect(endedAt).toBe(clock.now())
    expect(looked).toBeGreaterThan(10)
    clock.advance(31 * 86_400_000)
    square.care.scrubDue()
    expect(square.getState('scrub')).toMatchObject({ beganAt: clock.now(), endedAt: null })
  })

  it('touches nothing that was signed for another network', () => {
    const { dataDir } = makeStore()
    const square = openSquare(components, { ...initOf(dataDir, null), domain: 'elsewhere' })
    onTestFinished(() => square.close())
    expect(square.care.scrub(true)).toMatchObject({ looked: 0, broken: [], damaged: { records: 0 } })
    expect(square.stats().records).toBe(6)
  })
})

describe('an own.db that can not be read', () => {
  it('takes its records back from square.db and goes on with the next number (LOG7)', () => {
    const { dataDir, me } = makeStore()
    ruin(join(dataDir, 'own.db'))
    const square = openSquare(components, initOf(dataDir, me.account))
    onTestFinished(() => square.close())
    expect(square.rebuilt).toEqual(['own.db'])
    expect(write(square, me, 'four')?.seq).toBe(5)
    expect(square.isOwnLogForked()).toBe(false)
  })

  it('signs nothing more with its key when square.db is gone as well (LOG7, LOG10)', () => {
    const { dataDir, me } = makeStore()
    ruin(join(dataDir, 'own.db'))
    rmSync(join(dataDir, 'square.db'))
    const first = openSquare(components, initOf(dataDir, me.account))
    expect(first.isOwnLogForked()).toBe(true)
    expect(() => write(first, me, 'four')).toThrow(/another copy of this device/)
    first.close()
    const again = openSquare(components, initOf(dataDir, me.account))
    onTestFinished(() => again.close())
    expect(again.isOwnLogForked()).toBe(true)
    const next = me.another('again')
    again.setAccount(next.account)
    expect(again.isOwnLogForked()).toBe(false)
  })
})
