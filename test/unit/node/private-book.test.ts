import { describe, expect, it } from 'vitest'
import { type IdentityState, resolveChain } from '../../../core/identity/chain.ts'
import { linkDevice, revokeDevice } from '../../../core/identity/change.ts'
import type { KeyPair } from '../../../core/identity/keys.ts'
import { checkOperation, encodeOperation, type IdentityOperation } from '../../../core/identity/operation.ts'
import { wordsSlotKey, wordsSlotKeyPair } from '../../../core/identity/vault-slots.ts'
import { PrivateBook } from '../../../core/node/private-book.ts'
import { PrivateKeys } from '../../../core/node/private-keys.ts'
import { silentLogger } from '../../../core/util/logger.ts'
import { systemRandom } from '../../../core/util/random.ts'
import { TestAuthor } from '../../harness/authors.ts'
import { TestSquare } from '../../harness/test-square.ts'

/** A device with its store, its vault in memory, and its private book. */
class Desk {
  readonly author: TestAuthor
  readonly test: TestSquare
  readonly book: PrivateBook
  readonly keys: PrivateKeys
  privateKeys: Uint8Array[] = []
  #heard = 0

  constructor(
    author: TestAuthor,
    operations: readonly IdentityOperation[],
    formerSealKeyPairs: readonly KeyPair[] = [],
  ) {
    this.author = author
    this.test = new TestSquare()
    this.test.square.setAccount({ ...author.account, operations: operations.map(encodeOperation) })
    this.keys = new PrivateKeys({
      chest: {
        address: author.address,
        sealKeyPair: author.sealKey,
        formerSealKeyPairs,
        wordsSlotKey: wordsSlotKey(author.wordsEntropy),
        kept: () => this.privateKeys,
        keep: async (_, keys) => {
          this.privateKeys = keys as Uint8Array[]
        },
      },
      random: systemRandom,
    })
    this.book = new PrivateBook({
      address: () => author.address,
      keys: this.keys,
      records: { listPrivate: async (...args) => this.test.square.listPrivate(...args) },
      chain: async () => this.state(),
      publisher: { publish: async (drafts) => this.test.square.publish(drafts) },
      events: { publish: () => {} },
      random: systemRandom,
      logger: silentLogger,
    })
  }

  state(): IdentityState {
    const [chain] = this.test.square.listOperations([this.author.address])
    const operations = (chain?.operations ?? []).flatMap(
      (bytes) => checkOperation(bytes, { verify: () => null }).operation ?? [],
    )
    return resolveChain(operations) as IdentityState
  }

  /** Takes everything that the other has, and lets the book hear of it. */
  async hear(other: Desk): Promise<void> {
    const { address } = this.author
    const logs = other.test.square.listHeld([address])
    const records = logs.flatMap(({ device }) =>
      other.test.square.readLog(address, device, [1, 1_000], 1_000_000).map(({ record }) => ({ bytes: record })),
    )
    this.test.ingest({ operations: other.test.square.listOperations([address])[0]?.operations ?? [], records })
    await this.listen()
  }

  async listen(): Promise<void> {
    for (const event of this.test.events.slice(this.#heard)) this.book.noteIngested(event)
    this.#heard = this.test.events.length
    await this.book.reread()
  }

  /** Value by subject. */
  async values(edge: string): Promise<Record<string, unknown>> {
    return Object.fromEntries((await this.book.list(edge)).map(({ subject, value }) => [subject, value]))
  }
}

function twoDesks() {
  const ada = new TestAuthor('Ada')
  const phone = ada.another('phone')
  const linked = linkDevice(resolveChain([ada.operation]) as IdentityState, phone.entry, ada.device)
  const laptop = new Desk(ada, [ada.operation])
  return { ada, phone, linked, laptop }
}

describe('PrivateBook', () => {
  it('keeps the last word per edge and subject, and takes it back (REC18)', async () => {
    const { laptop } = twoDesks()
    await laptop.book.put('mute', 'aa', { until: 5 })
    await laptop.book.put('mute', 'bb', true)
    await laptop.book.put('mute', 'aa', 'for good')
    await laptop.book.put('bookmark', 'aa', 1.5)
    await laptop.book.put('mute', 'bb', null)
    expect(await laptop.values('mute')).toEqual({ aa: 'for good' })
    expect(await laptop.values('bookmark')).toEqual({ aa: 1.5 })
    await expect(laptop.book.put('mute', 'xx', 1)).rejects.toMatchObject({ code: 'bad-request' })
    await expect(laptop.book.put('draft', '', 'x'.repeat(3_000))).rejects.toMatchObject({ code: 'too-long' })
  })

  it('is read by nobody who was granted nothing', async () => {
    const { ada, phone, laptop } = twoDesks()
    await laptop.book.put('mute', 'aa', 'a secret')
    const wire = laptop.test.square.readLog(ada.address, ada.device.publicKey, [1, 9], 100_000)
    expect(wire.some(({ record }) => Buffer.from(record).includes('a secret'))).toBe(false)
    const stranger = new Desk(phone, [ada.operation])
    await stranger.hear(laptop)
    expect(await stranger.values('mute')).toEqual({})
    expect(await stranger.book.summary()).toEqual({ readable: 0, unreadable: 1 })
  })

  it('comes to a device that is linked later, and the two agree after being apart (REC21)', async () => {
    const { phone, linked, laptop } = twoDesks()
    await laptop.book.put('mute', 'aa', 'from the laptop')
    laptop.test.ingest({ operations: [encodeOperation(linked)] })
    await laptop.listen()
    const mobile = new Desk(phone, [laptop.author.operation, linked])
    await mobile.hear(laptop)
    expect(await mobile.values('mute')).toEqual({ aa: 'from the laptop' })
    await mobile.book.put('mute', 'bb', 'from the phone')
    await laptop.book.put('mute', 'cc', 'from the laptop')
    mobile.test.clock.advance(5_000)
    await mobile.book.put('mute', 'aa', 'the later word')
    await mobile.hear(laptop)
    await laptop.hear(mobile)
    await mobile.hear(laptop)
    const all = { aa: 'the later word', bb: 'from the phone', cc: 'from the laptop' }
    expect(await laptop.values('mute')).toEqual(all)
    expect(await mobile.values('mute')).toEqual(all)
  })

  it('comes back with the words on a computer that has nothing else (REC21)', async () => {
    const { ada, phone, linked, laptop } = twoDesks()
    await laptop.book.put('bookmark', 'aa', 1)
    const fresh = new Desk(phone, [ada.operation, linked])
    await fresh.hear(laptop)
    expect(await fresh.book.summary()).toEqual({ readable: 0, unreadable: 1 })
    fresh.keys.addOpener(wordsSlotKeyPair(ada.wordsEntropy))
    await fresh.book.reread()
    expect(await fresh.values('bookmark')).toEqual({ aa: 1 })
    expect(fresh.privateKeys).toHaveLength(1)
  })

  it('opens what was granted to a key that the device had before (LOG10, REC21)', async () => {
    const { ada, phone, linked, laptop } = twoDesks()
    laptop.test.ingest({ operations: [encodeOperation(linked)] })
    await laptop.book.put('mute', 'aa', 'to the former key')
    const renewed = ada.another('phone again')
    const forgetful = new Desk(renewed, [ada.operation, linked])
    await forgetful.hear(laptop)
    expect(await forgetful.values('mute')).toEqual({})
    const mobile = new Desk(renewed, [ada.operation, linked], [phone.sealKey])
    await mobile.hear(laptop)
    expect(await mobile.values('mute')).toEqual({ aa: 'to the former key' })
  })

  it('goes on with a new key after a device was revoked, which that device is not given', async () => {
    const { ada, phone, linked, laptop } = twoDesks()
    laptop.test.ingest({ operations: [encodeOperation(linked)] })
    await laptop.book.put('mute', 'aa', 'before')
    const mobile = new Desk(phone, [ada.operation, linked])
    await mobile.hear(laptop)
    const seal = { lastSeq: 0, headId: new Uint8Array(32) }
    const revoked = revokeDevice(laptop.state(), { key: phone.device.publicKey, seal }, [ada.words])
    laptop.test.ingest({ operations: [encodeOperation(revoked)] })
    await laptop.listen()
    await laptop.book.put('mute', 'bb', 'after')
    expect(laptop.privateKeys).toHaveLength(2)
    await mobile.hear(laptop)
    expect(await mobile.values('mute')).toEqual({ aa: 'before' })
    expect(await laptop.values('mute')).toEqual({ aa: 'before', bb: 'after' })
  })
})
