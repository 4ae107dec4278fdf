import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { connectLocal, type LocalConnection } from '../../core/node/local-client.ts'
import { FUZZ_IS_LONG } from '../harness/seeded-random.ts'
import { eventually } from '../harness/wait.ts'

const CLI = new URL('../../cli/main.ts', import.meta.url).pathname
const KILLS = Number(process.env.PALABRE_KILLS ?? (FUZZ_IS_LONG ? 50 : 12))
/** Two data directories, one for each core of a small machine. */
const VICTIMS = 2
const NEVER_WRITTEN = 'bafyreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy'

/** A node of its own process on one data directory, to be killed. */
class VictimProcess {
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
  const held = new Set<string>()
  let cursor: string | undefined
  do {
    const page = await connection.client.timeline.profile({ profile, limit: 500, ...(cursor ? { cursor } : {}) })
    for (const post of page.items) if (post.state === 'shown') held.add(post.id)
    cursor = page.cursor ?? undefined
  } while (cursor !== undefined)
  return acknowledged.filter((id) => !held.has(id))
}

describe('a node that is killed right after it acknowledged a post', () => {
  const places: string[] = []
  const victims: VictimProcess[] = []

  beforeEach(async () => {
    for (let i = 0; i < VICTIMS; i++) {
      const dataDir = await mkdtemp(join(tmpdir(), 'palabre-kill-'))
      places.push(dataDir)
      victims.push(new VictimProcess(dataDir))
    }
  })
  afterEach(async () => {
    await Promise.all(victims.map((victim) => victim.kill()))
    await Promise.all(places.map((dataDir) => rm(dataDir, { recursive: true, force: true })))
  })

  it(`loses none of them in ${KILLS} kills, and starts again by itself (LOG6)`, async () => {
    await Promise.all(victims.map((victim) => killOften(victim, Math.ceil(KILLS / VICTIMS))))
  }, 600_000)
})

async function killOften(victim: VictimProcess, kills: number): Promise<void> {
  const acknowledged: string[] = []
  for (let kill = 0; kill < kills; kill++) {
    const { client } = await victim.start()
    acknowledged.push((await client.posts.create({ text: `before kill ${kill}` })).id)
    await victim.kill()
  }
  const connection = await victim.start()
  expect(await listLost(connection, acknowledged)).toEqual([])
  expect((await connection.client.search.posts({ query: 'before kill', limit: 500 })).items).toHaveLength(kills)
  // The control: an id that was never committed is found missing by the same look.
  expect(await listLost(connection, [...acknowledged, NEVER_WRITTEN])).toEqual([NEVER_WRITTEN])
  await connection.close()
}
