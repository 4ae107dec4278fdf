/**
 * The data directory of one account: where it lies, who may read it, and that only one process uses it at a time.
 *
 * `lock.db` is what keeps others out: the operating system holds its lock for the process and ends it with the process,
 * so there is nothing to guess after a crash. `lock` is a JSON file that tells others who holds it and where the socket
 * is; it is replaced in one step, and what a crash left of it means nothing.
 *
 * A directory must not be shared over a network drive: neither sockets nor locks reach other machines reliably.
 */
import { createHash, randomUUID } from 'node:crypto'
import { chmod, lstat, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { homedir, tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { type FileLock, tryLockFile } from '../store/file-lock.ts'
import { PalabreError } from '../util/errors.ts'

/** sun_path holds 108 bytes on Linux, 104 on macOS, the final zero included. */
const MAX_SOCKET_PATH_BYTES = 100
/** The holder names itself within milliseconds after it took the lock. */
const NAMING_MS = 2_000
const POLL_MS = 50
const MAX_LOCK_BYTES = 4_096

/** Another process uses the directory. `pid` is what its lock says. */
export class DataDirInUseError extends PalabreError {
  readonly pid: number

  constructor(path: string, pid: number) {
    super('data-dir-in-use', `the data directory ${path} is in use by process ${pid}`, { data: { pid } })
    this.pid = pid
  }
}

/** The directory can't be made, read or written. */
export class DataDirUnusableError extends PalabreError {
  constructor(path: string, cause: unknown) {
    const why = cause instanceof Error ? cause.message : String(cause)
    super('data-dir-unusable', `the data directory ${path} can't be used: ${why}`, { cause })
  }
}

export interface DataDir {
  /** Absolute. */
  readonly path: string
  /** Where the local socket belongs: a path, or the name of a pipe on Windows. */
  readonly socketPath: string
  readonly logsDir: string
  /** Gives the directory free for the next process. May be called twice. */
  release(): Promise<void>
}

interface Lock {
  readonly pid: number
  readonly socket: string
}

interface PlaceSystem {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly platform: NodeJS.Platform
  readonly home: string
}

/** What `--data` says, else PALABRE_DATA, else the place by the system's convention. Absolute. */
export function resolveDataDir(
  given: string | undefined,
  system: PlaceSystem = { env: process.env, platform: process.platform, home: homedir() },
): string {
  const { env, platform, home } = system
  if (given !== undefined && given !== '') return resolve(given)
  if (env.PALABRE_DATA) return resolve(env.PALABRE_DATA)
  if (platform === 'darwin') return join(home, 'Library', 'Application Support', 'Palabre')
  if (platform === 'win32') return join(env.LOCALAPPDATA ?? join(home, 'AppData', 'Local'), 'Palabre')
  const base = env.XDG_DATA_HOME
  // The convention says that a relative path there is to be ignored.
  return join(base?.startsWith('/') ? base : join(home, '.local', 'share'), 'palabre')
}

/** Address of the local socket of a data directory. */
export function socketPathOf(dataDir: string, platform: NodeJS.Platform = process.platform): string {
  const hash = createHash('sha256').update(resolve(dataDir)).digest('hex').slice(0, 24)
  if (platform === 'win32') return `\\\\.\\pipe\\palabre-${hash}`
  const inside = join(resolve(dataDir), 'palabre.sock')
  if (Buffer.byteLength(inside) <= MAX_SOCKET_PATH_BYTES) return inside
  return join(fallbackSocketFolder(), `${hash}.sock`)
}

/**
 * Makes the directory if it isn't there, closes it to other users, and takes its lock.
 *
 * @throws DataDirInUseError while another process, or another node of this one, holds it
 * @throws DataDirUnusableError when it can't be made or written
 */
export async function openDataDir(path: string): Promise<DataDir> {
  const whole = resolve(path)
  const socketPath = socketPathOf(whole)
  try {
    await makePrivateFolder(whole)
    if (process.platform !== 'win32' && !socketPath.startsWith(whole))
      await makePrivateFolder(fallbackSocketFolder(), lstat)
  } catch (error) {
    throw new DataDirUnusableError(whole, error)
  }
  const content = `${JSON.stringify({ pid: process.pid, socket: socketPath } satisfies Lock)}\n`
  let held: FileLock
  try {
    held = await takeLock(whole, content)
  } catch (error) {
    if (error instanceof PalabreError) throw error
    throw new DataDirUnusableError(whole, error)
  }
  // Nobody answers there, or the lock would not be ours. A pipe vanishes with its process.
  if (process.platform !== 'win32') await rm(socketPath, { force: true })
  let isHeld = true
  return {
    path: whole,
    socketPath,
    logsDir: join(whole, 'logs'),
    async release() {
      if (!isHeld) return
      isHeld = false
      await rm(join(whole, 'lock'), { force: true }).finally(() => held.release())
    },
  }
}

/** Who uses the directory, as its lock says it; undefined where there is no lock. Not checked against reality. */
export async function readLock(path: string): Promise<Lock | undefined> {
  return parseLock(await readText(join(resolve(path), 'lock')))
}

async function takeLock(folder: string, content: string): Promise<FileLock> {
  const file = join(folder, 'lock.db')
  const deadline = Date.now() + NAMING_MS
  for (;;) {
    const held = tryLockFile(file)
    if (held) return await nameHolder(folder, content, held)
    const holder = await readLock(folder)
    if (holder && isProcess(holder.pid)) throw new DataDirInUseError(folder, holder.pid)
    if (Date.now() >= deadline) throw new DataDirInUseError(folder, holder?.pid ?? 0)
    await delay(POLL_MS)
  }
}

/** Writes `lock`, in one step. */
async function nameHolder(folder: string, content: string, held: FileLock): Promise<FileLock> {
  const fresh = join(folder, `lock.${randomUUID()}`)
  try {
    await chmod(join(folder, 'lock.db'), 0o600)
    await writeFile(fresh, content, { mode: 0o600, flag: 'wx' })
    await rename(fresh, join(folder, 'lock'))
    return held
  } catch (error) {
    held.release()
    await rm(fresh, { force: true })
    throw error
  }
}

function isProcess(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return codeOf(error) === 'EPERM'
  }
}

function parseLock(text: string | undefined): Lock | undefined {
  if (text === undefined) return undefined
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value !== 'object' || value === null || !('pid' in value) || !('socket' in value)) return undefined
    const { pid, socket } = value
    if (!Number.isSafeInteger(pid) || (pid as number) <= 0 || typeof socket !== 'string') return undefined
    return { pid: pid as number, socket }
  } catch {
    return undefined
  }
}

/** In a folder that others can write to, `look` is lstat: a link there is not to be followed. */
async function makePrivateFolder(path: string, look: typeof lstat = stat): Promise<void> {
  await mkdir(path, { recursive: true, mode: 0o700 })
  if (process.platform === 'win32') return
  const { uid, mode } = await look(path)
  if (uid !== process.getuid?.()) throw new Error('it belongs to another user')
  if ((mode & 0o077) !== 0) await chmod(path, 0o700)
}

function fallbackSocketFolder(): string {
  return join(tmpdir(), `palabre-${process.getuid?.() ?? 0}`)
}

async function readText(path: string): Promise<string | undefined> {
  try {
    return (await readFile(path, 'utf8')).slice(0, MAX_LOCK_BYTES)
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined
    throw error
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : ''
}
