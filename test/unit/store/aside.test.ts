import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { forgetAside, moveAside } from '../../../core/store/aside.ts'
import { makeTempDir } from '../../harness/temp-dir.ts'

const DAY_MS = 86_400_000

function makeDatabase(dataDir: string): string {
  const path = join(dataDir, 'square.db')
  for (const suffix of ['', '-wal', '-shm']) writeFileSync(path + suffix, `square${suffix}`)
  return path
}

describe('moveAside', () => {
  it('takes the log along and leaves nothing behind', () => {
    const path = makeDatabase(makeTempDir())
    const kept = moveAside(path, 1_000)
    for (const suffix of ['', '-wal', '-shm']) {
      expect(existsSync(path + suffix)).toBe(false)
      expect(existsSync(kept + suffix)).toBe(true)
    }
  })

  it('keeps the newest two of each name', () => {
    const dataDir = makeTempDir()
    for (const at of [900, 1_000, 20_000]) moveAside(makeDatabase(dataDir), at)
    writeFileSync(join(dataDir, 'own.db'), 'own')
    moveAside(join(dataDir, 'own.db'), 500)
    expect(readdirSync(join(dataDir, 'damaged')).sort()).toEqual(['1000-square.db', '20000-square.db', '500-own.db'])
  })
})

describe('forgetAside', () => {
  it('removes what has lain there for a month, and nothing else', () => {
    const dataDir = makeTempDir()
    moveAside(makeDatabase(dataDir), DAY_MS)
    moveAside(makeDatabase(dataDir), 20 * DAY_MS)
    mkdirSync(join(dataDir, 'damaged', 'mine'))
    forgetAside(dataDir, 40 * DAY_MS)
    expect(readdirSync(join(dataDir, 'damaged')).sort()).toEqual([`${20 * DAY_MS}-square.db`, 'mine'])
    forgetAside(makeTempDir(), 0)
  })
})
