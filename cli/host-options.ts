import { MAX_BUDGET_BYTES, MIN_BUDGET_BYTES } from '../core/contract/figures.ts'
import { parsePeerId } from '../core/identity/peer-id.ts'
import { parseProfileLink } from '../core/record/links.ts'
import { type CommandOption, dataOption, numberOf, type OptionValues, textOf, textsOf, UsageError } from './command.ts'
import { type PassphrasePlace, passphraseOptions, passphrasePlace } from './passphrase-options.ts'

/** Options of `start` and `seed`: both take all of them. */
export const hostOptions = {
  data: dataOption,
  name: {
    type: 'string',
    value: 'NAME',
    help: 'make an account with this name where the data directory has none',
  },
  ...passphraseOptions(''),
  listen: {
    type: 'string',
    multiple: true,
    value: 'ADDR',
    help: 'multiaddr to listen on (default: the port of last time, else a free one)',
  },
  announce: { type: 'string', multiple: true, value: 'ADDR', help: 'multiaddr under which others reach this node' },
  'relay-places': {
    type: 'string',
    value: 'N',
    help: 'people behind NATs whose connections it passes on, 0 for none (default 0, a seed 512)',
  },
  peer: { type: 'string', multiple: true, value: 'ADDR', help: 'multiaddr or palabre: link to dial and keep' },
  network: {
    type: 'string',
    value: 'NAME',
    help: 'local, public or a descriptor file (default: PALABRE_NETWORK, else public)',
  },
  port: { type: 'string', value: 'N', help: 'port of the window, 0 for any (default: that of last time, else any)' },
  pin: { type: 'string', multiple: true, value: 'PROFILE', help: 'keep everything of this person for good' },
  'records-budget': {
    type: 'string',
    value: 'SIZE',
    help: 'room for records, such as 20GiB (default 1GiB, a seed 10GiB)',
  },
  'media-budget': { type: 'string', value: 'SIZE', help: 'room for pictures (default 5GiB, a seed 50GiB)' },
  'author-quota': {
    type: 'string',
    value: 'SIZE',
    help: 'records of one author who is neither followed nor pinned (default 20MiB, a seed 256MiB)',
  },
  admit: { type: 'string', value: 'WHOM', help: 'whose records a seed keeps: all or pinned (default all)' },
  ui: { type: 'boolean', help: 'serve the window (start always does)' },
  'no-open': { type: 'boolean', help: 'do not open a browser' },
  json: { type: 'boolean', help: 'JSON lines on stdout, logs on stderr; the first line says when the node listens' },
} as const satisfies Record<string, CommandOption>

export interface HostOptions {
  readonly data: string | undefined
  readonly name: string | undefined
  /** Where the passphrase comes from, null where none was given. */
  readonly passphrase: PassphrasePlace | null
  readonly listen: readonly string[]
  readonly announce: readonly string[]
  /** Undefined: what its role does. */
  readonly relayPlaces: number | undefined
  readonly peers: readonly string[]
  readonly network: string
  /** Undefined: that of last time, else any. */
  readonly port: number | undefined
  /** Profile addresses. */
  readonly pins: readonly string[]
  readonly admit: 'all' | 'pinned'
  /** Bytes; what isn't given is as chosen in the window, else as for everybody. */
  readonly budgets: { readonly recordBytes?: number; readonly mediaBytes?: number; readonly strangerBytes?: number }
  readonly hasUi: boolean
  readonly mayOpen: boolean
  readonly isJson: boolean
  /** See NodeConfig; no option of the command line sets it. */
  readonly guardianDelayMs?: number
}

const MAX_NAME_BYTES = 128
const DEFAULT_NETWORK = 'public'
const UNITS = ['', 'KiB', 'MiB', 'GiB', 'TiB']
const MIN_QUOTA_BYTES = 1_048_576

/** The network that a command is for. */
export function networkOf(values: OptionValues, env: NodeJS.ProcessEnv = process.env): string {
  return textOf(values, 'network') ?? (env.PALABRE_NETWORK || DEFAULT_NETWORK)
}

/** @throws UsageError with the option that doesn't fit */
export function parseHostOptions(values: OptionValues, env: NodeJS.ProcessEnv = process.env): HostOptions {
  const name = textOf(values, 'name')?.trim()
  if (name === '' || Buffer.byteLength(name ?? '') > MAX_NAME_BYTES) {
    throw new UsageError(`--name takes 1 to ${MAX_NAME_BYTES} bytes`)
  }
  const admit = textOf(values, 'admit') ?? 'all'
  if (admit !== 'all' && admit !== 'pinned') throw new UsageError(`--admit takes all or pinned, got ${admit}`)
  return {
    data: textOf(values, 'data'),
    name,
    passphrase: passphrasePlace(values, ''),
    listen: textsOf(values, 'listen').map((address) => expectAddress('listen', address)),
    announce: textsOf(values, 'announce').map((address) => expectAddress('announce', address)),
    relayPlaces: numberOf(values, 'relay-places', 0, 4_096),
    peers: textsOf(values, 'peer').flatMap(
      (address) => parseProfileLink(address)?.addresses ?? [expectAddress('peer', address)],
    ),
    network: networkOf(values, env),
    port: numberOf(values, 'port', 0, 65_535),
    pins: textsOf(values, 'pin').map(expectProfile),
    admit,
    budgets: {
      ...sizeOf(values, 'records-budget', 'recordBytes', MIN_BUDGET_BYTES),
      ...sizeOf(values, 'media-budget', 'mediaBytes', MIN_BUDGET_BYTES),
      ...sizeOf(values, 'author-quota', 'strangerBytes', MIN_QUOTA_BYTES),
    },
    hasUi: values.ui === true,
    mayOpen: values['no-open'] !== true,
    isJson: values.json === true,
  }
}

/** @throws UsageError for what is no size, or too small or large a one */
function sizeOf<K extends string>(
  values: OptionValues,
  option: string,
  key: K,
  minBytes: number,
): { [P in K]?: number } {
  const text = textOf(values, option)
  if (text === undefined) return {}
  const [, digits, unit = ''] = /^(\d{1,9})(KiB|MiB|GiB|TiB)?$/.exec(text) ?? []
  const bytes = Number(digits) * 1_024 ** UNITS.indexOf(unit)
  if (digits === undefined || bytes < minBytes || bytes > MAX_BUDGET_BYTES) {
    const least = `${minBytes / 1_048_576}MiB`
    throw new UsageError(
      `--${option} takes a size of ${least} or more, such as 500MiB or 20GiB, got ${JSON.stringify(text)}`,
    )
  }
  return { [key]: bytes } as { [P in K]?: number }
}

function expectAddress(option: string, address: string): string {
  if (!/^\/[a-z0-9]+\//.test(address)) {
    throw new UsageError(
      `--${option} takes a multiaddr such as /ip4/127.0.0.1/tcp/4001, got ${JSON.stringify(address)}`,
    )
  }
  return address
}

function expectProfile(text: string): string {
  const profile = parseProfileLink(text)?.profile ?? text
  if (!parsePeerId(profile)) throw new UsageError(`--pin takes a profile address, got ${JSON.stringify(text)}`)
  return profile
}
