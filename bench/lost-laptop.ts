/**
 * Whose account comes back in `recover.ts`: 10,000 records that a device which is gone has signed, all with one seed; a
 * second device that goes on; somebody whom it follows and who follows it; three guardians, of whom one is never there
 * again. The seed is a process of its own; the others live in the process of the bench and do nothing unless asked.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createRouterClient } from '@orpc/server'
import { formatPeerId } from '../core/identity/peer-id.ts'
import { wordsFromEntropy } from '../core/identity/words.ts'
import { createNode, type NodeConfig, type PalabreNode } from '../core/node/create-node.ts'
import { loadNetworkDescriptor } from '../core/node/network-descriptor.ts'
import { openSquare } from '../core/node/square.ts'
import { packBytes } from '../core/node/square-calls.ts'
import { toHex } from '../core/util/bytes.ts'
import { systemClock } from '../core/util/clock.ts'
import { silentLogger } from '../core/util/logger.ts'
import { TestAuthor } from '../test/harness/authors.ts'
import { type HeldDeviceLog, readDeviceLogs } from '../test/harness/device-logs.ts'
import { eventually } from '../test/harness/wait.ts'
import { PeerProcess } from './peer-process.ts'

export const RECORDS = 10_000
/** Stands for the 72 hours. */
export const GUARDIAN_DELAY_MS = 3_000
export const FRIEND = 'Aya'

const BATCH = 500
const PATIENCE_MS = 10 * 60_000

export interface Resident {
  readonly dataDir: string
  readonly node: PalabreNode
  readonly api: ReturnType<typeof apiOf>
}

export interface LostLaptop {
  readonly folder: string
  readonly profile: string
  readonly words: string
  /** Address of the seed. */
  readonly seed: string
  /** The device that goes on. */
  readonly second: Resident
  readonly friend: Resident
  /** Those two who answer. */
  readonly guardians: readonly Resident[]
  /** The logs of the lost device and the second one as they signed them, once the seed has all of that. */
  signed(): Promise<readonly HeldDeviceLog[]>
  close(): Promise<void>
}

function apiOf(node: PalabreNode) {
  return createRouterClient(node.router, { context: { carrier: 'local' } })
}

export async function prepareLostLaptop(): Promise<LostLaptop> {
  const folder = await mkdtemp(join(tmpdir(), 'palabre-bench-'))
  const network = await loadNetworkDescriptor('local')
  const author = new TestAuthor('Nour', { network: network.domain })
  const { profile } = author
  const words = wordsFromEntropy(author.wordsEntropy).join(' ')
  const residents: Resident[] = []
  let seedProcess: PeerProcess | null = null

  async function close(): Promise<void> {
    await Promise.all(residents.map(({ node }) => node.stop()))
    await seedProcess?.stop()
    await rm(folder, { recursive: true, force: true })
  }

  async function move(name: string | null, seed: string): Promise<Resident> {
    const dataDir = join(folder, `resident ${residents.length}`)
    const config: NodeConfig = {
      dataDir,
      name,
      network,
      role: 'peer',
      listen: ['/ip4/127.0.0.1/tcp/0'],
      announce: [],
      peers: [seed],
      pins: [],
      admit: 'all',
      guardianDelayMs: GUARDIAN_DELAY_MS,
    }
    const node = await createNode(config, { logger: silentLogger })
    await node.start()
    const resident = { dataDir, node, api: apiOf(node) }
    residents.push(resident)
    return resident
  }

  try {
    const seedDir = join(folder, 'seed')
    await fillSeed(seedDir, author, network.domain)
    seedProcess = await PeerProcess.start('seed', seedDir, [])
    const { address: seed } = seedProcess
    const friend = await move(FRIEND, seed)
    const second = await move(null, seed)
    await second.api.recovery.start({ secret: words, addresses: [seed], name: 'second' })
    await eventually('the second device', async () => (await second.api.recovery.status()).step === 'done', PATIENCE_MS)
    await second.api.follows.add({ profile: (await friend.api.account.get()).profile })
    await friend.api.follows.add({ profile })
    for (const { api } of [second, friend]) {
      await eventually('the follow', async () => (await api.follows.list()).items[0]?.state === 'following')
    }
    const invited: Resident[] = []
    for (const name of ['Ben', 'Cleo', 'Dora']) invited.push(await move(name, seed))
    const { link } = await second.api.guardians.invite()
    const replies: string[] = []
    for (const { api } of invited) replies.push((await api.guardians.accept({ link })).reply)
    await second.api.guardians.set({ secret: words, threshold: 2, replies })
    await invited[2]?.node.stop()
    // Followers and guardians want its records too; they would take the machine from what is measured.
    const others = [friend, ...invited.slice(0, 2)]
    for (const { api } of others) {
      await eventually(
        'everybody has it',
        async () => (await api.network.status()).storage.records >= RECORDS,
        PATIENCE_MS,
      )
    }
    return {
      folder,
      profile,
      words,
      seed,
      second,
      friend,
      guardians: invited.slice(0, 2),
      async signed() {
        await eventually('the seed has all of it', async () => {
          return (await second.api.network.status()).storage.ownUnheld === 0
        })
        const { peerId } = (await second.api.account.get()).device
        const own = readDeviceLogs(second.dataDir, profile).filter(({ device }) => device === peerId)
        return [headOf(author), ...own]
      },
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}

/** What the lost device had: its log is whole. */
function headOf(author: TestAuthor): HeldDeviceLog {
  const last = author.records.at(-1)
  if (last === undefined) throw new Error('nothing was signed')
  const { seq } = last.header
  return { device: formatPeerId(author.device.publicKey), head: seq, headId: toHex(last.id), held: seq }
}

/** The directory of a seed that holds all of it. */
async function fillSeed(dataDir: string, author: TestAuthor, domain: string): Promise<void> {
  process.stderr.write(`signing ${RECORDS} records\n`)
  // The first start makes the vault: records without one are refused.
  await (await PeerProcess.start('seed', dataDir, [])).stop()
  author.describe({ name: 'Nour' })
  while (author.records.length < RECORDS)
    author.post(`post ${author.records.length}, as long as people write them here`)
  const square = openSquare(
    { clock: systemClock, logger: silentLogger, onIngested: () => {} },
    { dataDir, domain, role: 'seed', admit: 'all', pins: [], account: null },
  )
  for (let i = 0; i < RECORDS; i += BATCH) {
    const records = author.records.slice(i, i + BATCH).map(({ bytes }) => bytes)
    square.ingest(packBytes([author.genesis]), packBytes(records), { kind: 'import' })
  }
  if (square.stats().records !== RECORDS) throw new Error(`the seed holds ${square.stats().records} records`)
  square.close()
}
