import { homedir } from 'node:os'
import { join } from 'node:path'
import { resolveDataDir } from '../../core/node/data-dir.ts'
import { type Command, dataOption, EXIT, jsonOption, textOf } from '../command.ts'
import { printJson, printLine } from '../output.ts'

export const pathsCommand: Command = {
  usage: 'paths [--data DIR] [--json]',
  help: 'Prints where data, logs and cache lie. Needs no running node.',
  options: { data: dataOption, json: jsonOption },
  positionals: [],
  async run({ values }) {
    const data = resolveDataDir(textOf(values, 'data'))
    const paths = { data, logs: join(data, 'logs'), cache: cacheDir() }
    if (values.json === true) await printJson(paths)
    else for (const [name, path] of Object.entries(paths)) await printLine(`${name.padEnd(6)} ${path}`)
    return EXIT.done
  },
}

function cacheDir(): string {
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Caches', 'Palabre')
  if (process.platform === 'win32') {
    return join(process.env.LOCALAPPDATA ?? join(homedir(), 'AppData', 'Local'), 'Palabre', 'Cache')
  }
  const base = process.env.XDG_CACHE_HOME
  return join(base?.startsWith('/') ? base : join(homedir(), '.cache'), 'palabre')
}
