import { chmod, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openVault } from '../../core/identity/vault.ts'
import { wordsFromEntropy } from '../../core/identity/words.ts'
import { AccountService } from '../../core/node/account-service.ts'
import { silentLogger } from '../../core/util/logger.ts'
import { systemRandom } from '../../core/util/random.ts'
import { type Finished, HostProcess, runPalabre } from '../harness/cli-process.ts'
import { makeTempDir } from '../harness/temp-dir.ts'

async function secretFile(text: string): Promise<string> {
  const path = join(makeTempDir(), 'secret')
  await writeFile(path, `${text}\n`)
  await chmod(path, 0o600)
  return path
}

/** A data directory with an account whose words are still there. */
async function makeAccount(): Promise<string> {
  const dataDir = makeTempDir()
  const components = { logger: silentLogger, random: systemRandom, events: { publish() {} } }
  const account = new AccountService(components, { dataDir, domain: 'palabre' })
  await account.open()
  await account.settle(
    { adopt: async () => {}, introduce: async () => {} },
    { profile: async () => ({ name: '' }) as never },
  )
  await account.create('Nour')
  return dataDir
}

function errorOf({ stdout }: Finished): unknown {
  return (JSON.parse(stdout) as { error: unknown }).error
}

describe('palabre protect', () => {
  it('sets, changes and removes the passphrase, from files, descriptors and words', async () => {
    const [one, two] = [await secretFile('one'), await secretFile('two')]
    const data = await makeAccount()
    const { wordsEntropy } = openVault(await readFile(join(data, 'vault')))
    const words = await secretFile(wordsFromEntropy(wordsEntropy ?? new Uint8Array()).join(' '))
    const protect = (args: string[], stdin?: string) =>
      runPalabre(['protect', '--data', data, '--json', ...args], stdin === undefined ? {} : { stdin })

    expect(await protect(['--passphrase-file', one])).toMatchObject({
      code: 0,
      stdout: '{"protection":"passphrase"}\n',
    })
    expect(errorOf(await protect(['--passphrase-file', two]))).toMatchObject({
      code: 'vault-locked',
      message: expect.stringContaining('--current-passphrase-file'),
    })
    const wrong = await protect(['--passphrase-file', two, '--current-passphrase-file', two])
    expect(wrong.code).toBe(1)
    expect(errorOf(wrong)).toMatchObject({ code: 'wrong-passphrase' })
    expect(await protect(['--passphrase-file', two, '--current-passphrase-fd', '0'], 'one\n')).toMatchObject({
      code: 0,
    })
    expect(errorOf(await protect(['--remove', '--passphrase-file', one]))).toMatchObject({ code: 'wrong-passphrase' })
    expect(await protect(['--passphrase-file', one, '--words-file', words])).toMatchObject({ code: 0 })
    expect(await protect(['--remove', '--passphrase-file', one])).toMatchObject({
      code: 0,
      stdout: '{"protection":"open"}\n',
    })
    expect(openVault(await readFile(join(data, 'vault'))).wordsEntropy).toEqual(wordsEntropy)
  })

  it('says what is wrong with the command line, the files and the place', async () => {
    const data = await makeAccount()
    const before = await readFile(join(data, 'vault'))
    const protect = (...args: string[]) => runPalabre(['protect', '--data', data, '--json', ...args])
    const readable = await secretFile('one')
    await chmod(readable, 0o644)
    expect(errorOf(await protect('--passphrase-file', readable))).toMatchObject({ code: 'secret-unreadable' })
    expect(errorOf(await protect('--passphrase-file', await secretFile('')))).toMatchObject({ code: 'bad-passphrase' })
    expect(
      errorOf(await protect('--passphrase-file', readable, '--words-file', await secretFile('one two'))),
    ).toMatchObject({ code: 'bad-request' })
    for (const args of [
      [],
      ['--passphrase-file', readable, '--passphrase-fd', '0'],
      ['--passphrase', 'one'],
      ['one'],
    ]) {
      expect((await protect(...args)).code).toBe(2)
    }
    const nowhere = join(data, 'nowhere')
    const missing = await runPalabre(['protect', '--data', nowhere, '--passphrase-file', await secretFile('one')])
    expect(missing).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('no vault') })
    expect(await readFile(join(data, 'vault'))).toEqual(before)
  })
})

describe('palabre seed on a sealed vault', () => {
  it('needs the passphrase, says which options take it, and keeps protect away while it runs', async () => {
    const data = await makeAccount()
    const path = await secretFile('one')
    const seed = (...args: string[]) => runPalabre(['seed', '--data', data, '--json', ...args])
    const early = await seed('--passphrase-file', path)
    expect(early.code).toBe(1)
    expect(errorOf(early)).toMatchObject({ code: 'vault-unprotected' })
    expect(await runPalabre(['protect', '--data', data, '--passphrase-file', path])).toMatchObject({ code: 0 })

    const locked = await seed()
    expect(locked.code).toBe(1)
    expect(errorOf(locked)).toMatchObject({
      code: 'vault-locked',
      message: expect.stringMatching(/--passphrase-file FILE.*--passphrase-fd N/),
    })
    const wrong = await seed('--passphrase-file', await secretFile('two'))
    expect(wrong.code).toBe(1)
    expect(errorOf(wrong)).toMatchObject({ code: 'wrong-passphrase' })

    const host = await HostProcess.start(['seed', '--data', data, '--passphrase-file', path])
    try {
      expect(host.ready.profile).toMatch(/^12D3KooW/)
      const account = await runPalabre(['call', 'account.get', '--data', data])
      expect(JSON.parse(account.stdout)).toMatchObject({ protection: 'passphrase', wordsPending: true })
      const change = await runPalabre(['protect', '--data', data, '--remove', '--passphrase-file', path])
      expect(change).toMatchObject({ code: 4, stderr: expect.stringContaining('in use') })
    } finally {
      await host.stop()
    }
  })
})
