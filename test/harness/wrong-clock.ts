import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Where Debian has it, by machine; the one for programs with threads. */
const LIBRARIES = ['x86_64', 'aarch64'].map((machine) => {
  return `/usr/lib/${machine}-linux-gnu/faketime/libfaketimeMT.so.1`
})

/** A wall clock of its own for one process, by libfaketime; what measures spans runs on as it is. */
export class WrongClock {
  /** For the process. */
  readonly env: Readonly<Record<string, string>>
  readonly #file: string

  private constructor(library: string, file: string) {
    this.#file = file
    this.env = {
      LD_PRELOAD: library,
      FAKETIME_TIMESTAMP_FILE: file,
      FAKETIME_CACHE_DURATION: '1',
      DONT_FAKE_MONOTONIC: '1',
    }
  }

  /** Why this machine can't do it, null where it can. */
  static get missing(): string | null {
    return LIBRARIES.some(existsSync) ? null : 'needs libfaketime (Debian package faketime)'
  }

  /** `offset` as libfaketime reads it: `+400d`, `-400d`, `+0 x1.05` for one that runs fast. @throws Error where it is missing */
  static create(folder: string, name: string, offset: string): WrongClock {
    const library = LIBRARIES.find(existsSync)
    if (library === undefined) throw new Error(WrongClock.missing ?? '')
    const clock = new WrongClock(library, join(folder, `${name}.clock`))
    clock.set(offset)
    return clock
  }

  /** From within a second on. */
  set(offset: string): void {
    writeFileSync(this.#file, `${offset}\n`)
  }
}
