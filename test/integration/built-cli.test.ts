import { execFile } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildCli } from '../../scripts/build.ts'
import { HostProcess } from '../harness/cli-process.ts'

const main = join(import.meta.dirname, '..', '..', 'dist', 'cli', 'main.js')
const run = promisify(execFile)

describe('the built command line', () => {
  let home: string
  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'palabre-built-'))
    await buildCli({ say: () => {} })
  })
  afterAll(() => rm(home, { recursive: true, force: true }))

  it('runs by itself', async () => {
    const { stdout } = await run(process.platform === 'win32' ? process.execPath : main, [
      ...(process.platform === 'win32' ? [main] : []),
      '--version',
    ])
    expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/)
  })

  it('runs a node with its store, and talks to it', async () => {
    const data = join(home, 'data')
    const host = await HostProcess.start(['start', '--data', data, '--name', 'Ada'], {}, main)
    const { stdout } = await run(process.execPath, [main, 'call', 'posts.create', '{"text":"built"}', '--data', data])
    expect(JSON.parse(stdout)).toMatchObject({ id: expect.stringMatching(/^bafyrei/) })
    expect(await host.stop()).toBe(0)
  })

  it('imports no part of Node.js that brings along what nobody asked for', async () => {
    const folder = join(main, '..', /\.\/(\w+)\//.exec(await readFile(main, 'utf8'))?.[1] ?? '')
    const files = (await readdir(folder)).filter((name) => name.endsWith('.js'))
    expect(files).toContain('square-worker.js')
    const texts = await Promise.all(files.map((name) => readFile(join(folder, name), 'latin1')))
    expect(texts.filter((text) => /^import .* from "(node:)?(https?|http2|crypto)"/m.test(text))).toEqual([])
    // One sign beyond these makes V8 keep a file in twice the room.
    expect(texts.filter((text) => /[^\0-\x7f]/.test(text))).toEqual([])
  })

  it('is built anew only when its sources changed', async () => {
    const before = await stat(main)
    const said: string[] = []
    await buildCli({ say: (line) => said.push(line) })
    expect(said).toEqual([])
    expect((await stat(main)).mtimeMs).toBe(before.mtimeMs)
  })
})
