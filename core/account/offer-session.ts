/**
 * The side of a device of the account (LNK4 … LNK8): hears a new device out, shows the code, and hands the account over
 * once both people have said that the codes are the same. Nothing is signed before that.
 */
import { CAPABILITY, type DeviceEntry, possessionProofInput } from '../identity/operation.ts'
import type { SignatureVerifier } from '../identity/signature.ts'
import type { FrameDuplex } from '../net/framed-stream.ts'
import { equalBytes } from '../util/bytes.ts'
import type { RandomSource } from '../util/random.ts'
import { LinkError } from './errors.ts'
import type { DeviceFrame, HelloFrame } from './frames.ts'
import {
  LINK_FRAME_FILL_BYTES,
  LINK_NONCE_BYTES,
  LINK_VERSION,
  type LinkTimes,
  MAX_LINK_FRAME_OPERATIONS,
  MAX_LINK_OPERATIONS,
  MAX_LINK_SEEDS,
} from './limits.ts'
import { LinkChannel } from './link-channel.ts'
import { commitmentTo, isSameSecret, type LinkEnds, matchingCode, tokenProof } from './pairing.ts'

/** What the new device is told once the chain lists it. */
export interface HandedAccount {
  /** The whole chain on the wire, genesis first. */
  readonly operations: readonly Uint8Array[]
  /** Public key of the words for vaults (VLT7), null where it isn't known. */
  readonly wordsSlotKey: Uint8Array | null
  /** What the account is called, '' where it isn't known. */
  readonly name: string
  /** Multiaddrs of seeds, at most four. */
  readonly seeds: readonly string[]
}

export interface OfferTerms {
  /** 16 bytes. */
  readonly token: Uint8Array
  /** 32-byte key of this device. */
  readonly ownKey: Uint8Array
  /** The account's, 32 bytes. */
  readonly address: Uint8Array
  /** What the account is called, '' where it isn't known. */
  readonly name: string
  /** The network's signature domain. */
  readonly network: string
  readonly times: LinkTimes
}

export interface OfferSteps {
  /** The other side has the token, which is used up now. @throws LinkError busy where it was before */
  onToken(): void
  /** Both sides show this code now. */
  onCode(code: string, deviceName: string): void
  /** Whether this side's person says that the codes are the same. */
  readonly decision: Promise<boolean>
  /** Both people have confirmed. */
  onConfirmed(): void
  /** Adds the device to the chain, for everybody to see. */
  add(device: DeviceEntry): Promise<HandedAccount>
}

export interface OfferSessionComponents {
  readonly duplex: FrameDuplex
  readonly random: RandomSource
  readonly verifier: SignatureVerifier
}

export class OfferSession {
  readonly #components: OfferSessionComponents
  readonly #terms: OfferTerms
  readonly #steps: OfferSteps
  /** 32-byte key of the other side, as the connection proved it. */
  readonly #peerKey: Uint8Array

  constructor(
    components: OfferSessionComponents,
    init: { readonly terms: OfferTerms; readonly steps: OfferSteps; readonly peerKey: Uint8Array },
  ) {
    this.#components = components
    this.#terms = init.terms
    this.#steps = init.steps
    this.#peerKey = init.peerKey
  }

  /**
   * Runs to the end; the new device has the account then.
   * @throws LinkError. When `add` has resolved before, the chain lists the device all the same.
   */
  async run(signal: AbortSignal): Promise<DeviceEntry> {
    const channel = new LinkChannel(this.#components.duplex, signal)
    try {
      const device = await this.#meet(channel)
      await this.#agree(channel)
      await this.#handOver(channel, device)
      return device
    } catch (error) {
      throw await channel.giveUp(error)
    } finally {
      channel.release()
    }
  }

  async #meet(channel: LinkChannel): Promise<DeviceEntry> {
    const { address, name, times } = this.#terms
    channel.allow(times.stepMs)
    const hello = await channel.expect('hello')
    this.#checkHello(hello)
    this.#steps.onToken()
    const nonce = this.#components.random(LINK_NONCE_BYTES)
    await channel.send({ type: 'welcome', nonce, address, name })
    const frame = await channel.expect('device')
    const device = this.#checkDevice(frame, hello)
    const facts = { newNonce: frame.nonce, ownNonce: nonce, address, sealKey: device.sealKey }
    channel.allow(times.compareMs, 'expired')
    this.#steps.onCode(matchingCode(this.#ends, facts), device.name)
    return device
  }

  #checkHello({ version, network, proof }: HelloFrame): void {
    if (version !== LINK_VERSION) throw new LinkError('wrong-version', `expected version ${LINK_VERSION}`)
    if (network !== this.#terms.network) throw new LinkError('wrong-network', 'the other side is of another network')
    if (!isSameSecret(proof, tokenProof(this.#ends))) {
      throw new LinkError('wrong-token', 'the other side does not have the token')
    }
  }

  #checkDevice(frame: DeviceFrame, hello: HelloFrame): DeviceEntry {
    const { key, sealKey, name, proof } = frame
    const { address, network } = this.#terms
    if (!equalBytes(commitmentTo(frame), hello.commitment)) {
      throw new LinkError('bad-device', 'the device is another than the one that was promised')
    }
    if (!equalBytes(key, this.#peerKey)) throw new LinkError('bad-device', 'the device is not the one that is here')
    const input = possessionProofInput('device', address, sealKey, network)
    if (this.#components.verifier.verify(key, input, proof) !== null) {
      throw new LinkError('bad-device', 'the device does not prove that it holds its key')
    }
    const capabilities = CAPABILITY.records | CAPABILITY.devices
    return { key, sealKey, capabilities, name, proof, seal: null, extras: {} }
  }

  /** Until both people have confirmed; the other side's word may come before or after this one's. */
  async #agree(channel: LinkChannel): Promise<void> {
    const own = this.#steps.decision.then((matches) => {
      if (!matches) throw new LinkError('declined', 'the codes are not the same')
    })
    const theirs = channel.expect('confirm').then(() => channel.quietly(own))
    await Promise.all([own, theirs])
    channel.signal.throwIfAborted()
    this.#steps.onConfirmed()
  }

  async #handOver(channel: LinkChannel, device: DeviceEntry): Promise<void> {
    const { times } = this.#terms
    channel.allow(null)
    const { operations, wordsSlotKey, name, seeds } = await this.#steps.add(device)
    channel.allow(times.takeOverMs)
    if (operations.length > MAX_LINK_OPERATIONS) {
      throw new LinkError('unavailable', `a chain of ${operations.length} operations, limit ${MAX_LINK_OPERATIONS}`)
    }
    for (const items of packOperations(operations)) await channel.send({ type: 'operations', items })
    await channel.send({ type: 'account', wordsSlotKey, name, seeds: seeds.slice(0, MAX_LINK_SEEDS) })
    await channel.expect('done')
    // From here on nothing that fails takes anything back.
    channel.allow(times.partingMs)
    await channel.send({ type: 'bye' }).catch(() => {})
    await channel.finish()
  }

  get #ends(): LinkEnds {
    return { token: this.#terms.token, newKey: this.#peerKey, ownKey: this.#terms.ownKey }
  }
}

/** The operations in frames that fit. */
function* packOperations(operations: readonly Uint8Array[]): Generator<readonly Uint8Array[]> {
  let items: Uint8Array[] = []
  let bytes = 0
  for (const operation of operations) {
    const isFull = items.length >= MAX_LINK_FRAME_OPERATIONS || bytes + operation.length > LINK_FRAME_FILL_BYTES
    if (isFull && items.length > 0) {
      yield items
      items = []
      bytes = 0
    }
    items.push(operation)
    bytes += operation.length
  }
  if (items.length > 0) yield items
}
