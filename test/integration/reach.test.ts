import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createHost, type Host } from '../../core/net/host.ts'
import { LOCAL_LIMITS } from '../../core/net/net-limits.ts'
import { Reach, STUN_PROTOCOL } from '../../core/net/reach.ts'
import { HOP_PROTOCOL } from '../../core/net/relay.ts'
import { systemClock } from '../../core/util/clock.ts'
import { silentLogger } from '../../core/util/logger.ts'
import { eventually } from '../harness/wait.ts'

const LOOPBACK = '/ip4/127.0.0.1/tcp/0'
const ECHO = '/palabre/test/1'

let hosts = 0

interface ReachHost {
  readonly host: Host<Record<string, unknown>>
  readonly reach: Reach
  readonly address: string
}

/** A host as on the internet, but on loopback; it neither asks a router nor crosses. */
async function start(relayPlaces: number, answersStun = false): Promise<ReachHost> {
  const host = await createHost(
    { logger: silentLogger },
    {
      privateKey: new Uint8Array(32).fill(++hosts),
      listen: [LOOPBACK],
      limits: LOCAL_LIMITS,
      isLocal: false,
      reach: { relayPlaces },
      services: {},
    },
  )
  onTestFinished(() => host.stop())
  if (host.reach === null) throw new Error('the host was made without its parts for relays')
  const reach = new Reach(
    { libp2p: host.libp2p, parts: host.reach, clock: systemClock, logger: silentLogger },
    {
      announce: [],
      listen: [LOOPBACK],
      answersStun,
      crosses: false,
      asksRouter: false,
      isSeed: () => false,
      onChange: () => {},
      onCrossed: () => {},
    },
  )
  reach.start()
  onTestFinished(() => reach.stop())
  return { host, reach, address: host.addresses()[0] as string }
}

async function startBehind(relay: ReachHost): Promise<ReachHost> {
  const behind = await start(0)
  await behind.host.dial(relay.address)
  return behind
}

const placesOf = (relay: ReachHost) => relay.reach.status().places

describe('Reach: places with a relay', () => {
  it('gives as many as it has, refuses the next without ending its start, and gives a freed one away (RCH1)', async () => {
    const relay = await start(1)
    const first = await startBehind(relay)
    await eventually('the first has a place', () => first.reach.status().relays.length === 1)
    expect(placesOf(relay)).toEqual({ used: 1, limit: 1 })
    expect(first.reach.status()).toMatchObject({ kind: 'relayed', source: 'relay', hint: 'open-port' })

    const second = await startBehind(relay)
    await eventually('the second hears that there is no room', () => second.reach.status().hint === 'relay-full')
    expect(second.reach.status()).toMatchObject({ kind: 'local-only', relays: [] })

    await first.host.stop()
    await eventually('the place is free', () => placesOf(relay)?.used === 0)
    const third = await startBehind(relay)
    await eventually('the third has it', () => third.reach.status().relays.length === 1)
  })

  it('carries our own protocols through the relay, and prefers a direct connection (RCH6)', async () => {
    const relay = await start(4)
    const behind = await startBehind(relay)
    await eventually('a place', () => behind.reach.status().relays.length === 1)
    await behind.host.handle(ECHO, (stream) => echo(stream), { maxInbound: 4, maxOutbound: 4 })
    const caller = await startBehind(relay)
    const circuit = `${relay.address}/p2p-circuit/p2p/${behind.host.peerId}`
    expect(await caller.host.dial(circuit)).toBe(behind.host.peerId)
    const relayedPath = () => caller.host.connections().find(({ peerId }) => peerId === behind.host.peerId)?.isRelayed
    expect(relayedPath()).toBe(true)
    expect(await ask(caller.host, behind.host.peerId)).toBe('7')

    await caller.host.dial(behind.address)
    await eventually('the direct one is shown', () => relayedPath() === false)
    expect(await ask(caller.host, behind.host.peerId)).toBe('7')
  })

  it('leads to nobody through a node that passes nothing on: the control (RCH1)', async () => {
    const relay = await start(0)
    const behind = await startBehind(relay)
    const caller = await startBehind(relay)
    await eventually('they have met', () => relay.host.connections().length === 2)
    await expect(caller.host.dial(`${relay.address}/p2p-circuit/p2p/${behind.host.peerId}`)).rejects.toThrow()
    expect(behind.reach.status()).toMatchObject({ kind: 'local-only', hint: 'no-relay' })
  })
})

describe('Reach: STUN', () => {
  it('is answered on the number of the TCP port, and said to whoever is connected (RCH4)', async () => {
    const seed = await start(4, true)
    const protocols = () => seed.host.libp2p.getProtocols()
    await eventually('it says so', () => protocols().includes(STUN_PROTOCOL))
    const socket = createSocket('udp4')
    onTestFinished(() => void socket.close())
    const port = Number(/\/tcp\/(\d+)/.exec(seed.address)?.[1])
    socket.send(Buffer.from('000100002112a442b7e7a701bc34d686fa87dfae', 'hex'), port, '127.0.0.1')
    const [answer] = (await once(socket, 'message')) as [Uint8Array]
    expect(answer).toHaveLength(32)
  })
})

describe('a local network', () => {
  it('has none of it (RCH7)', async () => {
    const init = { privateKey: new Uint8Array(32).fill(99), listen: [LOOPBACK], limits: LOCAL_LIMITS, services: {} }
    const host = await createHost({ logger: silentLogger }, { ...init, isLocal: true, reach: { relayPlaces: 8 } })
    onTestFinished(() => host.stop())
    expect(host.reach).toBeNull()
    const foreign = host.libp2p.getProtocols().filter((protocol) => /relay|webrtc|autonat|stun/.test(protocol))
    expect(foreign).toEqual([])
    expect(host.libp2p.getProtocols()).not.toContain(HOP_PROTOCOL)
  })
})

async function echo(stream: Parameters<Parameters<Host<Record<string, unknown>>['handle']>[1]>[0]): Promise<void> {
  const chunk = await stream.read()
  if (chunk !== null) await stream.write(chunk)
  await stream.close()
}

async function ask(host: Host<Record<string, unknown>>, peerId: string): Promise<string> {
  const stream = await host.openStream(peerId, ECHO)
  await stream.write(Buffer.from('7'))
  const answer = await stream.read()
  await stream.close()
  return Buffer.from(answer ?? []).toString()
}
