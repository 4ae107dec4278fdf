import { describe, expect, it } from 'vitest'
import { StorageService } from '../../../core/node/storage-service.ts'
import { TestAuthor } from '../../harness/authors.ts'
import { TestSquare, type TestSquareInit } from '../../harness/test-square.ts'

const GIB = 1_024 ** 3

function open(init: TestSquareInit = {}) {
  const me = new TestAuthor('Me')
  const ben = new TestAuthor('Ben')
  const stranger = new TestAuthor('Stranger')
  me.describe({ name: 'Me' })
  me.follow(ben)
  for (let i = 0; i < 9; i++) ben.post(`number ${i}`)
  stranger.post('hello')
  const test = new TestSquare({ me, role: 'seed', ...init })
  test.ingestAll(me, ben, stranger)
  const { square } = test
  const service = new StorageService({
    store: { storage: async () => square.storage(), setBudgets: async (change) => square.setBudgets(change) },
    reader: { names: async (profiles) => square.names(profiles) },
    identity: { profile: me.profile },
  })
  return { me, ben, stranger, test, service }
}

describe('StorageService', () => {
  it('says what lies here, whose it is and how much may', async () => {
    const { ben, me, stranger, service, test } = open()
    const storage = await service.get()
    expect(storage.budgets).toEqual({ recordBytes: 10 * GIB, mediaBytes: 50 * GIB, strangerBytes: GIB / 4 })
    expect(storage.fixed).toEqual([])
    expect(storage.largest.map(({ profile }) => profile)).toEqual([ben.profile, me.profile, stranger.profile])
    expect(storage.largest[1]).toMatchObject({ name: 'Me', isMe: true, records: 2, mediaBytes: 0 })
    expect(storage.recordBytes).toBe(test.square.stats().recordBytes)
    expect(storage.strangerBytes).toBe(storage.largest[2]?.recordBytes)
    expect(storage.files.bytes).toBeGreaterThan(100_000)
    expect(storage.space.ballastBytes).toBe(0)
  })

  it('remembers budgets over a restart', async () => {
    const { me, service, test } = open()
    expect((await service.setBudgets({ recordBytes: 3 * GIB })).budgets.recordBytes).toBe(3 * GIB)
    await service.setBudgets({ mediaBytes: 7 * GIB })
    test.close()
    const again = new TestSquare({ me, dataDir: test.dataDir, role: 'seed' })
    expect(again.square.storage().budgets).toEqual({
      recordBytes: 3 * GIB,
      mediaBytes: 7 * GIB,
      strangerBytes: GIB / 4,
    })
  })

  it('leaves those alone that the start has set', async () => {
    const { service } = open({ budgets: { recordBytes: 2 * GIB } })
    await expect(service.setBudgets({ recordBytes: GIB })).rejects.toMatchObject({ code: 'bad-request' })
    expect((await service.setBudgets({ mediaBytes: GIB })).budgets).toMatchObject({
      recordBytes: 2 * GIB,
      mediaBytes: GIB,
    })
  })
})
