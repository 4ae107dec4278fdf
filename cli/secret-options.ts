import { type CommandOption, numberOf, type OptionValues, textOf, UsageError } from './command.ts'
import { askHidden, canAsk, readPassphrase } from './passphrase.ts'
import type { PassphrasePlace } from './passphrase-options.ts'

/** Highest number of a descriptor that is taken. */
const MAX_FD = 1_023

/** `--<name>-file` and `--<name>-fd`: where a secret comes from that is never an argument. `what` goes into their help. */
export function secretOptions(name: string, what: string): Record<string, CommandOption> {
  return {
    [`${name}-file`]: {
      type: 'string',
      value: 'FILE',
      help: `${what}: first line of a file that only you can read (0600)`,
    },
    [`${name}-fd`]: { type: 'string', value: 'N', help: `${what}: first line of an open descriptor, 0 for stdin` },
  }
}

/**
 * The secret from where the options say, else from the person at the terminal, to whom it isn't shown; null when they
 * give up.
 *
 * @throws UsageError, SecretUnreadableError
 */
export async function readSecret(values: OptionValues, name: string, question: string): Promise<string | null> {
  const place = secretPlace(values, name)
  if (place !== null) return await readPassphrase(place)
  if (!canAsk()) throw new UsageError(`give --${name}-file FILE or --${name}-fd N, or run it on a terminal`)
  return await askHidden(question)
}

function secretPlace(values: OptionValues, name: string): PassphrasePlace | null {
  const file = textOf(values, `${name}-file`)
  const fd = numberOf(values, `${name}-fd`, 0, MAX_FD)
  if (file !== undefined && fd !== undefined) throw new UsageError(`--${name}-file and --${name}-fd exclude each other`)
  if (fd === 1 || fd === 2) throw new UsageError(`--${name}-fd takes 0 or 3 and more: ${fd} is for output`)
  if (fd !== undefined) return { option: `--${name}-fd`, fd }
  return file === undefined ? null : { option: `--${name}-file`, file }
}
