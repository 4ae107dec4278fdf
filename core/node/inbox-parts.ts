import type { Clock } from '../util/clock.ts'
import type { Logger } from '../util/logger.ts'
import { AnswerFinder } from './answer-finder.ts'
import { InboxCollector } from './inbox-collector.ts'
import type { RunningNetwork } from './network-service.ts'
import type { ConnectedPeers, NodePart, OwnIdentity, StateBook } from './ports.ts'

export interface InboxPartsComponents {
  readonly account: OwnIdentity
  readonly network: ConnectedPeers & { readonly current: Pick<RunningNetwork, 'inbox'> | null }
  readonly square: StateBook
  readonly clock: Clock
  readonly logger: Logger
}

/** What reaches people who don't follow each other: asking seeds for answers, and for what came for this account. `before`: parts that start first. */
export function createInboxParts(
  { account, network, square, clock, logger }: InboxPartsComponents,
  before: readonly NodePart[],
) {
  const inbox = () => network.current?.inbox ?? null
  const seeds = () => {
    const speaking = new Set(inbox()?.peers() ?? [])
    return network.listConnected().flatMap(({ peerId, isSeed }) => (isSeed && speaking.has(peerId) ? [peerId] : []))
  }
  const read: InboxRead = async (...asked) => {
    const asker = inbox()
    if (asker === null) throw new Error('there is no network')
    return await asker.read(...asked)
  }
  const answers = new AnswerFinder({ seeds, read, clock, logger })
  const collector = new InboxCollector({ identity: account, seeds, inbox, book: square, clock, logger })
  return { answers, parts: [...before, answers, collector] }
}

type InboxRead = RunningNetwork['inbox']['read']
