import { mkdtemp, rm, stat } from 'node:fs/promises'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MessageChannel } from 'node:worker_threads'
import { createORPCClient } from '@orpc/client'
import { RPCLink } from '@orpc/client/message-port'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import type { NodeClient } from '../../core/contract/client.ts'
import { LocalSocketServer } from '../../core/node/carriers/local-socket.ts'
import { type ApiPort, MessagePortCarrier } from '../../core/node/carriers/message-port.ts'
import { openDataDir } from '../../core/node/data-dir.ts'
import { askHost, connectLocal, describeCallError, NoNodeError } from '../../core/node/local-client.ts'
import { silentLogger } from '../../core/util/logger.ts'
import { createFakeNode } from '../harness/fake-node.ts'

describe('LocalSocketServer', () => {
  let home: string
  let server: LocalSocketServer
  let release: () => Promise<void>
  const node = createFakeNode()

  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'palabre-socket-'))
    const dir = await openDataDir(home)
    release = () => dir.release()
    server = new LocalSocketServer(
      { logger: silentLogger },
      { path: dir.socketPath, routes: { '/open-link': () => ({ url: 'http://127.0.0.1:1/' }) } },
    )
    await server.start()
  })
  afterEach(async () => {
    await server.stop()
    await release()
    await rm(home, { recursive: true, force: true })
  })

  it('answers calls, and errors with their stable code', async () => {
    server.serve(node.router)
    const { client, close } = await connectLocal(home)
    expect((await client.timeline.home({ limit: 3 })).items).toHaveLength(3)
    const error = await client.posts.get({ id: 'bafy-unknown' }).catch((thrown: unknown) => thrown)
    expect(describeCallError(error)).toMatchObject({ code: 'not-found' })
    await close()
  })

  it('says which carrier a call came over', async () => {
    server.serve(node.router)
    const { client, close } = await connectLocal(home)
    await expect(client.account.words()).rejects.toMatchObject({ code: 'not-here' })
    await close()
  })

  it('makes calls wait until there is a router', async () => {
    const connecting = connectLocal(home)
    server.serve(node.router)
    const { client, close } = await connecting
    expect((await client.account.get()).name).toBe('Inès Carpentier')
    await close()
  })

  it('streams events, and ends the stream when the server stops', async () => {
    server.serve(node.router)
    const { client, closed } = await connectLocal(home)
    const events = await client.events.subscribe()
    expect((await events.next()).value).toEqual({ type: 'subscribed' })
    await client.posts.create({ text: 'hello' })
    expect((await events.next()).value).toEqual({ type: 'home', count: 1, own: true })
    const ended = events.next().then(
      ({ done }) => done,
      () => true,
    )
    await server.stop()
    await closed
    expect(await ended).toBe(true)
  })

  it('is closed to other users, and gone after the stop', async () => {
    const path = join(home, 'palabre.sock')
    expect((await stat(path)).mode & 0o777).toBe(0o600)
    await server.stop()
    await expect(connectLocal(home)).rejects.toThrow(NoNodeError)
    await expect(stat(path)).rejects.toThrow('ENOENT')
    await server.start()
  })

  it('answers what the host adds, and nothing else', async () => {
    expect(await askHost(home, '/open-link')).toEqual({ url: 'http://127.0.0.1:1/' })
    expect(await askHost(home, '/toString')).toBeUndefined()
  })

  it('refuses whoever says that it is a web page', async () => {
    server.serve(node.router)
    const status = await new Promise((resolve) => {
      const asking = request(
        {
          socketPath: join(home, 'palabre.sock'),
          path: '/rpc',
          headers: { connection: 'Upgrade', upgrade: 'websocket', origin: 'http://127.0.0.1' },
        },
        (response) => resolve(response.statusCode),
      )
      asking.end()
    })
    expect(status).toBe(404)
  })

  it('closes a connection that talks nonsense, and goes on', async () => {
    server.serve(node.router)
    const { connect } = await import('node:net')
    const ws = new WebSocket('ws://localhost/rpc', { createConnection: () => connect(join(home, 'palabre.sock')) })
    const code = await new Promise((resolve) => {
      ws.on('open', () => ws.send('{{{'))
      ws.on('close', resolve)
    })
    expect(code).toBe(1007)
    const { client, close } = await connectLocal(home)
    expect((await client.follows.list()).items.length).toBeGreaterThan(5)
    await close()
  })
})

describe('MessagePortCarrier', () => {
  it('answers calls and streams over a port, uploads included', async () => {
    const node = createFakeNode()
    const { port1, port2 } = new MessageChannel()
    new MessagePortCarrier({ router: node.router }).serve(port1 as unknown as ApiPort)
    const client: NodeClient = createORPCClient(new RPCLink({ port: port2 as unknown as ApiPort }))
    port2.start()
    expect((await client.account.words()).words).toHaveLength(24)
    const media = await client.media.upload({
      bytes: new Blob([new Uint8Array(2_000)], { type: 'image/webp' }),
      alt: 'a',
    })
    expect(media).toMatchObject({ size: 2_000, type: 'image/webp', alt: 'a' })
    const events = await client.events.subscribe()
    expect((await events.next()).value).toEqual({ type: 'subscribed' })
    port2.close()
  })
})
