import type { Command, CommandOption } from './command.ts'
import { COMMANDS } from './command-table.ts'

/** What `palabre --help` prints. */
export function formatOverview(): string {
  const width = Math.max(...Object.keys(COMMANDS).map((name) => name.length))
  const lines = Object.entries(COMMANDS).map(([name, { summary }]) => `  ${name.padEnd(width)}  ${summary}`)
  return [
    'Palabre: a square that nobody can switch off.',
    '',
    'Usage: palabre COMMAND [options]',
    '',
    ...lines,
    '',
    '`palabre COMMAND --help` says more. `palabre --version` prints the version.',
    'Exit codes: 0 done, 1 failed, 2 usage, 3 no node is running there, 4 the data directory is in use.',
  ].join('\n')
}

/** What `palabre COMMAND --help` prints. */
export function formatHelp(command: Command): string {
  const entries = Object.entries(command.options).map(([name, option]) => [formatOption(name, option), option.help])
  const rows = [...entries, ['--help', 'this page']]
  const width = Math.max(...rows.map(([left]) => (left as string).length))
  return [
    `Usage: palabre ${command.usage}`,
    '',
    command.help,
    '',
    'Options:',
    ...rows.map(([left, right]) => `  ${(left as string).padEnd(width)}  ${right}`),
  ].join('\n')
}

function formatOption(name: string, option: CommandOption): string {
  const value = option.type === 'string' ? ` ${option.value ?? 'VALUE'}` : ''
  return `--${name}${value}${option.multiple ? ' …' : ''}`
}
