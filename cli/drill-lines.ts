import type { Drill, DrillCut } from '../core/contract/drill.ts'
import { formatBytes } from './status-lines.ts'

export const CUTS = {
  seeds: 'the seeds',
  internet: 'the internet',
} as const satisfies Record<DrillCut, string>

const WAYS = {
  people: 'people who were remembered',
  nearby: 'computers nearby',
  seeds: 'seeds',
  relays: 'relays',
  dht: 'the shared directory',
} as const satisfies Record<Drill['ways'][number]['way'], string>

/** How far a drill is: one line, also for a terminal on which it is drawn again and again. */
export function drillProgress(drill: Drill, now: number): string {
  if (drill.state === 'returning') return 'everything is let in again · waiting for a seed'
  const left = Math.max(0, Math.ceil((drill.endsAt - now) / 1_000))
  return [
    `without ${CUTS[drill.cut]} for another ${Math.floor(left / 60)}:${String(left % 60).padStart(2, '0')}`,
    `${drill.peers.last} peers, ${drill.seeds.last} seeds`,
    `${drill.received} records came`,
    drill.directAfterMs === null ? 'not in direct mode' : 'direct mode',
  ].join(' · ')
}

/** What still worked, a sentence a line. */
export function drillReport(drill: Drill): string[] {
  const { cut, peers, seeds, followed, written, own, ways, data } = drill
  const reached = followed.direct + followed.carried
  const failed = ways.filter(({ count }) => count === 0).map(({ way }) => WAYS[way])
  return [
    `${formatSpan(drill.endsAt - drill.startedAt)} without ${CUTS[cut]}`,
    followed.count === 0
      ? 'you follow nobody whose reach could be told'
      : `${reached} of ${followed.count} people you follow stayed reachable: ${followed.direct} directly, ${followed.carried} through somebody else who keeps their records`,
    `peers: ${peers.before} before, ${peers.lowest} at the lowest, ${peers.last} at the end · seeds: ${seeds.before}, ${seeds.lowest}, ${seeds.last}`,
    drill.firstPeerMs === null
      ? 'nobody but seeds was there'
      : drill.firstPeerMs === 0
        ? 'somebody was there all along who is no seed'
        : `the first who is no seed was there after ${formatSpan(drill.firstPeerMs)}`,
    drill.directAfterMs === null
      ? 'direct mode did not begin'
      : `direct mode began after ${formatSpan(drill.directAfterMs)}`,
    `${drill.received} records came, ${drill.sent} were handed over · ${formatBytes(data.receivedBytes)} received, ${formatBytes(data.sentBytes)} sent`,
    written.count === 0
      ? 'nothing was written here meanwhile'
      : `of ${written.count} own records written meanwhile, others had ${written.held} before the end`,
    own.holders === 0
      ? 'nobody who was connected keeps your records'
      : `${own.holders} who were connected keep your records, at most ${own.most} of ${own.records}`,
    ...(failed.length === 0 ? [] : [`led to nobody: ${failed.join(', ')}`]),
    ...(seeds.before === 0 ? [] : [formatReturn(drill)]),
  ]
}

function formatReturn({ seedsBackMs, state }: Drill): string {
  if (seedsBackMs !== null) return `a seed was back after ${formatSpan(seedsBackMs)}`
  return state === 'ended' ? 'no seed was back when the waiting ended' : 'no seed is back yet'
}

function formatSpan(ms: number): string {
  const seconds = Math.max(1, Math.round(ms / 1_000))
  if (seconds < 90) return `${seconds} second${seconds === 1 ? '' : 's'}`
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`
}
