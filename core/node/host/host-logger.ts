import { mkdir } from 'node:fs/promises'
import pino from 'pino'
import type { Logger } from '../../util/logger.ts'
import { LogFile } from './log-file.ts'
import { redactFields, redactText } from './redact.ts'

const MAX_FILE_BYTES = 4 * 1_048_576
/** Besides the one that is written. */
const OLD_FILES = 4
const LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']

export interface HostLogger extends Logger {
  /** Writes out what waits. */
  close(): Promise<void>
}

/**
 * Logs of a host: to stderr (pretty on a terminal, else JSON lines) and to a file in `logsDir` that is rotated by size.
 * PALABRE_LOG sets the level. What looks like a secret leaves neither way. `terminalLevel`: less than that stays in the
 * file.
 */
export async function createHostLogger(init: {
  readonly logsDir: string
  readonly terminalLevel?: 'trace' | 'warn'
}): Promise<HostLogger> {
  const wanted = process.env.PALABRE_LOG ?? ''
  const level = LEVELS.includes(wanted) ? wanted : 'info'
  await mkdir(init.logsDir, { recursive: true, mode: 0o700 })
  const file = await LogFile.open({ folder: init.logsDir, maxBytes: MAX_FILE_BYTES, oldFiles: OLD_FILES })
  const terminal = process.stderr.isTTY ? await openTerminal() : pino.destination({ dest: 2, sync: true })
  terminal.on('error', () => {})
  const streams = pino.multistream([
    { level: init.terminalLevel ?? 'trace', stream: terminal },
    { level: 'trace', stream: file },
  ])
  const log = pino({ level, base: { pid: process.pid }, formatters: { log: redactFields } }, streams)
  return {
    debug: (fields, message) => log.debug(fields, redactText(message)),
    info: (fields, message) => log.info(fields, redactText(message)),
    warn: (fields, message) => log.warn(fields, redactText(message)),
    error: (fields, message) => log.error(fields, redactText(message)),
    close: () => file.close(),
  }
}

/** Loaded only where somebody looks on: what it stands on is a lot. */
async function openTerminal() {
  const { default: pretty } = await import('pino-pretty')
  return pretty({ destination: 2, sync: true, colorize: true, ignore: 'pid,hostname', translateTime: 'SYS:HH:MM:ss' })
}
