/**
 * The data directory of one account: where it lies, who may read it, and that only one process uses it at a time.
 *
 * `lock` is a JSON file that names the process and its socket. It comes into being whole (written aside, then linked).
 * A process that finds one asks the socket first: whoever answers there is alive, whatever the pid says. When nobody
 * answers, a dead pid, or one that still doesn't listen after a while (a reused number), makes the lock stale. A stale
 * lock is moved aside before it is replaced, and only the one process that moved exactly the lock it had judged may go
 * on, so two that start at once after a crash don't both get in.
 *
 * A directory must not be shared over a network drive: sockets don't reach other machines.
 */
import { createHash, randomUUID } from 'node:crypto'
import { chmod, constants, copyFile, link, lstat, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { homedir, tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { PalabreError } from '../util/errors.ts'

/** sun_path holds 108 bytes on Linux, 104 on macOS, the final zero included. */
const MAX_SOCKET_PATH_BYTES = 100
/** A process listens within milliseconds after it took the lock; longer means that the pid belongs to somebody else. */
const START_GRACE_MS = 3_000
const POLL_MS = 50
const CONNECT_TIMEOUT_MS = 2_000
const MAX_ATTEMPTS = 8
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

const heldHere = new Set<string>()

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
  if (heldHere.has(whole)) throw new DataDirInUseError(whole, process.pid)
  heldHere.add(whole)
  const content = `${JSON.stringify({ pid: process.pid, socket: socketPath } satisfies Lock)}\n`
  try {
    await takeLock(whole, content)
  } catch (error) {
    heldHere.delete(whole)
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
      if ((await readText(join(whole, 'lock'))) === content) await rm(join(whole, 'lock'), { force: true })
      heldHere.delete(whole)
    },
  }
}

/** Who uses the directory, as its lock says it; undefined where there is no lock. Not checked against reality. */
export async function readLock(path: string): Promise<Lock | undefined> {
  return parseLock(await readText(join(resolve(path), 'lock')))
}

/** True when somebody accepts connections there. */
export async function isListening(socketPath: string): Promise<boolean> {
  return new Promise((settle) => {
    const socket = connect(socketPath)
    const finish = (isThere: boolean) => {
      socket.destroy()
      settle(isThere)
    }
    // A stopped process still accepts, through the kernel; one that doesn't for so long is not listening.
    socket.setTimeout(CONNECT_TIMEOUT_MS, () => finish(false))
    socket.once('connect', () => finish(true))
    socket.once('error', () => finish(false))
  })
}

async function takeLock(folder: string, content: string): Promise<void> {
  const lock = join(folder, 'lock')
  const fresh = join(folder, `lock.${randomUUID()}`)
  await writeFile(fresh, content, { mode: 0o600, flag: 'wx' })
  try {
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
      if (await linkNew(fresh, lock)) return
      const found = await readText(lock)
      if (found === undefined) continue
      const holder = parseLock(found)
      if (holder && (await isAlive(holder))) throw new DataDirInUseError(folder, holder.pid)
      await moveStaleAside(lock, found)
    }
    throw new Error(`the lock could not be taken in ${MAX_ATTEMPTS} attempts`)
  } finally {
    await rm(fresh, { force: true })
  }
}

/** Creates `to` with the content of `from` in one step; false when it exists. */
async function linkNew(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to)
    return true
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false
    if (!['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'].includes(codeOf(error))) throw error
  }
  // A file system without hard links.
  return copyFile(from, to, constants.COPYFILE_EXCL).then(
    () => true,
    (error: unknown) => {
      if (codeOf(error) === 'EEXIST') return false
      throw error
    },
  )
}

/** Moves the lock away if it still is the one that was judged; a fresh one that came in between is put back. */
async function moveStaleAside(lock: string, judged: string): Promise<void> {
  const aside = `${lock}.${randomUUID()}`
  try {
    await rename(lock, aside)
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return
    throw error
  }
  if ((await readText(aside)) !== judged) await linkNew(aside, lock)
  await rm(aside, { force: true })
}

async function isAlive(holder: Lock): Promise<boolean> {
  const deadline = Date.now() + START_GRACE_MS
  for (;;) {
    if (await isListening(holder.socket)) return true
    // A lock of our own number that we don't hold was left by an earlier process: container pids repeat.
    if (holder.pid === process.pid || !isProcess(holder.pid)) return false
    if (Date.now() >= deadline) return false
    await delay(POLL_MS)
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
