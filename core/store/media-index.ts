/** A block as Helia stores it: CID bytes → bytes. Runs in the store's worker; values cross as transferred buffers. */
export interface BlockStore {
  putBlocks(blocks: readonly { readonly cid: Uint8Array; readonly bytes: Uint8Array }[]): Promise<void>
  getBlock(cid: Uint8Array): Promise<Uint8Array | null>
  hasBlock(cid: Uint8Array): Promise<boolean>
  deleteBlock(cid: Uint8Array): Promise<void>
}

/** References to media roots, kept in the transaction of the record that needs them (MED4). */
export interface MediaIndex {
  /**
   * Registers the complete DAG of a root: its blocks (root first) and what it is. Blocks without a reference from a
   * record and without a pending one are collected by `collectGarbage`.
   * @param isPending - keeps it for a day although no record refers to it yet: pin first, then record.
   */
  putDag(dag: {
    readonly root: string
    readonly blocks: readonly string[]
    readonly type: string
    readonly size: number
    readonly isPending: boolean
  }): Promise<void>
  /** Null while not all blocks are here. */
  getDag(
    root: string,
  ): Promise<{ readonly blocks: readonly string[]; readonly type: string; readonly size: number } | null>
  /** Roots that visible records of wanted authors refer to and that are not here: faces of followed people, then what the newest records show; at most `limit`. `type` and `size` are what the record claims. */
  listMissing(
    limit: number,
  ): Promise<
    readonly { readonly root: string; readonly type: string; readonly size: number; readonly author: Uint8Array }[]
  >
  /** What the record that refers to this root claims of it; null when no held, visible record does. */
  findClaim(root: string): Promise<{ readonly type: string; readonly size: number; readonly author: Uint8Array } | null>
  noteFetchFailed(root: string): Promise<void>
  /** Deletes blocks that no reference needs. Returns what was freed. */
  collectGarbage(): Promise<{ readonly blocks: number; readonly bytes: number }>
}
