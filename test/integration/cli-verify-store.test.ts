import { cpSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { runPalabre } from '../harness/cli-process.ts'
import { makeTempDir } from '../harness/temp-dir.ts'

function copyStore(): string {
  const dataDir = makeTempDir()
  cpSync(new URL('../fixtures/databases/v4', import.meta.url).pathname, dataDir, { recursive: true })
  return dataDir
}

function verify(dataDir: string, ...more: string[]) {
  return runPalabre(['verify', '--store', '--data', dataDir, '--network', 'public', ...more])
}

describe('palabre verify --store', () => {
  it('finds nothing in a store that is whole', async () => {
    const { code, stdout } = await verify(copyStore())
    expect(stdout).toContain('Nothing is damaged.')
    expect(code).toBe(0)
  })

  it('says what was damaged, makes it anew, and finds nothing the next time', async () => {
    const dataDir = copyStore()
    const path = join(dataDir, 'square.db')
    const bytes = readFileSync(path)
    const at = bytes.lastIndexOf('bonjour la place')
    bytes[at] = (bytes[at] as number) ^ 1
    writeFileSync(path, bytes)
    const first = await verify(dataDir, '--json')
    expect(first.code).toBe(1)
    expect(JSON.parse(first.stdout)).toMatchObject({ damaged: { records: 1 }, rebuilt: ['square.db'] })
    expect(existsSync(join(dataDir, 'damaged'))).toBe(true)
    const second = await verify(dataDir, '--json')
    expect(JSON.parse(second.stdout)).toMatchObject({ damaged: { records: 0, operations: 0, blocks: 0 }, rebuilt: [] })
    expect(second.code).toBe(0)
  })

  it('makes no store where there is none, and takes no file', async () => {
    const dataDir = makeTempDir()
    expect((await verify(dataDir)).code).toBe(1)
    expect(existsSync(join(dataDir, 'own.db'))).toBe(false)
    expect((await verify(dataDir, 'records.txt')).code).toBe(2)
  })
})
