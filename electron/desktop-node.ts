import { LocalSocketServer } from '../core/node/carriers/local-socket.ts'
import { type ApiPort, MessagePortCarrier } from '../core/node/carriers/message-port.ts'
import { createNode } from '../core/node/create-node.ts'
import { openDataDir, resolveDataDir } from '../core/node/data-dir.ts'
import { defaultListen, portsOf } from '../core/node/host/default-listen.ts'
import { createHostLogger } from '../core/node/host/host-logger.ts'
import { readPorts, writePorts } from '../core/node/host/last-ports.ts'
import { loadNetworkDescriptor } from '../core/node/network-descriptor.ts'
import type { PalabreError } from '../core/util/errors.ts'
import type { DesktopConfig } from './desktop-config.ts'

/** The node of the desktop app as its process sees it. */
export interface DesktopNode {
  readonly dataDir: string
  /** Resolves with the reason when the node can't go on. */
  readonly failed: Promise<PalabreError>
  /** Serves the API on a port until it closes. */
  connect(port: ApiPort): void
  readMedia(cid: string): Promise<{ type: string; bytes: Uint8Array } | null>
  /** Within five seconds. */
  stop(): Promise<void>
}

/**
 * Starts the node: data directory and lock, log, local socket for scripts, then the node itself. Resolves when the API
 * answers; the network comes up after. `ask` is called for the passphrase of a sealed vault, and again when it was wrong.
 *
 * @throws PalabreError data-dir-in-use, vault-…, wrong-passphrase, database-…; then nothing is left open
 */
export async function runDesktopNode(config: DesktopConfig, ask: () => Promise<string | null>): Promise<DesktopNode> {
  if (process.platform !== 'win32') process.umask(0o077)
  const undo: (() => Promise<void>)[] = []
  const stop = async () => {
    for (const step of undo.splice(0).reverse()) await step().catch(() => undefined)
  }
  try {
    const network = await loadNetworkDescriptor(config.network)
    const dataDir = await openDataDir(resolveDataDir(config.dataDir ?? undefined))
    undo.push(() => dataDir.release())
    const logger = await createHostLogger({ logsDir: dataDir.logsDir })
    undo.push(() => logger.close())
    const local = new LocalSocketServer({ logger }, { path: dataDir.socketPath, routes: {} })
    await local.start()
    undo.push(() => local.stop())
    const lastPorts = await readPorts(dataDir.path)
    const listen = config.listen.length > 0 ? config.listen : await defaultListen('peer', network, lastPorts)
    const node = await createNode(
      {
        dataDir: dataDir.path,
        role: 'peer',
        name: null,
        listen,
        announce: [],
        peers: config.peers,
        network,
        pins: [],
        admit: 'all',
      },
      { logger, secrets: { ask } },
    )
    undo.push(() => node.stop())
    node.listening
      .then(({ addresses }) => writePorts(dataDir.path, { ...lastPorts, ...portsOf(addresses) }))
      .catch((error: unknown) => logger.error({ err: error }, 'the network did not come up'))
    await node.start()
    local.serve(node.router)
    const carrier = new MessagePortCarrier({ router: node.router })
    return {
      dataDir: dataDir.path,
      failed: node.failed,
      connect: (port) => carrier.serve(port),
      readMedia: (cid) => node.readMedia(cid),
      stop,
    }
  } catch (error) {
    await stop()
    throw error
  }
}
