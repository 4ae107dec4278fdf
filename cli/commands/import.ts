import { resolve } from 'node:path'
import { type Command, dataOption, jsonOption } from '../command.ts'
import { hostOptions } from '../host-options.ts'
import { runImport } from '../importing.ts'
import { passphraseOptions } from '../passphrase-options.ts'
import { withAnyNode } from '../with-any-node.ts'

export const importCommand: Command = {
  usage: 'import FILE [--data DIR] [--network NAME] [--json]',
  help: `Takes an archive of records in: every record in it that is valid is kept, whoever wrote it. Where a node runs on the
data directory, that one does it; else one is started for it, which dials nobody. Ctrl-C ends it; the same file goes on
from there the next time, also after a crash. --json prints what archive.status says, a line each time that it changes.`,
  options: {
    data: dataOption,
    network: hostOptions.network,
    ...passphraseOptions(''),
    json: jsonOption,
  },
  positionals: ['FILE'],
  async run({ values, positionals }) {
    const path = resolve(positionals[0] as string)
    const isJson = values.json === true
    return withAnyNode(values, (client) =>
      runImport(client, path, { isJson, isTerminal: process.stdout.isTTY === true }),
    )
  },
}
