import { describe, expect, it, onTestFinished } from 'vitest'
import type { PeerConnection } from '../../../core/net/peer-host.ts'
import { RoomKeeper, type RoomKeeperInit } from '../../../core/node/room-keeper.ts'
import { systemClock } from '../../../core/util/clock.ts'
import { silentLogger } from '../../../core/util/logger.ts'
import { fakeKey } from '../../harness/memory-square.ts'
import { eventually } from '../../harness/wait.ts'

/** A keeper with room for four, and who is connected. */
function open(init: Pick<RoomKeeperInit, 'role' | 'isInOutage'>) {
  const connected = new Map<string, PeerConnection>()
  const keeper = new RoomKeeper(
    {
      host: {
        peerId: 'me',
        connections: () => [...connected.values()],
        disconnect: async (peerId) => void connected.delete(peerId),
        isConnected: (peerId) => connected.has(peerId),
        subscribe: () => () => {},
      },
      store: {
        profile: async () => {
          throw new Error('nothing is known of it')
        },
      },
      clock: systemClock,
      logger: silentLogger,
    },
    { ...init, maxConnections: 6, isSeed: (peerId) => peerId.startsWith('seed'), reviewMs: 20 },
  )
  keeper.start()
  onTestFinished(() => keeper.stop())
  const join = (peerId: string, standing: { seeds: number; links: number }, direction: 'in' | 'out' = 'in') => {
    connected.set(peerId, { peerId, address: '', direction, connectedSince: connected.size })
    keeper.noteHello(peerId, { capabilities: { ...standing }, profile: fakeKey(peerId) })
  }
  return { keeper, join, connected: () => [...connected.keys()] }
}

describe('who leaves when there is no room', () => {
  it('is one with many links, on a desktop in an outage (RCH9)', async () => {
    const desk = open({ role: 'peer', isInOutage: () => true })
    for (const name of ['a', 'b', 'c']) desk.join(name, { seeds: 0, links: 4 })
    desk.join('rich', { seeds: 0, links: 8 })
    desk.join('poor', { seeds: 0, links: 1 })
    await eventually('one has left', () => desk.connected().length === 4)
    expect(desk.connected()).toEqual(['a', 'b', 'c', 'poor'])
  })

  it('is nobody on a desktop that has seeds: the control', async () => {
    const desk = open({ role: 'peer', isInOutage: () => false })
    const full = open({ role: 'peer', isInOutage: () => true })
    for (const one of [desk, full]) for (let i = 0; i < 6; i++) one.join(`peer ${i}`, { seeds: 0, links: 8 })
    await eventually('the other has looked', () => full.connected().length === 4)
    expect(desk.connected()).toHaveLength(6)
  })

  it('is a reader with other seeds, of a seed whose store knows nobody (RCH8)', async () => {
    const seed = open({ role: 'seed', isInOutage: () => false })
    seed.join('seed b', { seeds: 9, links: 8 }, 'out')
    seed.join('a', { seeds: 3, links: 8 })
    for (const name of ['b', 'c', 'd']) seed.join(name, { seeds: 0, links: 1 })
    await eventually('one has left', () => seed.connected().length === 4)
    expect(seed.connected()).toEqual(['seed b', 'b', 'c', 'd'])
  })

  it('says itself what it has besides somebody', () => {
    const desk = open({ role: 'peer', isInOutage: () => true })
    desk.join('seed a', { seeds: 0, links: 1 })
    desk.join('b', { seeds: 0, links: 1 })
    expect(desk.keeper.standingFor('seed a')).toEqual({ seeds: 0, links: 1 })
    expect(desk.keeper.standingFor('b')).toEqual({ seeds: 1, links: 1 })
  })
})
