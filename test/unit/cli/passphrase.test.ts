import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, openSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { askHidden, readSecretFd, readSecretFile } from '../../../cli/passphrase.ts'
import { passphrasePlace } from '../../../cli/passphrase-options.ts'
import { makeTempDir } from '../../harness/temp-dir.ts'

const OPTION = '--passphrase-file'
const MODULE = new URL('../../../cli/passphrase.ts', import.meta.url).href

function secretFile(content: string | Uint8Array, mode = 0o600): string {
  const path = join(makeTempDir(), 'secret')
  writeFileSync(path, content)
  chmodSync(path, mode)
  return path
}

describe('readSecretFile', () => {
  it.each([
    ['one line', 'lime tree', 'lime tree'],
    ['the first of two', 'lime tree\nsecond\n', 'lime tree'],
    ['the end of a line as Windows writes it', 'lime tree\r\n', 'lime tree'],
    ['a mark at the beginning', '\ufefflime tree\n', 'lime tree'],
    ['white space', ' lime\ttree \n', ' lime\ttree '],
    ['nothing', '', ''],
  ])('takes %s', async (_, content, line) => {
    expect(await readSecretFile(OPTION, secretFile(content))).toBe(line)
  })

  it('takes a file that not even its owner can write, and a link to one', async () => {
    const path = secretFile('lime tree', 0o400)
    expect(await readSecretFile(OPTION, path)).toBe('lime tree')
    symlinkSync(path, `${path}.link`)
    expect(await readSecretFile(OPTION, `${path}.link`)).toBe('lime tree')
  })

  it.runIf(process.platform !== 'win32').each([0o640, 0o604, 0o644, 0o620, 0o601])(
    'refuses a file of mode %o',
    async (mode) => {
      await expect(readSecretFile(OPTION, secretFile('lime tree', mode))).rejects.toMatchObject({
        code: 'secret-unreadable',
        message: expect.stringContaining('chmod 600'),
      })
    },
  )

  it('refuses what is missing, a folder, more than 4 KiB, and bytes that are no text, without quoting them', async () => {
    const big = secretFile('x'.repeat(4_097))
    const binary = secretFile(Uint8Array.of(0x6c, 0xff, 0x6d))
    for (const path of ['/nowhere/secret', makeTempDir(), big, binary]) {
      const error: unknown = await readSecretFile(OPTION, path).catch((reason: unknown) => reason)
      expect(error).toMatchObject({ code: 'secret-unreadable', message: expect.stringContaining(path) })
      expect(String(error)).not.toMatch(/xxx|l.m$/)
    }
    expect(await readSecretFile(OPTION, secretFile('x'.repeat(4_096)))).toHaveLength(4_096)
  })

  it.runIf(process.platform !== 'win32')('refuses a named pipe without waiting for a writer', async () => {
    const path = join(makeTempDir(), 'pipe')
    spawnSync('mkfifo', ['-m', '600', path])
    await expect(readSecretFile(OPTION, path)).rejects.toMatchObject({ code: 'secret-unreadable' })
  })
})

describe('readSecretFd', () => {
  it('reads a file, and refuses a number under which nothing is open', async () => {
    expect(await readSecretFd('--passphrase-fd', openSync(secretFile('lime tree\nrest'), 'r'))).toBe('lime tree')
    await expect(readSecretFd('--passphrase-fd', 1_023)).rejects.toMatchObject({ code: 'secret-unreadable' })
    await expect(readSecretFd('--passphrase-fd', openSync(makeTempDir(), 'r'))).rejects.toMatchObject({
      code: 'secret-unreadable',
    })
  })

  it.each([0, 3])('reads the line of a pipe as descriptor %i, though its other end stays open', async (fd) => {
    const script = `const { readSecretFd } = await import(${JSON.stringify(MODULE)})
      process.stdout.write(await readSecretFd('fd', ${fd}))`
    const stdio = ['pipe', 'pipe', 'inherit', 'pipe'] as const
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: [...stdio] })
    let said = ''
    child.stdout?.setEncoding('utf8').on('data', (part: string) => {
      said += part
    })
    const pipe = child.stdio[fd] as PassThrough
    pipe.write('lime ')
    pipe.write('tree\nmore')
    const [code] = (await once(child, 'close')) as [number]
    expect({ code, said }).toEqual({ code: 0, said: 'lime tree' })
  })
})

describe('askHidden', () => {
  async function ask(...typed: (string | Buffer)[]) {
    const modes: boolean[] = []
    const input = Object.assign(new PassThrough(), { setRawMode: (isRaw: boolean) => modes.push(isRaw) })
    const output = new PassThrough()
    const answer = askHidden('Passphrase: ', { input, output })
    for (const piece of typed) input.write(piece)
    const text = await answer
    return { text, modes, shown: String(output.read()) }
  }

  it('shows nothing of what is typed and gives the terminal back', async () => {
    expect(await ask('li', 'me\r')).toEqual({ text: 'lime', modes: [true, false], shown: 'Passphrase: \n' })
  })

  it('knows erasing, letters that come in halves, and whole lines', async () => {
    expect((await ask('lix\u007fmex\b\n')).text).toBe('lime')
    expect((await ask('wrong\u0015tree\n')).text).toBe('tree')
    const [first, second] = [Buffer.from('é').subarray(0, 1), Buffer.from('é').subarray(1)]
    expect((await ask(first, second, '\u0000t\n')).text).toBe('ét')
  })

  it.each(['\u0003', '\u0004', 'half\u0003', '\r'])('takes %j for giving up', async (typed) => {
    expect((await ask(typed)).text).toBeNull()
  })
})

describe('passphrasePlace', () => {
  it('takes a file or a descriptor, not both, and none that is for output', () => {
    expect(passphrasePlace({}, '')).toBeNull()
    expect(passphrasePlace({ 'passphrase-file': 'f' }, '')).toEqual({ option: '--passphrase-file', file: 'f' })
    expect(passphrasePlace({ 'current-passphrase-fd': '3' }, 'current-')).toEqual({
      option: '--current-passphrase-fd',
      fd: 3,
    })
    for (const values of [
      { 'passphrase-file': 'f', 'passphrase-fd': '3' },
      { 'passphrase-fd': '1' },
      { 'passphrase-fd': 'x' },
    ]) {
      expect(() => passphrasePlace(values, '')).toThrow('passphrase-fd')
    }
  })
})
