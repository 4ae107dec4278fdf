import { resolve } from 'node:path'
import { resolveDataDir } from '../../core/node/data-dir.ts'
import { connectLocal, type LocalConnection, NoNodeError } from '../../core/node/local-client.ts'
import { type Command, dataOption, jsonOption, type OptionValues, textOf } from '../command.ts'
import { hostOptions, parseHostOptions } from '../host-options.ts'
import { runImport } from '../importing.ts'
import { passphraseOptions } from '../passphrase-options.ts'

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

/** The node that runs on the data directory, else one without a network for as long as the work takes. */
async function withAnyNode<T>(
  values: OptionValues,
  work: (client: LocalConnection['client']) => Promise<T>,
): Promise<T> {
  const dataDir = resolveDataDir(textOf(values, 'data'))
  const running = await connectLocal(dataDir).catch((error: unknown) => {
    if (error instanceof NoNodeError) return null
    throw error
  })
  if (running === null) {
    const { withOfflineNode } = await import('../offline-node.ts')
    return withOfflineNode(parseHostOptions(values), work)
  }
  try {
    return await work(running.client)
  } finally {
    await running.close()
  }
}
