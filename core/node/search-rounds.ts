import { setTimeout as sleep } from 'node:timers/promises'
import type { ChainAsker } from '../account/whois-service.ts'
import type { Clock } from '../util/clock.ts'
import type { Logger } from '../util/logger.ts'
import type { SearchTimes } from './chain-search.ts'

export interface SearchRoundsComponents {
  readonly whois: Pick<ChainAsker, 'onPeer'>
  readonly clock: Clock
  readonly logger: Logger
}

export interface SearchRound {
  /** The wait is over: those who knew nothing are asked once more. Else it is for those only who came since. */
  readonly isAnew: boolean
}

/**
 * Asks again while a search goes on: after a wait that doubles, and a little after somebody came whom the round before
 * couldn't ask. A newcomer whose first peer has only just answered has nobody else yet, and nobody in its DHT.
 */
export class SearchRounds {
  readonly #c: SearchRoundsComponents
  readonly #times: SearchTimes

  constructor(components: SearchRoundsComponents, times: SearchTimes) {
    this.#c = components
    this.#times = times
  }

  /** Until the signal is aborted. A round that fails isn't the last. Never rejects. */
  async run(round: (round: SearchRound) => Promise<void>, signal: AbortSignal): Promise<void> {
    const { whois, clock, logger } = this.#c
    const { retryMs, maxRetryMs, settleMs } = this.#times
    let hasNews = false
    let wake = () => {}
    const note = () => {
      hasNews = true
      wake()
    }
    const unlisten = whois.onPeer(note)
    signal.addEventListener('abort', note)
    let waitMs = retryMs
    let anewAtMs = clock.now()
    try {
      while (!signal.aborted) {
        const isAnew = clock.now() >= anewAtMs
        if (isAnew) {
          anewAtMs = clock.now() + waitMs
          waitMs = Math.min(maxRetryMs, 2 * waitMs)
        }
        hasNews = false
        await round({ isAnew }).catch((error: unknown) => {
          if (!signal.aborted) logger.debug({ err: error }, 'a way of a search failed, and is tried again')
        })
        // Those who come together are asked together.
        await sleep(settleMs, undefined, { signal }).catch(() => {})
        if (hasNews || signal.aborted) continue
        const { promise, resolve } = Promise.withResolvers<void>()
        wake = resolve
        const timer = setTimeout(resolve, Math.max(0, anewAtMs - clock.now()))
        await promise
        clearTimeout(timer)
      }
    } finally {
      unlisten()
      signal.removeEventListener('abort', note)
    }
  }
}
