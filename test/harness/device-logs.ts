import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { formatPeerId, parsePeerId } from '../../core/identity/peer-id.ts'
import { toHex } from '../../core/util/bytes.ts'

/** The log of one device as a data directory has it. */
export interface HeldDeviceLog {
  /** Peer ID of the device. */
  readonly device: string
  /** Number and id of the newest record there. */
  readonly head: number
  readonly headId: string
  /** How many numbers are held: with the body, or with the deletion that explains why not. */
  readonly held: number
}

/** The logs of an account's devices in square.db, past the node that may be running on it. */
export function readDeviceLogs(dataDir: string, profile: string): HeldDeviceLog[] {
  const db = new DatabaseSync(join(dataDir, 'square.db'), { readOnly: true })
  try {
    const rows = db
      .prepare(
        `SELECT device, head_seq AS head,
           (SELECT id FROM record WHERE record.log_id = log.log_id AND seq = head_seq ORDER BY id LIMIT 1) AS head_id,
           (SELECT coalesce(sum(to_seq - from_seq + 1), 0) FROM held_range WHERE held_range.log_id = log.log_id) AS held
         FROM log WHERE author_id = (SELECT author_id FROM author WHERE address = ?)`,
      )
      .all(parsePeerId(profile) ?? new Uint8Array())
    return rows.map((row) => ({
      device: formatPeerId(row.device as Uint8Array),
      head: row.head as number,
      headId: toHex(row.head_id as Uint8Array),
      held: row.held as number,
    }))
  } finally {
    db.close()
  }
}

/**
 * What is not back of what was signed, in words, one line a device; nothing when all is. `signed` are the logs as those
 * devices had them when they signed last: of each, every number up to that head must be held, and the same head.
 */
export function listMissing(dataDir: string, profile: string, signed: readonly HeldDeviceLog[]): string[] {
  const here = new Map(readDeviceLogs(dataDir, profile).map((log) => [log.device, log]))
  return signed.flatMap(({ device, head, headId }) => {
    const log = here.get(device)
    if (log === undefined) return [`${device}: nothing of ${head}`]
    const isAll = log.head === head && log.headId === headId && log.held === head
    return isAll ? [] : [`${device}: ${log.held} of ${head}, head ${log.head}`]
  })
}
