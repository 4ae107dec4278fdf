import { expect, it } from 'vitest'
import { drillProgress, drillReport } from '../../../cli/drill-lines.ts'
import { FAKE_DRILL } from '../../harness/fake/fake-drill.ts'

it('says how far a drill is', () => {
  const running = { ...FAKE_DRILL, state: 'running' } as const
  expect(drillProgress(running, 60_000)).toBe(
    'without the seeds for another 4:00 · 4 peers, 0 seeds · 14 records came · direct mode',
  )
  expect(drillProgress({ ...running, cut: 'internet', directAfterMs: null }, 299_500)).toMatch(
    /^without the internet for another 0:01 .* not in direct mode$/u,
  )
  expect(drillProgress({ ...running, state: 'returning' }, 0)).toMatch(/waiting for a seed/u)
})

it('reports a sentence a line, of what worked and what did not', () => {
  expect(drillReport(FAKE_DRILL)).toEqual([
    '5 min 0 s without the seeds',
    '3 of 8 people you follow stayed reachable: 2 directly, 1 through somebody else who keeps their records',
    'peers: 1 before, 1 at the lowest, 4 at the end · seeds: 2, 0, 0',
    'somebody was there all along who is no seed',
    'direct mode began after 16 seconds',
    '14 records came, 9 were handed over · 47.0 KiB received, 20.5 KiB sent',
    'of 2 own records written meanwhile, others had 2 before the end',
    '3 who were connected keep your records, at most 12 of 12',
    'led to nobody: computers nearby, seeds, relays, the shared directory',
    'a seed was back after 2 seconds',
  ])
})

it('claims nothing where nothing was seen', () => {
  const nothing = {
    ...FAKE_DRILL,
    peers: { before: 0, lowest: 0, last: 0 },
    followed: { count: 0, direct: 0, carried: 0 },
    firstPeerMs: null,
    directAfterMs: null,
    written: { count: 0, held: 0 },
    own: { records: 0, holders: 0, most: 0 },
    seedsBackMs: null,
  }
  const text = drillReport(nothing).join('\n')
  for (const line of [
    'you follow nobody whose reach could be told',
    'nobody but seeds was there',
    'direct mode did not begin',
    'nothing was written here meanwhile',
    'nobody who was connected keeps your records',
    'no seed was back when the waiting ended',
  ]) {
    expect(text).toContain(line)
  }
})
