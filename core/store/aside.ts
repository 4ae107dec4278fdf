import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'

/** Folder beside the databases for those that could not be used as they were. */
const ASIDE = 'damaged'
/** Of each database so many are kept: the newest. */
const MAX_KEPT = 2
/** A database and what belongs to it. */
const SUFFIXES = ['', '-wal', '-shm']

/** What was deleted since may still stand in them: they aren't kept for ever. */
const KEPT_MS = 30 * 86_400_000

/** Removes what was moved aside in this folder of databases long ago. */
export function forgetAside(dataDir: string, nowMs: number): void {
  const folder = join(dataDir, ASIDE)
  if (!existsSync(folder)) return
  for (const entry of readdirSync(folder)) {
    const isOld = nowMs - Number.parseInt(entry, 10) > KEPT_MS
    if (isOld) rmSync(join(folder, entry), { recursive: true, force: true })
  }
}

/**
 * Moves a database with its log out of the way, where it is kept as it is. Returns its new path. Of several of one name
 * the newest two stay.
 */
export function moveAside(path: string, nowMs: number): string {
  const folder = join(dirname(path), ASIDE)
  const name = basename(path)
  const place = join(folder, `${nowMs}-${name}`)
  mkdirSync(place, { recursive: true, mode: 0o700 })
  // The log first: without its database it is nothing, and the database without it is whole, only older.
  for (const suffix of [...SUFFIXES].reverse()) {
    if (existsSync(path + suffix)) renameSync(path + suffix, join(place, name + suffix))
  }
  const older = readdirSync(folder).filter((entry) => entry.endsWith(`-${name}`))
  const byAge = older.sort((a, b) => Number.parseInt(a, 10) - Number.parseInt(b, 10))
  for (const entry of byAge.slice(0, -MAX_KEPT)) rmSync(join(folder, entry), { recursive: true, force: true })
  return join(place, name)
}
