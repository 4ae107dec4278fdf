/**
 * The least that as many processes can do for a record that is written in one of them: it signs and inserts it, says so, and
 * sends it over a bare libp2p stream to each of the others, which verify and insert it and say so. Started with a part as
 * its argument it is one of them; parts talk to the bench in JSON lines.
 */
import { createPrivateKey, createPublicKey, sign, verify } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { DatabaseSync } from 'node:sqlite'
import { generateKeyPair } from '../core/identity/keys.ts'
import { FramedStream } from '../core/net/framed-stream.ts'
import { createHost } from '../core/net/host.ts'
import { LOCAL_LIMITS } from '../core/net/net-limits.ts'
import { silentLogger } from '../core/util/logger.ts'
import { JsonProcess } from '../test/harness/json-process.ts'

const PROTOCOL = '/palabre-bench/latency/1'
const SIGNATURE_BYTES = 64
/** A post of usual length as it travels. */
const RECORD_BYTES = 370
const MAX_FRAME_BYTES = 4_096
const PKCS8_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex')

/** One writer and readers that come in one by one, each a process. */
export class LatencyFloor {
  readonly #writer: JsonProcess
  readonly #address: string
  readonly #readers: JsonProcess[] = []

  private constructor(writer: JsonProcess, address: string) {
    this.#writer = writer
    this.#address = address
  }

  static async start(): Promise<LatencyFloor> {
    const writer = new JsonProcess(import.meta.filename, ['writer'])
    const { key, address } = await writer.next()
    return new LatencyFloor(writer, `${address} ${key}`)
  }

  /** Resolves when the reader has its stream. */
  async addReader(): Promise<void> {
    const reader = new JsonProcess(import.meta.filename, ['reader', ...this.#address.split(' ')])
    await reader.next()
    this.#readers.push(reader)
  }

  /** Milliseconds from the writer's word that it is written to each reader's that it is stored. */
  async write(): Promise<number[]> {
    const arrivals = this.#readers.map(async (reader) => {
      await reader.next()
      return performance.now()
    })
    await this.#writer.ask({ write: RECORD_BYTES })
    const writtenAt = performance.now()
    return (await Promise.all(arrivals)).map((at) => at - writtenAt)
  }

  async stop(): Promise<void> {
    await Promise.all([this.#writer, ...this.#readers].map((part) => part.stop()))
  }
}

function openStore(): { insert(record: Uint8Array): void } {
  const folder = mkdtempSync(join(tmpdir(), 'palabre-floor-'))
  const db = new DatabaseSync(join(folder, 'floor.db'))
  db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; CREATE TABLE record (bytes BLOB) STRICT')
  // Open files outlive their names; whoever ends this process needs to remove nothing.
  rmSync(folder, { recursive: true })
  const statement = db.prepare('INSERT INTO record VALUES (?)')
  return { insert: (record) => void statement.run(record) }
}

async function startPart() {
  const keys = generateKeyPair()
  const host = await createHost(
    { logger: silentLogger },
    {
      privateKey: keys.secretKey,
      listen: ['/ip4/127.0.0.1/tcp/0'],
      limits: LOCAL_LIMITS,
      isLocal: true,
      services: {},
    },
  )
  return { keys, host, store: openStore() }
}

const say = (line: Record<string, unknown>) => process.stdout.write(`${JSON.stringify(line)}\n`)

async function runWriter(): Promise<void> {
  const { keys, host, store } = await startPart()
  const key = createPrivateKey({ key: Buffer.concat([PKCS8_PREFIX, keys.secretKey]), format: 'der', type: 'pkcs8' })
  const readers: FramedStream[] = []
  const handler = async (stream: ConstructorParameters<typeof FramedStream>[0]) => {
    readers.push(new FramedStream(stream, { maxFrameBytes: MAX_FRAME_BYTES }))
    await readers.at(-1)?.writeFrame(Uint8Array.of(1))
  }
  await host.handle(PROTOCOL, handler, { maxInbound: 1, maxOutbound: 1 })
  const spki = createPublicKey(key).export({ format: 'der', type: 'spki' }).toString('hex')
  say({ address: host.addresses()[0], key: spki })
  for await (const line of createInterface({ input: process.stdin })) {
    const { write } = JSON.parse(line) as { write: number }
    const body = crypto.getRandomValues(new Uint8Array(write - SIGNATURE_BYTES))
    const record = Buffer.concat([sign(null, body, key), body])
    store.insert(record)
    say({ written: true })
    await Promise.all(readers.map((reader) => reader.writeFrame(record)))
  }
}

async function runReader(address: string, spki: string): Promise<void> {
  const { host, store } = await startPart()
  const key = createPublicKey({ key: Buffer.from(spki, 'hex'), format: 'der', type: 'spki' })
  const stream = await host.openStream(await host.dial(address), PROTOCOL)
  const framed = new FramedStream(stream, { maxFrameBytes: MAX_FRAME_BYTES })
  await framed.readFrame()
  process.stdin.resume()
  say({ ready: true })
  for (let record = await framed.readFrame(); record !== null; record = await framed.readFrame()) {
    if (!verify(null, record.subarray(SIGNATURE_BYTES), key, record.subarray(0, SIGNATURE_BYTES))) continue
    store.insert(record)
    say({ stored: true })
  }
}

if (import.meta.main) {
  const [part, ...args] = process.argv.slice(2)
  // The bench is gone.
  process.stdin.on('close', () => process.exit())
  await (part === 'writer' ? runWriter() : runReader(args[0] as string, args[1] as string))
}
