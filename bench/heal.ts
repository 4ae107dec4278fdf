/**
 * How fast a network that was split in halves is one again: nodes in one process with the whole network of a real one
 * and the times of a public network, over real stores; links are relays that are cut and opened. From the moment of
 * healing until all hold the same chains and records. Loopback only.
 *
 *     node bench/heal.ts [--rounds 3] [--nodes 20] [--seconds 60] [--rate 20]
 */
import { SplitWorld } from '../test/harness/split-world.ts'
import { eventually } from '../test/harness/wait.ts'
import { median, printFigure, printMachine, readNumber, readRounds } from './harness.ts'

const NODES = readNumber('--nodes', 20, { least: 4, most: 100 })
const SECONDS = readNumber('--seconds', 60, { least: 1, most: 3_600 })
const RATE = readNumber('--rate', 20, { least: 1, most: 100 })
const DEADLINE_MS = 10 * 60_000
/** Connections that have lasted are dialled again differently from those that hardly were. */
const BEFORE_MS = 10_000
const LOOK_EVERY_MS = 250

async function pause(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS))
}

async function runOnce(apart: 'cut' | 'silent'): Promise<number> {
  const split = new SplitWorld({ nodes: NODES, writers: NODES })
  try {
    await split.start()
    await eventually('everybody is connected', () => split.isJoined, DEADLINE_MS)
    await split.writeFor(BEFORE_MS, RATE)
    split.split(apart)
    await split.writeFor(SECONDS * 1_000, RATE)
    const start = performance.now()
    split.world.heal()
    const isHealed = async () => {
      await pause()
      return split.areAlike(split.nodes)
    }
    await eventually('all hold the same', isHealed, DEADLINE_MS)
    return performance.now() - start
  } finally {
    await split.close()
  }
}

printMachine()
for (const apart of ['cut', 'silent'] as const) {
  const times: number[] = []
  const rounds = readRounds(3)
  for (let round = 0; round < rounds; round++) {
    process.stderr.write(`round ${round + 1} of ${rounds}: ${apart}\n`)
    times.push(await runOnce(apart))
  }
  printFigure({ figure: `heal.${apart}`, unit: 'ms', value: median(times), samples: times.length })
  printFigure({ figure: `heal.${apart}.worst`, unit: 'ms', value: Math.max(...times), samples: times.length })
}
process.exit(0)
