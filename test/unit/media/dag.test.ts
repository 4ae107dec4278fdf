import * as dagPb from '@ipld/dag-pb'
import { UnixFS } from 'ipfs-unixfs'
import * as raw from 'multiformats/codecs/raw'
import { describe, expect, it } from 'vitest'
import { cidOf, decodeRoot, encodeDag, encodeRoot, isBlockOf, parseMediaCid } from '../../../core/media/dag.ts'
import { LEAF_BYTES } from '../../../core/media/limits.ts'
import { concatBytes } from '../../../core/util/bytes.ts'

function patternOf(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => (i * 31 + (i >> 8)) & 255)
}

describe('encodeDag', () => {
  it('makes a file of up to 1 MiB one raw block (MED1)', () => {
    for (const length of [1, LEAF_BYTES]) {
      const [root, ...leaves] = encodeDag(patternOf(length))
      expect(leaves).toEqual([])
      expect(root.cid.code).toBe(raw.code)
      expect(root.cid.toString()).toMatch(/^bafkrei[a-z2-7]{52}$/)
    }
  })

  it('makes a larger file a dag-pb root over raw leaves of 1 MiB (MED1)', () => {
    const bytes = patternOf(2 * LEAF_BYTES + 5)
    const [root, ...leaves] = encodeDag(bytes)
    expect(root.cid.toString()).toMatch(/^bafybei[a-z2-7]{52}$/)
    expect(leaves.map((leaf) => leaf.bytes.length)).toEqual([LEAF_BYTES, LEAF_BYTES, 5])
    expect(concatBytes(...leaves.map((leaf) => leaf.bytes))).toEqual(bytes)
    for (const { cid, bytes } of [root, ...leaves]) expect(isBlockOf(cid, bytes)).toBe(true)
  })

  it('gives the CID that other UnixFS writers give with leaves of 1 MiB', () => {
    // `ipfs add --cid-version=1 --raw-leaves --chunker=size-1048576` of 2 MiB + 5 zero bytes, rebuilt by hand.
    const [root] = encodeDag(new Uint8Array(2 * LEAF_BYTES + 5))
    const node = dagPb.decode(root.bytes)
    expect(node.Links.map((link) => [link.Name, link.Tsize])).toEqual([
      ['', LEAF_BYTES],
      ['', LEAF_BYTES],
      ['', 5],
    ])
    const file = UnixFS.unmarshal(node.Data as Uint8Array)
    expect(file.fileSize()).toBe(BigInt(2 * LEAF_BYTES + 5))
  })

  it('refuses nothing and more than 128 leaves', () => {
    expect(() => encodeDag(new Uint8Array())).toThrow(RangeError)
    expect(() => encodeDag(new Uint8Array(128 * LEAF_BYTES + 1))).toThrow(RangeError)
  })
})

describe('decodeRoot', () => {
  const size = LEAF_BYTES + 9
  const [root, ...leaves] = encodeDag(patternOf(size))
  const cids = leaves.map((leaf) => leaf.cid)

  it('gives the leaves of a root that was encoded for that size', () => {
    expect(decodeRoot(root.bytes, size)).toEqual({ ok: true, leaves: cids })
  })

  it('refuses another size, even by one byte', () => {
    expect(decodeRoot(root.bytes, size - 1)).toEqual({ ok: false, reason: 'wrong-size' })
    expect(decodeRoot(root.bytes, size + LEAF_BYTES)).toEqual({ ok: false, reason: 'wrong-size' })
  })

  it('refuses a second spelling of the same root', () => {
    const file = new UnixFS({ type: 'file', blockSizes: [BigInt(LEAF_BYTES), 9n], mode: 0o600 })
    const links = cids.map((cid, i) => ({ Name: '', Tsize: i === 0 ? LEAF_BYTES : 9, Hash: cid }))
    const other = dagPb.encode({ Data: file.marshal(), Links: links })
    expect(decodeRoot(other, size)).toEqual({ ok: false, reason: 'not-canonical' })
    const named = dagPb.encode(dagPb.prepare({ Data: file.marshal(), Links: links.map((l) => ({ ...l, Name: 'a' })) }))
    expect(decodeRoot(named, size)).toEqual({ ok: false, reason: 'not-canonical' })
    expect(decodeRoot(encodeRoot(cids, size), size).ok).toBe(true)
  })
})

describe('parseMediaCid', () => {
  it('takes exactly the texts that cidOf prints', () => {
    const cid = cidOf(raw.code, patternOf(3))
    expect(parseMediaCid(cid.toString())?.equals(cid)).toBe(true)
    for (const text of [
      '',
      'b',
      cid.toString().toUpperCase(),
      `${cid.toString()}a`,
      'QmdfTbBqBPQ7VNxZEYEj14VmRuZBkqFbiwReogJgS1zR1n',
      'bafkqaaa',
      'bafyreigq4zsipbk5w3uqkbmh2w2633c5tcagtgxwhq33j4kvlvz44fhvtq',
    ]) {
      expect(parseMediaCid(text), text).toBeUndefined()
    }
  })
})
