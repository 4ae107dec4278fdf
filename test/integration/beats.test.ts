import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { parsePeerId } from '../../core/identity/peer-id.ts'
import { type TestPeer, TestSquare } from '../harness/square.ts'
import { eventually } from '../harness/wait.ts'

/** The newest beat of this account's one device as that directory has it. */
function beatIn(dataDir: string, profile: string): { seq: number; ts: number } | null {
  const db = new DatabaseSync(join(dataDir, 'square.db'), { readOnly: true })
  try {
    const row = db
      .prepare(
        'SELECT beat.seq, ts_ms FROM beat JOIN log USING (log_id) JOIN author USING (author_id) WHERE address = ?',
      )
      .get(parsePeerId(profile) ?? new Uint8Array())
    return row === undefined ? null : { seq: row.seq as number, ts: row.ts_ms as number }
  } finally {
    db.close()
  }
}

describe('the beats of a device', () => {
  let square: TestSquare
  let seed: TestPeer
  let nour: TestPeer
  let profile: string
  beforeEach(async () => {
    square = new TestSquare()
    square.watch()
    seed = await square.add({ role: 'seed' })
    nour = await square.add({ name: 'Nour', peers: [await seed.address()] })
    profile = (await nour.api.account.get()).profile
  })
  afterEach(() => square.close())

  it('are given to its home seed, and tell a reader up to when everything is there (BEA6, BEA7)', async () => {
    await eventually('the seed has one', () => beatIn(seed.dataDir, profile))
    const { id } = await nour.api.posts.create({ text: 'is anybody there' })
    await seed.holdsPost(id)
    const reader = await square.add({ name: 'Ada', peers: [await seed.address()] })
    await reader.api.follows.add({ profile })
    await reader.holdsPost(id)
    await eventually('the reader has one', () => beatIn(reader.dataDir, profile))
    const view = await eventually('it is complete', async () => {
      const seen = await reader.api.profiles.get({ profile })
      return seen.completeAsOf === null ? null : seen
    })
    const post = await reader.api.posts.get({ id })
    expect(view.counts.missing).toBe(0)
    expect(view.completeAsOf).toBeGreaterThanOrEqual(post.ts)
    expect(view.completeAsOf).toBeLessThanOrEqual(Date.now())
  })
})
