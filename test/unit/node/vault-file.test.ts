import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { diskSteps, type FileSteps } from '../../../core/node/durable-file.ts'
import { VaultFile } from '../../../core/node/vault-file.ts'
import type { Logger } from '../../../core/util/logger.ts'

class PowerCut extends Error {}

/** A disk that dies after some steps; half a write may be left of the step in which it died. */
function dyingDisk(stepsLeft: number): FileSteps {
  let left = stepsLeft
  return {
    async writeSynced(path, bytes) {
      if (left-- <= 0) {
        await writeFile(path, bytes.subarray(0, bytes.length / 2))
        throw new PowerCut()
      }
      await diskSteps.writeSynced(path, bytes)
    },
    async rename(from, to) {
      if (left-- <= 0) throw new PowerCut()
      await diskSteps.rename(from, to)
    },
    async syncFolder(path) {
      if (left-- <= 0) throw new PowerCut()
      await diskSteps.syncFolder(path)
    },
  }
}

describe('VaultFile', () => {
  let dataDir: string
  let warnings: string[]
  let logger: Logger

  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'palabre-vault-'))
    warnings = []
    logger = { debug() {}, info() {}, error() {}, warn: (_fields, message) => void warnings.push(message) }
  })
  afterEach(() => rm(dataDir, { recursive: true, force: true }))

  function vault(steps?: FileSteps): VaultFile<string> {
    return new VaultFile<string>(steps === undefined ? { logger } : { logger, steps }, {
      dataDir,
      seal: (content) => new TextEncoder().encode(`<${content}>`),
      open: (bytes) => {
        const text = new TextDecoder().decode(bytes)
        if (text === 'newer') throw new Error('newer')
        if (!text.startsWith('<') || !text.endsWith('>')) throw new Error('damaged')
        return text.slice(1, -1)
      },
      isDamage: (error) => error instanceof Error && error.message === 'damaged',
    })
  }

  it('reads null where there is none, and what was written', async () => {
    expect(await vault().read()).toBeNull()
    await vault().write('one')
    expect(await vault().read()).toBe('one')
    expect((await stat(join(dataDir, 'vault'))).mode & 0o777).toBe(process.platform === 'win32' ? 0o666 : 0o600)
  })

  it('holds the old or the new content wherever a write is cut', async () => {
    for (let cut = 0; cut < 12; cut++) {
      await rm(dataDir, { recursive: true, force: true })
      await mkdir(dataDir)
      const first = vault()
      await first.write('zero')
      await first.write('one')
      let hasFinished = true
      await vault(dyingDisk(cut))
        .write('two')
        .catch((error: unknown) => {
          if (!(error instanceof PowerCut)) throw error
          hasFinished = false
        })
      const found = await vault().read()
      expect(hasFinished ? ['two'] : ['one', 'two'], `cut after ${cut} steps`).toContain(found)
      await vault().write('three')
      expect(await vault().read()).toBe('three')
    }
    expect(warnings).toEqual([])
  })

  it('loses keys when the file is written in place: the check above can fail', async () => {
    await vault().write('one')
    const inPlace = dyingDisk(0)
    await inPlace.writeSynced(join(dataDir, 'vault'), new TextEncoder().encode('<two>')).catch(() => {})
    await expect(vault().read()).rejects.toThrow("can't be opened")
  })

  it('falls back to the previous one with a warning and keeps the damaged file', async () => {
    const file = vault()
    await file.write('one')
    await file.write('two')
    await writeFile(join(dataDir, 'vault'), 'flipped')
    const reopened = vault()
    expect(await reopened.read()).toBe('one')
    expect(warnings).toHaveLength(1)
    await reopened.write('three')
    const damaged = (await readdir(dataDir)).find((name) => name.startsWith('vault.damaged-'))
    expect(await readFile(join(dataDir, damaged ?? ''), 'utf8')).toBe('flipped')
    expect(await readFile(join(dataDir, 'vault.previous'), 'utf8')).toBe('<one>')
    expect(await vault().read()).toBe('three')
  })

  it('refuses when both are damaged and touches nothing', async () => {
    await writeFile(join(dataDir, 'vault'), 'x')
    await writeFile(join(dataDir, 'vault.previous'), 'y')
    await expect(vault().read()).rejects.toMatchObject({ code: 'vault-damaged' })
    expect(await readFile(join(dataDir, 'vault'), 'utf8')).toBe('x')
  })

  it('does not go around a vault that is whole and cannot be opened here', async () => {
    const file = vault()
    await file.write('one')
    await file.write('two')
    await writeFile(join(dataDir, 'vault'), 'newer')
    await expect(vault().read()).rejects.toThrow('newer')
    expect(await readFile(join(dataDir, 'vault'), 'utf8')).toBe('newer')
  })

  it('forgets the previous content on request', async () => {
    const file = vault()
    await file.write('with words')
    await file.write('without')
    await file.forgetPrevious()
    expect(await readFile(join(dataDir, 'vault.previous'), 'utf8')).toBe('<without>')
  })
})
