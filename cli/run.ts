import { parseArgs } from 'node:util'
import { PalabreError } from '../core/util/errors.ts'
import { type Command, type CommandInput, EXIT, UsageError } from './command.ts'
import { COMMANDS } from './command-table.ts'
import { formatHelp, formatOverview } from './help.ts'
import { flushOutput, printJson, printLine, warnLine } from './output.ts'
import { readVersion } from './project-files.ts'

/** Runs one command and ends the process with its exit code, whatever a library has left running. */
export async function runCli(argv: readonly string[]): Promise<never> {
  // A reader that has seen enough, such as `head`, is no error.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
  })
  const code = await dispatch(argv)
  await flushOutput()
  process.exit(code)
}

async function dispatch(argv: readonly string[]): Promise<number> {
  const [name, ...rest] = argv
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    await printLine(formatOverview())
    return name === undefined ? EXIT.usage : EXIT.done
  }
  if (name === '--version' || name === '-v') {
    await printLine(readVersion())
    return EXIT.done
  }
  const entry = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined
  if (!entry) {
    const what = name.startsWith('-') ? 'option' : 'command'
    warnLine(`unknown ${what} ${JSON.stringify(name)}; \`palabre --help\` lists what there is`)
    return EXIT.usage
  }
  const command = await entry.load()
  const isJson = command.isForScripts === true || rest.includes('--json')
  try {
    const input = parse(command, rest)
    if (input.values.help === true) {
      await printLine(formatHelp(command))
      return EXIT.done
    }
    return await command.run(input)
  } catch (error) {
    return report(error, isJson, name)
  }
}

function parse(command: Command, argv: readonly string[]): CommandInput {
  const options = Object.fromEntries(
    Object.entries(command.options).map(([name, { value: _value, help: _help, ...option }]) => [name, option]),
  )
  let parsed: ReturnType<typeof parseArgs>
  try {
    parsed = parseArgs({
      args: [...argv],
      options: { ...options, help: { type: 'boolean', short: 'h' } },
      allowPositionals: true,
      strict: true,
    })
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error))
  }
  const { values, positionals } = parsed
  if (values.help === true) return { values, positionals }
  const needed = command.positionals.length - (command.optional ?? 0)
  if (positionals.length < needed) throw new UsageError(`${command.positionals[positionals.length]} is missing`)
  if (positionals.length > command.positionals.length) {
    throw new UsageError(`unexpected argument ${JSON.stringify(positionals[command.positionals.length])}`)
  }
  return { values, positionals }
}

async function report(error: unknown, isJson: boolean, name: string): Promise<number> {
  const { describeCallError } = await import('../core/node/local-client.ts')
  const described = describeCallError(error)
  if (isJson) await printJson({ error: described })
  if (!isJson || error instanceof UsageError) {
    warnLine(`palabre ${name}: ${described.message}`)
    if (error instanceof UsageError) warnLine(`\`palabre ${name} --help\` says how it is used`)
  }
  // What nobody expected needs its trace.
  if (described.code === 'internal' && error instanceof Error && !isJson) warnLine(error.stack ?? '')
  return exitCodeOf(error)
}

function exitCodeOf(error: unknown): number {
  const code = error instanceof PalabreError ? error.code : ''
  if (code === 'usage') return EXIT.usage
  if (code === 'no-node') return EXIT.noNode
  if (code === 'data-dir-in-use') return EXIT.inUse
  return EXIT.failed
}
