import { readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import pino from 'pino'

/** `palabre.7.log` */
const NAME = /^palabre\.([1-9]\d{0,8})\.log$/

export interface LogFileInit {
  /** It exists. */
  readonly folder: string
  /** From this size on the next file is begun. */
  readonly maxBytes: number
  /** How many are kept besides the one that is written, those of earlier runs included. */
  readonly oldFiles: number
}

/**
 * Numbered files, one after the other, each until it is full; the oldest go. Lines are written in the background, and in
 * their order. A disk that takes nothing any more is nobody's fault here: what can't be written is lost.
 */
export class LogFile {
  readonly #init: LogFileInit
  readonly #stream
  #number: number
  #bytes: number
  #isOpen = false
  #hasFailed = false
  #isEnding = false
  #sweeping: Promise<void> = Promise.resolve()

  private constructor(init: LogFileInit, number: number, bytes: number) {
    this.#init = init
    this.#number = number
    this.#bytes = bytes
    this.#stream = pino.destination({ dest: this.path, mode: 0o600, sync: false })
    this.#stream.on('ready', () => {
      this.#isOpen = true
    })
    this.#stream.on('error', () => {
      this.#hasFailed = true
    })
    this.#stream.on('write', (written: number) => this.#note(written))
  }

  /** Goes on with the last one that is there. */
  static async open(init: LogFileInit): Promise<LogFile> {
    const number = (await listNumbers(init.folder)).at(-1) ?? 1
    const bytes = await stat(join(init.folder, nameOf(number))).then(
      ({ size }) => size,
      () => 0,
    )
    return new LogFile(init, number, bytes)
  }

  /** The file that is written now. */
  get path(): string {
    return join(this.#init.folder, nameOf(this.#number))
  }

  write(line: string): void {
    this.#stream.write(line)
  }

  /** Writes out what waits. */
  async close(): Promise<void> {
    this.#isEnding = true
    // What could never be opened is never said to be closed.
    if (this.#hasFailed && !this.#isOpen) return
    await new Promise<void>((resolve) => {
      this.#stream.once('close', () => resolve())
      this.#stream.once('error', () => resolve())
      this.#stream.end()
    })
    await this.#sweeping
  }

  #note(written: number): void {
    this.#bytes += written
    if (this.#bytes < this.#init.maxBytes || this.#isEnding) return
    this.#bytes = 0
    this.#number++
    // Waits for what is being written.
    this.#stream.reopen(this.path)
    this.#sweeping = this.#sweeping.then(() => this.#sweep())
  }

  async #sweep(): Promise<void> {
    const { folder, oldFiles } = this.#init
    const outdated = (await listNumbers(folder)).filter((number) => number < this.#number - oldFiles)
    for (const number of outdated) await rm(join(folder, nameOf(number)), { force: true }).catch(() => {})
  }
}

function nameOf(number: number): string {
  return `palabre.${number}.log`
}

/** Ascending. */
async function listNumbers(folder: string): Promise<number[]> {
  const names = await readdir(folder).catch(() => [])
  return names
    .flatMap((name) => NAME.exec(name)?.[1] ?? [])
    .map(Number)
    .sort((a, b) => a - b)
}
