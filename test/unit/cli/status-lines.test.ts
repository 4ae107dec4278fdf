import { describe, expect, it } from 'vitest'
import { type StatusFacts, statusLines } from '../../../cli/status-lines.ts'
import type { CatchUp } from '../../../core/contract/catch-up.ts'
import type { NetworkStatus } from '../../../core/contract/views.ts'

const ADDRESS = '/ip4/127.0.0.1/tcp/4005/p2p/12D3KooWDevice'

const network: NetworkStatus = {
  peerId: '12D3KooWDevice',
  profile: '12D3KooWAda',
  role: 'peer',
  network: 'local',
  state: 'connected',
  addresses: [ADDRESS],
  peers: [],
  seeds: 0,
  direct: null,
  unreachable: [],
  data: { receivedBytes: 4_812_113, sentBytes: 900 },
  storage: {
    records: 120,
    posts: 40,
    authors: 11,
    recordBytes: 57_200,
    mediaBytes: 3 * 1_024 ** 3,
    ownRecords: 9,
    ownUnheld: 2,
  },
  lastConnectedAt: null,
  clock: { offsetMs: null, warning: false },
  catchUp: null,
  import: null,
}

const catchUp: CatchUp = {
  received: 1_234,
  expected: 20_000,
  ratePerSecond: 239.6,
  secondsLeft: 79,
  peers: [{ peerId: '12D3KooWMill', received: 1_234, expected: 20_000 }],
  startedAt: 1_800_000_000_000,
}

const peer = (peerId: string, name: string): NetworkStatus['peers'][number] => ({
  peerId,
  profile: null,
  name,
  role: 'seed',
  address: `/ip4/127.0.0.1/tcp/4001/p2p/${peerId}`,
  direction: 'out',
  latencyMs: 12,
  connectedSince: 0,
  syncedAt: null,
  ownHeld: 0,
  feed: null,
})

const lines = (change: Partial<NetworkStatus> = {}, facts: Partial<StatusFacts> = {}) =>
  statusLines({
    network: { ...network, ...change },
    account: { name: 'Ada', profile: '12D3KooWAda' },
    replaced: null,
    ...facts,
  })
const catchingUp = (change: Partial<CatchUp>, more: Partial<NetworkStatus> = {}) =>
  lines({ catchUp: { ...catchUp, ...change }, ...more }).filter((line) => line.startsWith('catching up'))

describe('palabre status', () => {
  it('says which databases were damaged and made anew', () => {
    const damage = { at: Date.UTC(2026, 10, 28, 9, 30), files: ['square.db'] }
    const lines = statusLines({
      network: { ...network, storage: { ...network.storage, damage } },
      account: undefined,
      replaced: null,
    })
    expect(lines.find((line) => line.includes('damaged'))).toMatch(/^square\.db was damaged .* on 2026-11-28 09:30/)
  })

  it('says who the node is, where it listens and what it keeps', () => {
    expect(lines()).toEqual([
      'Ada · 12D3KooWAda',
      'peer on local · connected · 0 peers, 0 seeds',
      'peer ID 12D3KooWDevice',
      `  ${ADDRESS}`,
      '40 posts of 11 people · records 55.9 KiB, pictures 3.0 GiB',
      'own records 9, of them not yet with a seed 2',
      'received 4.6 MiB, sent 900 B since the start',
    ])
  })

  it('says how far others reach the node, how that was found and what may be done', () => {
    const reach = { kind: 'relayed', source: 'relay', hint: 'open-port', port: 4_001 } as const
    const relayed = { ...reach, observed: ['198.51.100.24'], relays: ['12D3KooWMill'], places: null }
    expect(lines({ reach: relayed })[2]).toBe(
      'reach relayed: others come through a relay, which passes everything on · a relay keeps a place · to be public, let the router pass the TCP port 4001 · seen as 198.51.100.24',
    )
    const seed = { ...relayed, kind: 'public', source: 'autonat', hint: 'none', observed: [] } as const
    expect(lines({ reach: { ...seed, places: { used: 12, limit: 512 } } })[2]).toBe(
      'reach public: whoever has an address of this node dials it · a peer dialled back · relay for 12 of 512',
    )
  })

  it('says that there is no account', () => {
    expect(lines({}, { account: undefined })[0]).toBe('no account yet')
  })

  it('names peers, by their peer ID where they have no name, and who does not answer', () => {
    const all = lines({
      peers: [peer('12D3KooWMill', 'Seed of the mill'), peer('12D3KooWNameless', '')],
      seeds: 2,
      unreachable: [{ address: '/ip4/192.0.2.7/tcp/4001', cause: 'ECONNREFUSED', nextTryAt: 0 }],
    })
    expect(all[1]).toBe('peer on local · connected · 2 peers, 2 seeds')
    expect(all.slice(-3)).toEqual([
      'seed Seed of the mill · /ip4/127.0.0.1/tcp/4001/p2p/12D3KooWMill',
      'seed 12D3KooWNameless · /ip4/127.0.0.1/tcp/4001/p2p/12D3KooWNameless',
      'no answer from /ip4/192.0.2.7/tcp/4001: ECONNREFUSED',
    ])
  })

  it('warns of a clock that is wrong, with its side', () => {
    const warned = (offsetMs: number) => lines({ clock: { offsetMs, warning: true } })[2]
    expect(warned(6.6 * 60_000)).toMatch(/^this computer's clock is about 7 minutes ahead of the seeds: /)
    expect(warned(-121_000)).toMatch(/^this computer's clock is about 2 minutes behind the seeds: /)
    expect(lines({ clock: { offsetMs: 340, warning: false } }).join('\n')).not.toContain('clock')
  })

  it('says that this device took a new key, and since when', () => {
    const replaced = { at: Date.UTC(2026, 10, 21, 9, 30), from: '12D3KooWOld', to: '12D3KooWDevice' }
    expect(lines({}, { replaced })[2]).toMatch(
      /^a copy of this data directory signs elsewhere, or did: since 2026-11-21 09:30 /,
    )
  })

  it('says what to do about a disk with little room, and nothing about one with enough', () => {
    const on = (state: NonNullable<NetworkStatus['storage']['space']>['state'], freeBytes: number | null) =>
      lines({ storage: { ...network.storage, space: { state, freeBytes, ballastBytes: 0 } } }).filter((line) =>
        line.includes('disk'),
      )
    expect(on('plenty', 1)).toEqual([])
    expect(on('low', 512 * 1_024 ** 2)).toEqual([
      'little room on the disk: nothing more is kept for others · 512.0 MiB free',
    ])
    expect(on('own-only', null)).toEqual(['hardly any room on the disk: only own records are kept'])
    expect(on('full', 0)).toEqual(['the disk is full: free some space, there is no need to restart · 0 B free'])
  })

  it('says budgets and what came and went today, where the node says so', () => {
    const budgets = { recordBytes: 1_024 ** 3, mediaBytes: 5 * 1_024 ** 3, strangerBytes: 1 }
    const flow = { receivedBytes: 1_024, sentBytes: 1_024 }
    const parts = { gossip: flow, sync: flow, feed: flow, media: flow, other: flow }
    const said = lines({}, { budgets, today: { day: '2026-01-31', receivedBytes: 5_120, sentBytes: 5_120, parts } })
    expect(said).toContain('40 posts of 11 people · records 55.9 KiB of 1.0 GiB, pictures 3.0 GiB of 5.0 GiB')
    expect(said).toContain(
      '2026-01-31: received 5.0 KiB, sent 5.0 KiB · gossip 2.0 KiB, sync 2.0 KiB, feed 2.0 KiB, media 2.0 KiB, other 2.0 KiB',
    )
  })

  describe('while it catches up', () => {
    it('says how far it is, how fast, how long yet, and from whom', () => {
      expect(catchingUp({}, { peers: [peer('12D3KooWMill', 'Seed of the mill')] })).toEqual([
        'catching up: 1234 of about 20000 records · 240 a second · about 1 minute left · from Seed of the mill',
      ])
      expect(catchingUp({})[0]).toMatch(/from 12D3KooWMill$/)
    })

    it('says the time left in words that fit', () => {
      const left = (secondsLeft: number) => catchingUp({ secondsLeft })[0]?.split(' · ')[2]
      expect([1, 59, 60, 150, 5_399, 5_400, 36_000].map(left)).toEqual([
        'less than a minute left',
        'less than a minute left',
        'about 1 minute left',
        'about 3 minutes left',
        'about 90 minutes left',
        'about 2 hours left',
        'about 10 hours left',
      ])
    })

    it('says when nothing comes, and no time that nobody knows', () => {
      expect(catchingUp({ ratePerSecond: 0, secondsLeft: null })).toEqual([
        'catching up: 1234 of about 20000 records · nothing comes at the moment · from 12D3KooWMill',
      ])
      expect(catchingUp({ received: 0, ratePerSecond: 0, secondsLeft: null })[0]).toContain(
        ' · identity chains come first · ',
      )
      expect(catchingUp({ ratePerSecond: 0.2, secondsLeft: null })[0]).toContain(' · 1 a second · from')
    })

    it('is silent about a handful of records', () => {
      expect(catchingUp({ received: 0, expected: 199 })).toEqual([])
      expect(catchingUp({ received: 0, expected: 200 })).toHaveLength(1)
    })
  })

  it('says how many peers are kept out and why, and nothing while there are none', () => {
    const about = (bans?: NetworkStatus['bans']) =>
      lines(bans === undefined ? {} : { bans }).filter((line) => line.includes('kept out'))
    expect(about()).toEqual([])
    expect(about({ count: 3, reasons: { 'message-flood': 2, 'broken-sync': 1 } })).toEqual([
      '3 peers are kept out (message-flood 2, broken-sync 1): see palabre bans',
    ])
    expect(about({ count: 1, reasons: { 'gossip-score': 1 } })[0]).toContain('1 peer is kept out')
  })
})
