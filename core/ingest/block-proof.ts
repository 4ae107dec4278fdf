import { createHash } from 'node:crypto'
import { CID } from 'multiformats/cid'
import { DAG_PB_CODEC, RAW_CODEC, SHA2_256 } from '../codec/cid.ts'
import { equalBytes } from '../util/bytes.ts'

/** True when a row of blocks holds what its CID names. One whose CID is damaged names nothing that anybody asks for. */
export function isStoredBlock({ cid, size, bytes }: Readonly<Record<string, unknown>>): boolean {
  if (!(cid instanceof Uint8Array) || !(bytes instanceof Uint8Array) || size !== bytes.length) return false
  let parsed: CID
  try {
    parsed = CID.decode(cid)
  } catch {
    return false
  }
  const { version, code, multihash } = parsed
  const isOurs = version === 1 && (code === RAW_CODEC || code === DAG_PB_CODEC) && multihash.code === SHA2_256
  return isOurs && equalBytes(multihash.digest, new Uint8Array(createHash('sha256').update(bytes).digest()))
}
