import { expect, it } from 'vitest'
import { formatPeerId } from '../../../core/identity/peer-id.ts'
import type { IngestedEvent } from '../../../core/ingest/door.ts'
import { DrillMeter, type DrillSample } from '../../../core/node/drill-meter.ts'
import { drillRule } from '../../../core/node/drill-rules.ts'
import type { SyncEvent } from '../../../core/sync/sync-service.ts'
import { fakeKey } from '../../harness/memory-square.ts'

const DEVICE = fakeKey('device')
const person = (name: string) => ({ key: fakeKey(name), profile: formatPeerId(fakeKey(name)) })
const peer = (name: string, isSeed = false) => ({ peerId: `peer of ${name}`, isSeed, profile: person(name).profile })

function sample(peers: DrillSample['peers'], change: Partial<DrillSample> = {}): DrillSample {
  const traffic = { receivedBytes: 100, sentBytes: 50 }
  return { peers, isDirect: false, relays: null, nearby: null, traffic, ...change }
}

function open(before: DrillSample, followed: readonly string[] = ['awa', 'bo', 'chi']) {
  const span = { cut: 'seeds', startedAt: 1_000, endsAt: 301_000 } as const
  return new DrillMeter({ ...span, before, device: DEVICE, followed: followed.map(person) })
}

const NOTHING = { records: 0, holders: [] }

function ingested(kind: IngestedEvent['source']['kind'], seqs: readonly number[]): IngestedEvent {
  const records = seqs.map((seq) => ({ seq, device: DEVICE }))
  return { source: { kind }, records, reshown: [], identities: [], beats: [], gaps: [] } as unknown as IngestedEvent
}

function synced(compared: readonly string[], keptRecords: number): SyncEvent {
  const summary = { compared: compared.map(fakeKey), keptRecords }
  return { type: 'done', peerId: 'x', isInitiator: true, summary, scope: null } as unknown as SyncEvent
}

it('says nothing that it has not seen (RCH10)', () => {
  const report = open(sample([peer('mill', true)]), []).sum(NOTHING)
  expect(report).toMatchObject({
    peers: { before: 0, lowest: 0, last: 0 },
    seeds: { before: 1 },
    directAfterMs: null,
    firstPeerMs: null,
    received: 0,
    sent: 0,
    written: { count: 0, held: 0 },
    own: { records: 0, holders: 0, most: 0 },
    followed: { count: 0, direct: 0, carried: 0 },
    seedsBackMs: null,
  })
  expect(report.ways.map(({ way }) => way)).toEqual(['people', 'seeds'])
})

it('counts peers before, at the lowest and at the end, and when somebody came (RCH10)', () => {
  const meter = open(sample([peer('mill', true), peer('awa')]))
  meter.look(sample([]), 500)
  meter.look(sample([peer('awa')], { isDirect: true }), 16_000)
  meter.look(sample([peer('awa'), peer('bo')], { relays: 2, nearby: 1 }), 20_000)
  expect(meter.sum(NOTHING)).toMatchObject({
    peers: { before: 1, lowest: 0, last: 2 },
    seeds: { before: 1, lowest: 0, last: 0 },
    directAfterMs: 16_000,
    firstPeerMs: 16_000,
    ways: [
      { way: 'people', count: 2 },
      { way: 'nearby', count: 1 },
      { way: 'seeds', count: 0 },
      { way: 'relays', count: 2 },
    ],
  })
  const stayed = open(sample([peer('awa')]))
  stayed.look(sample([peer('awa')]), 500)
  expect(stayed.sum(NOTHING).firstPeerMs).toBe(0)
})

it('tells who was reached from who was carried, nobody twice (RCH10)', () => {
  const meter = open(sample([]))
  meter.look(sample([peer('awa')]), 500)
  meter.noteSync(synced(['awa', 'bo', 'a stranger'], 3))
  expect(meter.sum(NOTHING)).toMatchObject({ followed: { count: 3, direct: 1, carried: 1 }, sent: 3 })
})

it('counts what came, and of what was written what somebody keeps (RCH10)', () => {
  const meter = open(sample([]))
  meter.noteIngested(ingested('own', [7, 8]))
  meter.noteIngested(ingested('gossip', [1]))
  meter.noteIngested(ingested('sync', [2, 3]))
  meter.noteIngested(ingested('import', [4, 5, 6]))
  meter.noteHeld(DEVICE, [1, 2, 7])
  meter.noteHeld(DEVICE, [7])
  meter.noteHeld(fakeKey('another device'), [8])
  meter.look(sample([peer('awa')], { traffic: { receivedBytes: 400, sentBytes: 90 } }), 500)
  const holders = [
    { peerId: 'peer of awa', count: 5 },
    { peerId: 'somebody who is gone', count: 9 },
  ]
  expect(meter.sum({ records: 9, holders })).toMatchObject({
    received: 3,
    written: { count: 2, held: 1 },
    own: { records: 9, holders: 1, most: 5 },
    data: { receivedBytes: 300, sentBytes: 40 },
  })
})

it('knows what lies outside, on a local network too (RCH10)', () => {
  const init = { isSeed: (peerId: string) => peerId === 'seed', bootstrap: ['/ip4/127.0.0.1/tcp/9'] }
  const everywhere = drillRule('internet', { ...init, isLocal: false })
  expect(everywhere.coversPeer('seed')).toBe(false)
  expect(everywhere.coversAddress('/ip4/8.8.8.8/tcp/1')).toBe(true)
  expect(everywhere.coversAddress('/ip4/192.168.0.1/tcp/1')).toBe(false)
  const local = drillRule('internet', { ...init, isLocal: true })
  expect(local.coversPeer('seed')).toBe(true)
  expect(local.coversAddress('/ip4/127.0.0.1/tcp/1')).toBe(false)
  expect(local.coversAddress('/ip4/127.0.1.1/tcp/1')).toBe(true)
  const seeds = drillRule('seeds', { ...init, isLocal: true })
  expect([seeds.coversPeer('seed'), seeds.coversPeer('friend')]).toEqual([true, false])
  expect(seeds.coversAddress('/ip4/127.0.0.1/tcp/9')).toBe(true)
  expect(seeds.coversAddress('/ip4/127.0.1.1/tcp/1')).toBe(false)
})
