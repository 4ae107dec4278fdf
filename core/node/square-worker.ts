/**
 * Entry of the store's thread: opens the square with what the first message says, answers calls in the order in which they
 * come, and tells what was ingested. Batches have an order of their own: other calls are answered between them. It ends
 * when `close` was answered, or when opening fails.
 */
import { availableParallelism } from 'node:os'
import { type MessagePort, parentPort } from 'node:worker_threads'
import type { IngestedEvent } from '../ingest/door.ts'
import { toStoreError } from '../store/sqlite-errors.ts'
import { systemClock } from '../util/clock.ts'
import { PalabreError } from '../util/errors.ts'
import type { Logger } from '../util/logger.ts'
import { JudgePool } from './judge-pool.ts'
import type {
  ErrorFacts,
  LogLine,
  PackedLog,
  PackedResult,
  SquareInit,
  SquareMessage,
  SquareMethod,
  SquareRequest,
} from './square-calls.ts'
import { isDamaged, SquareHost } from './square-host.ts'
import { packEvent } from './square-packing.ts'

const TICK_MS = 1_000
/** Threads for signatures at once; the next batch is judged while one is written. */
const MAX_JUDGES = 4

/** Calls that somebody waits for in front of a window. */
const PAGES: ReadonlySet<SquareMethod> = new Set<SquareMethod>([
  ...(['home', 'beyond', 'profilePosts', 'tag', 'list', 'post', 'posts', 'history'] as const),
  ...(['thread', 'profile', 'follows', 'search', 'suggest', 'notifications'] as const),
])

function main(): void {
  const port = parentPort
  if (port === null) throw new Error('the square runs as a worker thread')
  port.once('message', (init: SquareInit) => serve(port, init))
}

function serve(port: MessagePort, init: SquareInit): void {
  const { dataDir } = init
  const post = (message: SquareMessage, transfer: readonly ArrayBuffer[] = []) =>
    port.postMessage(message, [...transfer])
  const log =
    (level: LogLine['level']) =>
    (fields: Record<string, unknown>, message: string): void =>
      post({ type: 'log', line: { level, fields, message } })
  const logger: Logger = { debug: log('debug'), info: log('info'), warn: log('warn'), error: log('error') }

  const judges = new JudgePool({ logger }, { threads: Math.min(availableParallelism(), MAX_JUDGES) })
  let host: SquareHost
  try {
    const onIngested = (event: IngestedEvent) => {
      const packed = packEvent(event)
      post({ type: 'ingested', event: packed }, [packed.keys.buffer, packed.rows.buffer])
    }
    host = new SquareHost({ clock: systemClock, logger, onIngested, judges }, init)
  } catch (error) {
    post({ type: 'failed', error: toFacts(error, dataDir) })
    port.close()
    return
  }

  const timer = setInterval(() => {
    try {
      host.tick()
    } catch (error) {
      if (isDamaged(toStoreError(error, dataDir))) host.noteDamage()
      logger.error({ error: String(error) }, 'the store could not do its housekeeping')
    }
  }, TICK_MS)

  const call = async ({ method, args }: SquareRequest): Promise<unknown> => {
    if (host.isRepairing) await host.ready()
    if (method === 'close') return await host.close()
    const { square } = host
    if (PAGES.has(method)) square.turns.noteReading()
    // The client's types say that the arguments fit the method.
    const value = (square[method] as (...args: readonly unknown[]) => unknown).apply(square, [...args])
    host.noteCall(method, args)
    return value instanceof Promise ? await value : value
  }

  const answer = async (request: SquareRequest) => {
    try {
      const result = await call(request)
      post({ type: 'answer', call: request.call, result }, buffersOf(request.method, result))
    } catch (error) {
      if (isDamaged(toStoreError(error, dataDir))) host.noteDamage()
      post({ type: 'refusal', call: request.call, error: toFacts(error, dataDir) })
    }
    if (request.method === 'close') {
      clearInterval(timer)
      await judges.close()
      port.close()
    }
  }
  port.on('message', (request: SquareRequest) => void answer(request))
  post({ type: 'opened' })
}

/** What is handed over and not copied. */
function buffersOf(method: SquareMethod, result: unknown): ArrayBuffer[] {
  if (method === 'getBlock') return ownBuffer(result)
  if (method === 'ingestPacked') {
    const { keys, operations, records } = result as PackedResult
    return [keys.buffer, operations.rows.buffer, records.rows.buffer]
  }
  return method === 'readLogPacked' ? [(result as PackedLog).records.buffer] : []
}

/** A block's buffer is handed over where it holds nothing else. */
function ownBuffer(value: unknown): ArrayBuffer[] {
  if (!(value instanceof Uint8Array) || !(value.buffer instanceof ArrayBuffer)) return []
  return value.byteLength === value.buffer.byteLength ? [value.buffer] : []
}

function toFacts(thrown: unknown, dataDir: string): ErrorFacts {
  const error = toStoreError(thrown, dataDir)
  const name = error instanceof Error ? error.name : 'Error'
  const message = error instanceof Error ? error.message : String(error)
  if (error instanceof PalabreError) return { name, code: error.code, message, data: error.data }
  return { name, code: null, message, data: {} }
}

main()
