import { readdir, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { PalabreError } from '../util/errors.ts'
import type { Logger } from '../util/logger.ts'
import { diskSteps, type FileSteps, readIfThere, writeDurably } from './durable-file.ts'

/** Between the vault's name and a number, for damaged ones that were set aside. */
const DAMAGED = '.damaged-'

/** Neither the vault nor the one before it can be opened. Nothing on the disk was touched. */
export class VaultLostError extends PalabreError {
  constructor(path: string, cause: unknown) {
    super('vault-damaged', `the vault ${path} and the previous one beside it can't be opened; nothing was changed`, {
      cause,
      data: { path },
    })
  }
}

export interface VaultFileComponents {
  readonly logger: Logger
  readonly steps?: FileSteps
}

export interface VaultFileInit<Content> {
  readonly dataDir: string
  readonly seal: (content: Content) => Uint8Array
  /** Throws for bytes that are no vault. */
  readonly open: (bytes: Uint8Array) => Content
  /** False for errors of `open` that say nothing against the bytes: the previous vault is no way around them. */
  readonly isDamage: (error: unknown) => boolean
}

/**
 * The file that holds the keys. Every change goes to a new file that is fsynced before it takes the name; the one
 * before stays as `vault.previous`. At every moment of a change at least one of `vault` and `vault.previous` is whole,
 * and a damaged `vault` is set aside under a name of its own instead of being written over.
 */
export class VaultFile<Content> {
  readonly #logger: Logger
  readonly #steps: FileSteps
  readonly #init: VaultFileInit<Content>
  readonly #path: string
  readonly #previousPath: string
  #isCurrentWhole = false

  constructor(components: VaultFileComponents, init: VaultFileInit<Content>) {
    this.#logger = components.logger
    this.#steps = components.steps ?? diskSteps
    this.#init = init
    this.#path = join(init.dataDir, 'vault')
    this.#previousPath = join(init.dataDir, 'vault.previous')
  }

  /**
   * The content, null where there is no vault at all.
   *
   * @throws VaultLostError when files are there and none of them opens; what `open` throws for a vault that is whole
   * and can't be opened here (newer, locked)
   */
  async read(): Promise<Content | null> {
    const current = await readIfThere(this.#path)
    let failure: unknown = null
    if (current !== null) {
      try {
        const content = this.#init.open(current)
        this.#isCurrentWhole = true
        return content
      } catch (error) {
        if (!this.#init.isDamage(error)) throw error
        failure = error
      }
    }
    const previous = await readIfThere(this.#previousPath)
    if (previous === null) {
      if (current === null) return null
      throw new VaultLostError(this.#path, failure)
    }
    let content: Content
    try {
      content = this.#init.open(previous)
    } catch (error) {
      if (!this.#init.isDamage(error)) throw error
      throw new VaultLostError(this.#path, failure ?? error)
    }
    if (current === null) {
      // A stop between the two renames of a write: the previous vault is the last acknowledged one.
      this.#logger.warn({ path: this.#previousPath }, 'the vault was missing; using the previous one')
    } else {
      this.#logger.warn({ path: this.#path }, 'the vault is damaged; using the previous one, the damaged file is kept')
    }
    return content
  }

  /** Resolves when the content survives a power cut. */
  async write(content: Content): Promise<void> {
    const bytes = this.#init.seal(content)
    const current = await readIfThere(this.#path)
    if (current !== null) {
      if (this.#isCurrentWhole || this.#opens(current)) {
        await writeDurably(this.#previousPath, current, this.#steps)
      } else {
        await this.#steps.rename(this.#path, `${this.#path}${DAMAGED}${Date.now()}`)
      }
    }
    await writeDurably(this.#path, bytes, this.#steps)
    this.#isCurrentWhole = true
  }

  /**
   * Forgets the previous vault by making it a copy of the current one, for secrets that were erased on purpose.
   * Resolves when the old bytes are no longer reachable by name. Does nothing while the current one is damaged.
   */
  async forgetPrevious(): Promise<void> {
    const current = await readIfThere(this.#path)
    if (current === null || !(this.#isCurrentWhole || this.#opens(current))) return
    await writeDurably(this.#previousPath, current, this.#steps)
    await this.#steps.syncFolder(dirname(this.#path))
  }

  /** Removes the damaged vaults that were set aside, which may be readable in part. */
  async eraseDamaged(): Promise<void> {
    const folder = dirname(this.#path)
    const names = (await readdir(folder)).filter((name) => name.startsWith(`${basename(this.#path)}${DAMAGED}`))
    for (const name of names) await rm(join(folder, name), { force: true })
    if (names.length > 0) await this.#steps.syncFolder(folder)
  }

  /** The previous vault as it lies there, null where there is none. */
  previousBytes(): Promise<Uint8Array | null> {
    return readIfThere(this.#previousPath)
  }

  #opens(bytes: Uint8Array): boolean {
    try {
      this.#init.open(bytes)
      return true
    } catch {
      return false
    }
  }
}
