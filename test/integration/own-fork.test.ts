import { cp, mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type IdentityState, resolveChain } from '../../core/identity/chain.ts'
import { linkDevice, proveDevice } from '../../core/identity/change.ts'
import { checkOperation, encodeOperation } from '../../core/identity/operation.ts'
import { AccountService } from '../../core/node/account-service.ts'
import { loadNetworkDescriptor } from '../../core/node/network-descriptor.ts'
import { OwnDatabase } from '../../core/store/own-database.ts'
import { silentLogger } from '../../core/util/logger.ts'
import { systemRandom } from '../../core/util/random.ts'
import { type TestPeer, TestSquare } from '../harness/square.ts'
import { eventually } from '../harness/wait.ts'

/** What a node with an account stands on: its keys, its log, everybody's. */
async function copyOf(dataDir: string): Promise<string> {
  const copy = await mkdtemp(join(tmpdir(), 'palabre-copy-'))
  await cp(dataDir, copy, { recursive: true })
  return copy
}

function readState(dataDir: string, key: string): unknown {
  const db = new DatabaseSync(join(dataDir, 'own.db'), { readOnly: true })
  const row = db.prepare('SELECT value FROM state WHERE key = ?').get(key)
  db.close()
  return row === undefined ? null : JSON.parse(row.value as string)
}

function problems(dataDir: string): unknown[] {
  return ['own.db', 'square.db', 'media.db'].map((name) => {
    const db = new DatabaseSync(join(dataDir, name), { readOnly: true })
    const rows = db.prepare('PRAGMA integrity_check').all()
    db.close()
    return rows
  })
}

/** Logs of an author's devices as a store has them: forked or not, and how many records. */
function logsIn(dataDir: string): { forked: number; logs: number } {
  const db = new DatabaseSync(join(dataDir, 'square.db'), { readOnly: true })
  const row = db
    .prepare(
      'SELECT count(*) AS logs, sum(is_forked) AS forked FROM log WHERE author_id = (SELECT author_id FROM author ORDER BY record_count DESC LIMIT 1)',
    )
    .get()
  db.close()
  return { forked: Number(row?.forked ?? 0), logs: Number(row?.logs) }
}

/** A data directory of another device of the account that lies in `dataDir`, linked while nothing runs. */
async function linkedTo(dataDir: string): Promise<string> {
  const other = await mkdtemp(join(tmpdir(), 'palabre-linked-'))
  const [{ domain }, events] = [await loadNetworkDescriptor('local'), { publish: () => {} }]
  const [first, second] = [dataDir, other].map(
    (folder) => new AccountService({ logger: silentLogger, random: systemRandom, events }, { dataDir: folder, domain }),
  ) as [AccountService, AccountService]
  for (const account of [first, second]) await account.open()
  const own = new OwnDatabase({ path: join(dataDir, 'own.db') })
  const operations = own.listOperations()
  own.close()
  const state = resolveChain(
    operations.flatMap((bytes) => checkOperation(bytes, { verify: () => null }).operation ?? []),
  )
  const address = first.address as Uint8Array
  const keys = { keyPair: second.deviceKeyPair, sealKey: second.sealKeyPair.publicKey, name: 'second' }
  const linked = linkDevice(state as IdentityState, proveDevice(keys, address, domain), first.deviceKeyPair, domain)
  const home = { adopt: async () => {}, introduce: async () => {} }
  await second.settle(home, { profile: async () => ({ name: '' }) as never })
  const chain = [...operations, encodeOperation(linked)]
  await second.takeOver({ address, operations: chain, name: 'Nour', wordsSlotKey: null })
  return other
}

async function texts(peer: TestPeer, profile: string): Promise<string[]> {
  return (await peer.api.timeline.profile({ profile, limit: 100 })).items.map(({ text }) => text).sort()
}

describe('a data directory that was copied and runs twice', () => {
  let square: TestSquare
  beforeEach(() => {
    square = new TestSquare()
    square.watch()
  })
  afterEach(() => square.close())

  it('becomes two devices of one account, and nothing that either wrote is lost (LOG10)', async () => {
    const seed = await square.add({ role: 'seed' })
    const peers = [await seed.address()]
    const nour = await square.add({ name: 'Nour', peers })
    const profile = await nour.profile()
    const reader = await square.add({ name: 'Reader', peers })
    await reader.api.follows.add({ profile })
    for (const text of ['one', 'two', 'three']) await nour.api.posts.create({ text })
    await eventually('the reader sees them', async () => (await texts(reader, profile)).length === 3)
    const before = await nour.peerId()
    await nour.stop()
    const copy = await square.add({ dataDir: await copyOf(nour.dataDir), peers })
    await nour.start({ peers })
    await eventually('both have met the seed', async () => {
      const states = await Promise.all([nour, copy].map((peer) => peer.api.network.status()))
      return states.every(({ peers: met }) => met.some(({ syncedAt }) => syncedAt !== null))
    })
    // At one moment: each signs the same number.
    await Promise.all([
      nour.api.posts.create({ text: 'from the original' }),
      copy.api.posts.create({ text: 'from the copy' }),
    ])
    const replaced = async (peer: TestPeer) => (await peer.api.account.get()).device.peerId !== before
    await eventually('both have a new key', async () => (await replaced(nour)) && (await replaced(copy)))
    await nour.api.posts.create({ text: 'the original goes on' })
    await copy.api.posts.create({ text: 'the copy goes on' })
    const all = [
      'one',
      'two',
      'three',
      'from the original',
      'from the copy',
      'the original goes on',
      'the copy goes on',
    ]
    const everybody = [nour, copy, seed, reader]
    await eventually('everybody has everything', async () => {
      const lists = await Promise.all(everybody.map((peer) => texts(peer, profile)))
      return lists.every((list) => JSON.stringify(list) === JSON.stringify(all.toSorted()))
    })
    const accounts = await Promise.all([nour, copy].map((peer) => peer.api.account.get()))
    expect(accounts.map((account) => account.profile)).toEqual([profile, profile])
    const keys = accounts.map(({ device }) => device.peerId)
    expect(new Set([before, ...keys]).size).toBe(3)
    // The node is known by the new key on the network, too.
    await eventually('both are connected under their new keys', async () => {
      const { peers: met } = await seed.api.network.status()
      return keys.every((key) => met.some(({ peerId }) => peerId === key))
    })
    await Promise.all(everybody.map((peer) => peer.stop()))
    for (const [i, peer] of [nour, copy].entries()) {
      expect(readState(peer.dataDir, 'device-replaced')).toMatchObject({ from: before, to: keys[i] })
    }
    for (const { dataDir } of everybody) {
      expect(problems(dataDir)).toEqual(Array(3).fill([{ integrity_check: 'ok' }]))
      expect(logsIn(dataDir)).toEqual({ forked: 1, logs: 3 })
    }
    // After a start it goes on as that device.
    await nour.start({ peers: [] })
    expect((await nour.api.account.get()).device.peerId).toBe(keys[0])
    await nour.api.posts.create({ text: 'still here' })
    // Its owner is told until they dismiss it, and the key before is known for what it was.
    const { replaced: said } = await nour.api.devices.replaced()
    expect(said).toMatchObject({ from: before, to: keys[0] })
    const [, ...others] = (await nour.api.devices.list()).items
    expect(others.filter(({ former }) => former).map(({ peerId }) => peerId)).toEqual([before])
    await nour.api.devices.dismissReplaced({ peerId: keys[0] as string })
    await nour.stop()
    await nour.start({ peers: [] })
    expect(await nour.api.devices.replaced()).toEqual({ replaced: null })
  }, 120_000)

  it('is no case of two devices with keys of their own: the control (LOG10)', async () => {
    const seed = await square.add({ role: 'seed' })
    const peers = [await seed.address()]
    const nour = await square.add({ name: 'Nour', peers })
    const [profile, before] = [await nour.profile(), await nour.peerId()]
    await nour.api.posts.create({ text: 'one' })
    await nour.stop()
    const phone = await square.add({ dataDir: await linkedTo(nour.dataDir), peers })
    const key = await phone.peerId()
    await nour.start({ peers })
    await eventually('both have met the seed', async () => {
      const states = await Promise.all([nour, phone].map((peer) => peer.api.network.status()))
      return states.every(({ peers: met }) => met.some(({ syncedAt }) => syncedAt !== null))
    })
    await Promise.all([
      nour.api.posts.create({ text: 'from the laptop' }),
      phone.api.posts.create({ text: 'from the phone' }),
    ])
    await nour.api.posts.create({ text: 'the laptop goes on' })
    const all = ['one', 'from the laptop', 'from the phone', 'the laptop goes on'].sort()
    await eventually('all have everything', async () => {
      const lists = await Promise.all([nour, phone, seed].map((peer) => texts(peer, profile)))
      return lists.every((list) => JSON.stringify(list) === JSON.stringify(all))
    })
    expect((await nour.api.account.get()).device.peerId).toBe(before)
    expect((await phone.api.account.get()).device.peerId).toBe(key)
    await Promise.all([nour, phone, seed].map((peer) => peer.stop()))
    for (const { dataDir } of [nour, phone, seed]) expect(logsIn(dataDir)).toEqual({ forked: 0, logs: 2 })
    expect(readState(nour.dataDir, 'device-replaced')).toBeNull()
  }, 120_000)
})
