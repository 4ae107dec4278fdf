import { beforeEach, describe, expect, it } from 'vitest'
import { formatRecordId } from '../../../core/codec/cid.ts'
import type { NodeEvent } from '../../../core/contract/views.ts'
import { resolveChain } from '../../../core/identity/chain.ts'
import { linkDevice, proveDevice } from '../../../core/identity/change.ts'
import { createIdentity } from '../../../core/identity/genesis.ts'
import { generateKeyPair, generateSealKeyPair, type KeyPair } from '../../../core/identity/keys.ts'
import type { IdentityOperation } from '../../../core/identity/operation.ts'
import { formatPeerId } from '../../../core/identity/peer-id.ts'
import { wordsFromEntropy } from '../../../core/identity/words.ts'
import { AccountDevices } from '../../../core/node/device-keeper.ts'
import { DeviceRights } from '../../../core/node/device-rights.ts'
import { encodeRecord } from '../../../core/record/encode-record.ts'
import type { SignedRecord } from '../../../core/record/envelope.ts'
import { encodePost, KIND } from '../../../core/record/kinds/kind-table.ts'
import { signRecord } from '../../../core/record/sign-record.ts'
import type { DeviceLogFacts } from '../../../core/store/log-reader.ts'
import { equalBytes } from '../../../core/util/bytes.ts'
import { silentLogger } from '../../../core/util/logger.ts'
import { systemRandom } from '../../../core/util/random.ts'

/** An account with a chain and logs in memory; the services see it from the laptop unless told otherwise. */
class Account {
  readonly laptop = generateKeyPair()
  readonly phone = generateKeyPair()
  readonly tablet = generateKeyPair()
  readonly address: Uint8Array
  readonly words: string
  readonly chain: IdentityOperation[]
  readonly events: NodeEvent[] = []
  formerKeys: Uint8Array[] = []
  readonly #logs = new Map<KeyPair, SignedRecord[]>()
  readonly #names = new Map<string, string>()
  /** Records of copies of a device. */
  readonly #copies: SignedRecord[] = []

  constructor() {
    const made = createIdentity({
      device: { keyPair: this.laptop, sealKey: generateSealKeyPair().publicKey, name: 'laptop' },
    })
    this.address = made.address
    this.words = wordsFromEntropy(made.wordsEntropy).join(' ')
    this.chain = [made.operation]
  }

  link(keyPair: KeyPair, name: string, by = this.laptop): void {
    const entry = proveDevice({ keyPair, sealKey: generateSealKeyPair().publicKey, name }, this.address)
    this.chain.push(linkDevice(this.state, entry, by))
  }

  write(keyPair: KeyPair, count: number): SignedRecord[] {
    const log = this.#logs.get(keyPair) ?? []
    this.#logs.set(keyPair, log)
    for (let i = 0; i < count; i++) {
      log.push(
        signRecord({
          kind: 60_000,
          author: this.address,
          device: keyPair.publicKey,
          secretKey: keyPair.secretKey,
          seq: log.length + 1,
          prev: log.at(-1)?.id ?? null,
          ts: 1_700_000_000_000 + log.length,
          body: systemRandom(8),
        }),
      )
    }
    return log
  }

  /** A post at the end of the log, or one that a copy of the device signed at `seq`. */
  post(keyPair: KeyPair, text: string, seq?: number): SignedRecord {
    const log = this.#logs.get(keyPair) ?? []
    this.#logs.set(keyPair, log)
    const number = seq ?? log.length + 1
    const record = signRecord({
      kind: KIND.post,
      author: this.address,
      device: keyPair.publicKey,
      secretKey: keyPair.secretKey,
      seq: number,
      prev: log[number - 2]?.id ?? null,
      ts: 1_700_000_000_000 + number,
      body: encodePost({ salt: systemRandom(8), text }),
    })
    if (seq === undefined) log.push(record)
    else this.#copies.push(record)
    return record
  }

  get state() {
    const state = resolveChain(this.chain)
    if (state === null) throw new Error('no genesis')
    return state
  }

  statusOf(keyPair: KeyPair): string {
    const device = this.state.devices.find(({ key }) => equalBytes(key, keyPair.publicKey))
    return device === undefined ? 'none' : `${device.status} ${device.seal?.lastSeq ?? ''}`.trim()
  }

  on(keyPair = this.laptop) {
    const identity = {
      address: this.address,
      profile: formatPeerId(this.address),
      deviceKey: keyPair.publicKey,
      deviceKeyPair: keyPair,
      formerDeviceKeys: this.formerKeys,
    }
    const chains = {
      operations: async () => [...this.chain],
      state: async () => this.state,
      publish: async (operations: readonly IdentityOperation[]) => void this.chain.push(...operations),
    }
    const logs = {
      listDeviceLogs: async () => [...this.#logs].map(([{ publicKey }, log]) => factsOf(publicKey, log)),
      readLog: async (_author: Uint8Array, device: Uint8Array, [from, to]: readonly [number, number]) => {
        const [, log = []] = [...this.#logs].find(([{ publicKey }]) => equalBytes(publicKey, device)) ?? []
        const copies = this.#copies.filter(({ header }) => equalBytes(header.device, device))
        const found = [...log, ...copies]
          .filter(({ header }) => header.seq >= from && header.seq <= to)
          .sort((a, b) => b.header.seq - a.header.seq)
        return found.map((record) => ({ seq: record.header.seq, record: encodeRecord(record) }))
      },
    }
    const events = { publish: (event: NodeEvent) => void this.events.push(event) }
    const rights = new DeviceRights({ identity, chains, events, logger: silentLogger })
    const names = {
      get: async () => this.#names,
      set: async (key: string, name: string) => void this.#names.set(key, name),
    }
    const devices = new AccountDevices({ identity, chains, logs, names, rights, events }, { domain: 'palabre' })
    return { devices, rights }
  }
}

function factsOf(device: Uint8Array, log: readonly SignedRecord[]): DeviceLogFacts {
  const head = log.at(-1)
  return {
    device,
    records: log.length,
    hidden: 0,
    head: head === undefined ? null : { seq: head.header.seq, id: head.id, tsMs: head.header.ts },
    isForked: false,
  }
}

describe('AccountDevices', () => {
  let account: Account
  const idOf = ({ publicKey }: KeyPair) => formatPeerId(publicKey)

  beforeEach(() => {
    account = new Account()
    account.link(account.phone, 'phone')
  })

  it('lists this device first, with what is held of each', async () => {
    account.write(account.phone, 3)
    const { devices } = account.on()
    expect(await devices.list()).toMatchObject([
      { peerId: idOf(account.laptop), isThis: true, name: 'laptop', status: 'active', records: 0, lastSignedAt: null },
      {
        ...{ peerId: idOf(account.phone), isThis: false, name: 'phone', status: 'active', records: 3 },
        ...{ lastSignedAt: 1_700_000_000_002, addedBy: [idOf(account.laptop)] },
      },
    ])
    expect((await account.on(account.phone).devices.list()).map(({ name }) => name)).toEqual(['phone', 'laptop'])
  })

  it('says which one was a key of this device before (LOG10)', async () => {
    const former = async () => (await account.on().devices.list()).map((device) => [device.name, device.former])
    expect(await former()).toEqual([
      ['laptop', false],
      ['phone', false],
    ])
    account.formerKeys.push(account.phone.publicKey)
    expect(await former()).toEqual([
      ['laptop', false],
      ['phone', true],
    ])
  })

  it('shows the name that the owner gave', async () => {
    const { devices } = account.on()
    await devices.rename(idOf(account.phone), 'old phone')
    expect((await devices.list())[1]).toMatchObject({ name: 'old phone' })
    expect(account.events).toEqual([{ type: 'devices' }])
    await expect(devices.rename(idOf(account.tablet), 'x')).rejects.toMatchObject({ code: 'not-found' })
    await expect(devices.rename('12D3Koo', 'x')).rejects.toMatchObject({ code: 'bad-request' })
  })

  it('retires this device at its last record, which then writes nothing more (IDN17)', async () => {
    account.write(account.phone, 2)
    const { devices, rights } = account.on(account.phone)
    rights.assertMayWrite()
    await devices.retire()
    expect(account.statusOf(account.phone)).toBe('retired 2')
    expect(() => rights.assertMayWrite()).toThrow(expect.objectContaining({ code: 'device-retired' }))
    await expect(devices.retire()).rejects.toMatchObject({ code: 'no-right' })
  })

  it('does not retire the last device in use', async () => {
    await account.on(account.phone).devices.retire()
    const { devices, rights } = account.on()
    await expect(devices.retire()).rejects.toMatchObject({ code: 'last-device' })
    expect(account.statusOf(account.laptop)).toBe('active')
    rights.assertMayWrite()
  })

  it('revokes at the newest record that is held, or at an older one (IDN18)', async () => {
    const log = account.write(account.phone, 5)
    const { devices } = account.on()
    await devices.revoke(idOf(account.phone), account.words)
    expect(account.statusOf(account.phone)).toBe('sealed 5')
    await devices.revoke(idOf(account.phone), account.words, { seq: 3 })
    expect(account.statusOf(account.phone)).toBe('sealed 3')
    expect(account.state.devices.find(({ name }) => name === 'phone')?.seal?.headId).toEqual(log[2]?.id)
    await devices.revoke(idOf(account.phone), account.words, { seq: 0 })
    expect(account.statusOf(account.phone)).toBe('sealed 0')
    await expect(devices.revoke(idOf(account.phone), account.words, { seq: 6 })).rejects.toMatchObject({
      code: 'not-found',
    })
    expect(account.events).toContainEqual({ type: 'posts', ids: [], all: true })
  })

  it('lists the posts of a device by which its owner finds the last own one, and seals at either of two (LOG8)', async () => {
    const texts = ['first', 'mine', 'x'.repeat(300)]
    for (const text of texts) account.post(account.phone, text)
    account.write(account.phone, 2)
    const forged = account.post(account.phone, 'not mine', 2)
    const { devices } = account.on()
    const posts = await devices.posts(idOf(account.phone))
    expect(posts.map(({ seq, text, isTwice }) => [seq, text, isTwice])).toEqual([
      [3, 'x'.repeat(200), false],
      [2, 'mine', true],
      [2, 'not mine', true],
      [1, 'first', false],
    ])
    const mine = posts.find(({ text }) => text === 'mine')
    const sealOf = () => account.state.devices.find(({ name }) => name === 'phone')?.seal
    await devices.revoke(idOf(account.phone), account.words, { seq: 2, id: mine?.id })
    expect(sealOf()?.lastSeq).toBe(2)
    expect(formatRecordId(sealOf()?.headId as Uint8Array)).toBe(mine?.id)
    await devices.revoke(idOf(account.phone), account.words, { seq: 2, id: formatRecordId(forged.id) })
    expect(sealOf()?.headId).toEqual(forged.id)
    // Raised again: sealed devices are listed all the same.
    expect(await devices.posts(idOf(account.phone))).toHaveLength(4)
    await devices.revoke(idOf(account.phone), account.words)
    expect(sealOf()?.lastSeq).toBe(5)
    const bad = [
      { seq: 3, id: mine?.id },
      { seq: 2, id: formatRecordId(new Uint8Array(32)) },
    ]
    for (const last of bad) {
      await expect(devices.revoke(idOf(account.phone), account.words, last)).rejects.toMatchObject({
        code: 'not-found',
      })
    }
    const none = devices.revoke(idOf(account.phone), account.words, { seq: 2, id: 'none' })
    await expect(none).rejects.toMatchObject({ code: 'bad-request' })
    await expect(devices.posts(idOf(account.tablet))).rejects.toMatchObject({ code: 'not-found' })
  })

  it('finds posts among many other records, and stops at twenty', async () => {
    for (let count = 0; count < 22; count++) account.post(account.phone, `post ${count}`)
    account.write(account.phone, 200)
    const posts = await account.on().devices.posts(idOf(account.phone))
    expect(posts.map(({ text }) => text)).toEqual(Array.from({ length: 20 }, (_, index) => `post ${21 - index}`))
  })

  it('takes what a revoked device added with it, and keeps this device whoever added it (IDN21)', async () => {
    account.link(account.tablet, 'tablet', account.phone)
    await account.on().devices.revoke(idOf(account.phone), account.words)
    expect([account.statusOf(account.phone), account.statusOf(account.tablet)]).toEqual(['sealed 0', 'sealed 0'])

    const other = new Account()
    other.link(other.phone, 'phone')
    other.link(other.tablet, 'tablet')
    other.write(other.laptop, 4)
    await other.on(other.phone).devices.revoke(idOf(other.laptop), other.words)
    expect([other.laptop, other.phone, other.tablet].map((one) => other.statusOf(one))).toEqual([
      ...['sealed 4', 'active', 'sealed 0'],
    ])
  })

  it('notices on the revoked device that it may not write any more', async () => {
    const { rights } = account.on(account.phone)
    await account.on().devices.revoke(idOf(account.phone), account.words)
    rights.noteIngested({ identities: [account.address] })
    await rights.refresh()
    expect(() => rights.assertMayWrite()).toThrow('it was revoked')
  })

  it('takes a revocation back (IDN18)', async () => {
    account.write(account.phone, 2)
    const { devices } = account.on()
    await expect(devices.restore(idOf(account.phone), account.words)).rejects.toMatchObject({ code: 'unknown-device' })
    await devices.revoke(idOf(account.phone), account.words)
    await devices.restore(idOf(account.phone), account.words)
    expect(account.statusOf(account.phone)).toBe('active')
    const { rights } = account.on(account.phone)
    await rights.refresh()
    rights.assertMayWrite()
  })

  it('refuses other words, no words, and what nobody has', async () => {
    const { devices } = account.on()
    const phone = idOf(account.phone)
    for (const secret of ['', 'twelve words', new Account().words]) {
      await expect(devices.revoke(phone, secret)).rejects.toMatchObject({ code: 'wrong-secret' })
      await expect(devices.revoke(phone, secret)).rejects.not.toThrow(/abandon|zoo/)
    }
    await expect(devices.revoke(idOf(account.tablet), account.words)).rejects.toMatchObject({ code: 'unknown-device' })
    expect(account.chain).toHaveLength(2)
  })

  it('does not revoke the last device in use', async () => {
    const { devices } = account.on(account.phone)
    await devices.revoke(idOf(account.laptop), account.words)
    await expect(devices.revoke(idOf(account.phone), account.words)).rejects.toMatchObject({ code: 'last-device' })
    expect(account.statusOf(account.phone)).toBe('active')
  })
})
