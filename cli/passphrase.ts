/** Reading secrets: from a private file, from a descriptor, or from a person at a terminal without showing them. */
import { closeSync, constants, fstatSync, openSync, read, type Stats } from 'node:fs'
import { Socket } from 'node:net'
import type { Readable, Writable } from 'node:stream'
import { StringDecoder } from 'node:string_decoder'
import { promisify } from 'node:util'
import { VaultLockedError } from '../core/identity/vault-errors.ts'
import { PalabreError } from '../core/util/errors.ts'
import type { PassphrasePlace } from './passphrase-options.ts'

/** A passphrase has at most 1,024 bytes; more than this is another file. */
const MAX_SECRET_BYTES = 4_096
const LINE_FEED = 0x0a

const readOnce = promisify(read) as (fd: number, buffer: Buffer) => Promise<{ bytesRead: number; buffer: Buffer }>

/** The file or descriptor can't be used. Never quotes what is in it. */
export class SecretUnreadableError extends PalabreError {
  constructor(detail: string, options: { cause?: unknown } = {}) {
    super('secret-unreadable', detail, options)
  }
}

/** A terminal, as far as asking needs one. */
export interface Terminal {
  readonly input: Readable & { setRawMode(isRaw: boolean): unknown }
  readonly output: Writable
}

/** True when there is a person to ask: a terminal to type at and one to show the question on. */
export function canAsk(): boolean {
  return process.stdin.isTTY === true && process.stderr.isTTY === true
}

/**
 * The first line, without its end.
 *
 * @throws SecretUnreadableError for what isn't there, a file that others can read, more than 4 KiB, or no UTF-8
 */
export async function readPassphrase(place: PassphrasePlace): Promise<string> {
  return 'file' in place ? readSecretFile(place.option, place.file) : readSecretFd(place.option, place.fd)
}

/** The first line of a regular file that is closed to others. @throws SecretUnreadableError */
export async function readSecretFile(option: string, path: string): Promise<string> {
  let fd: number
  try {
    // Without O_NONBLOCK a named pipe would hold us before we could look at it; Windows has no such flag.
    fd = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0))
  } catch (error) {
    throw new SecretUnreadableError(`${option} ${path} can't be opened: ${messageOf(error)}`, { cause: error })
  }
  try {
    checkSecretFile(`${option} ${path}`, fstatSync(fd))
    return await readFirstLine(`${option} ${path}`, readPieces(fd))
  } finally {
    closeSync(fd)
  }
}

/** Everything up to the first line feed, or the end; then the descriptor is closed. @throws SecretUnreadableError */
export async function readSecretFd(option: string, fd: number): Promise<string> {
  const name = `${option} ${fd}`
  let stats: Stats
  try {
    stats = fstatSync(fd)
  } catch (error) {
    throw new SecretUnreadableError(`${name}: nothing is open under that number`, { cause: error })
  }
  // Stays open: whatever took the number 0 next would pass for stdin.
  if (fd === 0) {
    const line = await readFirstLine(name, process.stdin.iterator({ destroyOnReturn: false }))
    process.stdin.pause()
    if (process.stdin instanceof Socket) process.stdin.unref()
    return line
  }
  if (stats.isFIFO() || stats.isSocket()) return readFirstLine(name, new Socket({ fd, writable: false }))
  if (!stats.isFile() && !stats.isCharacterDevice()) {
    throw new SecretUnreadableError(`${name} is neither a file nor a pipe`)
  }
  try {
    return await readFirstLine(name, readPieces(fd))
  } finally {
    closeSync(fd)
  }
}

/**
 * Asks on a terminal, showing nothing of what is typed. Null when the person gives up (Ctrl-C, Ctrl-D, nothing typed).
 */
export async function askHidden(
  question: string,
  terminal: Terminal = { input: process.stdin, output: process.stderr },
): Promise<string | null> {
  const { input, output } = terminal
  const decoder = new StringDecoder('utf8')
  // In this order: who sees the question may type, and must not be shown.
  input.setRawMode(true)
  output.write(question)
  try {
    return await new Promise((resolve, reject) => {
      let typed: string[] = []
      const finish = (answer: string | null) => {
        input.off('data', onData).off('error', reject).off('end', onEnd)
        resolve(answer === '' ? null : answer)
      }
      const onEnd = () => finish(null)
      const onData = (piece: Buffer) => {
        for (const character of decoder.write(piece)) {
          if (character === '\r' || character === '\n') return finish(typed.join(''))
          if (character === '\u0003' || character === '\u0004') return finish(null)
          if (character === '\u007f' || character === '\b') typed.pop()
          else if (character === '\u0015') typed = []
          else if (character >= ' ' && typed.length < MAX_SECRET_BYTES) typed.push(character)
        }
      }
      input.on('data', onData).on('error', reject).on('end', onEnd)
      input.resume()
    })
  } finally {
    input.setRawMode(false)
    input.pause()
    output.write('\n')
  }
}

/** Adds to a locked vault's error what can be done about it on the command line. @throws always */
export function sayHowToUnlock(error: unknown): never {
  if (!(error instanceof VaultLockedError) || !error.slotTypes.includes('passphrase')) throw error
  throw new PalabreError(
    'vault-locked',
    'the vault is locked with a passphrase: give --passphrase-file FILE (0600) or --passphrase-fd N',
    { cause: error },
  )
}

function checkSecretFile(name: string, stats: Stats): void {
  if (!stats.isFile()) throw new SecretUnreadableError(`${name} is no regular file`)
  if (stats.size > MAX_SECRET_BYTES) {
    throw new SecretUnreadableError(`${name} is ${stats.size} bytes, limit ${MAX_SECRET_BYTES}`)
  }
  if (process.platform === 'win32') return
  if ((stats.mode & 0o077) !== 0) {
    const mode = (stats.mode & 0o777).toString(8).padStart(4, '0')
    throw new SecretUnreadableError(`${name} is open to others (mode ${mode}): chmod 600 it`)
  }
}

async function readFirstLine(name: string, pieces: AsyncIterable<Buffer>): Promise<string> {
  const parts: Buffer[] = []
  let size = 0
  try {
    for await (const piece of pieces) {
      const end = piece.indexOf(LINE_FEED)
      const part = end < 0 ? piece : piece.subarray(0, end)
      parts.push(part)
      size += part.length
      if (end >= 0 || size > MAX_SECRET_BYTES) break
    }
  } catch (error) {
    throw new SecretUnreadableError(`${name} can't be read: ${messageOf(error)}`, { cause: error })
  }
  if (size > MAX_SECRET_BYTES) throw new SecretUnreadableError(`${name}: more than ${MAX_SECRET_BYTES} bytes`)
  const bytes = Buffer.concat(parts)
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes).replace(/\r$/, '')
  } catch (error) {
    throw new SecretUnreadableError(`${name} is not UTF-8`, { cause: error })
  } finally {
    for (const part of [...parts, bytes]) part.fill(0)
  }
}

/** Pieces of a file or device, each read only when it is asked for: a read that waits can't be called back. */
async function* readPieces(fd: number): AsyncGenerator<Buffer> {
  for (;;) {
    const { bytesRead, buffer } = await readOnce(fd, Buffer.alloc(MAX_SECRET_BYTES + 1))
    if (bytesRead === 0) return
    yield buffer.subarray(0, bytesRead)
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
