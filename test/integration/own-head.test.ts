import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type TestPeer, TestSquare } from '../harness/square.ts'
import { eventually } from '../harness/wait.ts'

/** Sequence numbers of the own log of this directory's first device, and whether square.db saw it fork. */
function ownLog(dataDir: string): { seqs: number[]; isForked: boolean } {
  const own = new DatabaseSync(join(dataDir, 'own.db'), { readOnly: true })
  const seqs = own.prepare('SELECT seq FROM own_record ORDER BY seq').all()
  own.close()
  const square = new DatabaseSync(join(dataDir, 'square.db'), { readOnly: true })
  const row = square.prepare('SELECT max(is_forked) AS forked FROM log').get()
  square.close()
  return { seqs: seqs.map(({ seq }) => seq as number), isForked: row?.forked === 1 }
}

describe('a data directory that comes from an older image of the disk', () => {
  let square: TestSquare
  let image: string
  let seed: TestPeer
  let nour: TestPeer
  beforeEach(async () => {
    square = new TestSquare()
    square.watch()
    seed = await square.add({ role: 'seed' })
    nour = await square.add({ name: 'Nour', peers: [await seed.address()] })
    await nour.api.posts.create({ text: 'before the image' })
    await nour.stop()
    image = await mkdtemp(join(tmpdir(), 'palabre-image-'))
    await cp(nour.dataDir, image, { recursive: true })
    await nour.start()
    for (const text of ['lost one', 'lost two']) {
      const { id } = await nour.api.posts.create({ text })
      await seed.holdsPost(id)
    }
    await nour.stop()
    await rm(nour.dataDir, { recursive: true })
    await cp(image, nour.dataDir, { recursive: true })
  })
  afterEach(async () => {
    await square.close()
    await rm(image, { recursive: true, force: true })
  })

  it('asks for its own head before it signs, and goes on after what it had lost (LOG7)', async () => {
    const before = ownLog(nour.dataDir).seqs.length
    await nour.start()
    await eventually('it is connected', async () => (await nour.api.network.status()).state === 'connected')
    const { id } = await nour.api.posts.create({ text: 'after the image' })
    await seed.holdsPost(id)
    const texts = (await nour.api.timeline.home({})).items.map(({ text }) => text)
    expect(texts).toEqual(['after the image', 'lost two', 'lost one', 'before the image'])
    await nour.stop()
    const { seqs, isForked } = ownLog(nour.dataDir)
    expect(isForked).toBe(false)
    expect(seqs).toEqual(seqs.map((_, i) => i + 1))
    expect(seqs.length).toBeGreaterThanOrEqual(before + 3)
    await seed.stop()
    expect(ownLog(seed.dataDir).isForked).toBe(false)
  })

  it('goes on after what it had lost when both databases are gone and the keys are not (LOG7)', async () => {
    for (const name of ['own.db', 'square.db']) {
      for (const suffix of ['', '-wal', '-shm']) await rm(join(nour.dataDir, name + suffix), { force: true })
    }
    await nour.start()
    await eventually('it is connected', async () => (await nour.api.network.status()).state === 'connected')
    const { id } = await nour.api.posts.create({ text: 'after the loss' })
    await seed.holdsPost(id)
    const expected = ['after the loss', 'lost two', 'lost one', 'before the image']
    await eventually('all posts', async () => {
      const texts = (await nour.api.timeline.home({})).items.map(({ text }) => text)
      return JSON.stringify(texts) === JSON.stringify(expected)
    })
    await Promise.all([nour.stop(), seed.stop()])
    const { seqs, isForked } = ownLog(nour.dataDir)
    expect(seqs).toEqual(seqs.map((_, i) => i + 1))
    for (const forked of [isForked, ownLog(seed.dataDir).isForked]) expect(forked).toBe(false)
  })

  it('forks its log where nobody can be asked: the control (LOG7, LOG10)', async () => {
    await rm(join(nour.dataDir, 'peers.json'), { force: true })
    const before = ownLog(nour.dataDir).seqs.at(-1)
    await nour.start({ peers: [] })
    const device = (await nour.api.account.get()).device.peerId
    const { id } = await nour.api.posts.create({ text: 'signed too early' })
    expect(ownLog(nour.dataDir).seqs.at(-1)).toBe((before as number) + 1)
    await nour.api.network.connect({ address: await seed.address() })
    await seed.holdsPost(id)
    // It is noticed: the node goes on under another key, and nothing is lost.
    await eventually('a new key', async () => (await nour.api.account.get()).device.peerId !== device)
    const expected = ['before the image', 'lost one', 'lost two', 'signed too early']
    await eventually('all posts', async () => {
      const texts = (await nour.api.timeline.home({})).items.map(({ text }) => text)
      return JSON.stringify(texts.sort()) === JSON.stringify(expected)
    })
    await Promise.all([nour.stop(), seed.stop()])
    for (const { dataDir } of [nour, seed]) expect(ownLog(dataDir).isForked).toBe(true)
  })
})
