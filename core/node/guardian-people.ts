import { z } from 'zod'
import { toHex } from '../util/bytes.ts'
import type { Logger } from '../util/logger.ts'
import type { PrivateBook } from './api/services.ts'
import type { StateBook } from './ports.ts'

/** Whose key a guardian's key is. */
export interface GuardianPerson {
  /** Profile address. */
  readonly profile: string
  /** What they called themselves when they were chosen. */
  readonly name: string
}

/** On the device where the guardians were set. */
const PEOPLE = 'guardian-people'
/** With all devices of the account, by key. */
const EDGE = 'guardian'

const person = z.object({ profile: z.string().max(128), name: z.string().max(256) })
const people = z.record(z.string(), person)

export interface GuardianPeopleComponents {
  readonly book: StateBook
  readonly shared: Pick<PrivateBook, 'list' | 'put'>
  readonly logger: Logger
}

/**
 * Which guardian's key is whose. The chain doesn't say it to everybody; the account's own devices tell each other.
 */
export class GuardianPeople {
  readonly #c: GuardianPeopleComponents

  constructor(components: GuardianPeopleComponents) {
    this.#c = components
  }

  /** By key in hex. */
  async get(): Promise<ReadonlyMap<string, GuardianPerson>> {
    const shared = (await this.#c.shared.list(EDGE)).flatMap(({ subject, value }) => {
      const { data } = person.safeParse(value)
      return data === undefined ? [] : [[subject, data] as const]
    })
    const own = people.safeParse(await this.#c.book.getState(PEOPLE)).data ?? {}
    return new Map([...shared, ...Object.entries(own)])
  }

  /** In place of those before. The other devices learn of it as far as this one may write. */
  async set(chosen: readonly (GuardianPerson & { readonly key: Uint8Array })[]): Promise<void> {
    const { book, shared, logger } = this.#c
    const entries = chosen.map(({ key, profile, name }) => [toHex(key), { profile, name }] as const)
    await book.setState(PEOPLE, Object.fromEntries(entries))
    try {
      for (const [key, value] of entries) await shared.put(EDGE, key, value)
    } catch (error) {
      logger.warn({ err: error }, 'the other devices are not told who the guardians are')
    }
  }
}
