import type { IdentityDevice } from '../identity/chain.ts'
import type { IngestedEvent } from '../ingest/door.ts'
import { equalBytes } from '../util/bytes.ts'
import { PalabreError } from '../util/errors.ts'
import type { Logger } from '../util/logger.ts'
import type { EventHub } from './event-hub.ts'
import type { IdentityChains } from './identity-chains.ts'
import type { OwnIdentity } from './ports.ts'

export interface DeviceRightsComponents {
  readonly identity: OwnIdentity
  readonly chains: Pick<IdentityChains, 'state'>
  readonly events: Pick<EventHub, 'publish'>
  readonly logger: Logger
}

/**
 * Whether this device may still write: what it would sign after its seal nobody would be shown. Known without asking, so
 * that nothing comes between the answer and the writing.
 */
export class DeviceRights {
  readonly #components: DeviceRightsComponents
  #status: IdentityDevice['status'] = 'active'
  #holds = 0

  constructor(components: DeviceRightsComponents) {
    this.#components = components
  }

  /** To be called at the start, and when there is an account. */
  async refresh(): Promise<void> {
    const { identity, chains } = this.#components
    const { address } = identity
    const state = address === null ? null : await chains.state(address)
    const own = state?.devices.find(({ key }) => equalBytes(key, identity.deviceKey))
    this.#status = own?.status ?? 'active'
  }

  /** The own chain may have grown. */
  noteIngested({ identities }: Pick<IngestedEvent, 'identities'>): void {
    const { identity, events, logger } = this.#components
    const { address } = identity
    if (address === null || !identities.some((other) => equalBytes(other, address))) return
    events.publish({ type: 'devices' })
    this.refresh().catch((error: unknown) => logger.warn({ err: error }, 'the own chain could not be read'))
  }

  /** Lets nothing be written until what it returns is called. */
  hold(): () => void {
    this.#holds++
    return () => {
      this.#holds--
    }
  }

  /** The store refuses too, once it has read the chain; this answers sooner. @throws PalabreError device-sealed, device-retired */
  assertMayWrite(): void {
    if (this.#status === 'active' && this.#holds === 0) return
    const isSealed = this.#status === 'sealed'
    const why = isSealed ? 'it was revoked' : 'it has signed itself off'
    throw new PalabreError(
      isSealed ? 'device-sealed' : 'device-retired',
      `this device may not write for the account any more: ${why}`,
    )
  }
}
