import * as dagPb from '@ipld/dag-pb'
import { UnixFS } from 'ipfs-unixfs'
import { CID } from 'multiformats/cid'
import * as raw from 'multiformats/codecs/raw'
import { identity } from 'multiformats/hashes/identity'
import { sha512 } from 'multiformats/hashes/sha2'
import { describe, expect, it } from 'vitest'
import { type Block, cidOf, encodeDag, encodeRoot } from '../../../core/media/dag.ts'
import type { BlockSource } from '../../../core/media/helia-host.ts'
import { LEAF_BYTES } from '../../../core/media/limits.ts'
import { walkMedia } from '../../../core/media/walker.ts'
import { concatBytes, utf8 } from '../../../core/util/bytes.ts'
import { pictures, pngChunk } from '../../harness/media/pictures.ts'

/** Serves these blocks, and counts what was asked for. Silent about others, as a network is. */
class ListedSource implements BlockSource {
  readonly asked: string[] = []
  readonly #blocks: Map<string, Uint8Array>

  constructor(blocks: readonly Block[]) {
    this.#blocks = new Map(blocks.map(({ cid, bytes }) => [cid.toString(), bytes]))
  }

  fetchBlock(cid: CID, options: { signal?: AbortSignal | undefined }): Promise<{ bytes: Uint8Array; peer: null }> {
    this.asked.push(cid.toString())
    const bytes = this.#blocks.get(cid.toString())
    if (bytes !== undefined) return Promise.resolve({ bytes, peer: null })
    return new Promise((_, reject) => {
      if (options.signal?.aborted) reject(options.signal.reason)
      options.signal?.addEventListener('abort', () => reject(options.signal?.reason))
    })
  }
}

function linksTo(cids: readonly CID[], sizes: readonly bigint[], type: 'file' | 'directory' = 'file'): Block {
  const file = new UnixFS({ type, blockSizes: [...sizes] })
  const links = cids.map((cid) => ({ Name: '', Tsize: 1, Hash: cid }))
  const bytes = dagPb.encode(dagPb.prepare({ Data: file.marshal(), Links: links }))
  return { cid: cidOf(dagPb.code, bytes), bytes }
}

function bigPng(): Uint8Array {
  const filler = pngChunk('IDAT', new Uint8Array(2 * LEAF_BYTES + 1_000))
  return concatBytes(pictures.png.subarray(0, 33), filler, pictures.png.subarray(33))
}

async function walk(blocks: readonly Block[], claim: { type: string; size: number }, root?: CID) {
  const source = new ListedSource(blocks)
  const result = await walkMedia({ source }, String(root ?? blocks[0]?.cid), claim, {
    signal: AbortSignal.timeout(5_000),
  })
  return { result, asked: source.asked }
}

describe('walkMedia', () => {
  it('brings a picture of one block and one of several (MED1, MED6)', async () => {
    for (const bytes of [pictures.jpeg, bigPng()]) {
      const blocks = encodeDag(bytes)
      const type = bytes === pictures.jpeg ? 'image/jpeg' : 'image/png'
      const { result } = await walk(blocks, { type, size: bytes.length })
      expect(result).toMatchObject({ ok: true, media: { type } })
      expect(result.ok && result.media.bytes).toEqual(bytes)
    }
  })

  it('fetches a leaf that occurs twice once', async () => {
    const bytes = bigPng()
    const blocks = encodeDag(bytes)
    const { asked } = await walk(blocks, { type: 'image/png', size: bytes.length })
    expect(new Set(asked).size).toBe(asked.length)
  })

  it('stops when the blocks do not come in time', async () => {
    const [root] = encodeDag(bigPng())
    const source = new ListedSource([root])
    const signal = AbortSignal.timeout(30)
    const claim = { type: 'image/png', size: bigPng().length }
    await expect(walkMedia({ source }, root.cid.toString(), claim, { signal })).rejects.toMatchObject({
      name: 'TimeoutError',
    })
  })

  const leaf = encodeDag(pictures.png)[0]
  const petabytes = 262n * 10n ** 15n
  const image = { type: 'image/png', size: 2 * LEAF_BYTES }
  const nested = linksTo(
    [linksTo([leaf.cid, leaf.cid], [1n, 1n]).cid, leaf.cid],
    [BigInt(LEAF_BYTES), BigInt(LEAF_BYTES)],
  )
  const shared = linksTo(new Array(128).fill(leaf.cid), new Array(128).fill(BigInt(LEAF_BYTES)))
  const wide = linksTo(new Array(129).fill(leaf.cid), new Array(129).fill(BigInt(LEAF_BYTES)))
  const huge = linksTo(new Array(400_000).fill(leaf.cid), [])
  const claimed = linksTo([leaf.cid, leaf.cid], [petabytes / 2n, petabytes / 2n])
  const folder = linksTo([leaf.cid], [], 'directory')
  const identityLeaf = CID.createV1(raw.code, identity.digest(utf8('inline')))
  const inline = linksTo([identityLeaf, identityLeaf], [BigInt(LEAF_BYTES), BigInt(LEAF_BYTES)])
  const junk: Block = {
    bytes: new Uint8Array(1_000).fill(0xff),
    cid: cidOf(dagPb.code, new Uint8Array(1_000).fill(0xff)),
  }

  it.each([
    ['a file that claims 262 PB', claimed, 'wrong-size'],
    ['a tree of nested nodes', nested, 'nested'],
    ['a root that links one leaf 128 times', shared, 'wrong-size'],
    ['129 links', wide, 'too-many-links'],
    ['400,000 links', huge, 'root-too-large'],
    ['a folder', folder, 'not-a-file'],
    ['leaves inside of their own CIDs', inline, 'nested'],
    ['a root that is no dag-pb', junk, 'not-dag-pb'],
  ])('refuses %s without asking for a leaf (MED6)', async (_, root, reason) => {
    const { result, asked } = await walk([root, leaf], image)
    expect(result).toEqual({ ok: false, reason })
    expect(asked).toEqual([root.cid.toString()])
  })

  it.each([
    ['an identity CID', identityLeaf.toString()],
    ['a CIDv0', 'QmdfTbBqBPQ7VNxZEYEj14VmRuZBkqFbiwReogJgS1zR1n'],
    ['no CID', '../../etc/passwd'],
  ])('refuses %s as a root without asking anybody (MED1)', async (_, root) => {
    const source = new ListedSource([])
    const result = await walkMedia({ source }, root, image, {})
    expect(result).toEqual({ ok: false, reason: 'bad-cid' })
    expect(source.asked).toEqual([])
  })

  it('refuses another hash as a root', async () => {
    const cid = CID.createV1(raw.code, await sha512.digest(pictures.png))
    expect((await walk([{ cid, bytes: pictures.png }], image)).result).toEqual({ ok: false, reason: 'bad-cid' })
  })

  it.each([
    ['SVG', { type: 'image/svg+xml', size: 100 }],
    ['HTML', { type: 'text/html', size: 100 }],
    ['more than 16 MiB', { type: 'image/png', size: 17 * 1024 * 1024 }],
    ['no size', { type: 'image/png', size: 0 }],
    ['half a byte', { type: 'image/png', size: 0.5 }],
  ])('refuses a claim of %s without asking anybody (MED2, MED3)', async (_, claim) => {
    const { result, asked } = await walk([leaf], claim)
    expect(result).toEqual({ ok: false, reason: 'claim' })
    expect(asked).toEqual([])
  })

  it('refuses bytes whose type or size differs from the claim (MED6)', async () => {
    const size = pictures.png.length
    expect((await walk([leaf], { type: 'image/jpeg', size })).result).toEqual({ ok: false, reason: 'type' })
    expect((await walk([leaf], { type: 'image/png', size: size + 1 })).result).toEqual({
      ok: false,
      reason: 'wrong-size',
    })
    const page = utf8('<!doctype html><script>alert(1)</script>')
    const [block] = encodeDag(page)
    const claim = { type: 'image/png', size: page.length }
    expect((await walk([block], claim)).result).toEqual({ ok: false, reason: 'html' })
  })

  it('asks for one leaf only when the first is not of the claimed type', async () => {
    const bytes = new Uint8Array(5 * LEAF_BYTES)
    const [root, ...leaves] = encodeDag(bytes)
    const { result, asked } = await walk([root, ...leaves], { type: 'image/png', size: bytes.length })
    expect(result).toEqual({ ok: false, reason: 'type' })
    expect(asked).toHaveLength(2)
  })

  it('refuses a leaf of another length than its place asks for', async () => {
    const short = { cid: cidOf(raw.code, pictures.png), bytes: pictures.png }
    const bytes = encodeRoot([short.cid, short.cid], 2 * LEAF_BYTES)
    const root = { cid: cidOf(dagPb.code, bytes), bytes }
    expect((await walk([root, short], image)).result).toEqual({ ok: false, reason: 'wrong-size' })
  })

  it('refuses a block that is not what its CID says', async () => {
    const forged = { cid: leaf.cid, bytes: Uint8Array.from(leaf.bytes, (byte, i) => (i === 90 ? byte ^ 1 : byte)) }
    const { result } = await walk([forged], { type: 'image/png', size: leaf.bytes.length })
    expect(result).toEqual({ ok: false, reason: 'bad-block' })
  })
})
