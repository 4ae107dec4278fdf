import { CID } from 'multiformats/cid'
import * as Digest from 'multiformats/hashes/digest'
import { describe, expect, it } from 'vitest'
import { formatRecordId } from '../../../core/codec/cid.ts'
import { sha256 } from '../../../core/identity/hash.ts'
import { packBytes } from '../../../core/node/square-calls.ts'
import { encodeDelete, encodePost, KIND } from '../../../core/record/kinds/kind-table.ts'
import { utf8 } from '../../../core/util/bytes.ts'
import { TestAuthor } from '../../harness/authors.ts'
import { TestSquare } from '../../harness/test-square.ts'

const DAY_MS = 86_400_000

function picture(text: string) {
  const bytes = utf8(text)
  const cid = CID.createV1(0x55, Digest.create(0x12, sha256(bytes)))
  const entry = { cid, type: 'image/png', size: bytes.length, width: 2, height: 2, alt: text }
  return { bytes, cid, root: cid.toString(), entry }
}

function put(test: TestSquare, parts: readonly ReturnType<typeof picture>[], isPending: boolean): string {
  const [first] = parts
  const root = first?.root as string
  test.square.putBlocks(
    parts.map(({ cid }) => cid.bytes),
    packBytes(parts.map(({ bytes }) => bytes)),
  )
  test.square.putDag({ root, blocks: parts.map(({ root }) => root), type: 'image/png', size: 9, isPending })
  return root
}

function withFollowed() {
  const me = new TestAuthor('Me')
  const ben = new TestAuthor('Ben')
  const test = new TestSquare({ me })
  test.ingest({ operations: [ben.genesis], records: [me.follow(ben)] })
  return { me, ben, test }
}

describe('SquareMedia', () => {
  it('asks for pictures of followed people, newest first, until they are here (MED8)', () => {
    const { ben, test } = withFollowed()
    const [old, young] = [picture('old'), picture('young')]
    const posts = [ben.post('1', { media: [old.entry] }), ben.post('2', { media: [young.entry] })]
    test.ingest({ records: posts })
    expect(test.events.flatMap(({ records }) => records.flatMap(({ media }) => media))).toEqual([old.root, young.root])
    expect(test.square.listMissing(9).map(({ root }) => root)).toEqual([young.root, old.root])
    expect(test.square.findClaim(old.root)).toMatchObject({ type: 'image/png', size: 3, author: ben.address })
    const stateOf = () => test.square.post(formatRecordId(posts[0]?.id as Uint8Array))?.media[0]?.state
    expect(stateOf()).toBe('waiting')
    test.square.noteFetchStarted(old.root)
    expect(stateOf()).toBe('fetching')
    test.square.noteFetchFailed(old.root)
    expect(stateOf()).toBe('missing')
    expect(test.square.listMissing(9)).toHaveLength(2)
    put(test, [old], false)
    expect(stateOf()).toBe('here')
    expect(test.square.listMissing(9).map(({ root }) => root)).toEqual([young.root])
    expect(test.square.getDag(old.root)).toEqual({ type: 'image/png', size: 9, blocks: [old.root] })
    expect(test.square.getBlock(old.cid.bytes)).toEqual(old.bytes)
  })

  it('asks for faces of followed people before all that posts show, and for no face of strangers (MED8)', () => {
    const { ben, me, test } = withFollowed()
    const [cem, stranger] = [new TestAuthor('Cem'), new TestAuthor('Stranger')]
    const [benFace, cemFace, far, shown] = [picture('Ben'), picture('Cem'), picture('far'), picture('shown')]
    const faces = [
      ben.describe({ name: 'Ben', avatar: benFace.entry }),
      cem.describe({ name: 'Cem', avatar: cemFace.entry }),
      stranger.describe({ name: 'Stranger', avatar: far.entry }),
    ]
    const posts = Array.from({ length: 30 }, (_, i) => ben.post(`${i}`, { media: [picture(`${i}`).entry] }))
    const last = ben.post('last', { media: [shown.entry] })
    test.ingest({
      operations: [cem.genesis, stranger.genesis],
      records: [me.follow(cem), ...faces, ...posts, last, stranger.reply(last, 'me too')],
    })
    const roots = test.square.listMissing(99).map(({ root }) => root)
    expect(new Set(roots.slice(0, 2))).toEqual(new Set([benFace.root, cemFace.root]))
    expect(roots[2]).toBe(shown.root)
    expect(roots).toHaveLength(33)
    expect(roots).not.toContain(far.root)
  })

  it('does not ask for pictures of strangers (MED8)', () => {
    const { me, test } = withFollowed()
    const stranger = new TestAuthor('Stranger')
    const post = me.post('mine')
    const reply = stranger.reply(post, 'look')
    const shown = stranger.post('look here', { media: [picture('far').entry], reply: referTo(reply) })
    test.ingest({ operations: [stranger.genesis], records: [post, reply, shown] })
    expect(test.square.listMissing(9)).toEqual([])
  })

  it('is not kept from pictures of followed people by strangers who show many, or the same', () => {
    const { ben, test } = withFollowed()
    const stranger = new TestAuthor('Stranger')
    const wanted = picture('of a friend')
    const post = ben.post('look', { media: [wanted.entry] })
    const reply = referTo(post)
    const lies = { ...wanted.entry, type: 'image/gif', size: 1 }
    const answers = Array.from({ length: 140 }, (_, i) => {
      const media = Array.from({ length: 8 }, (_, j) => (j === 0 ? lies : picture(`noise ${i} ${j}`).entry))
      return stranger.post(`${i}`, { reply, media })
    })
    test.ingest({ operations: [stranger.genesis], records: [post, ...answers] })
    expect(test.square.listMissing(9)).toMatchObject([
      { root: wanted.root, type: 'image/png', size: wanted.bytes.length, author: ben.address },
    ])
  })

  it('is not here while a block of it is missing', () => {
    const { test } = withFollowed()
    const [root, leaf] = [picture('root'), picture('leaf')]
    put(test, [root, leaf], true)
    expect(test.square.getDag(root.root)?.blocks).toHaveLength(2)
    test.square.deleteBlock(leaf.cid.bytes)
    expect(test.square.getDag(root.root)).toBeNull()
  })

  it('collects what no record shows, never what one shows, shares or is still written for (MED4)', () => {
    const { ben, test } = withFollowed()
    const [shared, gone, kept, loose] = [picture('shared leaf'), picture('gone'), picture('kept'), picture('loose')]
    const goneRoot = put(test, [gone, shared], false)
    const keptRoot = put(test, [kept, shared], false)
    const draft = picture('draft')
    put(test, [draft], true)
    test.square.putBlocks([loose.cid.bytes], packBytes([loose.bytes]))
    const post = ben.post('to be deleted', { media: [gone.entry] })
    test.ingest({ records: [post, ben.post('to stay', { media: [kept.entry] })] })
    expect(test.square.collectGarbage()).toEqual({ blocks: 0, bytes: 0 })
    test.ingest({ records: [ben.delete(post)] })
    expect(test.square.collectGarbage()).toEqual({ blocks: 1, bytes: gone.bytes.length })
    expect(test.square.getDag(goneRoot)).toBeNull()
    expect(test.square.getDag(keptRoot)).not.toBeNull()
    expect(test.square.hasBlock(shared.cid.bytes)).toBe(true)
    expect(test.square.getDag(draft.root)).not.toBeNull()
    test.clock.advance(DAY_MS + 1)
    expect(test.square.collectGarbage().blocks).toBe(2)
    expect(test.square.getDag(draft.root)).toBeNull()
    expect(test.square.hasBlock(loose.cid.bytes)).toBe(false)
    expect(test.square.stats().mediaBytes).toBe(kept.bytes.length + shared.bytes.length)
  })

  it('frees an own picture as soon as its post is deleted (MED4)', () => {
    const { me, test } = withFollowed()
    const mine = picture('mine')
    put(test, [mine], true)
    const salt = new Uint8Array(8)
    const [post] = test.square.publish([
      { kind: KIND.post, body: encodePost({ salt, text: 'with a picture', media: [mine.entry] }) },
    ])
    expect(test.square.collectGarbage().blocks).toBe(0)
    const subject = { author: me.address, id: post?.id as Uint8Array }
    test.square.publish([{ kind: KIND.delete, body: encodeDelete({ salt, subject }) }])
    expect(test.square.collectGarbage().blocks).toBe(1)
  })

  it('lets go of the picture of a profile that was replaced', () => {
    const { ben, test } = withFollowed()
    const [first, second] = [picture('first'), picture('second')]
    const records = [
      ben.describe({ name: 'Ben', avatar: first.entry }),
      ben.describe({ name: 'Ben', avatar: second.entry }),
    ]
    test.ingest({ records: records.toReversed() })
    put(test, [first], false)
    put(test, [second], false)
    expect(test.square.collectGarbage().blocks).toBe(1)
    expect(test.square.profile(ben.profile).avatar).toMatchObject({ cid: second.root, state: 'here' })
  })
})

function referTo(record: { readonly id: Uint8Array; readonly header: { readonly author: Uint8Array } }) {
  const ref = { author: record.header.author, id: record.id }
  return { root: ref, parent: ref }
}
