/**
 * The least that one thread can do for records that another process sends: read them from TCP, verify, insert.
 * Started with a port as its argument it is that thread.
 */
import { spawn } from 'node:child_process'
import { createPublicKey, type KeyObject, verify } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { signingInput } from '../core/identity/domains.ts'
import { concatBytes } from '../core/util/bytes.ts'
import type { MadeRecord } from '../test/harness/authors.ts'

const IN_TRANSACTION = 256
/** Device key, signature, and two lengths: what is signed, what is kept. */
const HEAD_BYTES = 32 + 64 + 4 + 4
const SPKI_PREFIX = Buffer.from('302a300506032b6570032100', 'hex')

/** Milliseconds from the connection to the last insert. */
export async function measureFloor(records: readonly MadeRecord[], domain: string): Promise<number> {
  const wire = records.map(({ bytes, header, headerBytes, signature }) => {
    const input = signingInput('record', headerBytes, domain)
    const lengths = Buffer.alloc(8)
    lengths.writeUInt32LE(input.length, 0)
    lengths.writeUInt32LE(bytes.length, 4)
    return concatBytes(header.device, signature, lengths, input, bytes)
  })
  const server = createServer((socket) => socket.end(Buffer.concat(wire))).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  const child = spawn(process.execPath, ['--no-warnings', import.meta.filename, String(port)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [said] = (await once(child.stdout, 'data')) as [Buffer]
  await once(child, 'exit')
  server.close()
  const { ms, kept } = JSON.parse(String(said)) as { ms: number; kept: number }
  if (kept !== records.length) throw new Error(`the floor kept ${kept} of ${records.length} records`)
  return ms
}

async function receive(port: number): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'palabre-floor-'))
  const db = new DatabaseSync(join(folder, 'floor.db'))
  db.exec(
    'PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; CREATE TABLE record (signature BLOB, bytes BLOB) STRICT',
  )
  const insert = db.prepare('INSERT INTO record VALUES (?, ?)')
  const keys = new Map<string, KeyObject>()
  const startedAt = performance.now()
  const socket = connect(port, '127.0.0.1')
  let rest: Buffer = Buffer.alloc(0)
  let kept = 0
  db.exec('BEGIN')
  for await (const chunk of socket) {
    rest = Buffer.concat([rest, chunk as Buffer])
    let at = 0
    while (rest.length - at >= HEAD_BYTES) {
      const inputLength = rest.readUInt32LE(at + 96)
      const bytesLength = rest.readUInt32LE(at + 100)
      if (rest.length - at < HEAD_BYTES + inputLength + bytesLength) break
      const device = rest.subarray(at, at + 32)
      const name = device.toString('latin1')
      let key = keys.get(name)
      if (key === undefined) {
        key = createPublicKey({ key: Buffer.concat([SPKI_PREFIX, device]), format: 'der', type: 'spki' })
        keys.set(name, key)
      }
      const signature = rest.subarray(at + 32, at + 96)
      const input = rest.subarray(at + HEAD_BYTES, at + HEAD_BYTES + inputLength)
      at += HEAD_BYTES + inputLength + bytesLength
      if (!verify(null, input, key, signature)) continue
      insert.run(signature, rest.subarray(at - bytesLength, at))
      if (++kept % IN_TRANSACTION === 0) db.exec('COMMIT; BEGIN')
    }
    rest = rest.subarray(at)
  }
  db.exec('COMMIT')
  console.log(JSON.stringify({ ms: performance.now() - startedAt, kept }))
  db.close()
  await rm(folder, { recursive: true, force: true })
}

if (import.meta.main) await receive(Number(process.argv[2]))
