import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { connectLocal, type LocalConnection } from '../../core/node/local-client.ts'
import { KillVictim } from '../harness/kill-victim.ts'
import { programFile } from '../harness/programs.ts'
import { FUZZ_IS_LONG, fuzzSeed, SeededChoice } from '../harness/seeded-random.ts'
import { eventually } from '../harness/wait.ts'

const KILLS = Number(process.env.PALABRE_KILLS ?? (FUZZ_IS_LONG ? 1_000 : 200))
const WRITER = programFile('durable-writer')
const CLI = programFile('cli-main')
const HASTY_KILLS = 12
const CLI_KILLS = FUZZ_IS_LONG ? 50 : 2
/** Data directories, one for each core of a small machine. */
const VICTIMS = 2
const TIMEOUT_MS = FUZZ_IS_LONG ? 3_600_000 : 900_000
const NEVER_WRITTEN = 'bafyreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy'

const seed = fuzzSeed('kills')

describe('a store whose process is killed at random moments', () => {
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'palabre-kill-'))
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  it(
    `keeps every acknowledged post through ${KILLS} kills, its files whole (LOG6, seed ${seed})`,
    async () => {
      const victims = Array.from({ length: VICTIMS }, (_, i) => {
        const init = { dataDir: join(folder, `store-${i}`), isHasty: false }
        return new KillVictim(WRITER, init, new SeededChoice(seed + i))
      })
      const reports = await Promise.all(victims.map((victim) => victim.run(Math.ceil(KILLS / VICTIMS))))
      for (const { lost, problems, acknowledged, kills } of reports) {
        expect(problems).toEqual([])
        expect(lost).toEqual([])
        expect(acknowledged).toBeGreaterThan(kills / 2)
      }
    },
    TIMEOUT_MS,
  )

  it(
    'loses some when they are acknowledged before they are written: the control',
    async () => {
      const init = { dataDir: join(folder, 'hasty'), isHasty: true }
      const { lost, problems } = await new KillVictim(WRITER, init, new SeededChoice(seed)).run(HASTY_KILLS)
      expect(lost.length).toBeGreaterThan(0)
      expect(problems).toEqual([])
    },
    TIMEOUT_MS,
  )
})

/** A node of its own process on one data directory, to be killed. */
class NodeProcess {
  readonly #dataDir: string
  #child: ChildProcess | null = null
  #errors = ''

  constructor(dataDir: string) {
    this.#dataDir = dataDir
  }

  /** Resolves with a connection as soon as the API answers. */
  async start(): Promise<LocalConnection> {
    this.#errors = ''
    const args = ['seed', '--data', this.#dataDir, '--network', 'local', '--name', 'Nour', '--json']
    const child = spawn(process.execPath, ['--no-warnings', CLI, ...args], { stdio: ['ignore', 'ignore', 'pipe'] })
    this.#child = child
    child.stderr?.on('data', (part: Buffer) => {
      this.#errors += part.toString()
    })
    return await eventually('the API answers', async () => {
      if (child.exitCode !== null) throw new Error(`the node ended by itself (${child.exitCode}): ${this.#errors}`)
      const connection = await connectLocal(this.#dataDir).catch(() => null)
      if (connection === null) return null
      const account = await connection.client.account.get().catch(() => null)
      if (account !== null) return connection
      await connection.close()
      return null
    })
  }

  async kill(): Promise<void> {
    const child = this.#child
    if (child === null || child.exitCode !== null || child.signalCode !== null) return
    const gone = new Promise((resolve) => child.once('exit', resolve))
    child.kill('SIGKILL')
    await gone
  }
}

/** Ids that were acknowledged and aren't in the account's own timeline. */
async function listLost(connection: LocalConnection, acknowledged: readonly string[]): Promise<string[]> {
  const { profile } = await connection.client.account.get()
  const page = await connection.client.timeline.profile({ profile, limit: 500 })
  const held = new Set(page.items.flatMap(({ id, state }) => (state === 'shown' ? [id] : [])))
  return acknowledged.filter((id) => !held.has(id))
}

describe('a whole node that is killed right after it acknowledged a post', () => {
  let dataDir: string
  let node: NodeProcess
  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'palabre-kill-'))
    node = new NodeProcess(dataDir)
  })
  afterEach(async () => {
    await node.kill()
    await rm(dataDir, { recursive: true, force: true })
  })

  it(
    `loses none of them in ${CLI_KILLS} kills, and starts again by itself (LOG6)`,
    async () => {
      const acknowledged: string[] = []
      for (let kill = 0; kill < CLI_KILLS; kill++) {
        const { client } = await node.start()
        acknowledged.push((await client.posts.create({ text: `before kill ${kill}` })).id)
        await node.kill()
      }
      const connection = await node.start()
      expect(await listLost(connection, acknowledged)).toEqual([])
      const found = await connection.client.search.posts({ query: 'before kill', limit: 500 })
      expect(found.items).toHaveLength(CLI_KILLS)
      // The control: an id that was never committed is found missing by the same look.
      expect(await listLost(connection, [...acknowledged, NEVER_WRITTEN])).toEqual([NEVER_WRITTEN])
      await connection.close()
    },
    TIMEOUT_MS,
  )
})
