import { cpSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { CID } from 'multiformats/cid'
import * as Digest from 'multiformats/hashes/digest'
import { describe, expect, it } from 'vitest'
import { formatRecordId } from '../../../core/codec/cid.ts'
import { type IdentityState, resolveChain } from '../../../core/identity/chain.ts'
import { linkDevice } from '../../../core/identity/change.ts'
import { sha256 } from '../../../core/identity/hash.ts'
import { encodeOperation } from '../../../core/identity/operation.ts'
import { packBytes } from '../../../core/node/square-calls.ts'
import { encodeRecord, withoutBody } from '../../../core/record/encode-record.ts'
import { encodePost, KIND } from '../../../core/record/kinds/kind-table.ts'
import { utf8 } from '../../../core/util/bytes.ts'
import { TestAuthor } from '../../harness/authors.ts'
import { findInFiles } from '../../harness/set-checker.ts'
import { makeTempDir } from '../../harness/temp-dir.ts'
import { TestSquare } from '../../harness/test-square.ts'

/** An author whose log is written by the node only. */
function writer() {
  const me = new TestAuthor('Me')
  const draft = (text: string) => ({ kind: KIND.post, body: encodePost({ salt: me.salt(), text }) })
  return { me, draft }
}

function removeDatabase(dataDir: string, name: string): void {
  for (const suffix of ['', '-wal', '-shm']) rmSync(join(dataDir, name + suffix), { force: true })
}

function ownRows(test: TestSquare) {
  const db = new DatabaseSync(join(test.dataDir, 'own.db'), { readOnly: true })
  const rows = db.prepare('SELECT seq, body IS NULL AS is_empty, delete_id FROM own_record ORDER BY seq').all()
  db.close()
  return rows
}

describe('OwnLogWriter', () => {
  it('chains records and lets their times rise, even when the clock stands or steps back (LOG6)', () => {
    const { me, draft } = writer()
    const test = new TestSquare({ me })
    const first = test.square.publish([draft('one'), draft('two')])
    test.clock.advance(-60_000)
    const second = test.square.publish([draft('three')])
    const all = [...first, ...second]
    expect(all.map(({ seq }) => seq)).toEqual([1, 2, 3])
    expect(all[2]?.ts).toBe((all[1]?.ts as number) + 1)
    expect(test.square.home({ limit: 9 }).items.map(({ text }) => text)).toEqual(['three', 'two', 'one'])
  })

  it('does not follow a clock that was far ahead (LOG6)', () => {
    const { me, draft } = writer()
    const test = new TestSquare({ me })
    test.square.publish([draft('in the wrong year')])
    test.clock.advance(-10_000_000)
    expect(test.square.publish([draft('in the right one')])[0]?.ts).toBe(test.clock.now())
  })

  it('drops the edits of a deleted post from own.db, and a rebuilt square.db lacks nothing for that', () => {
    const { me, draft } = writer()
    const test = new TestSquare({ me })
    const posts = test.square.publish([draft('this stays'), draft('this goes')])
    // The author's own tool makes the bodies; the ids are those of the node's log.
    const about = (i: number) => ({ ...me.post('stands for it'), id: posts[i]?.id as Uint8Array })
    const edit = (i: number, text: string) => ({ kind: KIND.edit, body: me.edit(about(i), text).body as Uint8Array })
    test.square.publish([edit(0, 'this stays, better'), edit(1, 'this goes, better'), edit(1, 'this goes, best')])
    test.square.publish([{ kind: KIND.delete, body: me.delete(about(1)).body as Uint8Array }])
    expect(ownRows(test).map(({ is_empty }) => is_empty)).toEqual([0, 1, 0, 1, 1, 0])
    test.square.tick()
    expect(findInFiles(test.dataDir, ['this goes', 'this stays, better'])).toEqual([
      'own.db: this stays, better',
      'square.db: this stays, better',
    ])
    const held = test.square.listHeld([me.address])
    expect(held).toMatchObject([{ ranges: [[1, 6]] }])
    test.close()
    removeDatabase(test.dataDir, 'square.db')
    const again = new TestSquare({ me, dataDir: test.dataDir })
    expect(again.square.listHeld([me.address])).toEqual(held)
    expect(again.square.home({ limit: 9 }).items.map(({ state, text }) => [state, text])).toEqual([
      ['deleted', ''],
      ['shown', 'this stays, better'],
    ])
  })

  it('gives a rebuilt square.db all own records', () => {
    const { me, draft } = writer()
    const test = new TestSquare({ me })
    const [, second] = test.square.publish([draft('one'), draft('two'), draft('three')])
    test.square.publish([
      {
        kind: KIND.delete,
        body: me.delete({ ...me.post('stands for it'), id: second?.id as Uint8Array }).body as Uint8Array,
      },
    ])
    const before = test.square.home({ limit: 9 }).items
    test.close()
    removeDatabase(test.dataDir, 'square.db')
    const again = new TestSquare({ me, dataDir: test.dataDir })
    expect(again.square.home({ limit: 9 }).items).toEqual(before)
    expect(again.square.home({ limit: 9 }).items.map(({ state }) => state)).toEqual(['shown', 'deleted', 'shown'])
    expect(again.square.publish([draft('four')])[0]?.seq).toBe(5)
  })

  it('never signs a seq again that square.db knows of and own.db has lost (LOG7)', () => {
    const { me, draft } = writer()
    const test = new TestSquare({ me })
    test.square.publish([draft('one'), draft('two')])
    test.close()
    removeDatabase(test.dataDir, 'own.db')
    const again = new TestSquare({ me, dataDir: test.dataDir })
    expect(again.square.publish([draft('three')])[0]?.seq).toBe(3)
    expect(again.square.stats()).toMatchObject({ ownRecords: 3 })
  })

  it('takes back from peers what an older disk image had lost (LOG7)', () => {
    const { me, draft } = writer()
    const test = new TestSquare({ me })
    test.square.publish([draft('one')])
    test.square.checkpoint()
    const image = makeTempDir()
    cpSync(test.dataDir, image, { recursive: true })
    const [lost] = test.square.publish([draft('two')])
    test.close()
    const restored = new TestSquare({ me, dataDir: image })
    restored.ingest({ records: [{ bytes: lost?.record as Uint8Array }] })
    expect(restored.square.publish([draft('three')])[0]?.seq).toBe(3)
  })

  it('takes no text back whose deletion came first', () => {
    const { me } = writer()
    const test = new TestSquare({ me })
    const regretted = me.post('what I regret')
    const deletion = me.delete(regretted)
    test.ingest({ records: [deletion] })
    test.ingest({ records: [regretted] })
    expect(ownRows(test)).toMatchObject([
      { seq: 1, is_empty: 1, delete_id: new Uint8Array(deletion.id) },
      { seq: 2, is_empty: 0 },
    ])
  })

  it('takes back a deletion together with what it erases', () => {
    const { me, draft } = writer()
    const test = new TestSquare({ me })
    const [regretted] = test.square.publish([draft('what I regret')])
    test.square.checkpoint()
    const image = makeTempDir()
    cpSync(test.dataDir, image, { recursive: true })
    const target = { ...me.post('stands for it'), id: regretted?.id as Uint8Array }
    test.square.publish([{ kind: KIND.delete, body: me.delete(target).body as Uint8Array }])
    test.close()
    removeDatabase(test.dataDir, 'own.db')
    cpSync(join(image, 'own.db'), join(test.dataDir, 'own.db'))
    const again = new TestSquare({ me, dataDir: test.dataDir })
    expect(ownRows(again)).toMatchObject([{ is_empty: 1 }, { is_empty: 0 }])
    expect(again.square.publish([draft('after')])[0]?.seq).toBe(3)
  })

  it('takes a text back that came without at first', () => {
    const { me } = writer()
    const test = new TestSquare({ me })
    const post = me.post('here it is')
    test.ingest({ records: [{ bytes: encodeRecord(withoutBody(post, { reason: 'withheld' })) }] })
    expect(ownRows(test)).toMatchObject([{ seq: 1, is_empty: 1, delete_id: null }])
    test.ingest({ records: [post] })
    expect(ownRows(test)).toMatchObject([{ seq: 1, is_empty: 0, delete_id: null }])
  })

  it('stops when a record follows another one than its own, and still after a start (LOG10)', () => {
    const { me, draft } = writer()
    const test = new TestSquare({ me })
    test.square.publish([draft('here')])
    me.post('elsewhere')
    const second = me.post('after what was said elsewhere')
    test.ingest({ records: [second] })
    expect(test.square.isOwnLogForked()).toBe(true)
    expect(() => test.square.publish([draft('after')])).toThrow(expect.objectContaining({ code: 'log-forked' }))
    expect(ownRows(test)).toHaveLength(1)
    test.close()
    const again = new TestSquare({ me, dataDir: test.dataDir })
    expect(again.square.isOwnLogForked()).toBe(true)
  })

  it('begins a log of its own under another key (LOG10)', () => {
    const { me, draft } = writer()
    const other = me.another('phone')
    const test = new TestSquare({ me })
    test.square.publish([draft('here')])
    test.ingest({ records: [me.post('elsewhere')] })
    const linked = linkDevice(resolveChain([me.operation]) as IdentityState, other.entry, me.device)
    test.square.setAccount({ ...other.account, operations: [me.genesis, encodeOperation(linked)] })
    expect(test.square.isOwnLogForked()).toBe(false)
    expect(test.square.publish([draft('goes on')])[0]?.seq).toBe(1)
    expect(test.square.home({ limit: 9 }).items).toHaveLength(3)
    test.close()
    // What it signed under the key before is own all the same, and stays where square.db is lost.
    removeDatabase(test.dataDir, 'square.db')
    const again = new TestSquare({ dataDir: test.dataDir })
    again.square.setAccount({ ...other.account, operations: [] })
    const texts = again.square.home({ limit: 9 }).items.map(({ text }) => text)
    expect(texts.sort()).toEqual(['goes on', 'here'])
  })

  it('stops when a copy of the device has signed the same seq (LOG10)', () => {
    const { me, draft } = writer()
    const test = new TestSquare({ me })
    test.square.publish([draft('here')])
    test.ingest({ records: [me.post('elsewhere')] })
    expect(() => test.square.publish([draft('after')])).toThrow(expect.objectContaining({ code: 'log-forked' }))
  })

  it('refuses a post whose picture is not stored yet, and one that nobody could read', () => {
    const { me } = writer()
    const test = new TestSquare({ me })
    const bytes = utf8('stands for a picture')
    const cid = CID.createV1(0x55, Digest.create(0x12, sha256(bytes)))
    const media = [{ cid, type: 'image/png', size: bytes.length, width: 1, height: 1, alt: '' }]
    const draft = { kind: KIND.post, body: encodePost({ salt: me.salt(), text: 'look', media }) }
    expect(() => test.square.publish([draft])).toThrow(expect.objectContaining({ code: 'media-not-here' }))
    expect(() => test.square.publish([{ kind: KIND.post, body: utf8('?') }])).toThrow(
      expect.objectContaining({ code: 'bad-request' }),
    )
    test.square.putBlocks([cid.bytes], packBytes([bytes]))
    const root = cid.toString()
    test.square.putDag({ root, blocks: [root], type: 'image/png', size: bytes.length, isPending: true })
    const [published] = test.square.publish([draft])
    const id = formatRecordId(published?.id as Uint8Array)
    expect(test.square.post(id)?.media).toMatchObject([{ cid: root, state: 'here' }])
  })
})
