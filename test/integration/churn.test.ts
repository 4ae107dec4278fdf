import { afterEach, expect, it } from 'vitest'
import { ChurnCrowd, ChurnedNode, type ChurnSample } from '../harness/churn.ts'
import { FUZZ_IS_LONG, fuzzSeed, SeededChoice } from '../harness/seeded-random.ts'
import { robustSlope } from '../harness/slope.ts'
import { makeTempDir } from '../harness/temp-dir.ts'
import { eventually } from '../harness/wait.ts'

const SEED = fuzzSeed('churn')
const MINUTES = Number(process.env.PALABRE_CHURN_MINUTES ?? 60)
const STEP_MS = 1_000
const LOOK_EVERY = 10
/** Everybody of so few has been there within the first fifth, and what is remembered of each is there. */
const CROWD = 40
const WARM_UP = 0.2
/** A leak of one listener with what it holds of a peer is ten times as much; noise of the heap a tenth. */
const MAX_BYTES_PER_JOIN = 12 * 1024
const MAX_FILES_PER_JOIN = 0.1
const SHORT_JOINS = 12
const SHORT_TIMEOUT_MS = 240_000

const closing: { stop(): Promise<void> }[] = []
afterEach(async () => {
  for (const { stop } of closing.splice(0).reverse()) await stop()
})

async function openBoth(size: number) {
  const start = async (how: 'whole' | 'leaking') => {
    const node = await ChurnedNode.start(makeTempDir(), how)
    closing.push({ stop: () => node.stop() })
    return node
  }
  const nodes = { whole: await start('whole'), leaking: await start('leaking') }
  const crowd = new ChurnCrowd(
    [nodes.whole, nodes.leaking].map(({ address }) => address),
    { size, choice: new SeededChoice(SEED) },
  )
  closing.push({ stop: () => crowd.close() })
  return { ...nodes, crowd }
}

async function whenAlone(node: ChurnedNode): Promise<ChurnSample> {
  return await eventually('all have gone', async () => {
    const sample = await node.look()
    // The other node that stays is heard of by the cards of those who come.
    return sample.peers <= 1 ? sample : null
  })
}

/** Each connection is a file, also one to the other node that stays. */
const filesBeside = ({ files, peers }: ChurnSample) => files - peers

it(
  `nothing is left of who came and went: no file, no signal, no budget, with a node that leaks as the control`,
  async () => {
    const { whole, leaking, crowd } = await openBoth(SHORT_JOINS)
    const round = async () => {
      for (let number = 0; number < SHORT_JOINS; number++) {
        await crowd.join(number)
        if (number >= 3) await crowd.leave(number - 3)
      }
      await eventually('the control has seen the last of them', async () => (await leaking.look()).peers > 1)
      await crowd.close()
      return { whole: await whenAlone(whole), leaking: await whenAlone(leaking) }
    }
    // What is remembered of each person, and what is opened once, is there after the first round.
    const before = await round()
    const after = await round()
    expect(filesBeside(after.whole)).toBeLessThanOrEqual(filesBeside(before.whole))
    // Which budgets somebody draws on differs from visit to visit; a leak adds one with each.
    expect(after.whole.buckets - before.whole.buckets).toBeLessThan(SHORT_JOINS)
    // A deadline's signal stays until its time is over, also where nobody waits for it any more; a leaked one stays for good.
    await eventually('the signals of the second round have gone', async () => {
      const { signals } = await whole.look()
      return signals - before.whole.signals < SHORT_JOINS / 2
    })
    expect(filesBeside(after.leaking) - filesBeside(before.leaking)).toBeGreaterThanOrEqual(SHORT_JOINS / 2)
  },
  SHORT_TIMEOUT_MS,
)

it.skipIf(!FUZZ_IS_LONG)(
  `a node to which one peer a second comes, or from which one goes, for ${MINUTES} minutes stays as it is, seed ${SEED}`,
  async () => {
    const { whole, leaking, crowd } = await openBoth(CROWD)
    const series = { whole: [] as (ChurnSample & { x: number })[], leaking: [] as (ChurnSample & { x: number })[] }
    const steps = MINUTES * 60
    // As many as are there in the long run: what each of them takes while connected isn't growth.
    for (let number = 0; number < CROWD / 2; number++) await crowd.join(number)
    const startedAt = Date.now()
    for (let step = 0; step < steps; step++) {
      await crowd.step()
      if (step % LOOK_EVERY === 0) {
        const [a, b] = await Promise.all([whole.look(), leaking.look()])
        series.whole.push({ ...a, files: filesBeside(a), x: crowd.joins })
        series.leaking.push({ ...b, files: filesBeside(b), x: crowd.joins })
        // A run that is cut short has said what it saw.
        process.stderr.write(`${crowd.joins} joins: ${JSON.stringify(a)} leaking: ${JSON.stringify(b)}\n`)
      }
      await new Promise((resolve) => setTimeout(resolve, Math.max(0, startedAt + (step + 1) * STEP_MS - Date.now())))
    }
    const slopeOf = (
      name: 'whole' | 'leaking',
      what: 'heapBytes' | 'residentBytes' | 'files' | 'signals' | 'buckets',
    ) =>
      robustSlope(series[name].slice(series[name].length * WARM_UP).map((sample) => ({ x: sample.x, y: sample[what] })))
    const figures = (['whole', 'leaking'] as const).map((name) => ({
      name,
      joins: crowd.joins,
      samples: series[name].length,
      first: series[name].at(series[name].length * WARM_UP),
      last: series[name].at(-1),
      heap: slopeOf(name, 'heapBytes'),
      resident: slopeOf(name, 'residentBytes'),
      files: slopeOf(name, 'files'),
      signals: slopeOf(name, 'signals'),
      buckets: slopeOf(name, 'buckets'),
    }))
    process.stderr.write(`${figures.map((figure) => JSON.stringify(figure)).join('\n')}\n`)
    expect(slopeOf('whole', 'heapBytes')).toBeLessThan(MAX_BYTES_PER_JOIN)
    expect(slopeOf('whole', 'files')).toBeLessThan(MAX_FILES_PER_JOIN)
    // The control: the same measure sees a listener that is kept, and a file.
    expect(slopeOf('leaking', 'heapBytes')).toBeGreaterThan(MAX_BYTES_PER_JOIN)
    expect(slopeOf('leaking', 'files')).toBeGreaterThan(MAX_FILES_PER_JOIN)
  },
  (MINUTES + 20) * 60_000,
)
