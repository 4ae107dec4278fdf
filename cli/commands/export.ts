import { resolve } from 'node:path'
import { type Command, dataOption, jsonOption } from '../command.ts'
import { runExport } from '../exporting.ts'
import { hostOptions } from '../host-options.ts'
import { passphraseOptions } from '../passphrase-options.ts'
import { withAnyNode } from '../with-any-node.ts'

export const exportCommand: Command = {
  usage: 'export FILE [--all] [--data DIR] [--network NAME] [--json]',
  help: `Writes the account's identity chain and all its records into a new file, from which \`palabre import\` brings them back on
any node; with --all those of everybody of whom something is held. Pictures are not in it. Where a node runs on the data
directory, that one does it; else one is started for it, which dials nobody. Ctrl-C ends it, and nothing of the file
stays. --json prints what archive.status says of it, a line each time that it changes.`,
  options: {
    all: { type: 'boolean', help: 'everybody of whom something is held' },
    data: dataOption,
    network: hostOptions.network,
    ...passphraseOptions(''),
    json: jsonOption,
  },
  positionals: ['FILE'],
  async run({ values, positionals }) {
    const asked = { path: resolve(positionals[0] as string), scope: values.all === true ? 'all' : 'own' } as const
    return withAnyNode(values, (client) =>
      runExport(client, asked, { isJson: values.json === true, isTerminal: process.stdout.isTTY === true }),
    )
  },
}
