/**
 * Bringing in an archive: the records of many people side by side in time, verified, indexed and searchable, through the
 * store's own thread into an empty data directory. The floor is what one thread needs to verify the same records with
 * `crypto.verify` and to insert each into SQLite, 256 in a transaction; beside it stands how fast two threads do nothing
 * but verify. Each is a process of its own; reading the archive counts for the import only. Nothing is listened to.
 *
 *     node bench/import.ts [--posts 70000] [--authors 5000] [--rounds 3] [--corpus FILE]
 *
 * There are about 1.4 records for each post and 15 for each author. `--corpus` keeps the archive for the next run with
 * the same numbers.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadNetworkDescriptor } from '../core/node/network-descriptor.ts'
import { alternate, median, printFigure, printMachine, readNumber, readRounds } from './harness.ts'
import type { ImportMeasure, SpeedMeasure } from './import-run.ts'

const POSTS = readNumber('--posts', 70_000, { least: 100, most: 10_000_000 })
const AUTHORS = readNumber('--authors', 5_000, { least: 1, most: 100_000 })
const FLOOR = 'one thread that verifies and inserts'

const folder = await mkdtemp(join(tmpdir(), 'palabre-bench-'))
const { domain } = await loadNetworkDescriptor('local')

/** Runs a file beside this one to its end; returns what it printed. */
async function run(file: string, ...args: string[]): Promise<string> {
  const child = spawn(process.execPath, ['--no-warnings', join(import.meta.dirname, file), ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let said = ''
  child.stdout.on('data', (chunk: Buffer) => {
    said += String(chunk)
  })
  const [code] = (await once(child, 'close')) as [number]
  if (code !== 0) throw new Error(`${file} ended with code ${code}`)
  return said
}

async function measure<T>(role: 'floor' | 'verify' | 'import', ...more: string[]): Promise<T> {
  return JSON.parse(await run('import-run.ts', role, corpus, domain, ...more)) as T
}

const floors: SpeedMeasure[] = []
const verifies: number[] = []
const imports: ImportMeasure[] = []
const at = process.argv.indexOf('--corpus')
const corpus = at < 0 ? join(folder, 'corpus.car') : (process.argv[at + 1] as string)

printMachine()
try {
  if (!existsSync(corpus)) {
    await run('make-corpus.ts', '--posts', String(POSTS), '--authors', String(AUTHORS), '--out', corpus)
  }
  await alternate(readRounds(3), {
    floor: async () => void floors.push(await measure<SpeedMeasure>('floor', folder)),
    'two threads that verify': async () => {
      const halves = await Promise.all(['0', '1'].map((half) => measure<SpeedMeasure>('verify', half)))
      verifies.push(halves.reduce((sum, { perSecond }) => sum + perSecond, 0))
    },
    import: async () => {
      const measured = await measure<ImportMeasure>('import', folder)
      imports.push(measured)
      process.stderr.write(`${JSON.stringify(measured)}\n`)
    },
  })
  const of = (pick: (one: ImportMeasure) => number) => median(imports.map(pick))
  const samples = imports.length
  const speed = { name: FLOOR, value: median(floors.map(({ perSecond }) => perSecond)) }
  const computing = { name: FLOOR, value: median(floors.map(({ cpuUs }) => cpuUs)) }
  printFigure({ figure: 'import.records', unit: 'records/s', value: of((one) => one.perSecond), floor: speed, samples })
  printFigure({ figure: 'import.verify', unit: 'records/s', value: median(verifies), floor: speed, samples })
  printFigure({ figure: 'import.chains', unit: 'records/s', value: of((one) => one.chainsPerSecond), samples })
  printFigure({ figure: 'import.cpu', unit: 'µs', value: of((one) => one.cpuUs), floor: computing, samples })
  printFigure({ figure: 'import.cpu.store', unit: 'µs', value: of((one) => one.storeCpuUs), samples })
  printFigure({ figure: 'import.disk', unit: 'bytes', value: of((one) => one.bytesPerRecord), samples })
  printFigure({ figure: 'import.memory', unit: 'MB', value: of((one) => one.peakMB), samples })
  for (const name of ['p50', 'p99', 'max'] as const) {
    printFigure({ figure: `import.delay.${name}`, unit: 'ms', value: of(({ delayMs }) => delayMs[name]), samples })
  }
  console.log(JSON.stringify({ bytesPerRecord: imports.at(-1)?.tables }))
} finally {
  await rm(folder, { recursive: true, force: true })
}
