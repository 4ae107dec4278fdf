/**
 * Memory of an idle node: a seed and a peer connected to it, each a process of its own, a while after they are ready.
 * The floor is Node.js with nothing but a timer. Linux only (/proc). Loopback only.
 *
 *     node bench/memory.ts [--rounds 3]
 */
import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { eventually } from '../test/harness/wait.ts'
import { alternate, median, printFigure, printMachine, readRounds } from './harness.ts'
import { endProcess, PeerProcess } from './peer-process.ts'

/** Long enough for start-up garbage to be collected when memory is looked at twice. */
const IDLE_MS = 15_000

const folder = await mkdtemp(join(tmpdir(), 'palabre-bench-'))
const idle = () => new Promise((resolve) => setTimeout(resolve, IDLE_MS))
const samples = { peer: [] as number[], seed: [] as number[], node: [] as number[] }

async function measureSquare(round: number): Promise<void> {
  const seed = await PeerProcess.start('seed', join(folder, `seed-${round}`), [])
  const peer = await PeerProcess.start('start', join(folder, `peer-${round}`), [
    '--name',
    'Bench',
    '--peer',
    seed.address,
  ])
  try {
    const { client, close } = await peer.connect()
    await eventually('they are connected', async () => (await client.network.status()).peers.length === 1)
    await close()
    await idle()
    samples.peer.push((await peer.memoryMB()).resident)
    samples.seed.push((await seed.memoryMB()).resident)
  } finally {
    await Promise.all([peer.stop(), seed.stop()])
  }
}

async function measureNode(): Promise<void> {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' })
  await new Promise((resolve) => setTimeout(resolve, 2_000))
  const status = await readFile(`/proc/${child.pid}/status`, 'utf8')
  samples.node.push(Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024)
  await endProcess(child, 'SIGTERM')
}

printMachine()
let round = 0
try {
  await alternate(readRounds(3), { square: () => measureSquare(round++), 'Node.js alone': measureNode })
  const floor = { name: 'Node.js alone', value: median(samples.node) }
  for (const name of ['peer', 'seed'] as const) {
    const value = median(samples[name])
    printFigure({ figure: `memory.${name}`, unit: 'MB', value, floor, samples: samples[name].length })
  }
} finally {
  await rm(folder, { recursive: true, force: true })
}
