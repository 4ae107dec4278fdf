import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { type IdentityState, resolveChain } from '../../../core/identity/chain.ts'
import { changeByAuthority, revokeDevice } from '../../../core/identity/change.ts'
import { encodeOperation, type IdentityOperation } from '../../../core/identity/operation.ts'
import type { OwnDraft, OwnPublished } from '../../../core/ingest/own-log.ts'
import { encodeFollow, encodePost, encodeProfile, KIND } from '../../../core/record/kinds/kind-table.ts'
import { RecordTable } from '../../../core/store/record-table.ts'
import { TestAuthor } from '../../harness/authors.ts'
import { TestSquare } from '../../harness/test-square.ts'

const DAY_MS = 86_400_000
const WRONG_MS = 400 * DAY_MS

/** Me, who writes with a clock that can be wrong, and somebody who gets all of it, with one that is right. */
function open() {
  const [me, friend] = [new TestAuthor('Me'), new TestAuthor('Friend')]
  const mine = new TestSquare({ me })
  const other = new TestSquare({ pins: [me.address] })
  for (const square of [mine, other]) square.ingest({ operations: [me, friend].map(({ genesis }) => genesis) })
  const written: OwnPublished[] = []
  const publish = (...drafts: readonly OwnDraft[]) => {
    const published = mine.square.publish(drafts)
    written.push(...published)
    return published
  }
  /** Everything that was ever written, as sync offers it again and again. */
  const deliver = () => other.ingest({ records: written.map(({ record }) => ({ bytes: record })) }).records
  const rename = (name: string) => ({ kind: KIND.profile, body: encodeProfile({ salt: me.salt(), name }) })
  const follow = (on: boolean) => ({
    kind: KIND.follow,
    body: encodeFollow({
      salt: me.salt(),
      subject: { address: friend.address, genesis: friend.genesisHash.slice(0, 8) },
      on,
    }),
  })
  const write = (text: string) => ({ kind: KIND.post, body: encodePost({ salt: me.salt(), text }) })
  const namesOf = () => [mine, other].map(({ square }) => square.profile(me.profile).name)
  const follows = () => [mine, other].map(({ square }) => square.profile(me.profile).counts.following)
  const pass = (ms: number) => {
    mine.clock.advance(ms)
    other.clock.advance(ms)
  }
  return { me, mine, other, written, publish, deliver, rename, follow, write, namesOf, follows, pass }
}

describe('what a device signed with a clock far ahead (LOG13)', () => {
  it('is signed anew once the clock is right, from nothing but a look', () => {
    const { mine, publish, deliver, rename, follow, namesOf, follows } = open()
    mine.clock.advance(WRONG_MS)
    publish(rename('First'), rename('Me'), follow(true))
    mine.clock.advance(-WRONG_MS)
    // The control: without the look others hold all of it back.
    expect(deliver().map(({ verdict }) => verdict.verdict)).toEqual(['hold', 'hold', 'hold'])
    expect(namesOf()).toEqual(['Me', ''])
    const again = publish()
    expect(again.map(({ ts }) => ts)).toEqual([mine.clock.now(), mine.clock.now() + 1])
    deliver()
    expect(namesOf()).toEqual(['Me', 'Me'])
    expect(follows()).toEqual([1, 1])
    // Once is enough.
    expect(publish()).toEqual([])
  })

  it('wins neither here nor elsewhere over what is said afterwards, nor when its time has come', () => {
    const { mine, publish, deliver, rename, follow, namesOf, follows, pass } = open()
    mine.clock.advance(WRONG_MS)
    publish(rename('Wrong'), follow(true))
    mine.clock.advance(-WRONG_MS)
    const [renamed] = publish(rename('Right'))
    expect(renamed?.seq).toBe(5)
    publish(follow(false))
    deliver()
    expect(namesOf()).toEqual(['Right', 'Right'])
    expect(follows()).toEqual([0, 0])
    pass(WRONG_MS + DAY_MS)
    deliver()
    // The control: others have taken it in now, and go by the times.
    expect(namesOf()).toEqual(['Right', 'Wrong'])
    publish()
    deliver()
    expect(namesOf()).toEqual(['Right', 'Right'])
    expect(follows()).toEqual([0, 0])
    expect(publish()).toEqual([])
  })

  it('is not signed over what was said since with the right time, where square.db was made anew', () => {
    const { me, mine, publish, rename } = open()
    mine.clock.advance(WRONG_MS)
    publish(rename('Wrong'))
    mine.clock.advance(-WRONG_MS)
    publish(rename('Right'))
    mine.close()
    for (const suffix of ['', '-wal', '-shm']) rmSync(join(mine.dataDir, `square.db${suffix}`), { force: true })
    const again = new TestSquare({ me, dataDir: mine.dataDir, clock: mine.clock })
    expect(again.square.profile(me.profile).name).toBe('Wrong')
    expect(again.square.publish([])).toEqual([])
    expect(again.square.profile(me.profile).name).toBe('Right')
  })

  it('costs nothing for good where the clock was wrong the other way', () => {
    const { mine, publish, deliver, rename, namesOf } = open()
    publish(rename('Right'))
    mine.clock.advance(-WRONG_MS)
    publish()
    mine.clock.advance(WRONG_MS + DAY_MS)
    publish()
    deliver()
    expect(namesOf()[0]).toBe('Right')
  })

  it('is looked for in what came since, and in the whole log only where a time lies ahead', () => {
    const { mine, publish, rename, namesOf } = open()
    const looks = vi.spyOn(RecordTable.prototype, 'listStates')
    const since = vi.spyOn(RecordTable.prototype, 'latestAfter')
    onTestFinished(() => {
      vi.restoreAllMocks()
    })
    const wholeLooks = () => looks.mock.calls.filter(([, { isHidden }]) => !isHidden).length
    for (const name of ['One', 'Two', 'Three']) publish(rename(name))
    publish()
    // The log begins with the first of them.
    expect(since.mock.calls.map(([, , seq]) => seq)).toEqual([0, 1, 2])
    expect(wholeLooks()).toBe(0)
    mine.clock.advance(WRONG_MS)
    publish(rename('Four'))
    mine.clock.advance(1_000 - WRONG_MS)
    // The control: now there is something.
    expect(publish()).toHaveLength(1)
    expect(wholeLooks()).toBe(1)
    expect(namesOf()[0]).toBe('Four')
  })

  it('is found in the log of the account that signs, whoever signed in between', () => {
    const { me, mine, publish, rename, namesOf } = open()
    publish(rename('First'))
    const other = new TestAuthor('Other')
    mine.square.setAccount(other.account)
    expect(mine.square.publish([])).toEqual([])
    mine.square.setAccount(me.account)
    mine.clock.advance(WRONG_MS)
    publish(rename('Second'))
    mine.clock.advance(1_000 - WRONG_MS)
    mine.square.setAccount(other.account)
    expect(mine.square.publish([])).toEqual([])
    mine.square.setAccount(me.account)
    expect(publish()).toHaveLength(1)
    expect(namesOf()[0]).toBe('Second')
  })

  it('is found again after a start when a seal has shown it that was a mistake (IDN18)', () => {
    const { me, mine, publish, rename, written } = open()
    mine.clock.advance(WRONG_MS)
    publish(rename('Early'))
    mine.clock.advance(1_000 - WRONG_MS)
    publish()
    const last = written.at(-1) as OwnPublished
    mine.close()
    const again = new TestSquare({ me, dataDir: mine.dataDir, clock: mine.clock })
    const name = () => again.square.profile(me.profile).name
    expect(again.square.publish([])).toEqual([])
    const chain = (...later: IdentityOperation[]) => resolveChain([me.operation, ...later]) as IdentityState
    const key = me.device.publicKey
    const revoked = revokeDevice(chain(), { key, seal: { lastSeq: last.seq, headId: last.id } }, [me.words])
    const raised = changeByAuthority(chain(revoked), { seals: [{ key, seal: null }] }, [me.words])
    for (const operation of [revoked, raised]) again.ingest({ operations: [encodeOperation(operation)] })
    again.clock.advance(1_000)
    again.square.publish([rename('Right')])
    expect(name()).toBe('Right')
  })

  it('leaves posts alone', () => {
    const { mine, publish, write } = open()
    mine.clock.advance(WRONG_MS)
    publish(write('from the future'))
    mine.clock.advance(-WRONG_MS)
    expect(publish()).toEqual([])
    expect(mine.square.home({ limit: 9 }).items.map(({ text }) => text)).toEqual(['from the future'])
  })
})
