/**
 * A process that writes into a real store until somebody ends it: `durable-writer.ts JSON`, see `WriterInit`. Own posts
 * go the way of all own posts, some with a picture, some deleted again; beside them come records of somebody else. Says
 * a JSON line on stdout when the store is open and was looked through, then one for each post that is acknowledged.
 */
import { writeSync } from 'node:fs'
import { flushCompileCache } from 'node:module'
import { openSquare, type Square } from '../../core/node/square.ts'
import { packBytes } from '../../core/node/square-calls.ts'
import { encodeDelete, encodePost, KIND } from '../../core/record/kinds/kind-table.ts'
import { systemClock } from '../../core/util/clock.ts'
import { silentLogger } from '../../core/util/logger.ts'
import { TestAuthor } from './authors.ts'
import { listOwnNumbers, numberedText, openInit, writer } from './durable-store.ts'
import { putPicture } from './stored-pictures.ts'

export interface WriterInit {
  readonly dataDir: string
  /** The number in the text of the first post. */
  readonly from: number
  /** Acknowledges posts before they are written: the control. */
  readonly isHasty: boolean
  /** Looks through everything at the start, not only at what was written last. */
  readonly isThorough: boolean
  /** How own.db waits for the disk; FULL unless said. */
  readonly ownSynchronous?: 'FULL' | 'NORMAL'
}

export type WriterLine =
  | {
      readonly type: 'open'
      /** From the start of the process, and of those what opening the store took. */
      readonly readyMs: number
      readonly openMs: number
      readonly problems: readonly string[]
      readonly numbers: readonly number[]
    }
  | { readonly type: 'ack'; readonly number: number }

/** Ends by itself in case that nobody does. */
const MAX_ROUNDS = 20_000
const NEWEST = 500
/** A hasty writer has so many posts in memory before it writes them. */
const HASTY_POSTS = 8

function say(line: WriterLine): void {
  writeSync(1, `${JSON.stringify(line)}\n`)
}

function write(square: Square, { from, isHasty }: WriterInit): void {
  const ben = new TestAuthor('Ben', { ts: Date.now() - 3_600_000 })
  square.ingest(packBytes([ben.genesis]), packBytes([]), { kind: 'sync', peer: 'peer' })
  const waiting: { kind: number; body: Uint8Array }[] = []
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const number = from + round
    const media = number % 5 === 0 ? [putPicture(square, number)] : []
    const body = encodePost({ salt: writer.salt(), text: numberedText(number), ...(media.length > 0 && { media }) })
    if (isHasty) {
      say({ type: 'ack', number })
      waiting.push({ kind: KIND.post, body })
      if (waiting.length === HASTY_POSTS) square.publish(waiting.splice(0))
    } else {
      square.publish([{ kind: KIND.post, body }])
      say({ type: 'ack', number })
    }
    if (number % 7 === 0) deleteDraft(square)
    const others = packBytes([ben.post(`from elsewhere ${number}`).bytes, ben.post('and once more').bytes])
    square.ingest(packBytes([]), others, { kind: 'sync', peer: 'peer' })
    if (number % 11 === 0) square.tick()
  }
}

/** A post that nobody was told of, and its deletion. */
function deleteDraft(square: Square): void {
  const body = encodePost({ salt: writer.salt(), text: 'never mind' })
  const [post] = square.publish([{ kind: KIND.post, body }])
  if (post === undefined) return
  const subject = { author: writer.address, id: post.id }
  square.publish([{ kind: KIND.delete, body: encodeDelete({ salt: writer.salt(), subject }) }])
}

const init: WriterInit = JSON.parse(process.argv[2] as string)
const beganMs = performance.now()
const square = openSquare(
  { clock: systemClock, logger: silentLogger, onIngested: () => {} },
  { ...openInit(init.dataDir), ...(init.ownSynchronous !== undefined && { ownSynchronous: init.ownSynchronous }) },
)
const readyMs = performance.now()
say({
  type: 'open',
  readyMs,
  openMs: readyMs - beganMs,
  problems: square.integrityCheck(),
  numbers: listOwnNumbers(square, init.isThorough ? Number.POSITIVE_INFINITY : NEWEST),
})
// Its end is a kill, so what Node.js has compiled would never be kept for the starts that follow.
if (init.from === 1) flushCompileCache()
write(square, init)
