import { parseRecordId } from '../codec/cid.ts'
import type { DevicePost, DeviceView } from '../contract/accounts.ts'
import { type IdentityDevice, type IdentityState, resolveChain } from '../identity/chain.ts'
import { ChangeRefusedError, changeByAuthority, retireDevice, revokeDevice } from '../identity/change.ts'
import { sha256 } from '../identity/hash.ts'
import type { KeyPair } from '../identity/keys.ts'
import type { DeviceSeal, IdentityOperation } from '../identity/operation.ts'
import { formatPeerId, parsePeerId } from '../identity/peer-id.ts'
import { eraseSecret, mayBeOf, parseSecret } from '../identity/secret.ts'
import { decodeRecord } from '../record/decode-record.ts'
import type { DeviceLogs, LogReader } from '../store/log-reader.ts'
import { compareBytes, equalBytes, toHex } from '../util/bytes.ts'
import { BadRequestError, NoAccountError, NotFoundError, PalabreError } from '../util/errors.ts'
import type { AccountService } from './account-service.ts'
import type { DeviceKeeper, SealPlace } from './api/services.ts'
import type { DeviceNames } from './device-names.ts'
import { readDevicePosts } from './device-posts.ts'
import type { DeviceRights } from './device-rights.ts'
import type { EventHub } from './event-hub.ts'
import type { IdentityChains } from './identity-chains.ts'

/** Nothing that the device signed counts. */
const NOTHING: DeviceSeal = { lastSeq: 0, headId: new Uint8Array(32) }
/** Records with one number that are looked at: of a fork four are kept. */
const MAX_READ_BYTES = 64 * 1_024
const ORDER = { active: 0, retired: 1, sealed: 2 } as const

export interface AccountDevicesComponents {
  readonly identity: Pick<AccountService, 'address' | 'deviceKey' | 'deviceKeyPair' | 'formerDeviceKeys'>
  readonly chains: Pick<IdentityChains, 'operations' | 'publish'>
  readonly logs: DeviceLogs & Pick<LogReader, 'readLog'>
  readonly names: DeviceNames
  readonly rights: DeviceRights
  readonly events: Pick<EventHub, 'publish'>
}

interface HeldChain {
  readonly address: Uint8Array
  readonly operations: readonly IdentityOperation[]
  readonly state: IdentityState
}

/** The devices of this account: what the chain and the logs say of them, and the operations that change them. */
export class AccountDevices implements DeviceKeeper {
  readonly #components: AccountDevicesComponents
  /** Signature domain of the network. */
  readonly #domain: string
  #turn: Promise<unknown> = Promise.resolve()

  constructor(components: AccountDevicesComponents, init: { readonly domain: string }) {
    this.#components = components
    this.#domain = init.domain
  }

  /** This device first, then those in use. @throws NoAccountError */
  async list(): Promise<readonly DeviceView[]> {
    const { identity, logs, names } = this.#components
    const { address, state } = await this.#chain()
    const logOf = new Map((await logs.listDeviceLogs(address)).map((log) => [toHex(log.device), log]))
    const given = await names.get()
    const views = state.devices.map((device): DeviceView => {
      const log = logOf.get(toHex(device.key))
      return {
        peerId: formatPeerId(device.key),
        name: given.get(toHex(device.key)) ?? device.name,
        isThis: equalBytes(device.key, identity.deviceKey),
        status: device.status,
        contested: device.contested,
        forked: log?.isForked ?? false,
        former: identity.formerDeviceKeys.some((key) => equalBytes(key, device.key)),
        records: log?.records ?? 0,
        hidden: log?.hidden ?? 0,
        lastSignedAt: log?.head?.tsMs ?? null,
        addedBy: device.addedBy.map(formatPeerId),
      }
    })
    const rank = ({ isThis, status }: DeviceView) => (isThis ? -1 : ORDER[status])
    return views.sort((a, b) => rank(a) - rank(b) || (a.name < b.name ? -1 : 1))
  }

  /** @throws NoAccountError, NotFoundError for a device that isn't one of the account's */
  async rename(peerId: string, name: string): Promise<void> {
    const key = parseDevice(peerId)
    const { state } = await this.#chain()
    if (findDevice(state, key) === undefined) throw new NotFoundError(`${peerId} is no device of this account`)
    await this.#components.names.set(toHex(key), name)
    this.#components.events.publish({ type: 'devices' })
  }

  /** @throws NoAccountError, ChangeRefusedError, PalabreError last-device */
  retire(): Promise<void> {
    return this.#inTurn(async () => {
      const { identity, rights } = this.#components
      const chain = await this.#chain()
      // The seal must name the last record that there will be.
      const release = rights.hold()
      try {
        const seal = await this.#headOf(chain.address, identity.deviceKey)
        await this.#change(chain, retireDevice(chain.state, seal, identity.deviceKeyPair, this.#domain))
      } finally {
        await rights.refresh()
        release()
      }
    })
  }

  /**
   * This device stays, whoever added it.
   *
   * @throws NoAccountError, ChangeRefusedError, NotFoundError when the record `last` isn't held here; PalabreError
   * wrong-secret, last-device
   */
  revoke(peerId: string, secret: string, last?: SealPlace): Promise<void> {
    return this.#inTurn(async () => {
      const { identity } = this.#components
      const key = parseDevice(peerId)
      const chain = await this.#chain()
      if (findDevice(chain.state, key) === undefined) throw unknownDevice('the account has no such device')
      const seal = await this.#sealAt(chain.address, key, last)
      const keep = equalBytes(key, identity.deviceKey) ? [] : [identity.deviceKey]
      await this.#bySecret(chain, secret, (signer) => {
        return revokeDevice(chain.state, { key, seal, keep }, [signer], this.#domain)
      })
    })
  }

  /** @throws NoAccountError, ChangeRefusedError, PalabreError wrong-secret */
  restore(peerId: string, secret: string): Promise<void> {
    return this.#inTurn(async () => {
      const key = parseDevice(peerId)
      const chain = await this.#chain()
      const device = findDevice(chain.state, key)
      if (device === undefined || device.status === 'active') throw unknownDevice('no such device is sealed')
      await this.#bySecret(chain, secret, (signer) => {
        return changeByAuthority(chain.state, { seals: [{ key, seal: null }] }, [signer], { network: this.#domain })
      })
    })
  }

  /** @throws NoAccountError, NotFoundError for a device that isn't one of the account's */
  async posts(peerId: string): Promise<readonly DevicePost[]> {
    const { logs } = this.#components
    const device = parseDevice(peerId)
    const { address: author, state } = await this.#chain()
    if (findDevice(state, device) === undefined) throw new NotFoundError(`${peerId} is no device of this account`)
    const { lastSeq: headSeq } = await this.#headOf(author, device)
    return await readDevicePosts(logs, { author, device, headSeq })
  }

  async #chain(): Promise<HeldChain> {
    const { identity, chains } = this.#components
    const { address } = identity
    if (address === null) throw new NoAccountError()
    const operations = await chains.operations(address)
    const state = resolveChain(operations)
    if (state === null) throw new NotFoundError('the chain of this account is not held here yet')
    return { address, operations, state }
  }

  async #bySecret(chain: HeldChain, text: string, make: (signer: KeyPair) => IdentityOperation): Promise<void> {
    const secret = parseSecret(text)
    const signer = secret === undefined || !mayBeOf(secret, chain.address) ? undefined : secret.keyPair
    try {
      if (signer === undefined || !isNamed(chain.operations, signer.publicKey)) {
        throw new PalabreError('wrong-secret', 'these are not the words of this account, nor its paper key')
      }
      await this.#change(chain, make(signer))
    } finally {
      if (secret !== undefined) eraseSecret(secret)
    }
  }

  async #change({ operations }: HeldChain, operation: IdentityOperation): Promise<void> {
    const after = resolveChain([...operations, operation])
    if (after?.devices.every(({ status }) => status !== 'active') !== false) {
      throw new PalabreError('last-device', 'this is the last device in use: link another one before')
    }
    const { chains, events } = this.#components
    await chains.publish([operation])
    events.publish({ type: 'devices' })
    // What a device signed is shown or hidden now, anywhere.
    events.publish({ type: 'posts', ids: [], all: true })
  }

  async #sealAt(address: Uint8Array, key: Uint8Array, last: SealPlace | undefined): Promise<DeviceSeal> {
    if (last?.seq === 0) return NOTHING
    const head = await this.#headOf(address, key)
    if (last === undefined) return head
    const { seq: lastSeq } = last
    const wanted = last.id === undefined ? undefined : parseRecordId(last.id)
    if (last.id !== undefined && wanted === undefined) throw new BadRequestError('expected the id of a record')
    if (wanted === undefined && lastSeq === head.lastSeq) return head
    const held = await this.#components.logs.readLog(address, key, [lastSeq, lastSeq], MAX_READ_BYTES)
    const ids = held.flatMap(({ record }) => {
      const decoded = decodeRecord(record)
      return decoded.ok ? [decoded.record.id] : []
    })
    const [headId] = ids.filter((id) => wanted === undefined || equalBytes(id, wanted)).sort(compareBytes)
    if (headId === undefined) throw new NotFoundError(`record ${lastSeq} of this device is not held here`)
    return { lastSeq, headId }
  }

  /** A seal at the newest record that is held. */
  async #headOf(address: Uint8Array, key: Uint8Array): Promise<DeviceSeal> {
    const logs = await this.#components.logs.listDeviceLogs(address)
    const head = logs.find(({ device }) => equalBytes(device, key))?.head ?? null
    return head === null ? NOTHING : { lastSeq: head.seq, headId: head.id }
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(work)
    this.#turn = result.catch(() => {})
    return result
  }
}

function parseDevice(peerId: string): Uint8Array {
  const key = parsePeerId(peerId)
  if (key === undefined) throw new BadRequestError(`expected the peer ID of a device, got ${peerId.slice(0, 80)}`)
  return key
}

function findDevice(state: IdentityState, key: Uint8Array): IdentityDevice | undefined {
  return state.devices.find((device) => equalBytes(device.key, key))
}

function unknownDevice(message: string): ChangeRefusedError {
  return new ChangeRefusedError('unknown-device', message)
}

/** Some operation names the key as an authority, or has its hash as the paper key's; whether it still counts is another matter. */
function isNamed(operations: readonly IdentityOperation[], key: Uint8Array): boolean {
  const hash = sha256(key)
  return operations.some(
    ({ slots, paperHash }) =>
      slots.some(({ keys }) => keys.some((one) => equalBytes(one.key, key))) ||
      (paperHash !== null && equalBytes(paperHash, hash)),
  )
}
