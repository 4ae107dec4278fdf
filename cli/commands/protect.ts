import { access } from 'node:fs/promises'
import { join } from 'node:path'
import { normalizePassphrase } from '../../core/identity/passphrase.ts'
import { isVaultUnprotected } from '../../core/identity/vault.ts'
import { VaultLockedError } from '../../core/identity/vault-errors.ts'
import { entropyFromWords } from '../../core/identity/words.ts'
import { openDataDir, resolveDataDir } from '../../core/node/data-dir.ts'
import { DeviceVault, type VaultSecrets } from '../../core/node/device-vault.ts'
import { BadRequestError, NotFoundError, PalabreError } from '../../core/util/errors.ts'
import { silentLogger } from '../../core/util/logger.ts'
import { systemRandom } from '../../core/util/random.ts'
import { type Command, dataOption, EXIT, jsonOption, type OptionValues, textOf, UsageError } from '../command.ts'
import { printJson, printLine } from '../output.ts'
import { askHidden, canAsk, readPassphrase, readSecretFile } from '../passphrase.ts'
import { type PassphrasePlace, passphraseOptions, passphrasePlace } from '../passphrase-options.ts'

interface ProtectOptions {
  readonly isRemoval: boolean
  /** The passphrase that the vault is to have. */
  readonly next: PassphrasePlace | null
  /** The one that it has. */
  readonly current: PassphrasePlace | null
  readonly wordsFile: string | null
}

export const protectCommand: Command = {
  usage: 'protect [options]',
  help: `Sets or changes the passphrase that the keys in the data directory are sealed with, while no node is running
there; --remove takes it away. A vault that is locked is opened with its current passphrase, or with the 24 words.
What is not given by an option is asked on the terminal. Nobody can bring back a passphrase that is forgotten.`,
  options: {
    data: dataOption,
    ...passphraseOptions('', 'the passphrase to set; with --remove, the current one'),
    ...passphraseOptions('current-', 'the passphrase that the vault has now'),
    'words-file': {
      type: 'string',
      value: 'FILE',
      help: 'open the vault with the 24 words: first line of a file that only you can read (0600)',
    },
    remove: { type: 'boolean', help: 'leave the keys readable to whoever reads the data directory' },
    json: jsonOption,
  },
  positionals: [],
  async run({ values }) {
    const options = parseOptions(values)
    const dataDir = resolveDataDir(textOf(values, 'data'))
    await expectVault(dataDir)
    const secrets = await toSecrets(options)
    const given = options.next === null ? null : checked(await readPassphrase(options.next))
    const protection = await changeVault(dataDir, secrets, async () => {
      return options.isRemoval ? null : (given ?? (await askNext()))
    })
    if (values.json === true) await printJson({ protection })
    else await printLine(protection === 'open' ? 'The keys lie open now.' : 'The keys are sealed with the passphrase.')
    return EXIT.done
  },
}

function parseOptions(values: OptionValues): ProtectOptions {
  const isRemoval = values.remove === true
  const given = passphrasePlace(values, '')
  const named = passphrasePlace(values, 'current-')
  const wordsFile = textOf(values, 'words-file') ?? null
  if (isRemoval && given !== null && named !== null) throw new UsageError('--remove takes one passphrase, the current')
  const current = named ?? (isRemoval ? given : null)
  if (current !== null && wordsFile !== null) throw new UsageError('one of passphrase and words opens the vault')
  if (given !== null && named !== null && 'fd' in given && 'fd' in named && given.fd === named.fd) {
    throw new UsageError('two passphrases take two descriptors')
  }
  const next = isRemoval ? null : given
  if (!isRemoval && next === null && !canAsk()) {
    throw new UsageError('no passphrase: give --passphrase-file FILE or --passphrase-fd N, or run it on a terminal')
  }
  return { isRemoval, next, current, wordsFile }
}

async function expectVault(dataDir: string): Promise<void> {
  await access(join(dataDir, 'vault'))
    .catch(() => access(join(dataDir, 'vault.previous')))
    .catch(() => {
      throw new NotFoundError(
        `there is no vault in ${dataDir} yet; \`palabre start\` and \`palabre seed\` take --passphrase-file at the first start`,
      )
    })
}

async function toSecrets({ current, wordsFile }: ProtectOptions): Promise<VaultSecrets> {
  if (current !== null) return { passphrase: await readPassphrase(current) }
  if (wordsFile !== null) {
    const wordsEntropy = entropyFromWords(await readSecretFile('--words-file', wordsFile))
    if (wordsEntropy === undefined) {
      throw new BadRequestError(`--words-file ${wordsFile} does not hold 24 words in one line, or one is misspelt`)
    }
    return { wordsEntropy }
  }
  if (!canAsk()) return {}
  return {
    ask: (attempt) => askHidden(attempt === 1 ? 'Current passphrase: ' : 'That is not it. Current passphrase: '),
  }
}

async function askNext(): Promise<string> {
  const first = await askHidden('New passphrase: ')
  if (first === null) throw new PalabreError('bad-passphrase', 'no passphrase was given; nothing was changed')
  if ((await askHidden('The same again: ')) !== first) {
    throw new PalabreError('bad-passphrase', 'the two were not the same; nothing was changed')
  }
  return checked(first)
}

/** The same, or the reason why it can't be a passphrase, before anything is changed. */
function checked(passphrase: string): string {
  normalizePassphrase(passphrase)
  return passphrase
}

/** `choose` is called once the vault is open; null leaves it open to everybody. */
async function changeVault(
  path: string,
  secrets: VaultSecrets,
  choose: () => Promise<string | null>,
): Promise<'open' | 'passphrase'> {
  const dataDir = await openDataDir(path)
  try {
    const vault = new DeviceVault({ logger: silentLogger, random: systemRandom, secrets }, { dataDir: dataDir.path })
    const content = await vault.open().catch(sayHowToOpen)
    if (content === null) throw new NotFoundError(`there is no vault in ${path}`)
    const next = await choose()
    const after = await (next === null ? vault.removePassphrase(content) : vault.setPassphrase(content, next))
    return isVaultUnprotected(after) ? 'open' : 'passphrase'
  } finally {
    await dataDir.release()
  }
}

function sayHowToOpen(error: unknown): never {
  if (!(error instanceof VaultLockedError) || !error.slotTypes.includes('passphrase')) throw error
  throw new PalabreError(
    'vault-locked',
    'the vault is locked with a passphrase: give --current-passphrase-file FILE, --current-passphrase-fd N or --words-file FILE',
    { cause: error },
  )
}
