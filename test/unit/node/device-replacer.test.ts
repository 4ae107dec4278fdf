import { describe, expect, it } from 'vitest'
import type { NodeEvent } from '../../../core/contract/views.ts'
import { resolveChain } from '../../../core/identity/chain.ts'
import { changeByAuthority, proveDevice } from '../../../core/identity/change.ts'
import { encodeOperation } from '../../../core/identity/operation.ts'
import { formatPeerId } from '../../../core/identity/peer-id.ts'
import { entropyFromWords, wordsKeyPair } from '../../../core/identity/words.ts'
import { AccountService } from '../../../core/node/account-service.ts'
import { DEVICE_REPLACED, DeviceReplacer } from '../../../core/node/device-replacer.ts'
import { IdentityChains } from '../../../core/node/identity-chains.ts'
import { Publisher } from '../../../core/node/publish/publisher.ts'
import { encodeRecord } from '../../../core/record/encode-record.ts'
import { encodePost, KIND } from '../../../core/record/kinds/kind-table.ts'
import { signRecord } from '../../../core/record/sign-record.ts'
import { equalBytes } from '../../../core/util/bytes.ts'
import { silentLogger } from '../../../core/util/logger.ts'
import { systemRandom } from '../../../core/util/random.ts'
import { portsOf } from '../../harness/square-sync.ts'
import { makeTempDir } from '../../harness/temp-dir.ts'
import { TestSquare } from '../../harness/test-square.ts'

const draft = (text: string) => ({ kind: KIND.post, body: encodePost({ salt: systemRandom(8), text }) })

/** The account of a data directory over its real store, without a network. */
async function openNode(dataDir = makeTempDir()) {
  const events: NodeEvent[] = []
  const hub = { publish: (event: NodeEvent) => void events.push(event) }
  const account = new AccountService(
    { logger: silentLogger, random: systemRandom, events: hub },
    { dataDir, domain: 'palabre' },
  )
  await account.open()
  const test = new TestSquare({ dataDir })
  const ports = portsOf(test)
  const adopt = async (author: Uint8Array, operations: readonly Uint8Array[]) => {
    test.square.setAccount({ author, device: account.deviceKey, secretKey: account.deviceSeed, operations })
  }
  await account.settle({ adopt, introduce: async () => {} }, { profile: async () => ({ name: '' }) as never })
  const chains = new IdentityChains({ chains: ports, door: ports, outlet: { announceChain: () => {} } })
  let renewals = 0
  const store = {
    isOwnLogForked: async () => test.square.isOwnLogForked(),
    getState: async (key: string) => test.square.getState(key),
    setState: async (key: string, value: unknown) => test.square.setState(key, value),
  }
  const { clock } = test
  const devices = new DeviceReplacer(
    { account, chains, store, events: hub, clock, random: systemRandom, logger: silentLogger },
    { domain: 'palabre', onReplaced: () => renewals++ },
  )
  const ownLog = { publish: async (drafts: Parameters<typeof test.square.publish>[0]) => test.square.publish(drafts) }
  const head = { ready: async () => {} }
  const rights = { assertMayWrite: () => {} }
  const publisher = new Publisher({ identity: account, ownLog, outlet: { send: () => {} }, devices, head, rights })
  /** A copy of this device writes a record of its own. */
  const forkAt = (seq: number, prev: Uint8Array | null, text: string) => {
    const { publicKey: device, secretKey } = account.deviceKeyPair
    const author = account.address as Uint8Array
    const { kind, body } = draft(text)
    const record = signRecord({ kind, body, author, device, secretKey, seq, prev, ts: clock.now(), network: 'palabre' })
    test.ingest({ records: [{ bytes: encodeRecord(record) }] })
  }
  const texts = () => test.square.profilePosts(account.profile as string, { limit: 100 }).items.map(({ text }) => text)
  return { account, chains, devices, events, forkAt, publisher, renewals: () => renewals, test, texts }
}

describe('DeviceReplacer', () => {
  it('leaves a device alone whose log is one chain: the control', async () => {
    const node = await openNode()
    await node.account.create('Nour')
    const { deviceKey } = node.account
    await node.publisher.publish([draft('one')])
    await node.devices.replaceForked()
    expect(node.account.deviceKey).toEqual(deviceKey)
    expect(node.test.square.getState(DEVICE_REPLACED)).toBeNull()
  })

  it('gives a device of which a copy signs elsewhere a new key, and writes what was being written (LOG10)', async () => {
    const node = await openNode()
    await node.account.create('Nour')
    const [from, profile] = [formatPeerId(node.account.deviceKey), node.account.profile]
    await node.publisher.publish([draft('here')])
    node.forkAt(1, null, 'elsewhere')
    const [published] = await node.publisher.publish([draft('what was being written')])
    const to = formatPeerId(node.account.deviceKey)
    expect(to).not.toBe(from)
    expect(published?.seq).toBe(1)
    expect(node.account.profile).toBe(profile)
    expect(node.texts().sort()).toEqual(['elsewhere', 'here', 'what was being written'])
    const state = await node.chains.state(node.account.address as Uint8Array)
    expect(state?.devices.map(({ key, status }) => [formatPeerId(key), status]).sort()).toEqual(
      [from, to].map((peerId) => [peerId, 'active']).sort(),
    )
    expect(node.test.square.getState(DEVICE_REPLACED)).toEqual({ at: node.test.clock.now(), from, to })
    expect(node.events.slice(-2)).toEqual([{ type: 'account' }, { type: 'devices' }])
    expect(node.renewals()).toBe(1)
    await node.publisher.publish([draft('and on')])
    expect(node.renewals()).toBe(1)
    expect(node.test.square.integrityCheck()).toEqual([])
  })

  it('says so until its owner has dismissed that one, after a start too (LOG10)', async () => {
    const node = await openNode()
    await node.account.create('Nour')
    expect(await node.devices.unseen()).toBeNull()
    const from = formatPeerId(node.account.deviceKey)
    await node.publisher.publish([draft('here')])
    node.forkAt(1, null, 'elsewhere')
    await node.devices.replaceForked()
    const to = formatPeerId(node.account.deviceKey)
    const said = { at: node.test.clock.now(), from, to }
    expect(await node.devices.unseen()).toEqual(said)
    // What was on the screen was an older one: the newer is still to be said.
    await node.devices.dismiss(from)
    expect(await node.devices.unseen()).toEqual(said)
    node.test.close()
    const again = await openNode(node.test.dataDir)
    expect(await again.devices.unseen()).toEqual(said)
    await again.devices.dismiss(to)
    expect(again.events.at(-1)).toEqual({ type: 'devices' })
    expect(await again.devices.unseen()).toBeNull()
    again.test.close()
    const third = await openNode(node.test.dataDir)
    await third.devices.settle()
    expect(await third.devices.unseen()).toBeNull()
  })

  it('is the same device after a start, and remembers what it was (LOG10)', async () => {
    const node = await openNode()
    await node.account.create('Nour')
    const former = node.account.deviceKey
    const formerSealKey = node.account.sealKeyPair.publicKey
    await node.publisher.publish([draft('here')])
    node.forkAt(1, null, 'elsewhere')
    await node.devices.replaceForked()
    const { deviceKey } = node.account
    node.test.square.setState(DEVICE_REPLACED, null)
    node.test.close()
    const again = await openNode(node.test.dataDir)
    expect(again.account.deviceKey).toEqual(deviceKey)
    expect(again.account.formerDeviceKeys).toEqual([former])
    expect(again.account.formerSealKeyPairs.map(({ publicKey }) => publicKey)).toEqual([formerSealKey])
    // A stop had come before it was said.
    await again.devices.settle()
    expect(again.test.square.getState(DEVICE_REPLACED)).toMatchObject({ from: formatPeerId(former) })
    const [published] = await again.publisher.publish([draft('goes on')])
    expect(published?.seq).toBe(1)
  })

  it('makes up at the next start for what a stop left undone (LOG10)', async () => {
    const node = await openNode()
    await node.account.create('Nour')
    await node.publisher.publish([draft('here')])
    node.forkAt(1, null, 'elsewhere')
    const { deviceKey } = node.account
    node.test.close()
    const again = await openNode(node.test.dataDir)
    expect(again.account.deviceKey).toEqual(deviceKey)
    await again.devices.settle()
    expect(again.account.deviceKey).not.toEqual(deviceKey)
  })

  it('does so once for many calls at one time', async () => {
    const node = await openNode()
    await node.account.create('Nour')
    await node.publisher.publish([draft('here')])
    node.forkAt(1, null, 'elsewhere')
    await Promise.all(['a', 'b', 'c'].map((text) => node.publisher.publish([draft(text)])))
    expect(node.renewals()).toBe(1)
    expect(node.texts()).toHaveLength(5)
  })

  it('says what to do where the device may not add another (IDN17)', async () => {
    const node = await openNode()
    await node.account.create('Nour')
    const { account, chains } = node
    const words = wordsKeyPair(entropyFromWords(account.words() as string[]) as Uint8Array)
    const state = resolveChain(await chains.operations(account.address as Uint8Array))
    if (state === null) throw new Error('no chain')
    const own = state.devices.find(({ key }) => equalBytes(key, account.deviceKey))
    if (own === undefined) throw new Error('no device')
    const { sealKey, name } = own.entry
    const proof = { keyPair: account.deviceKeyPair, sealKey, name, capabilities: 1 }
    const entry = proveDevice(proof, account.address as Uint8Array)
    const without = changeByAuthority(state, { without: [account.deviceKey] }, [words])
    const lesser = changeByAuthority(
      resolveChain([...(await chains.operations(account.address as Uint8Array)), without]) ?? state,
      { add: [entry] },
      [words],
    )
    node.test.ingest({ operations: [without, lesser].map((one) => encodeOperation(one)) })
    await node.publisher.publish([draft('here')])
    node.forkAt(1, null, 'elsewhere')
    const refused = node.publisher.publish([draft('after')])
    await expect(refused).rejects.toMatchObject({ code: 'log-forked', message: expect.stringContaining('link') })
    expect(node.renewals()).toBe(0)
  })
})
