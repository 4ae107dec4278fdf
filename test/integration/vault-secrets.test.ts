import { chmod, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { base58btc } from 'multiformats/bases/base58'
import { afterEach, describe, expect, it } from 'vitest'
import { openVault, type VaultContent } from '../../core/identity/vault.ts'
import { passphraseOpener } from '../../core/identity/vault-slots.ts'
import { wordsFromEntropy, wordsKeyPair } from '../../core/identity/words.ts'
import { connectLocal } from '../../core/node/local-client.ts'
import { nativeKdf } from '../../core/node/native-kdf.ts'
import { HostProcess, runPalabre } from '../harness/cli-process.ts'
import { findSecrets, type KnownSecrets } from '../harness/secret-scan.ts'
import { makeTempDir } from '../harness/temp-dir.ts'

const PASSPHRASE = 'the lime tree at noon, été'
const LOUD = { PALABRE_LOG: 'debug' }

const hosts: HostProcess[] = []
afterEach(async () => {
  await Promise.all(hosts.splice(0).map((host) => host.stop('SIGKILL')))
})

async function startSeed(data: string, ...options: string[]): Promise<HostProcess> {
  const host = await HostProcess.start(['seed', '--data', data, '--name', 'Nour', ...options], LOUD)
  hosts.push(host)
  return host
}

async function post(data: string, text: string): Promise<void> {
  const { client, close } = await connectLocal(data)
  await client.posts.create({ text })
  await close()
}

async function secretFile(text: string): Promise<string> {
  const path = join(makeTempDir(), 'passphrase')
  await writeFile(path, `${text}\n`)
  await chmod(path, 0o600)
  return path
}

async function openedVault(data: string, passphrase?: string): Promise<VaultContent> {
  const openers = passphrase === undefined ? [] : [passphraseOpener(passphrase, nativeKdf)]
  return openVault(await readFile(join(data, 'vault')), openers)
}

function secretsOf({ deviceSeed, sealSeed, wordsEntropy, lock }: VaultContent): KnownSecrets {
  if (wordsEntropy === null || lock === undefined) throw new Error('the vault holds no words')
  const wordsSeed = wordsKeyPair(wordsEntropy).secretKey
  return {
    keys: { deviceSeed, sealSeed, wordsEntropy, wordsSeed, dataKey: lock.dataKey },
    words: wordsFromEntropy(wordsEntropy),
    texts: { passphrase: PASSPHRASE },
  }
}

/** What a running node leaves in its directory is there to be searched. */
async function expectLivedIn(data: string): Promise<void> {
  const names = await readdir(data, { recursive: true })
  expect(names).toEqual(expect.arrayContaining(['vault', 'vault.previous', 'own.db', 'own.db-wal', 'square.db-wal']))
  expect(names.some((name) => /^logs.palabre.*\.log$/.test(name))).toBe(true)
}

describe('a data directory whose vault was sealed from the start', () => {
  it('holds no secret in any encoding, after posts, a stop and a kill', async () => {
    const data = makeTempDir()
    const option = ['--passphrase-file', await secretFile(PASSPHRASE)]
    const first = await startSeed(data, ...option)
    await post(data, 'before the stop')
    expect(await first.stop()).toBe(0)
    const second = await startSeed(data, ...option)
    await post(data, 'before the kill')
    await second.stop('SIGKILL')
    await expectLivedIn(data)
    expect(await findSecrets(data, secretsOf(await openedVault(data, PASSPHRASE)))).toEqual([])
  })
})

describe('a data directory that was protected later', () => {
  it('gives its key away before and not after, neither the old one nor the new one', async () => {
    const data = makeTempDir()
    const open = await startSeed(data)
    await post(data, 'in the open')
    await open.stop('SIGKILL')
    await expectLivedIn(data)
    const before = secretsOf(await openedVault(data))
    // The control: the search finds the key that lies open.
    expect(await findSecrets(data, before)).toEqual(
      ['vault', 'vault.previous'].map((file) => ({ file, secret: 'dataKey', encoding: 'raw' })),
    )
    const path = await secretFile(PASSPHRASE)
    expect(await runPalabre(['protect', '--data', data, '--passphrase-file', path])).toMatchObject({ code: 0 })
    const sealed = await startSeed(data, '--passphrase-file', path)
    await post(data, 'behind the passphrase')
    await sealed.stop('SIGKILL')
    await expectLivedIn(data)
    const after = secretsOf(await openedVault(data, PASSPHRASE))
    expect(after.keys.deviceSeed).toEqual(before.keys.deviceSeed)
    expect(after.keys.dataKey).not.toEqual(before.keys.dataKey)
    expect([...(await findSecrets(data, before)), ...(await findSecrets(data, after))]).toEqual([])
  })
})

describe('findSecrets', () => {
  it('finds a key however it is written, and words however they are joined', async () => {
    const key = Uint8Array.from({ length: 32 }, (_, i) => (i * 37 + 11) & 0xff)
    const words = wordsFromEntropy(key)
    const bytes = Buffer.from(key)
    const hidden: Record<string, string | Uint8Array> = {
      raw: Buffer.concat([Buffer.of(1), bytes, Buffer.of(2)]),
      hex: `key=${bytes.toString('hex')}`,
      HEX: bytes.toString('hex').toUpperCase(),
      base64: bytes.toString('base64'),
      'base64-inside': Buffer.concat([Buffer.from('ab'), bytes, Buffer.from('c')]).toString('base64'),
      base64url: Buffer.concat([Buffer.from('a'), bytes]).toString('base64url'),
      base58: base58btc.encode(bytes),
      decimal: JSON.stringify([...bytes]),
      words: words.join(' '),
      'words.json': JSON.stringify(words),
      'some-words': words.slice(9, 12).join(', '),
    }
    const folder = makeTempDir()
    for (const [name, content] of Object.entries(hidden)) await writeFile(join(folder, name), content)
    await writeFile(join(folder, 'innocent'), `${words[3]} ${words[5]} ${bytes.toString('hex').slice(2, 40)}`)
    const findings = await findSecrets(folder, { keys: { key }, words })
    expect([...new Set(findings.map(({ file }) => file))].sort()).toEqual(Object.keys(hidden).sort())
  })
})
