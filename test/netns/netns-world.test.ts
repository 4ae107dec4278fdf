import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { type NetHost, NetnsWorld, REACHES, type Reach } from '../harness/netns-world.ts'
import { eventually } from '../harness/wait.ts'

const SCRIPT = new URL('../harness/netns-socket.ts', import.meta.url).pathname
const PORT = 4_000

/** A socket in a namespace, and what it has said so far. */
class SocketProcess {
  readonly lines: string[] = []
  readonly ended: Promise<void>
  readonly #child: ChildProcess

  constructor({ within: [program = '', ...rest] }: NetHost, args: readonly string[]) {
    this.#child = spawn(program, [...rest, process.execPath, '--no-warnings', SCRIPT, ...args], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    this.ended = new Promise((resolve) => this.#child.once('close', () => resolve()))
    if (this.#child.stdout === null) throw new Error('the process has no stdout')
    createInterface({ input: this.#child.stdout }).on('line', (line) => this.lines.push(line))
    onTestFinished(() => void this.#child.kill('SIGKILL'))
  }

  async says(line: string): Promise<void> {
    await eventually(line, () => this.lines.includes(line))
  }
}

describe('NetnsWorld: the NATs are what they are called', () => {
  let world: NetnsWorld
  let server: NetHost
  let other: NetHost

  beforeEach((context) => {
    const opened = NetnsWorld.open()
    if ('missing' in opened) return context.skip(opened.missing)
    world = opened.world
    onTestFinished(() => world.close())
    server = world.addHost('server', 'open')
    other = world.addHost('other', 'open')
  })

  it('lets everybody dial out, and lets in a connection from outside only where the host is open', async () => {
    const outcomes = await Promise.all(
      REACHES.map(async (reach) => {
        const host = world.addHost(reach, reach)
        const listener = new SocketProcess(host, ['listen', `${PORT}`])
        await listener.says('listening')
        const inwards = new SocketProcess(other, ['dial', host.outside, `${PORT}`, '2000'])
        await inwards.ended
        return [reach, inwards.lines[0], listener.lines.includes('taken')]
      }),
    )
    expect(outcomes).toEqual([
      ['open', 'connected', true],
      ['cone', 'failed', false],
      ['symmetric', 'failed', false],
      ['firewall', 'failed', false],
    ])

    const listener = new SocketProcess(server, ['listen', `${PORT}`])
    await listener.says('listening')
    const out = REACHES.map((reach) => new SocketProcess(world.addHost(`${reach}-2`, reach), dialTo(server)))
    await Promise.all(out.map((dial) => dial.says('connected')))
  })

  it('gives one outside port for all destinations behind a cone, and one for each behind a symmetric NAT', async () => {
    const peers = [server, other].map((peer) => new SocketProcess(peer, ['udp', `${PORT}`, '60000']))
    const seen = async (reach: Reach) => {
      const host = world.addHost(reach, reach)
      const targets = [server, other].map(({ address }) => `${address}:${PORT}`)
      new SocketProcess(host, ['udp', `${PORT}`, '60000', ...targets])
      const from = `hello from ${host.outside}:`
      return await eventually('both hear it', () => {
        const lines = peers.map((peer) => peer.lines.find((line) => line.startsWith(from)))
        return lines.includes(undefined) ? undefined : new Set(lines).size
      })
    }
    expect(await seen('cone')).toBe(1)
    expect(await seen('symmetric')).toBe(2)
  })

  it('takes the packets of a host away when it is silenced, and removes its names at the end', async () => {
    const listener = new SocketProcess(server, ['listen', `${PORT}`])
    await listener.says('listening')
    world.silence(server)
    const dial = new SocketProcess(other, dialTo(server))
    await dial.ended
    expect(dial.lines).toEqual(['failed'])
    world.close()
    const second = NetnsWorld.open()
    if ('missing' in second) throw new Error(second.missing)
    const names = second.world.run(second.world.addHost('look', 'open'), ['ip', 'netns', 'list'])
    second.world.close()
    expect(names).not.toContain(server.namespace)
  })
})

function dialTo(host: NetHost): string[] {
  return ['dial', host.address, `${PORT}`, '2000']
}
