import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { readFile, rename, writeFile } from 'node:fs/promises'
import type { Clock } from '../../core/util/clock.ts'

const SECRET_BYTES = 32
const TOKEN_LIFE_MS = 30 * 60_000
const MAX_TOKENS = 16
const SESSION_LIFE_MS = 30 * 24 * 60 * 60_000
const MAX_SESSIONS = 32
const MAX_FILE_BYTES = 64 * 1024
/** base64url of 32 bytes. */
const SECRET = /^[A-Za-z0-9_-]{43}$/

interface Secret {
  /** SHA-256 of the secret; the secret itself is kept by its bearer only. */
  readonly hash: Buffer
  /** Milliseconds since 1970. */
  readonly expiresAt: number
}

interface Session extends Secret {
  /** Cookies know no ports: a session counts on the port only that it was opened on. */
  readonly port: number
}

/**
 * One-time tokens and the sessions that they open. Tokens live in memory: 256 bits, once, half an hour. Sessions outlive
 * a restart: their hashes stand in a file of the data directory that only its owner can read. Both are bounded, the
 * oldest makes room.
 */
export class SessionStore {
  readonly #clock: Clock
  readonly #path: string
  #tokens: Secret[] = []
  #sessions: Session[] = []
  #saving: Promise<void> = Promise.resolve()

  constructor(components: { readonly clock: Clock }, init: { readonly path: string }) {
    this.#clock = components.clock
    this.#path = init.path
  }

  /** Reads the sessions of earlier runs; a file that isn't understood counts as none. */
  async load(): Promise<void> {
    try {
      this.#sessions = parseSessions((await readFile(this.#path, 'utf8')).slice(0, MAX_FILE_BYTES))
    } catch {
      this.#sessions = []
    }
  }

  /** A token for one visit of `/open`. */
  issueToken(): string {
    const token = randomBytes(SECRET_BYTES).toString('base64url')
    this.#tokens = this.#alive(this.#tokens).slice(-(MAX_TOKENS - 1))
    this.#tokens.push({ hash: hashOf(token), expiresAt: this.#clock.now() + TOKEN_LIFE_MS })
    return token
  }

  /** Spends a token: the secret of a new session, to be kept in a cookie, or undefined for a token that is none. */
  async redeem(token: string, port: number): Promise<string | undefined> {
    const found = find(this.#alive(this.#tokens), token)
    if (!found) return undefined
    this.#tokens = this.#tokens.filter((other) => other !== found)
    const secret = randomBytes(SECRET_BYTES).toString('base64url')
    const sessions = this.#alive(this.#sessions).slice(-(MAX_SESSIONS - 1))
    this.#sessions = [...sessions, { hash: hashOf(secret), expiresAt: this.#clock.now() + SESSION_LIFE_MS, port }]
    await this.#save()
    return secret
  }

  /** Whether a Cookie header carries a living session of this port. */
  hasSession(cookieHeader: string | undefined, port: number): boolean {
    const secret = readCookie(cookieHeader, cookieName(port))
    if (secret === undefined) return false
    return (
      find(
        this.#alive(this.#sessions).filter((session) => session.port === port),
        secret,
      ) !== undefined
    )
  }

  /** Ends all sessions and all links that wait. */
  async clear(): Promise<void> {
    this.#tokens = []
    this.#sessions = []
    await this.#save()
  }

  #alive<T extends Secret>(secrets: readonly T[]): T[] {
    const now = this.#clock.now()
    return secrets.filter((secret) => secret.expiresAt > now)
  }

  async #save(): Promise<void> {
    const text = JSON.stringify({
      sessions: this.#sessions.map(({ hash, expiresAt, port }) => ({ hash: hash.toString('hex'), expiresAt, port })),
    })
    const saved = this.#saving.then(async () => {
      await writeFile(`${this.#path}.tmp`, `${text}\n`, { mode: 0o600 })
      await rename(`${this.#path}.tmp`, this.#path)
    })
    this.#saving = saved.catch(() => {})
    await saved
  }
}

/** Name of the session cookie: two nodes on one machine share the host and so the jar. */
export function cookieName(port: number): string {
  return `palabre_${port}`
}

/** Set-Cookie value for a new session. */
export function formatSessionCookie(secret: string, port: number): string {
  return `${cookieName(port)}=${secret}; Path=/; HttpOnly; SameSite=Strict; Max-Age=${SESSION_LIFE_MS / 1000}`
}

function readCookie(header: string | undefined, name: string): string | undefined {
  const values = (header ?? '')
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(`${name}=`))
    .map((pair) => pair.slice(name.length + 1))
  // Two of one name are no work of ours.
  return values.length === 1 ? values[0] : undefined
}

/** Compares with all of them, each in constant time. */
function find<T extends Secret>(secrets: readonly T[], text: string): T | undefined {
  if (!SECRET.test(text)) return undefined
  const hash = hashOf(text)
  let found: T | undefined
  for (const secret of secrets) if (timingSafeEqual(secret.hash, hash)) found = secret
  return found
}

function hashOf(secret: string): Buffer {
  return createHash('sha256').update(secret).digest()
}

function parseSessions(text: string): Session[] {
  const value: unknown = JSON.parse(text)
  if (typeof value !== 'object' || value === null || !('sessions' in value) || !Array.isArray(value.sessions)) return []
  return value.sessions
    .flatMap((entry: unknown): Session[] => {
      if (typeof entry !== 'object' || entry === null) return []
      const { hash, expiresAt, port } = entry as Record<string, unknown>
      if (typeof hash !== 'string' || !/^[0-9a-f]{64}$/.test(hash)) return []
      if (typeof expiresAt !== 'number' || typeof port !== 'number') return []
      return [{ hash: Buffer.from(hash, 'hex'), expiresAt, port }]
    })
    .slice(-MAX_SESSIONS)
}
