import { type ChildProcess, spawn } from 'node:child_process'
import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it, type TestContext } from 'vitest'
import { openSquare } from '../../core/node/square.ts'
import { systemClock } from '../../core/util/clock.ts'
import { silentLogger } from '../../core/util/logger.ts'
import { listOwnNumbers, openInit } from '../harness/durable-store.ts'
import type { WriterInit, WriterLine } from '../harness/durable-writer.ts'
import { PowerRig } from '../harness/power-rig.ts'
import { programFile } from '../harness/programs.ts'
import { FUZZ_IS_LONG, fuzzSeed, SeededChoice } from '../harness/seeded-random.ts'
import { eventually } from '../harness/wait.ts'

const CUTS = Number(process.env.PALABRE_CUTS ?? (FUZZ_IS_LONG ? 500 : 40))
const CONTROL_CUTS = 5
/** A store is written from its first byte on for so many cuts. */
const CUTS_PER_STORE = 10
/** Most milliseconds that the writer goes on between two cuts. */
const MAX_WRITING_MS = 40
const TIMEOUT_MS = FUZZ_IS_LONG ? 3_600_000 : 600_000

/** A process that writes into a store and can be held still. */
class StillableWriter {
  readonly acknowledged: number[] = []
  readonly #child: ChildProcess
  readonly #ended: Promise<void>

  constructor(program: string, init: WriterInit) {
    const child = spawn(process.execPath, ['--no-warnings', program, JSON.stringify(init)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    this.#child = child
    this.#ended = new Promise((resolve) => child.once('close', () => resolve()))
    createInterface(child.stdout).on('line', (text) => {
      const line: WriterLine = JSON.parse(text)
      if (line.type === 'ack') this.acknowledged.push(line.number)
    })
  }

  async stopAt(moment: () => Promise<unknown>): Promise<void> {
    const before = this.acknowledged.length
    await eventually('another acknowledged post', () => {
      if (this.#child.exitCode !== null) throw new Error('the writer ended by itself')
      return this.acknowledged.length > before
    })
    await moment()
    this.#child.kill('SIGSTOP')
    await eventually('a writer that stands still', async () => {
      const facts = await readFile(`/proc/${this.#child.pid}/stat`, 'utf8')
      return facts.slice(facts.lastIndexOf(')')).startsWith(') T')
    })
  }

  goOn(): void {
    this.#child.kill('SIGCONT')
  }

  async end(): Promise<void> {
    this.#child.kill('SIGKILL')
    await this.#ended
  }
}

interface CutReport {
  readonly acknowledged: number
  readonly lost: readonly string[]
  readonly problems: readonly string[]
}

function lookAt(dataDir: string, acknowledged: readonly number[], cut: number): Pick<CutReport, 'lost' | 'problems'> {
  const square = openSquare({ clock: systemClock, logger: silentLogger, onIngested: () => {} }, openInit(dataDir))
  try {
    const held = new Set(listOwnNumbers(square, Number.POSITIVE_INFINITY))
    const lost = acknowledged.filter((number) => !held.has(number)).map((number) => `post ${number} in cut ${cut}`)
    return { lost, problems: square.integrityCheck() }
  } finally {
    square.close()
  }
}

const seed = fuzzSeed('power cuts')

describe('a store whose disk loses its power', () => {
  let opened: ReturnType<typeof PowerRig.open>
  beforeAll(() => {
    opened = PowerRig.open()
  })
  afterAll(() => {
    if ('rig' in opened) opened.rig.close()
  })

  async function cutOften(
    context: TestContext,
    init: { cuts: number; ownSynchronous: 'FULL' | 'NORMAL' },
  ): Promise<CutReport> {
    if ('missing' in opened) return context.skip(opened.missing)
    const { rig } = opened
    const choice = new SeededChoice(seed)
    const [lost, problems]: [string[], string[]] = [[], []]
    let acknowledged = 0
    for (let cut = 0; cut < init.cuts; ) {
      const name = `${init.ownSynchronous}-${cut}`
      const { ownSynchronous } = init
      const writerInit = { dataDir: join(rig.live, name), from: 1, isHasty: false, isThorough: false, ownSynchronous }
      const writer = new StillableWriter(programFile('durable-writer'), writerInit)
      try {
        for (const last = Math.min(init.cuts, cut + CUTS_PER_STORE); cut < last; cut++) {
          await writer.stopAt(() => delay(choice.below(MAX_WRITING_MS)))
          const seen = rig.cut((after) => lookAt(join(after, name), writer.acknowledged, cut))
          lost.push(...seen.lost)
          problems.push(...seen.problems)
          writer.goOn()
        }
      } finally {
        await writer.end()
      }
      acknowledged += writer.acknowledged.length
      await rm(join(rig.live, name), { recursive: true })
    }
    return { acknowledged, lost, problems }
  }

  it(
    `keeps every acknowledged own post through ${CUTS} cuts, its files whole (LOG6, seed ${seed})`,
    async (context) => {
      const { acknowledged, lost, problems } = await cutOften(context, { cuts: CUTS, ownSynchronous: 'FULL' })
      expect(lost).toEqual([])
      expect(problems).toEqual([])
      expect(acknowledged).toBeGreaterThanOrEqual(CUTS)
    },
    TIMEOUT_MS,
  )

  it(
    'loses some where a commit does not wait for the disk: the control',
    async (context) => {
      const { lost, problems } = await cutOften(context, { cuts: CONTROL_CUTS, ownSynchronous: 'NORMAL' })
      expect(lost.length).toBeGreaterThan(0)
      expect(problems).toEqual([])
    },
    TIMEOUT_MS,
  )
})
