import type { NodeEvent } from '../../core/contract/views.ts'
import { sha256 } from '../../core/identity/hash.ts'
import type { PassphraseKdf } from '../../core/identity/passphrase.ts'
import { AccountService } from '../../core/node/account-service.ts'
import { diskSteps, type FileSteps } from '../../core/node/durable-file.ts'
import { IdentityChains } from '../../core/node/identity-chains.ts'
import { OwnSecrets } from '../../core/node/own-secrets.ts'
import { RecoveryService } from '../../core/node/recovery-service.ts'
import type { GuardianWay, PrivateStateWay } from '../../core/node/recovery-ways.ts'
import { RestoreProgress } from '../../core/node/restore-progress.ts'
import { concatBytes } from '../../core/util/bytes.ts'
import { systemClock } from '../../core/util/clock.ts'
import type { Logger } from '../../core/util/logger.ts'
import { systemRandom } from '../../core/util/random.ts'
import type { MemoryHost } from './memory-hosts.ts'
import { makeTempDir } from './temp-dir.ts'
import { TestSquare } from './test-square.ts'
import { doorOf, indexOf, startWhois } from './whois-node.ts'

const NO_GUARDIANS: GuardianWay = {
  ask: () => Promise.reject(new Error('nobody guards this account')),
  cancel: async () => {},
  status: async () => null,
  alive: async () => ({ alive: 0, checkedAt: null }),
}
const NO_PRIVATE_STATE: PrivateStateWay = { takeWords: () => {}, state: async () => 'none' }

/** Stands for argon2id, at no cost. */
export const quickKdf: PassphraseKdf = (passphrase, salt) => sha256(concatBytes(salt, passphrase))

const QUICK = { retryMs: 50, maxRetryMs: 200, settleMs: 50, maxSettleMs: 2_000 }

export interface RecoveryNodeInit {
  readonly dataDir?: string
  readonly steps?: FileSteps
  readonly guardians?: GuardianWay
  /** Seals the vault. */
  readonly passphrase?: string
}

/** What recovery is made of, with a real vault, a real store and whois over a host in memory. */
export async function startRecoveryNode(host: MemoryHost, init: RecoveryNodeInit = {}) {
  const dataDir = init.dataDir ?? makeTempDir()
  const logged: string[] = []
  const note = (fields: Record<string, unknown>, message: string) => {
    const text = JSON.stringify(fields, (_, value) => (value instanceof Error ? String(value.stack) : value))
    logged.push(`${message} ${text}`)
  }
  const logger: Logger = { debug: note, info: note, warn: note, error: note }
  const events: NodeEvent[] = []
  const hub = { publish: (event: NodeEvent) => void events.push(event) }
  const [random, clock] = [systemRandom, systemClock]
  const steps = init.steps ?? diskSteps
  const account = new AccountService(
    { logger, random, events: hub, kdf: quickKdf, steps, secrets: { passphrase: init.passphrase ?? null } },
    { dataDir, domain: 'palabre' },
  )
  await account.open()
  const test = new TestSquare({ dataDir })
  const { whois } = await startWhois(host, { test, clock })
  const { square } = test
  const announced: Uint8Array[] = []
  const outlet = { announceChain: (address: Uint8Array) => void announced.push(address) }
  const chains = new IdentityChains({ chains: indexOf(test), door: doorOf(test), outlet })
  const states = {
    getState: async (key: string) => square.getState(key),
    setState: async (key: string, value: unknown) => square.setState(key, value),
  }
  const guardians = init.guardians ?? NO_GUARDIANS
  const privateState = NO_PRIVATE_STATE
  const secrets = new OwnSecrets(
    { account, chains, states, guardians, privateState, clock, random },
    { network: 'palabre' },
  )
  const wanted: Uint8Array[] = []
  const progress = new RestoreProgress(
    {
      identity: account,
      store: {
        listHeld: async (authors) => square.listHeld(authors),
        listDeviceLogs: async (author) => square.listDeviceLogs(author),
        names: async (profiles) => square.names(profiles),
        follows: async () => square.follows(),
        countMedia: async (author) => square.countMedia(author),
        subscribe(listener) {
          test.listeners.add(listener)
          return () => test.listeners.delete(listener)
        },
      },
      events: hub,
      clock,
      logger,
    },
    { onFollows: (authors) => void wanted.push(...authors), onDone: () => recovery.noteDone(), quietMs: 100 },
  )
  const dialled: string[] = []
  const taken: Uint8Array[] = []
  const recovery: RecoveryService = new RecoveryService(
    {
      account,
      chains,
      index: indexOf(test),
      whois,
      addresses: { keep: (address) => void dialled.push(address) },
      states,
      secrets,
      progress,
      guardians,
      privateState: NO_PRIVATE_STATE,
      events: hub,
      clock,
      random,
      logger,
    },
    { network: 'palabre', times: QUICK, onTakenOver: (address) => void taken.push(address) },
  )
  await account.settle(
    {
      async adopt(author, operations) {
        const { deviceKey, deviceSeed } = account
        square.setAccount({ author, device: deviceKey, secretKey: deviceSeed, operations })
      },
      introduce: async () => {},
    },
    { profile: async () => ({ name: '' }) as never },
  )
  await recovery.settle()
  return {
    dataDir,
    account,
    announced,
    chains,
    dialled,
    events,
    logged,
    progress,
    recovery,
    secrets,
    states,
    taken,
    test,
    wanted,
    whois,
    /** As at the end of the process; another one may open the directory. */
    async stop(): Promise<void> {
      await recovery.stop()
      await whois.stop()
      test.close()
    },
  }
}

export type RecoveryNode = Awaited<ReturnType<typeof startRecoveryNode>>
