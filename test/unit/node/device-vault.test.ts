import { copyFile, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { sha256 } from '../../../core/identity/hash.ts'
import type { PassphraseKdf } from '../../../core/identity/passphrase.ts'
import { isVaultUnprotected, openVault, protectVault, type VaultContent } from '../../../core/identity/vault.ts'
import { passphraseOpener, wordsSlotKey } from '../../../core/identity/vault-slots.ts'
import { wordsFromEntropy } from '../../../core/identity/words.ts'
import { DeviceVault, type VaultSecrets } from '../../../core/node/device-vault.ts'
import { diskSteps, type FileSteps } from '../../../core/node/durable-file.ts'
import { concatBytes } from '../../../core/util/bytes.ts'
import { silentLogger } from '../../../core/util/logger.ts'
import { systemRandom } from '../../../core/util/random.ts'
import { makeTempDir } from '../../harness/temp-dir.ts'

const FRESH: VaultContent = {
  deviceSeed: new Uint8Array(32).fill(1),
  sealSeed: new Uint8Array(32).fill(2),
  address: new Uint8Array(32).fill(4),
  wordsEntropy: new Uint8Array(32).fill(3),
}
/** Stands for argon2id, at no cost. */
const quickKdf: PassphraseKdf = (passphrase, salt) => sha256(concatBytes(salt, passphrase))

class Stop extends Error {}

/** Dies before the step of that number. */
function stepsUntil(last: number): FileSteps {
  let done = 0
  const alive = async () => {
    if (done++ >= last) throw new Stop()
  }
  return {
    writeSynced: (path, bytes) => alive().then(() => diskSteps.writeSynced(path, bytes)),
    rename: (from, to) => alive().then(() => diskSteps.rename(from, to)),
    syncFolder: (path) => alive().then(() => diskSteps.syncFolder(path)),
  }
}

describe('DeviceVault', () => {
  let dataDir: string
  beforeEach(() => {
    dataDir = makeTempDir()
  })

  function vault(secrets: VaultSecrets = {}, steps: FileSteps = diskSteps): DeviceVault {
    return new DeviceVault({ logger: silentLogger, random: systemRandom, kdf: quickKdf, secrets, steps }, { dataDir })
  }

  /** Every file that begins like a vault and opens with the passphrase, or with nothing for null. */
  async function filesThatOpenWith(passphrase: string | null): Promise<string[]> {
    const openers = passphrase === null ? [] : [passphraseOpener(passphrase, quickKdf)]
    const names = (await readdir(dataDir)).sort()
    const opens = await Promise.all(
      names.map(async (name) => {
        const bytes = await readFile(join(dataDir, name))
        try {
          return openVault(bytes, openers) !== null
        } catch {
          return false
        }
      }),
    )
    return names.filter((_, i) => opens[i])
  }

  async function protectedWith(passphrase: string): Promise<void> {
    const open = vault()
    await open.setPassphrase(await open.create(FRESH), passphrase)
  }

  it('sets, changes and removes a passphrase, and leaves nothing behind that the one before opens (VLT9)', async () => {
    await vault().create(FRESH)
    await copyFile(join(dataDir, 'vault'), join(dataDir, 'copy'))
    const open = vault()
    const sealed = await open.setPassphrase((await open.open()) as VaultContent, 'one')
    expect(isVaultUnprotected(sealed)).toBe(false)
    expect(await filesThatOpenWith(null)).toEqual(['copy'])
    expect(await filesThatOpenWith('one')).toEqual(['copy', 'vault', 'vault.previous'])

    const one = vault({ passphrase: 'one' })
    await one.setPassphrase((await one.open()) as VaultContent, 'two')
    await rm(join(dataDir, 'copy'))
    expect(await filesThatOpenWith('one')).toEqual([])
    expect(await filesThatOpenWith('two')).toEqual(['vault', 'vault.previous'])

    const two = vault({ passphrase: 'two' })
    await two.removePassphrase((await two.open()) as VaultContent)
    expect(await filesThatOpenWith(null)).toEqual(['vault', 'vault.previous'])
    expect(await vault().open()).toMatchObject(FRESH)
  })

  it('never writes a readable vault when a passphrase is there from the start', async () => {
    const written: Uint8Array[] = []
    const steps: FileSteps = {
      ...diskSteps,
      writeSynced(path, bytes) {
        written.push(bytes)
        return diskSteps.writeSynced(path, bytes)
      },
    }
    const sealed = vault({ passphrase: 'one' }, steps)
    expect(await sealed.open()).toBeNull()
    await sealed.writeWithWordsSlot(await sealed.create(FRESH), wordsSlotKey(new Uint8Array(32).fill(3)))
    expect(written.length).toBeGreaterThan(1)
    for (const bytes of written) expect(() => openVault(bytes)).toThrow('locked')
    expect(await vault({ passphrase: 'one' }).open()).toMatchObject(FRESH)
  })

  it('derives once, however often it writes', async () => {
    await protectedWith('one')
    let derivations = 0
    const counting: PassphraseKdf = (...args) => {
      derivations++
      return quickKdf(...args)
    }
    const components = { logger: silentLogger, random: systemRandom, kdf: counting, secrets: { passphrase: 'one' } }
    const counted = new DeviceVault(components, { dataDir })
    let content = (await counted.open()) as VaultContent
    for (let i = 0; i < 3; i++) content = await counted.write({ ...content, extras: { i } })
    expect(derivations).toBe(1)
    expect((await vault({ passphrase: 'one' }).open())?.extras).toEqual({ i: 2 })
  })

  it('opens with the words when the passphrase is lost (VLT7)', async () => {
    await protectedWith('one')
    const found = vault({ wordsEntropy: FRESH.wordsEntropy })
    await found.setPassphrase((await found.open()) as VaultContent, 'two')
    expect(await filesThatOpenWith('two')).toEqual(['vault', 'vault.previous'])
    await expect(vault({ wordsEntropy: new Uint8Array(32) }).open()).rejects.toMatchObject({ code: 'wrong-words' })
  })

  it.each([
    ['without one', {}, 'vault-locked'],
    ['with a wrong one', { passphrase: 'two' }, 'wrong-passphrase'],
    ['with an empty one', { passphrase: '' }, 'bad-passphrase'],
    ['when nobody answers', { ask: async () => null }, 'vault-locked'],
  ])('refuses a sealed vault %s and changes nothing', async (_, secrets, code) => {
    await protectedWith('one')
    // A damaged vault, too, is not gone around while the previous one is locked.
    for (const isDamaged of [false, true]) {
      if (isDamaged) await writeFile(join(dataDir, 'vault'), 'flipped')
      const before = await snapshot(dataDir)
      await expect(vault(secrets).open()).rejects.toMatchObject({ code })
      expect(await snapshot(dataDir)).toEqual(before)
    }
    expect(await vault({ passphrase: 'one' }).open()).toMatchObject(FRESH)
  })

  it('asks again after a wrong answer, three times, and never when it need not', async () => {
    await protectedWith('one')
    const answers = ['two', 'three', 'one']
    const asked: number[] = []
    const ask = async (attempt: number) => {
      asked.push(attempt)
      return answers[attempt - 1] ?? 'four'
    }
    expect(await vault({ ask }).open()).toMatchObject(FRESH)
    expect(asked).toEqual([1, 2, 3])
    answers[2] = 'four'
    await expect(vault({ ask }).open()).rejects.toMatchObject({ code: 'wrong-passphrase' })
    expect(asked).toHaveLength(6)
    const one = vault({ passphrase: 'one' })
    await one.removePassphrase((await one.open()) as VaultContent)
    await vault({ ask }).open()
    expect(asked).toHaveLength(6)
  })

  it('takes the 24 words for an answer, and for the passphrase before when a new one is set (VLT7)', async () => {
    await protectedWith('one')
    const words = wordsFromEntropy(FRESH.wordsEntropy as Uint8Array).join(' ')
    const others = wordsFromEntropy(new Uint8Array(32).fill(9)).join(' ')
    const answers = [others, words]
    const ask = async (attempt: number) => answers[attempt - 1] ?? null
    const opened = vault({ ask })
    const content = (await opened.open()) as VaultContent
    expect(content).toMatchObject(FRESH)
    opened.checkPassphrase(content, words)
    opened.checkPassphrase(content, 'one')
    expect(() => opened.checkPassphrase(content, others)).toThrow(expect.objectContaining({ code: 'wrong-passphrase' }))
    await opened.setPassphrase(content, 'new')
    expect(await vault({ passphrase: 'new' }).open()).toMatchObject(FRESH)
  })

  it('does not ask for the passphrase of a vault that asks for too much', async () => {
    const greedy = { memoryKiB: 262_144, passes: 11, lanes: 1 }
    const { lock } = protectVault(FRESH, { passphrase: 'one', kdf: quickKdf, cost: greedy }, systemRandom)
    await vault().write({ ...FRESH, lock: { dataKey: new Uint8Array(32), slots: lock?.slots.slice(0, 1) ?? [] } })
    let asked = 0
    const ask = async () => {
      asked++
      return 'one'
    }
    await expect(vault({ ask }).open()).rejects.toThrow('11 passes')
    expect(asked).toBe(1)
    await expect(vault({ passphrase: 'one' }).open()).rejects.toMatchObject({ code: 'vault-locked' })
  })

  it('refuses a passphrase for a vault that lies open: it would protect nothing', async () => {
    await vault().create(FRESH)
    await expect(vault({ passphrase: 'one' }).open()).rejects.toMatchObject({ code: 'vault-unprotected' })
  })

  it('erases damaged vaults that were set aside, which were readable (VLT9)', async () => {
    const open = vault()
    const content = await open.write(await open.create(FRESH))
    const bytes = await readFile(join(dataDir, 'vault'))
    await writeFile(join(dataDir, 'vault'), bytes.with(bytes.length - 1, 1 ^ (bytes.at(-1) as number)))
    const reopened = vault()
    await reopened.write((await reopened.open()) as VaultContent)
    expect((await readdir(dataDir)).filter((name) => name.includes('damaged'))).toHaveLength(1)
    await reopened.setPassphrase(content, 'one')
    expect(await readdir(dataDir)).toEqual(['vault', 'vault.previous'])
  })

  it('holds the old vault or the new one wherever setting a passphrase is cut, and clears up at the next start', async () => {
    const outcomes = new Set<string>()
    for (let cut = 0; cut < 12; cut++) {
      await rm(dataDir, { recursive: true, force: true })
      await mkdir(dataDir)
      const first = vault()
      await first.write(await first.create(FRESH))
      await writeFile(join(dataDir, 'vault.damaged-1'), await readFile(join(dataDir, 'vault')))
      const dying = vault({}, stepsUntil(cut))
      const hasFinished = await dying.setPassphrase((await dying.open()) as VaultContent, 'one').then(
        () => true,
        (error: unknown) => {
          if (!(error instanceof Stop)) throw error
          return false
        },
      )
      const isOpen = (await filesThatOpenWith(null)).includes('vault')
      const next = vault(isOpen ? {} : { passphrase: 'one' })
      const content = (await next.open()) as VaultContent
      expect(content, `cut after ${cut} steps`).toMatchObject(FRESH)
      if (hasFinished) expect(isOpen).toBe(false)
      if (isOpen) await next.setPassphrase(content, 'one')
      expect(await filesThatOpenWith(null), `cut after ${cut} steps`).toEqual([])
      expect(await vault({ passphrase: 'one' }).open()).toMatchObject(FRESH)
      outcomes.add(`${isOpen ? 'old' : 'new'} ${hasFinished}`)
    }
    expect(outcomes).toEqual(new Set(['old false', 'new false', 'new true']))
  })
})

async function snapshot(folder: string): Promise<Record<string, string>> {
  const names = (await readdir(folder)).sort()
  const entries = names.map(async (name) => [name, (await readFile(join(folder, name))).toString('hex')] as const)
  return Object.fromEntries(await Promise.all(entries))
}
