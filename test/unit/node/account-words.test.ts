import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import type { NodeEvent } from '../../../core/contract/views.ts'
import { isVaultUnprotected, openVault, wordsKeyOf } from '../../../core/identity/vault.ts'
import { passphraseOpener, wordsOpener, wordsSlotKey } from '../../../core/identity/vault-slots.ts'
import { entropyFromWords, wordsFromEntropy } from '../../../core/identity/words.ts'
import { AccountService } from '../../../core/node/account-service.ts'
import type { VaultSecrets } from '../../../core/node/device-vault.ts'
import { diskSteps, type FileSteps } from '../../../core/node/durable-file.ts'
import { silentLogger } from '../../../core/util/logger.ts'
import { systemRandom } from '../../../core/util/random.ts'
import { TestAuthor } from '../../harness/authors.ts'
import { quickKdf } from '../../harness/recovery-node.ts'
import { makeTempDir } from '../../harness/temp-dir.ts'

class Stop extends Error {}

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

const home = { adopt: async () => {}, introduce: async () => {} }
const reader = { profile: async () => ({ name: '' }) as never }
const NEXT = new Uint8Array(32).fill(9)

describe('AccountService', () => {
  let dataDir: string
  let events: NodeEvent[]
  beforeEach(() => {
    dataDir = makeTempDir()
    events = []
  })

  async function opened(init: { secrets?: VaultSecrets; steps?: FileSteps } = {}): Promise<AccountService> {
    const hub = { publish: (event: NodeEvent) => void events.push(event) }
    const components = { logger: silentLogger, random: systemRandom, events: hub, kdf: quickKdf, steps: diskSteps }
    const account = new AccountService({ ...components, ...init }, { dataDir, domain: 'palabre' })
    await account.open()
    await account.settle(home, reader)
    return account
  }

  async function wordsEntropyOf(account: AccountService): Promise<Uint8Array> {
    const entropy = entropyFromWords(account.words() ?? [])
    if (entropy === undefined) throw new Error('no words')
    return entropy
  }

  const vaults = () => Promise.all(['vault', 'vault.previous'].map((name) => readFile(join(dataDir, name))))

  describe('protect', () => {
    it('sets, changes and removes the passphrase of a running node (VLT9)', async () => {
      const account = await opened()
      await account.create('Nour')
      events = []
      expect((await account.protect({ passphrase: 'one' })).protection).toBe('passphrase')
      for (const bytes of await vaults()) expect(() => openVault(bytes)).toThrow('locked')
      expect((await account.protect({ passphrase: 'two', current: 'one' })).protection).toBe('passphrase')
      for (const bytes of await vaults()) {
        expect(() => openVault(bytes, [passphraseOpener('one', quickKdf)])).toThrow()
        expect(openVault(bytes, [passphraseOpener('two', quickKdf)]).address).toEqual(account.address)
      }
      expect((await opened({ secrets: { passphrase: 'two' } })).profile).toBe(account.profile)
      expect((await account.protect({ passphrase: null, current: 'two' })).protection).toBe('open')
      for (const bytes of await vaults()) expect(isVaultUnprotected(openVault(bytes))).toBe(true)
      expect(events.filter(({ type }) => type === 'account')).toHaveLength(3)
    })

    it('lets the words open what it has sealed, and goes on writing (VLT7)', async () => {
      const account = await opened()
      await account.create('Nour')
      const wordsEntropy = await wordsEntropyOf(account)
      await account.protect({ passphrase: 'one' })
      const words = wordsFromEntropy(wordsEntropy)
      const answers = [0, 1, 2].map((index) => ({ index, word: words[index] as string }))
      expect(await account.confirmWords(answers)).toBe(true)
      expect((await opened({ secrets: { wordsEntropy } })).profile).toBe(account.profile)
      expect((await opened({ secrets: { passphrase: 'one' } })).words()).toBeNull()
    })

    it.each([undefined, '', 'two', 'One', 'x'.repeat(2_000)])(
      'refuses %j for the passphrase that there is, and changes nothing',
      async (current) => {
        const account = await opened()
        await account.create('Nour')
        await account.protect({ passphrase: 'one' })
        const before = await vaults()
        for (const passphrase of ['three', null]) {
          await expect(account.protect({ passphrase, current })).rejects.toMatchObject({ code: 'wrong-passphrase' })
        }
        expect(await vaults()).toEqual(before)
      },
    )

    it('refuses what can be no passphrase, and a directory without an account', async () => {
      const account = await opened()
      await expect(account.protect({ passphrase: 'one' })).rejects.toMatchObject({ code: 'no-account' })
      await account.create('Nour')
      for (const passphrase of ['', '\ud800', 'é'.repeat(600)]) {
        await expect(account.protect({ passphrase })).rejects.toMatchObject({ code: 'bad-passphrase' })
      }
      expect((await account.get()).protection).toBe('open')
    })

    it('has nothing to take away where there is none', async () => {
      const account = await opened()
      await account.create('Nour')
      events = []
      expect((await account.protect({ passphrase: null })).protection).toBe('open')
      expect(events).toEqual([])
    })
  })

  describe('new words', () => {
    it('are kept before the chain names them, and count from then on', async () => {
      const account = await opened()
      await account.create('Nour')
      const before = await wordsEntropyOf(account)
      await account.prepareWords(NEXT)
      expect(account.words()).toEqual(wordsFromEntropy(before))
      expect((await opened()).preparedWords).toEqual(NEXT)
      await account.settleWords(true)
      expect(account.preparedWords).toBeNull()
      expect(account.words()).toEqual(wordsFromEntropy(NEXT))
      for (const bytes of await vaults()) {
        const content = openVault(bytes)
        expect(wordsKeyOf(content)).toEqual(wordsSlotKey(NEXT))
        expect(content.wordsEntropy).toEqual(NEXT)
      }
    })

    it('open a sealed vault in place of those before, which do not', async () => {
      const account = await opened()
      await account.create('Nour')
      const before = await wordsEntropyOf(account)
      await account.protect({ passphrase: 'one' })
      await account.prepareWords(NEXT)
      await account.settleWords(true)
      for (const bytes of await vaults()) {
        expect(() => openVault(bytes, [wordsOpener(before)])).toThrow('not the words')
        expect(openVault(bytes, [wordsOpener(NEXT)]).address).toEqual(account.address)
      }
    })

    it('are forgotten when the chain does not take them', async () => {
      const account = await opened()
      await account.create('Nour')
      const words = account.words()
      await account.prepareWords(NEXT)
      await account.settleWords(false)
      expect(account.preparedWords).toBeNull()
      expect(account.words()).toEqual(words)
      for (const bytes of await vaults()) {
        expect(openVault(bytes).extras).not.toHaveProperty('nextWords')
      }
      await account.settleWords(true)
      expect(account.words()).toEqual(words)
    })
  })

  describe('takeOver', () => {
    const ada = new TestAuthor('Ada')
    const existing = { address: ada.address, operations: [ada.genesis], name: 'Ada', wordsSlotKey: null }

    it('brings the prepared words along where the chain names them, and no others', async () => {
      for (const hasPreparedWords of [true, false]) {
        await rm(join(dataDir, 'vault'), { force: true })
        await rm(join(dataDir, 'vault.previous'), { force: true })
        const account = await opened()
        await account.prepareWords(NEXT)
        await account.takeOver({ ...existing, hasPreparedWords })
        expect(account.preparedWords).toBeNull()
        expect(account.words()).toEqual(hasPreparedWords ? wordsFromEntropy(NEXT) : null)
        expect((await account.get()).wordsPending).toBe(hasPreparedWords)
        const [bytes] = await vaults()
        expect(wordsKeyOf(openVault(bytes as Uint8Array))).toEqual(hasPreparedWords ? wordsSlotKey(NEXT) : null)
      }
    })

    it('leaves no account with its words, or the words and no account, wherever it is cut', async () => {
      for (let cut = 0; cut < 12; cut++) {
        dataDir = makeTempDir()
        await (await opened()).prepareWords(NEXT)
        const dying = await opened({ steps: stepsUntil(cut) })
        await dying.takeOver({ ...existing, hasPreparedWords: true }).catch((error: unknown) => {
          if (!(error instanceof Stop)) throw error
        })
        const next = await opened()
        if (next.address === null) expect(next.preparedWords).toEqual(NEXT)
        else expect(next.words()).toEqual(wordsFromEntropy(NEXT))
      }
    })
  })
})
