import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { DatabaseName } from '../ingest/scrub.ts'
import { forgetAside, moveAside } from '../store/aside.ts'
import { MediaDatabase } from '../store/media-database.ts'
import { OwnDatabase } from '../store/own-database.ts'
import { DatabaseError } from '../store/sqlite-errors.ts'
import { SquareDatabase } from '../store/square-database.ts'
import type { Clock } from '../util/clock.ts'
import type { Logger } from '../util/logger.ts'
import type { SquareInit } from './square-calls.ts'

export interface SquareFiles {
  readonly own: OwnDatabase
  readonly square: SquareDatabase
  readonly media: MediaDatabase
  /** Where damaged ones lie now, in whose places new ones stand. */
  readonly aside: ReadonlyMap<DatabaseName, string>
  /** square.db was there, and wasn't damaged. */
  readonly isSquareWhole: boolean
}

/**
 * Opens the three databases. One that is damaged, or that was found to be, is moved aside and made anew; nothing of it
 * is deleted.
 *
 * @throws DatabaseError for other reasons than damage, DiskFullError; then nothing is left open
 */
export function openFiles(
  components: { readonly clock: Clock; readonly logger: Logger },
  init: Pick<SquareInit, 'dataDir' | 'isSecureDelete' | 'ownSynchronous' | 'rebuild'>,
): SquareFiles {
  const { clock, logger } = components
  const { isSecureDelete = true, ownSynchronous: synchronous = 'FULL', rebuild = [] } = init
  const aside = new Map<DatabaseName, string>()
  const opened: { close(): void }[] = []

  const open = <T extends { close(): void }>(name: DatabaseName, make: (path: string) => T): T => {
    const path = join(init.dataDir, name)
    const giveWay = (reason: string) => {
      const kept = moveAside(path, clock.now())
      aside.set(name, kept)
      logger.error(
        { file: path, kept, reason },
        'a database is damaged: it was moved aside, and a new one takes its place',
      )
    }
    if (rebuild.includes(name) && existsSync(path)) giveWay('what stands in it is not what was written')
    let database: T
    try {
      database = make(path)
    } catch (error) {
      if (!(error instanceof DatabaseError && error.code === 'database-damaged') || aside.has(name)) throw error
      giveWay(error.message)
      database = make(path)
    }
    opened.push(database)
    return database
  }

  forgetAside(init.dataDir, clock.now())
  const wasThere = existsSync(join(init.dataDir, 'square.db'))
  try {
    const own = open('own.db', (path) => new OwnDatabase({ path, isSecureDelete, synchronous }))
    const square = open('square.db', (path) => new SquareDatabase({ path, isSecureDelete }))
    const media = open('media.db', (path) => new MediaDatabase({ path }))
    return { own, square, media, aside, isSquareWhole: wasThere && !aside.has('square.db') }
  } catch (error) {
    for (const database of opened) database.close()
    throw error
  }
}

/** Databases that SQLite can't read any more, or whose parts don't agree. Reads everything. */
export function listBroken(files: Pick<SquareFiles, 'own' | 'square' | 'media'>): DatabaseName[] {
  const { own, square, media } = files
  const named = { 'own.db': own, 'square.db': square, 'media.db': media } as const
  return (Object.keys(named) as DatabaseName[]).filter((name) => !named[name].isSound())
}
