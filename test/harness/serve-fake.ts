/**
 * The sample square behind the real web UI server, for tests in a browser and to look at by hand:
 * `node test/harness/serve-fake.ts [square|empty|newcomer]` prints a one-time link and runs until Ctrl-C.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { WebServer } from '../../cli/http/web-server.ts'
import type { ServedRouter } from '../../core/node/carriers/websocket.ts'
import { type Clock, systemClock } from '../../core/util/clock.ts'
import { type Logger, silentLogger } from '../../core/util/logger.ts'
import { createFakeNode, type FakeNode, type FakeNodeInit } from './fake-node.ts'

export interface ServedFake {
  readonly node: FakeNode
  readonly web: WebServer
  readonly port: number
  /** Folder that stands for the data directory; removed by `stop`. */
  readonly dataDir: string
  /** A fresh one-time link. */
  link(): string
  /** The node dies: connections are cut and calls fail until `revive`. */
  die(): Promise<void>
  revive(): void
  /** All sessions end, and open windows have to come back without one. */
  expireSessions(): Promise<void>
  stop(): Promise<void>
}

export interface ServeFakeInit extends FakeNodeInit {
  port?: number
  /** Defaults to the built window of the project. */
  rendererDir?: string
  clock?: Clock
  logger?: Logger
}

export async function serveFakeNode(init: ServeFakeInit = {}): Promise<ServedFake> {
  const node = createFakeNode(init)
  const dataDir = await mkdtemp(join(tmpdir(), 'palabre-fake-'))
  const web = new WebServer(
    {
      router: node.router as ServedRouter,
      readMedia: node.readMedia,
      logger: init.logger ?? silentLogger,
      clock: init.clock ?? systemClock,
    },
    {
      port: init.port ?? 0,
      dataDir,
      rendererDir: init.rendererDir ?? join(import.meta.dirname, '..', '..', 'dist', 'renderer'),
    },
  )
  await web.start()
  return {
    node,
    web,
    port: web.port,
    dataDir,
    link: () => web.issueLink(),
    async die() {
      node.controls.die()
      await web.disconnectAll()
    },
    revive: () => node.controls.revive(),
    async expireSessions() {
      await web.sessions.clear()
      await web.disconnectAll()
    },
    async stop() {
      await web.stop()
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}

if (import.meta.main) {
  const sample = process.argv[2]
  if (sample !== undefined && sample !== 'square' && sample !== 'empty' && sample !== 'newcomer') {
    throw new Error(`expected square, empty or newcomer, got ${sample}`)
  }
  const served = await serveFakeNode({ nowMs: Date.now(), paceMs: 2_500, ...(sample === undefined ? {} : { sample }) })
  process.stdout.write(`${served.link()}\n`)
  process.once('SIGINT', () => void served.stop())
}
