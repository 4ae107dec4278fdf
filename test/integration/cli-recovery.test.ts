import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync } from 'node:fs'
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openVault } from '../../core/identity/vault.ts'
import { generateWordsEntropy, wordsFromEntropy } from '../../core/identity/words.ts'
import { connectLocal } from '../../core/node/local-client.ts'
import { HostProcess, runPalabre } from '../harness/cli-process.ts'
import { makeTempDir } from '../harness/temp-dir.ts'
import { eventually } from '../harness/wait.ts'

const POSTS = 12

const hosts: HostProcess[] = []
const folder = mkdtempSync(join(tmpdir(), 'palabre-test-'))
afterAll(async () => {
  await Promise.all(hosts.map((host) => host.stop('SIGKILL')))
  await rm(folder, { recursive: true, force: true, maxRetries: 5 })
})

async function start(kind: 'start' | 'seed', ...options: string[]): Promise<HostProcess> {
  const host = await HostProcess.start([kind, '--data', await mkdtemp(join(folder, 'node-')), ...options])
  hosts.push(host)
  return host
}

async function secretFile(text: string, mode = 0o600): Promise<string> {
  const path = join(makeTempDir(), 'secret')
  await writeFile(path, `${text}\n`)
  await chmod(path, mode)
  return path
}

/** A seed, and the words of somebody whose computer is gone. */
async function lose() {
  const seed = await start('seed')
  const [address] = seed.ready.addresses as [string]
  const lost = await start('start', '--name', 'Nour', '--peer', address)
  const { dataDir, profile } = lost.ready
  const { client, close } = await connectLocal(dataDir)
  for (let i = 0; i < POSTS; i++) await client.posts.create({ text: `post ${i}` })
  await eventually('the seed keeps it', async () => {
    const { storage } = await client.network.status()
    return storage.ownUnheld === 0 && storage.ownRecords > POSTS
  })
  await close()
  const { wordsEntropy } = openVault(await readFile(join(dataDir, 'vault')))
  if (wordsEntropy === null) throw new Error('no words')
  await lost.stop('SIGKILL')
  await rm(dataDir, { recursive: true })
  return { address, profile, words: wordsFromEntropy(wordsEntropy).join(' ') }
}

describe('palabre recover', () => {
  let lost: Awaited<ReturnType<typeof lose>>
  /** A node without an account. */
  let empty: HostProcess
  beforeAll(async () => {
    ;[lost, empty] = await Promise.all([lose(), start('start')])
  })

  it('brings the account back and says how far it is', async () => {
    const { address, profile, words } = lost
    const next = await start('start')
    const data = ['--data', next.ready.dataDir]
    const file = await secretFile(words)
    const done = await runPalabre(['recover', '--secret-file', file, '--peer', address, '--name', 'new one', ...data])
    expect(done).toMatchObject({ code: 0, stderr: '' })
    const lines = done.stdout.trim().split('\n')
    expect(lines[0]).toMatch(/^Looking for the account/)
    expect(lines.at(-3)).toMatch(/^Nour is here · (\d+) of \1 records · 0 of 0 pictures · follows 0$/)
    expect(done.stdout).not.toContain(words.split(' ').slice(0, 3).join(' '))
    const items = (await runPalabre(['timeline', '--profile', String(profile), '--json', ...data])).stdout.trim()
    expect(items.split('\n')).toHaveLength(POSTS)

    const again = await runPalabre(['recover', '--secret-fd', '0', '--json', ...data], { stdin: words })
    expect(again.code).toBe(1)
    expect(JSON.parse(again.stdout)).toMatchObject({ error: { code: 'account-exists' } })

    const right = await runPalabre(['rehearse', '--words-fd', '0', ...data], { stdin: `${words}\n` })
    expect(right).toMatchObject({ code: 0, stdout: 'These are the 24 words of this account.\n' })
    const others = wordsFromEntropy(generateWordsEntropy()).join(' ')
    const wrong = [others, 'palabre'].map((typed) => {
      return runPalabre(['rehearse', '--words-fd', '0', '--json', ...data], { stdin: typed })
    })
    const ends = (await Promise.all(wrong)).map(({ code, stdout }) => [code, JSON.parse(stdout).result])
    expect(ends).toEqual([
      [1, 'other-account'],
      [1, 'not-words'],
    ])
    expect(next.stderr).not.toContain(words.split(' ').slice(0, 3).join(' '))
  })

  it('prints a status a line as JSON, and follows the account to its end', async () => {
    const { address, profile, words } = lost
    const next = await start('start')
    const args = ['recover', '--secret-fd', '0', '--peer', address, '--json', '--data', next.ready.dataDir]
    const { code, stdout } = await runPalabre(args, { stdin: words })
    expect(code).toBe(0)
    const statuses = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { step: string; profile: unknown })
    expect(statuses[0]).toMatchObject({ step: 'looking', by: 'words' })
    expect(statuses.at(-1)).toMatchObject({ step: 'done', profile, name: 'Nour', failure: null })
  })

  it('ends the search at Ctrl-C (RCV8)', async () => {
    const words = wordsFromEntropy(generateWordsEntropy()).join(' ')
    const main = join(import.meta.dirname, '..', '..', 'cli', 'main.ts')
    const child = spawn(process.execPath, [
      ...[main, 'recover', '--secret-fd', '0', '--json', '--data', empty.ready.dataDir],
    ])
    child.stdin.end(words)
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
    expect(JSON.parse((await lines.next()).value ?? '')).toMatchObject({ step: 'looking' })
    child.kill('SIGINT')
    expect(JSON.parse((await lines.next()).value ?? '')).toMatchObject({ error: { code: 'cancelled' } })
    expect(((await once(child, 'close')) as [number])[0]).toBe(1)
    const { client, close } = await connectLocal(empty.ready.dataDir)
    expect(await client.recovery.status()).toMatchObject({ step: 'failed', failure: 'cancelled' })
    await close()
  })

  it('says what is wrong with what it was given', async () => {
    const data = ['--data', empty.ready.dataDir]
    const typed = await runPalabre(['recover', '--secret-fd', '0', ...data], { stdin: 'palabre' })
    expect(typed).toMatchObject({ code: 1, stdout: '' })
    expect(typed.stderr).toContain('neither 24 words of the list nor a paper key')
    const open = await secretFile('palabre', 0o644)
    expect((await runPalabre(['recover', '--secret-file', open, ...data])).stderr).toContain('open to others')
    const wrong = [[], ['--secret-fd', '1'], ['--secret-fd', '0', '--secret-file', open], ['palabre']]
    const ends = await Promise.all(wrong.map((args) => runPalabre(['recover', ...args, ...data])))
    expect(ends.map(({ code }) => code)).toEqual([2, 2, 2, 2])
    expect((await runPalabre(['rehearse', ...data])).code).toBe(2)
    const nobody = await runPalabre(['rehearse', '--words-fd', '0', ...data], { stdin: 'palabre' })
    expect(nobody.stderr).toContain('no account')
    const nowhere = ['--data', join(makeTempDir(), 'nobody')]
    expect((await runPalabre(['recover', '--secret-fd', '0', ...nowhere], { stdin: 'x' })).code).toBe(3)
  })
})
