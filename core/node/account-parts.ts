import type { Clock } from '../util/clock.ts'
import type { Logger } from '../util/logger.ts'
import type { RandomSource } from '../util/random.ts'
import type { AccountService } from './account-service.ts'
import { LOCAL_SEARCH_TIMES, SEARCH_TIMES } from './chain-search.ts'
import { AccountDevices } from './device-keeper.ts'
import { AccountLinker } from './device-linker.ts'
import { PrivateDeviceNames } from './device-names.ts'
import type { DeviceRights } from './device-rights.ts'
import type { EventHub } from './event-hub.ts'
import { GuardianDuty } from './guardian-duty.ts'
import { SharedGuardianKeys } from './guardian-keys.ts'
import { GuardianPeople } from './guardian-people.ts'
import { GuardianRecovery } from './guardian-recovery.ts'
import { GuardianService } from './guardian-service.ts'
import type { IdentityChains } from './identity-chains.ts'
import { LateWhois } from './late-whois.ts'
import type { NetworkService } from './network-service.ts'
import { OwnSecrets } from './own-secrets.ts'
import type { People } from './people.ts'
import { PrivateBook } from './private-book.ts'
import { PrivateKeys } from './private-keys.ts'
import type { Publisher } from './publish/publisher.ts'
import { RecoveryService } from './recovery-service.ts'
import type { GuardianWay } from './recovery-ways.ts'
import { RestoreProgress } from './restore-progress.ts'
import type { SquareClient } from './square-client.ts'
import type { WantedAuthors } from './wanted-authors.ts'

const GUARDIAN_DELAY_MS = 72 * 3_600_000

export interface AccountPartsComponents {
  readonly account: AccountService
  readonly chains: IdentityChains
  readonly rights: DeviceRights
  readonly people: People
  readonly network: NetworkService
  readonly publisher: Publisher
  readonly square: SquareClient
  readonly wanted: WantedAuthors
  readonly events: EventHub
  readonly clock: Clock
  readonly random: RandomSource
  readonly logger: Logger
}

export interface AccountPartsInit {
  /** Signature domain of the network. */
  readonly domain: string
  /** Everything is near: searches needn't wait long. */
  readonly isLocal: boolean
  /** Between a guardian's notice and its signature; 72 hours when left out. */
  readonly guardianDelayMs?: number | undefined
  /** This author's records are asked for soon. */
  readonly requestAuthor: (address: Uint8Array) => void
  /** Whom the account follows may be others than before. */
  readonly onFollowsChanged: () => void
}

/** How an account comes to a computer, and what stands above its devices: linking, recovery, guardians, private state. */
export interface AccountParts {
  readonly devices: AccountDevices
  readonly guardians: GuardianService
  readonly guardianRecovery: GuardianRecovery
  readonly linker: AccountLinker
  readonly privateBook: PrivateBook
  readonly recovery: RecoveryService
}

/** Builds them; nothing is started. Recovery and guardians know each other, each by what it asks of the other. */
export function createAccountParts(components: AccountPartsComponents, init: AccountPartsInit): AccountParts {
  const { account, chains, rights, people, network, publisher, square, wanted, events, clock, random, logger } =
    components
  const { domain, requestAuthor, onFollowsChanged } = init

  const privateBook = new PrivateBook({
    address: () => account.address,
    keys: new PrivateKeys({ chest: account, random }),
    records: square,
    chain: (address) => chains.state(address),
    publisher,
    events,
    random,
    logger,
  })
  square.subscribe((event) => privateBook.noteIngested(event))

  const guardianParts = {
    keys: new SharedGuardianKeys({ vault: account, book: privateBook }),
    chains,
    book: square,
    reader: square,
    wanted,
    reach: {
      get connected() {
        return network.listConnected().length
      },
      ask: requestAuthor,
    },
    events,
    clock,
    random,
  }
  const duty = new GuardianDuty(
    { ...guardianParts, logger },
    { domain, delayMs: init.guardianDelayMs ?? GUARDIAN_DELAY_MS },
  )
  const guardians = new GuardianService(
    {
      ...guardianParts,
      identity: account,
      duty,
      people: new GuardianPeople({ book: square, shared: privateBook, logger }),
    },
    { domain },
  )
  const guardianRecovery = new GuardianRecovery(
    { ...guardianParts, account, people, addresses: network, logger },
    {
      domain,
      onTaken: (address) => void recovery.expect('guardians', address).then(() => recovery.follow('guardians')),
    },
  )
  const guardianWay: GuardianWay = {
    ask: (asked) => guardianRecovery.askGuardians(asked),
    cancel: async () => void (await guardianRecovery.cancel()),
    status: async () => (guardianRecovery.isActive ? guardianRecovery.status() : null),
    alive: () => guardians.means(),
  }

  const secrets = new OwnSecrets(
    { account, chains, states: square, guardians: guardianWay, privateState: privateBook, clock, random },
    { network: domain },
  )
  const progress = new RestoreProgress(
    { identity: account, store: square, events, clock, logger },
    {
      onFollows: (authors) => {
        onFollowsChanged()
        network.running.then((running) => running.requestAuthors(authors)).catch(() => {})
      },
      onDone: () => recovery.noteDone(),
    },
  )
  const recovery: RecoveryService = new RecoveryService(
    {
      account,
      chains,
      index: square,
      whois: new LateWhois(network.running),
      addresses: network,
      states: square,
      secrets,
      progress,
      guardians: guardianWay,
      privateState: privateBook,
      events,
      clock,
      random,
      logger,
    },
    { network: domain, times: init.isLocal ? LOCAL_SEARCH_TIMES : SEARCH_TIMES, onTakenOver: requestAuthor },
  )

  const names = new PrivateDeviceNames({ book: privateBook })
  const devices = new AccountDevices({ identity: account, chains, logs: square, names, rights, events }, { domain })
  const linker = new AccountLinker(
    {
      account,
      chains,
      network,
      events,
      random,
      clock,
      logger,
      onTakenOver: (address) => {
        requestAuthor(address)
        onFollowsChanged()
      },
    },
    { domain },
  )
  return { devices, guardians, guardianRecovery, linker, privateBook, recovery }
}
