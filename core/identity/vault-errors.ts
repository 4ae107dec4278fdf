import { PalabreError } from '../util/errors.ts'

/** Not a vault, or a byte of it was changed. */
export class VaultDamagedError extends PalabreError {
  constructor(detail: string, options: { cause?: unknown } = {}) {
    super('vault-damaged', `the vault is damaged: ${detail}`, options)
  }
}

/** Written by a later version; nothing can be said of what is in it. */
export class VaultNewerError extends PalabreError {
  constructor(version: number, known: number) {
    super('vault-newer', `the vault has version ${version}, this program knows up to ${known}: update it`, {
      data: { version, known },
    })
  }
}

/** Whole, but nothing was brought that opens one of its slots. */
export class VaultLockedError extends PalabreError {
  /** Types of the slots that another key could open, in their order. */
  readonly slotTypes: readonly string[]

  constructor(slotTypes: readonly string[], detail?: string) {
    const opensWith = slotTypes.join(', ') || 'nothing that this version knows'
    super('vault-locked', `the vault is locked; ${detail ?? `it opens with: ${opensWith}`}`)
    this.slotTypes = slotTypes
  }
}

/** The passphrase opens none of the vault's slots. Says nothing against the file. */
export class WrongPassphraseError extends PalabreError {
  constructor() {
    super('wrong-passphrase', 'the passphrase does not open the vault; nothing was changed')
  }
}

/** The 24 words are not those of this vault. Says nothing against the file. */
export class WrongWordsError extends PalabreError {
  constructor() {
    super('wrong-words', 'these are not the words of this vault; nothing was changed')
  }
}
