import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { LogFile } from '../../../../core/node/host/log-file.ts'
import { makeTempDir } from '../../../harness/temp-dir.ts'
import { eventually } from '../../../harness/wait.ts'

const LINE = `${'x'.repeat(99)}\n`

function filesIn(folder: string): string[] {
  return readdirSync(folder).sort()
}

describe('LogFile', () => {
  it('begins the next file when one is full, loses no line, and keeps as many old ones as it may', async () => {
    const folder = makeTempDir()
    const file = await LogFile.open({ folder, maxBytes: 1_000, oldFiles: 2 })
    for (let number = 1; number <= 5; number++) {
      const path = join(folder, `palabre.${number}.log`)
      expect(file.path).toBe(path)
      for (let i = 0; i < 10; i++) file.write(LINE)
      await eventually('the next one is begun', () => file.path !== path && existsSync(file.path))
      expect(readFileSync(path, 'utf8')).toBe(LINE.repeat(10))
    }
    file.write('the last word\n')
    await file.close()
    expect(filesIn(folder)).toEqual(['palabre.4.log', 'palabre.5.log', 'palabre.6.log'])
    expect(readFileSync(file.path, 'utf8')).toBe('the last word\n')
  })

  it('goes on where the run before it stopped, and takes its old files away too', async () => {
    const folder = makeTempDir()
    for (const number of [1, 2, 8, 9]) writeFileSync(join(folder, `palabre.${number}.log`), LINE.repeat(9))
    writeFileSync(join(folder, 'palabre.x.log'), 'not ours')
    const file = await LogFile.open({ folder, maxBytes: 1_000, oldFiles: 1 })
    file.write(LINE)
    await eventually('the next one is begun', () => filesIn(folder).includes('palabre.10.log'))
    await file.close()
    expect(filesIn(folder)).toEqual(['palabre.10.log', 'palabre.9.log', 'palabre.x.log'])
    expect(readFileSync(join(folder, 'palabre.9.log'), 'utf8')).toBe(LINE.repeat(10))
  })

  it('can be closed at once, and where its folder has gone', async () => {
    const folder = makeTempDir()
    const file = await LogFile.open({ folder, maxBytes: 1_000, oldFiles: 1 })
    file.write('one\n')
    await file.close()
    expect(readFileSync(join(folder, 'palabre.1.log'), 'utf8')).toBe('one\n')
    const nowhere = await LogFile.open({ folder: join(folder, 'gone'), maxBytes: 1_000, oldFiles: 1 })
    nowhere.write('two\n')
    await new Promise((resolve) => setTimeout(resolve, 50))
    await nowhere.close()
  })
})
