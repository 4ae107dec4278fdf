/**
 * A node in this process, headless: takes the data directory, opens the local socket, starts the node, then the window
 * if there is to be one, says where it listens, and stops all of it in reverse on the first signal.
 */

import type { Worker } from 'node:worker_threads'
import { LocalSocketServer } from '../core/node/carriers/local-socket.ts'
import type { NodeConfig, PalabreNode } from '../core/node/create-node.ts'
import { openDataDir, resolveDataDir } from '../core/node/data-dir.ts'
import type { VaultSecrets } from '../core/node/device-vault.ts'
import { defaultListen, portsOf } from '../core/node/host/default-listen.ts'
import { createHostLogger } from '../core/node/host/host-logger.ts'
import { expectFree, type LastPorts, readPorts, writePorts } from '../core/node/host/last-ports.ts'
import { loadNetworkDescriptor, type NetworkDescriptor } from '../core/node/network-descriptor.ts'
import { systemClock } from '../core/util/clock.ts'
import type { Logger } from '../core/util/logger.ts'
import { canOpenBrowser, openBrowser } from './browser.ts'
import { EXIT } from './command.ts'
import { giveBackMemory } from './give-back-memory.ts'
import type { HostOptions } from './host-options.ts'
import { LINK_ROUTE } from './host-routes.ts'
import type { WebServer } from './http/web-server.ts'
import { printJson, printLine } from './output.ts'
import { askHidden, canAsk, readPassphrase, sayHowToUnlock } from './passphrase.ts'
import { rendererDir } from './project-files.ts'
import { StopSignals } from './stop-signals.ts'

type Role = NodeConfig['role']

/**
 * Runs until a signal or a failure. `storeThread`: started before this was loaded.
 * @returns the exit code of a clean stop; failures throw
 */
export async function runHost(role: Role, options: HostOptions, storeThread?: Worker): Promise<number> {
  if (process.platform !== 'win32') process.umask(0o077)
  const signals = new StopSignals()
  const network = await loadNetworkDescriptor(options.network)
  const cleanUps: (() => Promise<void>)[] = []
  try {
    const dataDir = await openDataDir(resolveDataDir(options.data))
    cleanUps.push(() => dataDir.release())
    const logger = await createHostLogger({ logsDir: dataDir.logsDir })
    cleanUps.push(() => logger.close())
    watchForFaults(logger)
    let web: WebServer | undefined
    const local = new LocalSocketServer(
      { logger },
      { path: dataDir.socketPath, routes: { [LINK_ROUTE]: () => (web ? { url: web.issueLink() } : undefined) } },
    )
    await local.start()
    cleanUps.push(() => local.stop())
    const lastPorts = await readPorts(dataDir.path)
    const { createNode } = await import('../core/node/create-node.ts')
    const config = await toNodeConfig(role, options, network, dataDir.path, lastPorts)
    const node = await createNode(config, {
      logger,
      storeThread,
      secrets: await toSecrets(options, (question) => signals.race(askHidden(question))),
    }).catch(sayHowToUnlock)
    cleanUps.push(() => node.stop())
    // Awaited further down, when the rest is ready; until then a failure there has nobody to catch it.
    node.listening.catch(() => {})
    await signals.race(node.start())
    local.serve(node.router)
    if (options.hasUi) {
      web = await startWeb(node, logger, { dataDir: dataDir.path, asked: options.port, last: lastPorts.web })
      cleanUps.push(web.stop.bind(web))
    }
    const listening = await signals.race(node.listening)
    await writePorts(dataDir.path, { ...lastPorts, ...portsOf(listening.addresses), ...(web && { web: web.port }) })
    const url = web?.issueLink() ?? null
    const { profile, peerId, addresses } = listening
    const ready = { role, profile, peerId, addresses, url, dataDir: dataDir.path, pid: process.pid }
    if (options.isJson) await printJson({ event: 'ready', ...ready })
    else await announce(ready, network)
    logger.info({ role, peerId, addresses, network: network.name }, 'ready')
    if (url !== null && !options.isJson && options.mayOpen && !network.isLocal && canOpenBrowser()) openBrowser(url)
    giveBackMemory()
    const failure = await Promise.race([signals.stopped, node.failed])
    if (failure) throw failure
    logger.info({ signal: signals.first }, 'stopping')
    return EXIT.done
  } catch (error) {
    if (error === signals.reason) return EXIT.done
    throw error
  } finally {
    await cleanUp(cleanUps, signals)
  }
}

/** In reverse; a step that fails doesn't keep the others from running, one that hangs is cut by the deadline. */
async function cleanUp(steps: readonly (() => Promise<void>)[], signals: StopSignals): Promise<void> {
  signals.startDeadline()
  for (const step of steps.toReversed()) {
    await step().catch((error: unknown) => process.stderr.write(`stopping: ${String(error)}\n`))
  }
}

async function toNodeConfig(
  role: Role,
  options: HostOptions,
  network: NetworkDescriptor,
  dataDir: string,
  last: LastPorts,
): Promise<NodeConfig> {
  for (const address of options.listen) await expectFree(address)
  return {
    dataDir,
    role,
    name: options.name ?? null,
    listen: options.listen.length > 0 ? [...options.listen] : await defaultListen(role, network, last),
    announce: [...options.announce],
    relayPlaces: options.relayPlaces,
    peers: [...options.peers],
    network,
    pins: [...options.pins],
    admit: options.admit,
    budgets: options.budgets,
    guardianDelayMs: options.guardianDelayMs,
  }
}

async function toSecrets(
  options: HostOptions,
  ask: (question: string) => Promise<string | null>,
): Promise<VaultSecrets> {
  if (options.passphrase !== null) return { passphrase: await readPassphrase(options.passphrase) }
  if (options.isJson || !canAsk()) return {}
  return { ask: (attempt) => ask(attempt === 1 ? 'Passphrase of the vault: ' : 'That is not it. Passphrase: ') }
}

async function startWeb(
  node: PalabreNode,
  logger: Logger,
  init: { dataDir: string; asked: number | undefined; last: number | undefined },
): Promise<WebServer> {
  // Loaded once the API answers.
  const { PortBusyError, WebServer } = await import('./http/web-server.ts')
  const start = async (port: number) => {
    const server = new WebServer(
      { router: node.router, readMedia: (cid, signal) => node.readMedia(cid, signal), logger, clock: systemClock },
      { port, dataDir: init.dataDir, rendererDir: rendererDir() },
    )
    await server.start()
    return server
  }
  if (init.asked !== undefined) return start(init.asked)
  try {
    return await start(init.last ?? 0)
  } catch (error) {
    if (!(error instanceof PortBusyError)) throw error
    return start(0)
  }
}

async function announce(
  ready: { role: Role; peerId: string; addresses: readonly string[]; url: string | null },
  network: NetworkDescriptor,
): Promise<void> {
  await printLine(`Palabre is running: ${ready.role} ${ready.peerId} on the network "${network.name}".`)
  for (const address of ready.addresses) await printLine(`  ${address}`)
  if (ready.url !== null) {
    await printLine(`\nWindow: ${ready.url}`)
    await printLine('The link works once and for half an hour; `palabre open` makes a new one. Ctrl-C stops the node.')
  }
}

/** A promise that nobody awaited is logged; an exception that nobody caught leaves no state to go on with. */
function watchForFaults(logger: Logger): void {
  process.on('unhandledRejection', (error) => logger.error({ err: error }, 'a failure that nobody waited for'))
  process.on('uncaughtException', (error) => {
    logger.error({ err: error }, 'a failure that nobody caught; the node ends')
    process.exit(EXIT.failed)
  })
}
