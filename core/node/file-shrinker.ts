import type { DatabaseFile } from '../store/database-file.ts'

/** 1 MiB in one step: a few milliseconds. */
const STEP_PAGES = 256
/** On a disk without room: what a step moves lies twice for a moment. */
const URGENT_PAGES = 32
/** Less isn't worth the writing: it is used again. */
const SLACK_BYTES = 16 * 1_048_576
/** Part of what is used that may lie free besides. */
const SLACK_PART = 0.1
/** Once it has begun it goes on to this part of that. */
const END_PART = 0.25

type ShrinkableFile = Pick<DatabaseFile, 'canShrink' | 'checkpoint' | 'shrink' | 'space'>

/**
 * Gives free pages of the databases back to the disk, a little in each step. What remains free is used again by what comes
 * next.
 */
export class FileShrinker {
  readonly #files: readonly ShrinkableFile[]
  readonly #slackBytes: number
  #shrinking: ShrinkableFile | null = null
  #isUrgent = false

  constructor(
    components: { readonly files: readonly ShrinkableFile[] },
    init: { readonly slackBytes?: number | undefined } = {},
  ) {
    this.#files = components.files.filter(({ canShrink }) => canShrink)
    this.#slackBytes = init.slackBytes ?? SLACK_BYTES
  }

  /** The disk is short of room: every free page counts. */
  setUrgent(isUrgent: boolean): void {
    this.#isUrgent = isUrgent
  }

  /** Bytes that go back to the disk if nothing else takes them. */
  freeBytes(): number {
    return this.#files.reduce((sum, file) => sum + file.space().freeBytes, 0)
  }

  /** True while more is to do. @throws DiskFullError */
  step(): boolean {
    this.#shrinking ??= this.#files.find((file) => this.#surplus(file) > 0) ?? null
    const file = this.#shrinking
    if (file === null) return false
    const before = file.space().freeBytes
    file.shrink(this.#isUrgent ? URGENT_PAGES : STEP_PAGES)
    const isDone = file.space().freeBytes >= before || this.#isEnough(file)
    if (!isDone) return true
    file.checkpoint()
    this.#shrinking = null
    return this.#files.some((other) => other !== file && this.#surplus(other) > 0)
  }

  #isEnough(file: ShrinkableFile): boolean {
    return file.space().freeBytes <= this.#limit(file) * END_PART
  }

  #surplus(file: ShrinkableFile): number {
    return file.space().freeBytes - this.#limit(file)
  }

  #limit(file: ShrinkableFile): number {
    return this.#isUrgent ? 0 : this.#slackBytes + file.space().usedBytes * SLACK_PART
  }
}
