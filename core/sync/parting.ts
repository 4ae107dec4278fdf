import type { FrameDuplex } from '../net/framed-stream.ts'
import { SyncError } from './errors.ts'

/** Longest wait for the other side's end of the stream when both are done. */
const LINGER_MS = 10_000

/** Longest that a parting word may take. */
const PARTING_MS = 1_000

/** Frames that are read of whom there is no room for: a greeting and the longest interest. */
const MAX_PARTING_FRAMES = 16

/** Says the word of why, then ends this half; whether anybody hears it doesn't matter. */
export async function sayError(duplex: FrameDuplex, word: Uint8Array): Promise<void> {
  const signal = AbortSignal.timeout(PARTING_MS)
  try {
    await duplex.writeFrame(word, { signal })
    await duplex.close({ signal })
  } catch {
    // The stream is gone or nobody reads it.
  }
}

/**
 * Says that there is no room, and then reads on: what has come already must not stay here unread for as long as the
 * other side keeps the stream open, and dropping it at once could overtake the word. Never throws.
 */
export async function refuse(duplex: FrameDuplex, word: Uint8Array): Promise<void> {
  await sayError(duplex, word)
  const signal = AbortSignal.timeout(PARTING_MS)
  try {
    for (let i = 0; i < MAX_PARTING_FRAMES; i++) if ((await duplex.readFrame({ signal })) === null) break
  } catch {
    // What can't be read is dropped all the same.
  }
  duplex.abort(new SyncError('busy', 'no slot is free for this session'))
}

/** Waits until `reading` has seen the other side's end; drops the stream when that takes too long. Never throws. */
export async function linger(duplex: FrameDuplex, reading: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const patience = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new SyncError('stalled', 'the other side keeps the stream open')), LINGER_MS)
  })
  try {
    await Promise.race([reading, patience])
  } catch (error) {
    duplex.abort(error instanceof Error ? error : new Error(String(error)))
  } finally {
    clearTimeout(timer)
  }
}
