import { MAX_HOME_SEEDS } from '../record/limits.ts'
import type { TimelineReader } from '../timeline/reader.ts'
import type { AccountService } from './account-service.ts'
import type { HeadCheck } from './head-check.ts'
import type { HomeSeeds } from './home-seeds.ts'
import type { Drafts } from './publish/drafts.ts'
import type { Publisher } from './publish/publisher.ts'

export interface IntroductionComponents {
  readonly account: Pick<AccountService, 'profile'>
  readonly reader: Pick<TimelineReader, 'profile'>
  readonly publisher: Pick<Publisher, 'publish'>
  readonly drafts: Pick<Drafts, 'profile'>
  readonly homeSeeds: Pick<HomeSeeds, 'listConnected' | 'noteNamed'>
  readonly head: Pick<HeadCheck, 'isKnown' | 'ready'>
}

/**
 * Publishes the first profile record of an account that has none. Where the account is older than this process its
 * records may only be gone from this disk: then those who may have them are asked first (LOG7).
 */
export class Introduction {
  readonly #c: IntroductionComponents
  /** Of an account that is to be introduced when somebody was asked. */
  #name: string | null = null

  constructor(components: IntroductionComponents) {
    this.#c = components
  }

  async introduce(name: string): Promise<void> {
    if (this.#c.head.isKnown) await this.#publish(name)
    else this.#name = name
  }

  /** To be called once there is a network. */
  async settle(): Promise<void> {
    const name = this.#name
    if (name === null) return
    await this.#c.head.ready()
    await this.#publish(name)
  }

  async #publish(name: string): Promise<void> {
    const { account, reader, publisher, drafts, homeSeeds } = this.#c
    if (account.profile === null || (await reader.profile(account.profile)).name !== '') return
    const seeds = homeSeeds.listConnected()
    await publisher.publish([drafts.profile({ name, bio: '', avatar: null, seeds }, null)])
    await homeSeeds.noteNamed(seeds.slice(0, MAX_HOME_SEEDS))
  }
}
