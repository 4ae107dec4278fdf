/**
 * How long a store takes to be open again after a kill −9 at a random moment of writing: from the start of a process that
 * does nothing else, and of that what opening takes (the log is replayed, and own.db and square.db are brought together).
 * The floor is Node.js starting and ending.
 *
 *     node bench/killed.ts [--rounds 60]
 */
import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { KillVictim } from '../test/harness/kill-victim.ts'
import { programFile } from '../test/harness/programs.ts'
import { SeededChoice } from '../test/harness/seeded-random.ts'
import { alternate, median, percentile, printFigure, printMachine, readRounds } from './harness.ts'

/** Kills between two floors. */
const KILLS = 10

const folder = await mkdtemp(join(tmpdir(), 'palabre-bench-'))

async function measureNothing(): Promise<number> {
  const startedAt = performance.now()
  const child = spawn(process.execPath, ['-e', ''], { stdio: 'ignore' })
  await new Promise((resolve) => child.once('exit', resolve))
  return performance.now() - startedAt
}

printMachine()
try {
  const writer = programFile('durable-writer')
  const nothing: number[] = []
  const readyMs: number[] = []
  const openMs: number[] = []
  let lost = 0
  let round = 0
  await alternate(Math.ceil(readRounds(60) / KILLS), {
    killed: async () => {
      const init = { dataDir: join(folder, `store-${++round}`), isHasty: false }
      const report = await new KillVictim(writer, init, new SeededChoice(round)).run(KILLS)
      // The first start of each round found nothing to open.
      readyMs.push(...report.readyMs.slice(1))
      openMs.push(...report.openMs.slice(1))
      lost += report.lost.length + report.problems.length
    },
    nothing: async () => {
      nothing.push(await measureNothing())
    },
  })
  const floor = { name: 'node', value: median(nothing) }
  const samples = readyMs.length
  printFigure({ figure: 'killed.ready', value: median(readyMs), unit: 'ms', floor, samples })
  printFigure({ figure: 'killed.ready.p95', value: percentile(readyMs, 0.95), unit: 'ms', floor, samples })
  printFigure({ figure: 'killed.open', value: median(openMs), unit: 'ms', floor, samples })
  printFigure({ figure: 'killed.lost', value: lost, unit: 'count', samples })
} finally {
  await rm(folder, { recursive: true, force: true })
}
