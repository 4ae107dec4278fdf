import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdir, mkdtemp, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { DataDirInUseError, openDataDir, readLock, resolveDataDir, socketPathOf } from '../../../core/node/data-dir.ts'

let home: string
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'palabre-dir-'))
})
afterEach(async () => {
  await chmod(home, 0o700)
  await rm(home, { recursive: true, force: true })
})

const writeLock = (path: string, pid: number) =>
  writeFile(join(path, 'lock'), JSON.stringify({ pid, socket: join(path, 'palabre.sock') }))

/** The pid of a process that has ended. */
async function deadPid(): Promise<number> {
  const child = spawn(process.execPath, ['-e', ''])
  await once(child, 'exit')
  return child.pid as number
}

describe('resolveDataDir', () => {
  const on = (platform: NodeJS.Platform, env: Record<string, string> = {}) => ({ platform, env, home: '/home/ada' })

  it('follows the convention of each system', () => {
    expect(resolveDataDir(undefined, on('linux'))).toBe('/home/ada/.local/share/palabre')
    expect(resolveDataDir(undefined, on('linux', { XDG_DATA_HOME: '/data' }))).toBe('/data/palabre')
    expect(resolveDataDir(undefined, on('linux', { XDG_DATA_HOME: 'data' }))).toBe('/home/ada/.local/share/palabre')
    expect(resolveDataDir(undefined, on('darwin'))).toBe('/home/ada/Library/Application Support/Palabre')
  })

  it('prefers the argument, then PALABRE_DATA', () => {
    expect(resolveDataDir(undefined, on('linux', { PALABRE_DATA: '/elsewhere' }))).toBe('/elsewhere')
    expect(resolveDataDir('/given', on('linux', { PALABRE_DATA: '/elsewhere' }))).toBe('/given')
  })
})

describe('socketPathOf', () => {
  it('lies in the data directory while that is short enough', () => {
    expect(socketPathOf('/tmp/a', 'linux')).toBe('/tmp/a/palabre.sock')
  })

  it('moves to a short place for a deep directory, another one for each', () => {
    const deep = `/tmp/${'deep/'.repeat(30)}a`
    expect(Buffer.byteLength(socketPathOf(deep, 'linux'))).toBeLessThanOrEqual(103)
    expect(socketPathOf(deep, 'linux')).not.toBe(socketPathOf(`${deep}b`, 'linux'))
  })

  it('is a named pipe on Windows', () => {
    expect(socketPathOf('/tmp/a', 'win32')).toMatch(/^\\\\\.\\pipe\\palabre-[0-9a-f]{24}$/)
  })
})

describe('openDataDir', () => {
  it('makes a directory that only its owner may enter, and a lock that names the process', async () => {
    const dir = await openDataDir(join(home, 'new', 'data'))
    expect((await stat(dir.path)).mode & 0o777).toBe(0o700)
    expect((await stat(join(dir.path, 'lock'))).mode & 0o777).toBe(0o600)
    expect((await stat(join(dir.path, 'lock.db'))).mode & 0o777).toBe(0o600)
    expect(await readLock(dir.path)).toEqual({ pid: process.pid, socket: dir.socketPath })
    await dir.release()
    await expect(readFile(join(dir.path, 'lock'))).rejects.toThrow('ENOENT')
  })

  it('closes a directory that others could read', async () => {
    await chmod(home, 0o755)
    const dir = await openDataDir(home)
    expect((await stat(home)).mode & 0o777).toBe(0o700)
    await dir.release()
  })

  it('refuses a directory that this process uses, and takes it after the release', async () => {
    const first = await openDataDir(home)
    await expect(openDataDir(home)).rejects.toThrow(DataDirInUseError)
    await first.release()
    const second = await openDataDir(home)
    await first.release()
    expect((await readLock(home))?.pid).toBe(process.pid)
    await second.release()
  })

  it('cleans up the lock and the socket of a process that died', async () => {
    await writeLock(home, await deadPid())
    await writeFile(join(home, 'palabre.sock'), '')
    const dir = await openDataDir(home)
    await expect(stat(dir.socketPath)).rejects.toThrow('ENOENT')
    await dir.release()
  })

  it('cleans up the lock of an earlier process with our own pid', async () => {
    await writeLock(home, process.pid)
    await (await openDataDir(home)).release()
  })

  it('cleans up a lock whose pid belongs to another program by now', async () => {
    const other = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60_000)'])
    await writeLock(home, other.pid as number)
    await (await openDataDir(home)).release()
    other.kill()
    await once(other, 'exit')
  })

  it('cleans up a lock that is no JSON', async () => {
    await writeFile(join(home, 'lock'), '\0\0\0')
    await (await openDataDir(home)).release()
  })

  it('lets exactly one of many in that find the same stale lock, every time', async () => {
    const program = `
      const { openDataDir } = await import(${JSON.stringify(join(import.meta.dirname, '../../../core/node/data-dir.ts'))})
      for await (const chunk of process.stdin) {
        const { home, at } = JSON.parse(String(chunk))
        while (Date.now() < at);
        await openDataDir(home).then(() => console.log('in'), (error) => console.log(error.code))
      }`
    const children = Array.from({ length: 4 }, () => spawn(process.execPath, ['--input-type=module', '-e', program]))
    const pid = await deadPid()
    try {
      for (let round = 0; round < 15; round++) {
        const folder = join(home, String(round))
        await mkdir(folder)
        await writeLock(folder, pid)
        const answers = Promise.all(children.map(async (child) => String((await once(child.stdout, 'data'))[0]).trim()))
        const at = Date.now() + 30
        for (const child of children) child.stdin.write(JSON.stringify({ home: folder, at }))
        expect((await answers).sort()).toEqual(['data-dir-in-use', 'data-dir-in-use', 'data-dir-in-use', 'in'])
      }
    } finally {
      for (const child of children) child.kill()
    }
  })

  it('is held by a process that names no socket yet for as long as it lives, and by nobody once it was killed', async () => {
    const program = `
      const { openDataDir } = await import(${JSON.stringify(join(import.meta.dirname, '../../../core/node/data-dir.ts'))})
      await openDataDir(${JSON.stringify(home)})
      await new Promise((resolve) => setImmediate(resolve))
      gc()
      await new Promise((resolve) => setImmediate(resolve))
      console.log('in')
      setInterval(() => {}, 60_000)`
    const child = spawn(process.execPath, ['--expose-gc', '--input-type=module', '-e', program])
    await once(child.stdout, 'data')
    await rm(join(home, 'lock'))
    await expect(openDataDir(home)).rejects.toMatchObject({ code: 'data-dir-in-use' })
    child.kill('SIGKILL')
    await once(child, 'exit')
    await (await openDataDir(home)).release()
  })

  it('follows a link to the directory, as a service manager makes it', async () => {
    await mkdir(join(home, 'private'))
    await symlink(join(home, 'private'), join(home, 'public'))
    const dir = await openDataDir(join(home, 'public'))
    await expect(openDataDir(join(home, 'private'))).rejects.toThrow(DataDirInUseError)
    expect((await stat(join(home, 'private'))).mode & 0o777).toBe(0o700)
    await dir.release()
  })

  it('says what is wrong with a directory that is a file', async () => {
    await writeFile(join(home, 'file'), '')
    await expect(openDataDir(join(home, 'file'))).rejects.toMatchObject({ code: 'data-dir-unusable' })
  })
})
