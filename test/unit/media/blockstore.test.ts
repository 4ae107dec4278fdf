import * as dagCbor from '@ipld/dag-cbor'
import { CID } from 'multiformats/cid'
import * as raw from 'multiformats/codecs/raw'
import { identity } from 'multiformats/hashes/identity'
import { sha512 } from 'multiformats/hashes/sha2'
import { describe, expect, it } from 'vitest'
import { MediaBlockstore } from '../../../core/media/blockstore.ts'
import { cidOf, encodeDag } from '../../../core/media/dag.ts'
import { LEAF_BYTES } from '../../../core/media/limits.ts'
import { utf8 } from '../../../core/util/bytes.ts'
import { MemoryTables } from '../../harness/media/memory-tables.ts'

const bytes = utf8('a block')
const cid = cidOf(raw.code, bytes)

async function read(store: MediaBlockstore, key: CID): Promise<Uint8Array[]> {
  const parts: Uint8Array[] = []
  for await (const part of store.get(key)) parts.push(part)
  return parts
}

describe('MediaBlockstore', () => {
  it('stores and serves raw and dag-pb blocks by their hash (MED9)', async () => {
    const store = new MediaBlockstore({ blocks: new MemoryTables() })
    const [root, leaf] = encodeDag(new Uint8Array(LEAF_BYTES + 1))
    for (const block of [root, leaf as typeof root]) {
      expect(await store.has(block.cid)).toBe(false)
      await store.put(block.cid, block.bytes)
      expect(await store.has(block.cid)).toBe(true)
      expect(await read(store, block.cid)).toEqual([block.bytes])
    }
    await store.delete(root.cid)
    expect(await store.has(root.cid)).toBe(false)
  })

  it('joins parts, and stops at the limit', async () => {
    const store = new MediaBlockstore({ blocks: new MemoryTables() })
    await store.put(cid, [bytes.subarray(0, 3), bytes.subarray(3)])
    expect(await read(store, cid)).toEqual([bytes])
    const big = new Uint8Array(LEAF_BYTES + 1)
    await expect(store.put(cidOf(raw.code, big), big)).rejects.toThrow('limit 1048576')
    await expect(store.put(cidOf(raw.code, big), [big.subarray(1), big.subarray(0, 1)])).rejects.toThrow(
      'more than 1048576',
    )
  })

  it('says "not here" by the name that bitswap looks for', async () => {
    const store = new MediaBlockstore({ blocks: new MemoryTables() })
    await expect(read(store, cid)).rejects.toMatchObject({ name: 'NotFoundError' })
  })

  it('neither stores nor serves other hashes, other codecs or wrong bytes (MED1)', async () => {
    const tables = new MemoryTables()
    const store = new MediaBlockstore({ blocks: tables })
    const strangers = [
      CID.createV1(raw.code, await sha512.digest(bytes)),
      CID.createV1(raw.code, identity.digest(bytes)),
      cidOf(dagCbor.code, bytes),
      CID.createV0(cidOf(0x70, bytes).multihash as Parameters<typeof CID.createV0>[0]),
    ]
    for (const stranger of strangers) {
      await expect(store.put(stranger, bytes)).rejects.toThrow('no media block')
      // Even a block that got into the table by another way stays where it is.
      await tables.putBlocks([{ cid: stranger.bytes, bytes }])
      expect(await store.has(stranger)).toBe(false)
      await expect(read(store, stranger)).rejects.toMatchObject({ name: 'NotFoundError' })
    }
    await expect(store.put(cid, utf8('other bytes'))).rejects.toThrow('no media block')
  })
})
