/** Where recovery meets what other parts of the node do for it. */
import type { RecoveryStatus } from '../contract/accounts.ts'

/** Recovery by guardians. */
export interface GuardianWay {
  ask(init: {
    readonly profile: string
    readonly addresses: readonly string[]
    readonly name?: string | undefined
  }): Promise<RecoveryStatus>
  /** Ends what is under way; nothing where nothing is. */
  cancel(): Promise<void>
  /** Null while nobody was asked. */
  status(): Promise<RecoveryStatus | null>
  /** Guardians who gave a sign of life lately, and when that was looked at. */
  alive(): Promise<{ readonly alive: number; readonly checkedAt: number | null }>
}

/** State that only the account's devices read. */
export interface PrivateStateWay {
  /** The words are at hand for this moment: what was granted to them may be opened. 32 bytes, erased afterwards. */
  takeWords(entropy: Uint8Array): void
  state(): Promise<RecoveryStatus['privateState']>
}
