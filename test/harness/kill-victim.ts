import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { WriterInit, WriterLine } from './durable-writer.ts'
import type { SeededChoice } from './seeded-random.ts'

export interface KillReport {
  readonly kills: number
  readonly acknowledged: number
  /** Acknowledged posts that a later start no longer had. */
  readonly lost: readonly number[]
  /** What was found wrong with the files after a kill. */
  readonly problems: readonly string[]
  /** Milliseconds from the start of the process to the open store, and what opening it took of those; one of each start. */
  readonly readyMs: readonly number[]
  readonly openMs: readonly number[]
}

/** Most milliseconds between the first acknowledgement and the kill. */
const MAX_WRITING_MS = 30
/** Most milliseconds between the start of a process and its kill, where that comes before it has opened the store. */
const MAX_OPENING_MS = 400
/** One kill in so many comes while the store is being opened. */
const OPENING_EVERY = 8

type Opened = Extract<WriterLine, { type: 'open' }>

/** A data directory whose writer is killed and started again, in one round after the other. */
export class KillVictim {
  readonly #program: string
  readonly #init: Pick<WriterInit, 'dataDir' | 'isHasty'>
  readonly #choice: SeededChoice
  #next = 1
  /** Acknowledged, and not yet looked for after the kill. */
  #fresh: number[] = []
  readonly #all: number[] = []
  readonly #lost = new Set<number>()
  readonly #problems: string[] = []
  readonly #readyMs: number[] = []
  readonly #openMs: number[] = []

  /** `program`: the writer's file. */
  constructor(program: string, init: Pick<WriterInit, 'dataDir' | 'isHasty'>, choice: SeededChoice) {
    this.#program = program
    this.#init = init
    this.#choice = choice
  }

  async run(kills: number): Promise<KillReport> {
    for (let kill = 0; kill < kills; kill++) {
      const isOpening = kill % OPENING_EVERY === OPENING_EVERY - 1
      await this.#round({ isThorough: false, isOpening })
    }
    await this.#round({ isThorough: true, isOpening: false })
    const acknowledged = this.#all.length
    const [lost, problems] = [[...this.#lost], this.#problems]
    return { kills, acknowledged, lost, problems, readyMs: this.#readyMs, openMs: this.#openMs }
  }

  /** Starts, looks for what the round before acknowledged, lets it write for a moment, and kills. */
  async #round({ isThorough, isOpening }: { isThorough: boolean; isOpening: boolean }): Promise<void> {
    const init: WriterInit = { ...this.#init, from: this.#next, isThorough }
    const child = spawn(process.execPath, ['--no-warnings', this.#program, JSON.stringify(init)], {
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let errors = ''
    child.stderr.on('data', (part: Buffer) => {
      errors += part.toString()
    })
    const ended = new Promise<void>((resolve) => child.once('close', () => resolve()))
    if (isOpening) this.#killAfter(child, this.#choice.below(MAX_OPENING_MS))
    let hasOpened = false
    for await (const text of createInterface(child.stdout)) {
      const line = parseLine(text)
      if (line?.type === 'open') {
        hasOpened = true
        this.#look(line, isThorough)
      }
      if (line?.type !== 'ack') continue
      if (this.#fresh.length === 0 && !isOpening) this.#killAfter(child, this.#choice.below(MAX_WRITING_MS))
      this.#fresh.push(line.number)
      this.#all.push(line.number)
      this.#next = line.number + 1
    }
    await ended
    if (child.signalCode !== 'SIGKILL') throw new Error(`the writer ended by itself (${child.exitCode}): ${errors}`)
    if (!hasOpened && !isOpening) throw new Error(`the writer did not open its store: ${errors}`)
  }

  #killAfter(child: ChildProcess, ms: number): void {
    setTimeout(() => child.kill('SIGKILL'), ms)
  }

  #look({ readyMs, openMs, problems, numbers }: Opened, isThorough: boolean): void {
    this.#readyMs.push(readyMs)
    this.#openMs.push(openMs)
    this.#problems.push(...problems)
    const held = new Set(numbers)
    for (const number of isThorough ? this.#all : this.#fresh) if (!held.has(number)) this.#lost.add(number)
    this.#fresh = []
    // Posts that were written and not acknowledged keep their numbers.
    this.#next = Math.max(this.#next, ...numbers.map((number) => number + 1))
  }
}

/** A line that a kill has cut says nothing. */
function parseLine(text: string): WriterLine | null {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
