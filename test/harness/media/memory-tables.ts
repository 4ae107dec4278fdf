import { CID } from 'multiformats/cid'
import type { BlockStore, MediaIndex } from '../../../core/store/media-index.ts'
import { toHex } from '../../../core/util/bytes.ts'

export interface MemoryClaim {
  readonly type: string
  readonly size: number
  readonly author: Uint8Array
}

interface Dag {
  readonly blocks: readonly string[]
  readonly type: string
  readonly size: number
  isPending: boolean
}

/** The media tables of one node in memory; `claims` stands for the records that refer to media. */
export class MemoryTables implements BlockStore, MediaIndex {
  readonly stored = new Map<string, Uint8Array>()
  readonly dags = new Map<string, Dag>()
  readonly claims = new Map<string, MemoryClaim>()
  readonly failed: string[] = []

  get index(): MediaIndex {
    return this
  }

  get blocks(): BlockStore {
    return this
  }

  async putBlocks(blocks: readonly { readonly cid: Uint8Array; readonly bytes: Uint8Array }[]): Promise<void> {
    for (const { cid, bytes } of blocks) this.stored.set(toHex(cid), bytes.slice())
  }

  async getBlock(cid: Uint8Array): Promise<Uint8Array | null> {
    return this.stored.get(toHex(cid))?.slice() ?? null
  }

  async hasBlock(cid: Uint8Array): Promise<boolean> {
    return this.stored.has(toHex(cid))
  }

  async deleteBlock(cid: Uint8Array): Promise<void> {
    this.stored.delete(toHex(cid))
  }

  async putDag(dag: Dag & { readonly root: string }): Promise<void> {
    this.dags.set(dag.root, { blocks: dag.blocks, type: dag.type, size: dag.size, isPending: dag.isPending })
  }

  async getDag(root: string): Promise<Dag | null> {
    const dag = this.dags.get(root)
    return dag?.blocks.every((cid) => this.stored.has(keyOf(cid))) ? dag : null
  }

  async listMissing(limit: number): Promise<readonly (MemoryClaim & { readonly root: string })[]> {
    const missing: (MemoryClaim & { readonly root: string })[] = []
    for (const [root, claim] of this.claims) {
      if (missing.length < limit && (await this.getDag(root)) === null) missing.push({ root, ...claim })
    }
    return missing
  }

  async findClaim(root: string): Promise<MemoryClaim | null> {
    return this.claims.get(root) ?? null
  }

  async noteFetchFailed(root: string): Promise<void> {
    this.failed.push(root)
  }

  async collectGarbage(): Promise<{ readonly blocks: number; readonly bytes: number }> {
    const needed = new Set<string>()
    for (const [root, dag] of this.dags) {
      if (dag.isPending || this.claims.has(root)) for (const cid of dag.blocks) needed.add(keyOf(cid))
    }
    let blocks = 0
    let bytes = 0
    for (const [key, block] of this.stored) {
      if (needed.has(key)) continue
      this.stored.delete(key)
      blocks++
      bytes += block.length
    }
    return { blocks, bytes }
  }
}

function keyOf(cid: string): string {
  return toHex(CID.parse(cid).bytes)
}
