/**
 * The side of the new device (LNK4 … LNK8): commits itself, shows the code, and takes the account over once the chain
 * that comes lists it. Until then nothing of the account stays here.
 */
import { type IdentityState, resolveChain } from '../identity/chain.ts'
import { proveDevice } from '../identity/change.ts'
import type { KeyPair } from '../identity/keys.ts'
import { CAPABILITY, checkOperation, type IdentityOperation } from '../identity/operation.ts'
import type { SignatureVerifier } from '../identity/signature.ts'
import type { FrameDuplex } from '../net/framed-stream.ts'
import { equalBytes } from '../util/bytes.ts'
import type { RandomSource } from '../util/random.ts'
import { LinkError } from './errors.ts'
import type { WelcomeFrame } from './frames.ts'
import { LINK_NONCE_BYTES, LINK_VERSION, type LinkTimes, MAX_LINK_OPERATIONS } from './limits.ts'
import { LinkChannel } from './link-channel.ts'
import type { HandedAccount } from './offer-session.ts'
import { commitmentTo, type LinkEnds, matchingCode, type PromisedDevice, tokenProof } from './pairing.ts'

/** An account whose chain lists this device. */
export interface JoinedAccount extends HandedAccount {
  readonly address: Uint8Array
  /** The same as `operations`, taken apart. */
  readonly chain: readonly IdentityOperation[]
}

export interface JoinTerms {
  /** Ed25519 key of this device. */
  readonly keyPair: KeyPair
  /** X25519 key of this device, 32 bytes. */
  readonly sealKey: Uint8Array
  /** At most 64 bytes of UTF-8. */
  readonly deviceName: string
  /** 16 bytes, from the link. */
  readonly token: Uint8Array
  /** The network's signature domain. */
  readonly network: string
  readonly times: LinkTimes
}

export interface JoinSteps {
  /** Both sides show this code now. */
  onCode(code: string, accountName: string): void
  /** Whether this side's person says that the codes are the same. */
  readonly decision: Promise<boolean>
  /** Both people have confirmed, and the account comes. */
  onMoving(): void
  /** Makes the account this device's own; resolves when it is on the disk. */
  takeOver(account: JoinedAccount): Promise<void>
}

export interface JoinSessionComponents {
  readonly duplex: FrameDuplex
  readonly random: RandomSource
  readonly verifier: SignatureVerifier
}

export class JoinSession {
  readonly #components: JoinSessionComponents
  readonly #terms: JoinTerms
  readonly #steps: JoinSteps
  readonly #ends: LinkEnds

  /** `peerKey`: 32-byte key of the device that showed the link, as the connection proved it. */
  constructor(
    components: JoinSessionComponents,
    init: { readonly terms: JoinTerms; readonly steps: JoinSteps; readonly peerKey: Uint8Array },
  ) {
    this.#components = components
    this.#terms = init.terms
    this.#steps = init.steps
    this.#ends = { token: init.terms.token, newKey: init.terms.keyPair.publicKey, ownKey: init.peerKey }
  }

  /** Runs to the end; the account is this device's then. @throws LinkError; then nothing was taken over. */
  async run(signal: AbortSignal): Promise<JoinedAccount> {
    const channel = new LinkChannel(this.#components.duplex, signal)
    try {
      const welcome = await this.#meet(channel)
      await this.#agree(channel)
      const account = await this.#receive(channel, welcome)
      channel.allow(null)
      await this.#steps.takeOver(account)
      await this.#part(channel)
      return account
    } catch (error) {
      throw await channel.giveUp(error)
    } finally {
      channel.release()
    }
  }

  async #meet(channel: LinkChannel): Promise<WelcomeFrame> {
    const { keyPair, sealKey, deviceName, network, times } = this.#terms
    const nonce = this.#components.random(LINK_NONCE_BYTES)
    const promised: PromisedDevice = { nonce, key: keyPair.publicKey, sealKey, name: deviceName }
    channel.allow(times.stepMs)
    await channel.send({
      type: 'hello',
      version: LINK_VERSION,
      network,
      commitment: commitmentTo(promised),
      proof: tokenProof(this.#ends),
    })
    const welcome = await channel.expect('welcome')
    const { address } = welcome
    const { proof } = proveDevice({ keyPair, sealKey, name: deviceName }, address, network)
    await channel.send({ type: 'device', ...promised, proof })
    channel.allow(times.compareMs, 'expired')
    const facts = { newNonce: nonce, ownNonce: welcome.nonce, address, sealKey }
    this.#steps.onCode(matchingCode(this.#ends, facts), welcome.name)
    return welcome
  }

  async #agree(channel: LinkChannel): Promise<void> {
    const own = this.#steps.decision.then((matches) => {
      if (!matches) throw new LinkError('declined', 'the codes are not the same')
    })
    await channel.quietly(own)
    await channel.send({ type: 'confirm' })
  }

  /** The other person may take their time before the first frame; the others follow at once. */
  async #receive(channel: LinkChannel, { address }: WelcomeFrame): Promise<JoinedAccount> {
    const operations: Uint8Array[] = []
    const chain: IdentityOperation[] = []
    for (;;) {
      const frame = await channel.receive()
      if (operations.length === 0) this.#steps.onMoving()
      channel.allow(this.#terms.times.stepMs)
      if (frame.type === 'account') {
        this.#checkChain(chain, address)
        const { wordsSlotKey, name, seeds } = frame
        return { address, operations, chain, wordsSlotKey, name, seeds }
      }
      if (frame.type !== 'operations') {
        throw new LinkError('unexpected-frame', `expected operations, got ${frame.type}`)
      }
      operations.push(...frame.items)
      if (operations.length > MAX_LINK_OPERATIONS) {
        throw new LinkError('bad-chain', `more than ${MAX_LINK_OPERATIONS} operations came`)
      }
      for (const bytes of frame.items) chain.push(await this.#checkOperation(bytes, address))
    }
  }

  async #checkOperation(bytes: Uint8Array, address: Uint8Array): Promise<IdentityOperation> {
    // An operation may hold hundreds of signatures: what else this thread has to do goes in between.
    await new Promise((resolve) => setImmediate(resolve))
    const { verdict, operation } = checkOperation(bytes, this.#components.verifier, this.#terms.network)
    if (operation === null || verdict.verdict !== 'accept' || !equalBytes(operation.address, address)) {
      throw new LinkError('bad-chain', 'an operation is wrong in its bytes or of another address')
    }
    return operation
  }

  #checkChain(chain: readonly IdentityOperation[], address: Uint8Array): void {
    const state = resolveChain(chain)
    const { keyPair, sealKey } = this.#terms
    const isWhole = state !== null && equalBytes(state.address, address)
    if (!isWhole || !isInUse(state, this.#ends.ownKey) || !isInUse(state, keyPair.publicKey, sealKey)) {
      throw new LinkError('bad-chain', 'the chain does not list both devices')
    }
  }

  /** The account is here: nothing that fails now takes it back. */
  async #part(channel: LinkChannel): Promise<void> {
    channel.allow(this.#terms.times.partingMs)
    try {
      await channel.send({ type: 'done' })
      await channel.expect('bye')
      await channel.finish()
    } catch (error) {
      this.#components.duplex.abort(error instanceof Error ? error : new Error(String(error)))
    }
  }
}

/** The state lists the device as one that may speak, with that seal key where one is given. */
function isInUse(state: IdentityState, key: Uint8Array, sealKey?: Uint8Array): boolean {
  return state.devices.some(
    (device) =>
      equalBytes(device.key, key) &&
      device.status === 'active' &&
      (device.capabilities & CAPABILITY.records) !== 0 &&
      (sealKey === undefined || equalBytes(device.sealKey, sealKey)),
  )
}
