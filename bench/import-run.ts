/** One measurement of `import.ts` in a process of its own: a role, the corpus, the domain, and what the role needs. */
import { createPublicKey, type KeyObject, verify } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { DatabaseSync } from 'node:sqlite'
import { ArchiveReader } from '../core/archive/archive-reader.ts'
import { openArchiveFile } from '../core/archive/archive-source.ts'
import { signingInput } from '../core/identity/domains.ts'
import type { IngestBatch } from '../core/ingest/door.ts'
import { SquareClient } from '../core/node/square-client.ts'
import { decodeRecord } from '../core/record/decode-record.ts'
import { silentLogger } from '../core/util/logger.ts'

export interface SpeedMeasure {
  readonly perSecond: number
  /** Computing time of the whole process for each record. */
  readonly cpuUs: number
}

/** `perSecond` from the first batch of records to the answer to the last. */
export interface ImportMeasure extends SpeedMeasure {
  readonly chainsPerSecond: number
  /** The part of it that the store's thread took. */
  readonly storeCpuUs: number
  /** square.db, with its log written back. */
  readonly bytesPerRecord: number
  /** The same for each table and index. */
  readonly tables: Readonly<Record<string, number>>
  readonly peakMB: number
  /** How late the main thread came to its next task, while records came in. */
  readonly delayMs: { readonly p50: number; readonly p99: number; readonly max: number }
}

const IN_TRANSACTION = 256
/** Of /proc, hundredths of a second. */
const TICK_US = 10_000
/** Batches that are on their way at once. */
const AHEAD = 6
const SPKI_PREFIX = Buffer.from('302a300506032b6570032100', 'hex')

interface Signed {
  readonly device: Uint8Array
  readonly input: Uint8Array
  readonly signature: Uint8Array
  readonly bytes: Uint8Array
}

function takeApart(bytes: Uint8Array, domain: string): Signed {
  const decoded = decodeRecord(bytes)
  if (!decoded.ok) throw new Error(`the corpus holds a record that is ${decoded.reason}`)
  const { header, headerBytes, signature } = decoded.record
  return { device: header.device, input: signingInput('record', headerBytes, domain), signature, bytes }
}

function createVerify(): (signed: Signed) => void {
  const keys = new Map<string, KeyObject>()
  return ({ device, input, signature }) => {
    const name = Buffer.from(device).toString('latin1')
    let key = keys.get(name)
    if (key === undefined) {
      key = createPublicKey({ key: Buffer.concat([SPKI_PREFIX, device]), format: 'der', type: 'spki' })
      keys.set(name, key)
    }
    if (!verify(null, input, key, signature)) throw new Error('the corpus holds a bad signature')
  }
}

/** What is done with parts of the corpus, timed without reading and taking apart. */
async function timed(
  corpus: string,
  domain: string,
  work: (signed: readonly Signed[]) => void,
): Promise<{ ms: number; cpuUs: number; count: number }> {
  const spent = { ms: 0, cpuUs: 0, count: 0 }
  const reader = await ArchiveReader.open(await openArchiveFile(corpus), domain)
  for await (const { records } of reader.read()) {
    const signed = records.map((bytes) => takeApart(bytes, domain))
    const startedAt = performance.now()
    const before = process.threadCpuUsage()
    work(signed)
    const { user, system } = process.threadCpuUsage(before)
    spent.ms += performance.now() - startedAt
    spent.cpuUs += user + system
    spent.count += signed.length
  }
  await reader.close()
  return spent
}

async function floor(corpus: string, domain: string, folder: string): Promise<SpeedMeasure> {
  const dataDir = await mkdtemp(join(folder, 'floor-'))
  const db = new DatabaseSync(join(dataDir, 'floor.db'))
  db.exec(
    'PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; CREATE TABLE record (signature BLOB, bytes BLOB) STRICT',
  )
  const insert = db.prepare('INSERT INTO record VALUES (?, ?)')
  const check = createVerify()
  const { ms, cpuUs, count } = await timed(corpus, domain, (signed) => {
    for (let i = 0; i < signed.length; i += IN_TRANSACTION) {
      db.exec('BEGIN')
      for (const one of signed.slice(i, i + IN_TRANSACTION)) {
        check(one)
        insert.run(one.signature, one.bytes)
      }
      db.exec('COMMIT')
    }
  })
  db.close()
  await rm(dataDir, { recursive: true, force: true })
  return { perSecond: (1_000 * count) / ms, cpuUs: cpuUs / count }
}

async function verifyHalf(corpus: string, domain: string, half: string): Promise<SpeedMeasure> {
  const check = createVerify()
  let n = 0
  let verified = 0
  const { ms, cpuUs } = await timed(corpus, domain, (signed) => {
    for (const one of signed) {
      if (n++ % 2 !== Number(half)) continue
      check(one)
      verified++
    }
  })
  return { perSecond: (1_000 * verified) / ms, cpuUs: cpuUs / verified }
}

async function bringIn(corpus: string, domain: string, folder: string): Promise<ImportMeasure> {
  const dataDir = await mkdtemp(join(folder, 'import-'))
  const client = await SquareClient.open(
    { logger: silentLogger },
    { dataDir, domain, role: 'seed', admit: 'all', pins: [], account: null },
  )
  let heard = 0
  client.subscribe(({ records }) => {
    heard += records.length
  })
  const delay = monitorEventLoopDelay({ resolution: 1 })
  const onTheirWay = new Set<Promise<void>>()
  let chains = 0
  let records = 0
  let kept = 0
  let startedAt = performance.now()
  let chainsMs = 0
  let before = process.cpuUsage()
  let storeBefore = 0
  const send = async (batch: IngestBatch) => {
    while (onTheirWay.size >= AHEAD) await Promise.race(onTheirWay)
    const sent: Promise<void> = client
      .ingest(batch, { kind: 'import' })
      .then(({ operations, records: outcomes }) => {
        kept += [...operations, ...outcomes].filter(({ isKept }) => isKept).length
      })
      .finally(() => onTheirWay.delete(sent))
    onTheirWay.add(sent)
  }
  const reader = await ArchiveReader.open(await openArchiveFile(corpus), domain)
  for await (const batch of reader.read()) {
    if (records === 0 && batch.records.length > 0) {
      // The last chains and the first records share a batch.
      if (batch.operations.length > 0) await send({ operations: batch.operations, records: [] })
      await Promise.all(onTheirWay)
      chainsMs = performance.now() - startedAt
      startedAt = performance.now()
      before = process.cpuUsage()
      storeBefore = await storeCpuUs()
      delay.enable()
    }
    const isShared = records === 0 && batch.records.length > 0
    chains += batch.operations.length
    records += batch.records.length
    await send(isShared ? { operations: [], records: batch.records } : batch)
  }
  await reader.close()
  await Promise.all(onTheirWay)
  const ms = performance.now() - startedAt
  delay.disable()
  const { user, system } = process.cpuUsage(before)
  const storeUs = (await storeCpuUs()) - storeBefore
  const status = await readFile('/proc/self/status', 'utf8')
  if (kept !== records + chains || heard !== records) {
    throw new Error(`the store kept ${kept} and told of ${heard} of ${chains} chains and ${records} records`)
  }
  const { items } = await client.search('a', { limit: 1 })
  if (items.length !== 1) throw new Error('search finds nothing')
  await client.checkpoint()
  const path = join(dataDir, 'square.db')
  const { size } = await stat(path)
  const tables = sizes(path, records)
  await client.close()
  await rm(dataDir, { recursive: true, force: true })
  return {
    perSecond: (1_000 * records) / ms,
    chainsPerSecond: (1_000 * chains) / chainsMs,
    cpuUs: (user + system) / records,
    storeCpuUs: storeUs / records,
    bytesPerRecord: size / records,
    tables,
    peakMB: Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024,
    delayMs: { p50: delay.percentile(50) / 1e6, p99: delay.percentile(99) / 1e6, max: delay.max / 1e6 },
  }
}

/** What the store's thread has computed so far. Linux only: 0 elsewhere. */
async function storeCpuUs(): Promise<number> {
  const tasks = await readdir('/proc/self/task').catch(() => [])
  for (const task of tasks) {
    const stat = await readFile(`/proc/self/task/${task}/stat`, 'utf8')
    if (!stat.includes('(palabre-square')) continue
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return (Number(fields[11]) + Number(fields[12])) * TICK_US
  }
  return 0
}

/** Bytes of each table and index for each record, the largest first; what is less than one is left out. */
function sizes(path: string, records: number): Record<string, number> {
  const db = new DatabaseSync(path, { readOnly: true })
  const rows = db.prepare('SELECT name, sum(pgsize) AS bytes FROM dbstat GROUP BY name ORDER BY bytes DESC').all()
  db.close()
  const each = rows.map(({ name, bytes }) => [String(name), Math.round((10 * Number(bytes)) / records) / 10] as const)
  return Object.fromEntries(each.filter(([, bytes]) => bytes >= 1))
}

const ROLES = { floor, verify: verifyHalf, import: bringIn }
const [role, corpus = '', domain = '', more = ''] = process.argv.slice(2)
console.log(JSON.stringify(await ROLES[role as keyof typeof ROLES](corpus, domain, more)))
