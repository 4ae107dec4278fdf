import { formatPeerId } from '../identity/peer-id.ts'
import type { LogReader } from '../store/log-reader.ts'
import { equalBytes } from '../util/bytes.ts'
import { BadRequestError } from '../util/errors.ts'
import type { Logger } from '../util/logger.ts'
import { type NamedPerson, parsePerson } from './people.ts'

/** What the operator's `--pin` options name. @throws BadRequestError for what is no profile and no link */
export function parsePins(texts: readonly string[]): readonly NamedPerson[] {
  return texts.map((text) => {
    const person = parsePerson(text)
    if (person === undefined) {
      throw new BadRequestError(
        `--pin expects a profile address (12D3Koo…) or a palabre: link, got ${text.slice(0, 80)}`,
      )
    }
    return person
  })
}

export interface PinKeeperComponents {
  readonly chains: Pick<LogReader, 'findAuthorOfDevice'>
  readonly store: { setPins(pins: readonly Uint8Array[]): Promise<void> }
  readonly logger: Logger
}

/** Tells the store whom to keep for good; a pin that names a device becomes its author's once a chain lists it. */
export class PinKeeper {
  readonly #components: PinKeeperComponents
  #keys: Uint8Array[]

  constructor(components: PinKeeperComponents, init: { readonly pins: readonly NamedPerson[] }) {
    this.#components = components
    this.#keys = init.pins.map(({ key }) => key)
  }

  /** 32-byte keys. */
  get keys(): readonly Uint8Array[] {
    return this.#keys
  }

  /** To be called when chains have grown. */
  async settle(): Promise<void> {
    let hasChanged = false
    const settled: Uint8Array[] = []
    for (const key of this.#keys) {
      const author = await this.#components.chains.findAuthorOfDevice(key)
      if (author !== null && !equalBytes(author, key)) {
        hasChanged = true
        this.#components.logger.info({ profile: formatPeerId(author) }, 'a pinned device belongs to this profile')
      }
      settled.push(author ?? key)
    }
    this.#keys = settled
    if (hasChanged) await this.#components.store.setPins(settled)
  }
}
