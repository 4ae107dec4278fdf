import { type CommandOption, numberOf, type OptionValues, textOf, UsageError } from './command.ts'

/** Highest number of a descriptor that is taken. */
const MAX_FD = 1_023

/** Where a passphrase is read from: never an argument or the environment, which other processes can see. */
export type PassphrasePlace =
  | { readonly option: string; readonly file: string }
  | { readonly option: string; readonly fd: number }

/** `--<prefix>passphrase-file` and `--<prefix>passphrase-fd`; `what` goes into their help. */
export function passphraseOptions<Prefix extends string>(
  prefix: Prefix,
  what = 'passphrase of the vault',
): Record<`${Prefix}passphrase-file` | `${Prefix}passphrase-fd`, CommandOption> {
  const options: Record<string, CommandOption> = {
    [`${prefix}passphrase-file`]: {
      type: 'string',
      value: 'FILE',
      help: `${what}: first line of a file that only you can read (0600)`,
    },
    [`${prefix}passphrase-fd`]: {
      type: 'string',
      value: 'N',
      help: `${what}: first line of an open descriptor, 0 for stdin`,
    },
  }
  return options as ReturnType<typeof passphraseOptions<Prefix>>
}

/** What the command line says of it, null for nothing. @throws UsageError */
export function passphrasePlace(values: OptionValues, prefix: string): PassphrasePlace | null {
  const option = `--${prefix}passphrase`
  const file = textOf(values, `${prefix}passphrase-file`)
  const fd = numberOf(values, `${prefix}passphrase-fd`, 0, MAX_FD)
  if (file !== undefined && fd !== undefined) throw new UsageError(`${option}-file and ${option}-fd exclude each other`)
  if (fd === 1 || fd === 2) throw new UsageError(`${option}-fd takes 0 or 3 and more: ${fd} is for output`)
  if (fd !== undefined) return { option: `${option}-fd`, fd }
  return file === undefined ? null : { option: `${option}-file`, file }
}
