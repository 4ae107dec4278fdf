import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { type IdentityState, resolveChain } from '../../../core/identity/chain.ts'
import { revokeDevice } from '../../../core/identity/change.ts'
import { encodeOperation } from '../../../core/identity/operation.ts'
import { packBytes } from '../../../core/node/square-calls.ts'
import { checkBeat, encodeBeat } from '../../../core/record/beat.ts'
import { encodePost, KIND } from '../../../core/record/kinds/kind-table.ts'
import { TestAuthor } from '../../harness/authors.ts'
import { beatBytes } from '../../harness/beats.ts'
import { TestSquare } from '../../harness/test-square.ts'
import { VERIFIERS } from '../../harness/verifiers.ts'

const SIGNED = { isNew: true, waitMs: null }
const NOT_DUE = { isNew: false, waitMs: null }
const [, verifier] = VERIFIERS[0] as (typeof VERIFIERS)[number]

/** An author whose log is written by the node only. */
function writer() {
  const me = new TestAuthor('Me')
  const test = new TestSquare({ me })
  const publish = (...texts: string[]) =>
    test.square.publish(texts.map((text) => ({ kind: KIND.post, body: encodePost({ salt: me.salt(), text }) })))
  const place = { author: me.address, device: me.device.publicKey }
  const beat = (of = test) => of.square.listBeats([place])[0] ?? null
  return { me, test, publish, place, beat }
}

describe('the beat of this device', () => {
  it('says where the own log ends, in words that every peer accepts (BEA1, BEA6)', () => {
    const { test, publish, place, beat } = writer()
    expect(test.square.signBeat(true)).toEqual(NOT_DUE)
    const last = publish('one', 'two').at(-1)
    expect(test.square.signBeat(false)).toEqual(SIGNED)
    const said = beat()
    if (said === null) throw new Error('no beat')
    expect(said).toMatchObject({ seq: 2, head: last?.id, ts: test.clock.now() })
    expect(checkBeat(encodeBeat({ ...place, ...said }), verifier)).toMatchObject({ ok: true })
  })

  it('comes once a minute however much is written, and says how long to wait (BEA6)', () => {
    const { test, publish, beat } = writer()
    publish('one')
    test.square.signBeat(false)
    test.clock.advance(20_000)
    publish('two')
    expect(test.square.signBeat(false)).toEqual({ isNew: false, waitMs: 40_000 })
    expect(beat()?.seq).toBe(1)
    test.clock.advance(40_000)
    expect(test.square.signBeat(false)).toEqual(SIGNED)
    expect(beat()?.seq).toBe(2)
  })

  it('moves on by a day, or when it is asked to, also where nothing was written (BEA6)', () => {
    const { test, publish, beat } = writer()
    publish('one')
    test.square.signBeat(false)
    test.clock.advance(3_600_000)
    expect(test.square.signBeat(false)).toEqual(NOT_DUE)
    expect(test.square.signBeat(true)).toEqual(SIGNED)
    expect(test.square.signBeat(true)).toEqual(NOT_DUE)
    test.clock.advance(86_400_000)
    expect(test.square.signBeat(false)).toEqual(SIGNED)
    expect(beat()).toMatchObject({ seq: 1, ts: test.clock.now() })
  })

  it('is not held up by a clock that was set back (BEA6)', () => {
    const { test, publish, beat } = writer()
    publish('one')
    test.square.signBeat(false)
    test.clock.advance(-10 * 86_400_000)
    expect(test.square.signBeat(true)).toEqual(NOT_DUE)
    publish('two')
    expect(test.square.signBeat(false)).toEqual(SIGNED)
    expect(beat()).toMatchObject({ seq: 2, ts: test.clock.now() })
  })

  it('is not signed by a device that was revoked, nor while its log is two histories (BEA6)', () => {
    const { me, test, publish } = writer()
    const [published] = publish('one')
    test.ingest({ records: [me.post('by a copy')] })
    expect(test.square.isOwnLogForked()).toBe(true)
    expect(test.square.signBeat(true)).toEqual(NOT_DUE)

    const other = writer()
    other.publish('one')
    const seal = { lastSeq: 1, headId: published?.id ?? me.address }
    const state = resolveChain([other.me.operation]) as IdentityState
    const revoked = revokeDevice(state, { key: other.me.device.publicKey, seal }, [other.me.words])
    other.test.ingest({ operations: [encodeOperation(revoked)] })
    expect(other.test.square.signBeat(true)).toEqual(NOT_DUE)
  })

  it('that names another record than this disk has shows a copy of this device (LOG10)', () => {
    const { me, test, publish } = writer()
    publish('one')
    me.post('by a copy')
    test.square.ingestBeats(packBytes([beatBytes(me)]), { kind: 'sync', peer: 'x' })
    expect(test.square.isOwnLogForked()).toBe(true)
  })

  it('that says more than this disk has stops the next number from being signed twice (LOG7)', () => {
    const { me, test, publish } = writer()
    publish('one')
    test.square.signBeat(false)
    test.close()
    for (const name of ['own.db', 'square.db']) {
      for (const suffix of ['', '-wal', '-shm']) rmSync(join(test.dataDir, name + suffix), { force: true })
    }
    const older = new TestSquare({ me, dataDir: test.dataDir })
    const draft = { kind: KIND.post, body: encodePost({ salt: me.salt(), text: 'two' }) }
    const own = me.post('one, of which this disk knows nothing')
    older.square.ingestBeats(packBytes([beatBytes(me)]), { kind: 'sync', peer: 'x' })
    expect(older.square.isOwnLogForked()).toBe(false)
    expect(() => older.square.publish([draft])).toThrow(expect.objectContaining({ code: 'log-forked' }))
    const healed = new TestSquare({ me })
    healed.square.ingestBeats(packBytes([beatBytes(me)]), { kind: 'sync', peer: 'x' })
    healed.ingest({ records: [own] })
    expect(healed.square.publish([draft])).toMatchObject([{ seq: 2 }])
  })
})
