import { LocalSocketServer } from '../core/node/carriers/local-socket.ts'
import { openDataDir, resolveDataDir } from '../core/node/data-dir.ts'
import { createHostLogger } from '../core/node/host/host-logger.ts'
import { connectLocal, type LocalConnection } from '../core/node/local-client.ts'
import { loadNetworkDescriptor } from '../core/node/network-descriptor.ts'
import type { HostOptions } from './host-options.ts'
import { readPassphrase, sayHowToUnlock } from './passphrase.ts'

/**
 * A node in this process for one piece of work: it takes the data directory and answers on its socket as any other, and
 * neither listens nor dials.
 *
 * @throws DataDirInUseError, and what opening the vault and the databases throws
 */
export async function withOfflineNode<T>(
  options: Pick<HostOptions, 'data' | 'network' | 'passphrase'>,
  work: (client: LocalConnection['client']) => Promise<T>,
): Promise<T> {
  if (process.platform !== 'win32') process.umask(0o077)
  const network = await loadNetworkDescriptor(options.network)
  const cleanUps: (() => Promise<void>)[] = []
  try {
    const dataDir = await openDataDir(resolveDataDir(options.data))
    cleanUps.push(() => dataDir.release())
    const logger = await createHostLogger({ logsDir: dataDir.logsDir, terminalLevel: 'warn' })
    cleanUps.push(() => logger.close())
    const local = new LocalSocketServer({ logger }, { path: dataDir.socketPath })
    await local.start()
    cleanUps.push(() => local.stop())
    const { createNode } = await import('../core/node/create-node.ts')
    const secrets = options.passphrase === null ? {} : { passphrase: await readPassphrase(options.passphrase) }
    const node = await createNode(
      {
        dataDir: dataDir.path,
        role: 'peer',
        name: null,
        listen: [],
        announce: [],
        peers: [],
        network,
        pins: [],
        admit: 'all',
        isOffline: true,
      },
      { logger, secrets },
    ).catch(sayHowToUnlock)
    cleanUps.push(() => node.stop())
    await node.start()
    local.serve(node.router)
    const connection = await connectLocal(dataDir.path)
    cleanUps.push(() => connection.close())
    return await work(connection.client)
  } finally {
    for (const step of cleanUps.toReversed()) {
      await step().catch((error: unknown) => process.stderr.write(`stopping: ${String(error)}\n`))
    }
  }
}
