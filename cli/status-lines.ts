import type { DeviceReplacement } from '../core/contract/accounts.ts'
import type { ExportView, ImportView } from '../core/contract/archive.ts'
import type { BanSum } from '../core/contract/bans.ts'
import type { CatchUp } from '../core/contract/catch-up.ts'
import { LARGE_CATCH_UP } from '../core/contract/figures.ts'
import type { Reach } from '../core/contract/reach.ts'
import type { Space } from '../core/contract/space.ts'
import type { Storage, TrafficDay } from '../core/contract/storage.ts'
import type { Account, NetworkStatus } from '../core/contract/views.ts'

const SAVING = {
  asked: 'pictures come only when somebody asks for them',
  cap: 'the cap of the day is reached: pictures come only when somebody asks for them, until midnight',
} as const

export interface StatusFacts {
  readonly network: NetworkStatus
  /** Undefined where there is none. */
  readonly account: Pick<Account, 'name' | 'profile'> | undefined
  readonly replaced: DeviceReplacement | null
  /** Of a node that says them. */
  readonly budgets?: Storage['budgets'] | undefined
  /** The newest day of the ledger. */
  readonly today?: TrafficDay | undefined
}

/** What `palabre status` prints, a line each: who this node is, what is wrong, what is under way, what it keeps. */
export function statusLines({ network, account, replaced, budgets, today }: StatusFacts): string[] {
  const { catchUp, clock, data, import: importing, peers, storage } = network
  const { space } = storage
  return [
    account === undefined ? 'no account yet' : `${account.name} · ${account.profile}`,
    `${network.role} on ${network.network} · ${network.state} · ${peers.length} peers, ${network.seeds} seeds`,
    ...(network.direct === null
      ? []
      : [`no seed can be reached since ${new Date(network.direct.since).toISOString()}: direct mode`]),
    ...(network.drill === undefined
      ? []
      : [`a blackout drill keeps out ${network.drill.cut} until ${new Date(network.drill.endsAt).toISOString()}`]),
    ...(replaced === null ? [] : [formatReplacement(replaced)]),
    ...(clock.warning ? [formatClockWarning(clock.offsetMs ?? 0)] : []),
    ...(storage.damage === undefined ? [] : [formatDamage(storage.damage)]),
    ...(catchUp === null || catchUp.expected < LARGE_CATCH_UP ? [] : [formatCatchUp(catchUp, network)]),
    ...(importing === null ? [] : [formatImport(importing)]),
    ...(network.reach === undefined ? [] : [formatReach(network.reach)]),
    ...(network.sharesAddresses === false ? ['addresses are kept back: nobody is told where this device is'] : []),
    ...(network.saving === undefined ? [] : [SAVING[network.saving]]),
    `peer ID ${network.peerId}`,
    ...network.addresses.map((address) => `  ${address}`),
    `${storage.posts} posts of ${storage.authors} people · records ${formatUse(storage.recordBytes, budgets?.recordBytes)}, pictures ${formatUse(storage.mediaBytes, budgets?.mediaBytes)}`,
    ...(space === undefined || space.state === 'plenty' ? [] : [formatSpace(space)]),
    `own records ${storage.ownRecords}, of them not yet with a seed ${storage.ownUnheld}`,
    `received ${formatBytes(data.receivedBytes)}, sent ${formatBytes(data.sentBytes)} since the start`,
    ...(today === undefined ? [] : [formatDay(today)]),
    ...peers.map(formatPeer),
    ...(network.bans === undefined ? [] : [formatBans(network.bans)]),
    ...network.unreachable.map(({ address, cause }) => `no answer from ${address}: ${cause}`),
  ]
}

const KINDS = {
  public: 'public: whoever has an address of this node dials it',
  direct: 'direct: others come through a relay and are connected directly from there',
  relayed: 'relayed: others come through a relay, which passes everything on',
  'local-only': 'local-only: nobody dials this node from elsewhere',
} as const satisfies Record<Reach['kind'], string>

const SOURCES = {
  announced: 'as --announce says',
  autonat: 'a peer dialled back',
  upnp: 'the router opened a port and a peer dialled back',
  crossing: 'a connection became direct within the last hour',
  relay: 'a relay keeps a place',
  none: '',
} as const satisfies Record<Reach['source'], string>

const HINTS = {
  none: '',
  'local-network': 'this network stays on this machine',
  waiting: 'a relay is being asked',
  'no-peer': 'nobody is connected: give a seed with --peer',
  'no-relay': 'nobody who is connected passes connections on: give a seed with --peer',
  'relay-full': 'the relays that are connected have no place left: give another seed with --peer',
  'open-port': 'to be public, let the router pass the TCP port',
} as const satisfies Record<Reach['hint'], string>

function formatReach({ kind, source, hint, port, observed, places }: Reach): string {
  return [
    `reach ${KINDS[kind]}`,
    SOURCES[source],
    hint === 'open-port' ? `${HINTS[hint]} ${port ?? ''}`.trimEnd() : HINTS[hint],
    ...(observed[0] === undefined ? [] : [`seen as ${observed[0]}`]),
    ...(places === null ? [] : [`relay for ${places.used} of ${places.limit}`]),
  ]
    .filter((part) => part !== '')
    .join(' · ')
}

const SPACES = {
  low: 'little room on the disk: nothing more is kept for others',
  'own-only': 'hardly any room on the disk: only own records are kept',
  full: 'the disk is full: free some space, there is no need to restart',
} as const satisfies Record<Exclude<Space['state'], 'plenty'>, string>

function formatSpace({ state, freeBytes }: Space): string {
  const free = freeBytes === null ? '' : ` · ${formatBytes(freeBytes)} free`
  return state === 'plenty' ? '' : `${SPACES[state]}${free}`
}

function formatUse(bytes: number, budget: number | undefined): string {
  return budget === undefined ? formatBytes(bytes) : `${formatBytes(bytes)} of ${formatBytes(budget)}`
}

function formatDay({ day, receivedBytes, sentBytes, parts }: TrafficDay): string {
  const of = Object.entries(parts)
    .map(([part, flow]) => `${part} ${formatBytes(flow.receivedBytes + flow.sentBytes)}`)
    .join(', ')
  return `${day}: received ${formatBytes(receivedBytes)}, sent ${formatBytes(sentBytes)} · ${of}`
}

function formatBans({ count, reasons }: BanSum): string {
  const why = Object.entries(reasons).map(([reason, of]) => `${reason} ${of}`)
  return `${count} ${count === 1 ? 'peer is' : 'peers are'} kept out (${why.join(', ')}): see palabre bans`
}

function formatReplacement({ at }: DeviceReplacement): string {
  const when = new Date(at).toISOString().slice(0, 16).replace('T', ' ')
  return `a copy of this data directory signs elsewhere, or did: since ${when} this device has a new key; nothing was lost. Stop the copy, or see the devices page`
}

function formatDamage({ at, files }: NonNullable<NetworkStatus['storage']['damage']>): string {
  const when = new Date(at).toISOString().slice(0, 16).replace('T', ' ')
  return `${files.join(', ')} ${files.length === 1 ? 'was' : 'were'} damaged on this disk and made anew on ${when}; what is missing is asked of others. The old files lie in the folder "damaged" for a month. Look after the disk`
}

function formatClockWarning(offsetMs: number): string {
  const minutes = Math.max(2, Math.round(Math.abs(offsetMs) / 60_000))
  return `this computer's clock is about ${minutes} minutes ${offsetMs > 0 ? 'ahead of' : 'behind'} the seeds: set it right, or what you write is held back or shown at the wrong place`
}

function formatCatchUp(catchUp: CatchUp, { peers }: NetworkStatus): string {
  const { received, expected, ratePerSecond, secondsLeft } = catchUp
  const names = new Map(peers.map(({ peerId, name }) => [peerId, name]))
  return [
    `catching up: ${received} of about ${expected} records`,
    formatPace(received, ratePerSecond),
    ...(secondsLeft === null ? [] : [formatLeft(secondsLeft)]),
    `from ${catchUp.peers.map(({ peerId }) => names.get(peerId) || peerId).join(', ')}`,
  ].join(' · ')
}

/** How far an archive is taken in; one line, also for a terminal on which it is drawn again and again. */
export function formatImport(view: ImportView): string {
  const { file, doneBytes, totalBytes, ratePerSecond, secondsLeft, records } = view
  const percent = Math.floor((100 * doneBytes) / Math.max(1, totalBytes))
  return [
    `importing ${file}: ${percent} % of ${formatBytes(totalBytes)}`,
    `${records.added} records new, ${records.known} here already, ${countRefused(view)} not kept`,
    ...(ratePerSecond > 0 ? [`${Math.max(1, Math.round(ratePerSecond))} a second`] : []),
    ...(secondsLeft === null ? [] : [formatLeft(secondsLeft)]),
  ].join(' · ')
}

export function formatExport({ file, authors, records, bytes, scope }: ExportView): string {
  const people = scope === 'own' ? [] : [`${authors} people`]
  return [`writing ${file}`, ...people, `${records} records`, formatBytes(bytes)].join(' · ')
}

export function countRefused({ refused }: ImportView): number {
  return refused.reduce((sum, { count }) => sum + count, 0)
}

function formatPeer({ role, name, peerId, address, isRelayed }: NetworkStatus['peers'][number]): string {
  return `${role} ${name || peerId} · ${isRelayed === true ? 'relayed · ' : ''}${address}`
}

function formatPace(received: number, ratePerSecond: number): string {
  if (ratePerSecond > 0) return `${Math.max(1, Math.round(ratePerSecond))} a second`
  return received === 0 ? 'identity chains come first' : 'nothing comes at the moment'
}

export function formatLeft(seconds: number): string {
  if (seconds < 60) return 'less than a minute left'
  const [count, unit] = seconds < 5_400 ? [Math.round(seconds / 60), 'minute'] : [Math.round(seconds / 3_600), 'hour']
  return `about ${count} ${unit}${count === 1 ? '' : 's'} left`
}

export function formatBytes(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB']
  let value = bytes
  let unit = 0
  while (value >= 1_024 && unit < units.length - 1) {
    value /= 1_024
    unit++
  }
  return `${unit === 0 ? value : value.toFixed(1)} ${units[unit]}`
}
