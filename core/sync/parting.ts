import type { FrameDuplex } from '../net/framed-stream.ts'
import { SyncError, type SyncErrorCode } from './errors.ts'
import { encodeFrame } from './frames.ts'

/** Longest wait for the other side's end of the stream when both are done. */
const LINGER_MS = 10_000

/** Longest that a parting word may take. */
const PARTING_MS = 1_000

/** Says why, then ends this half; whether anybody hears it doesn't matter. */
export async function sayError(duplex: FrameDuplex, code: SyncErrorCode): Promise<void> {
  const signal = AbortSignal.timeout(PARTING_MS)
  try {
    await duplex.writeFrame(encodeFrame({ type: 'error', code }), { signal })
    await duplex.close({ signal })
  } catch {
    // The stream is gone or nobody reads it.
  }
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
