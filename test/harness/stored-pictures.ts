import { CID } from 'multiformats/cid'
import * as Digest from 'multiformats/hashes/digest'
import { sha256 } from '../../core/identity/hash.ts'
import type { SquareCalls } from '../../core/node/square-calls.ts'
import { packBytes } from '../../core/node/square-calls.ts'
import type { MediaEntry } from '../../core/record/kinds/media-entry.ts'
import { utf8 } from '../../core/util/bytes.ts'

/** Stores something small in place of a picture, one for each number, and says how a post shows it. */
export function putPicture(store: Pick<SquareCalls, 'putBlocks' | 'putDag'>, number: number): MediaEntry {
  const bytes = utf8(`stands for picture ${number}`)
  const cid = CID.createV1(0x55, Digest.create(0x12, sha256(bytes)))
  const [root, type, size] = [cid.toString(), 'image/png', bytes.length]
  store.putBlocks([cid.bytes], packBytes([bytes]))
  store.putDag({ root, blocks: [root], type, size, isPending: true })
  return { cid, type, size, width: 2, height: 1, alt: '' }
}
