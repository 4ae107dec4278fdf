import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { NodeEvent } from '../../../core/contract/views.ts'
import { formatPeerId } from '../../../core/identity/peer-id.ts'
import { type AccountHome, AccountService } from '../../../core/node/account-service.ts'
import { diskSteps, type FileSteps } from '../../../core/node/durable-file.ts'
import { toHex } from '../../../core/util/bytes.ts'
import { silentLogger } from '../../../core/util/logger.ts'
import { systemRandom } from '../../../core/util/random.ts'
import { eventually } from '../../harness/wait.ts'

class Stop extends Error {}

/** Dies before the step of that number; null never dies. */
function stepsUntil(last: number | null): FileSteps {
  let done = 0
  const step = () => {
    if (last !== null && done++ >= last) throw new Stop()
  }
  return {
    writeSynced: (path, bytes) =>
      Promise.resolve()
        .then(step)
        .then(() => diskSteps.writeSynced(path, bytes)),
    rename: (from, to) =>
      Promise.resolve()
        .then(step)
        .then(() => diskSteps.rename(from, to)),
    syncFolder: (path) =>
      Promise.resolve()
        .then(step)
        .then(() => diskSteps.syncFolder(path)),
  }
}

class FakeHome implements AccountHome {
  adopted: string[] = []
  introduced: string[] = []
  async adopt(address: Uint8Array): Promise<void> {
    this.adopted.push(formatPeerId(address))
  }
  async introduce(name: string): Promise<void> {
    this.introduced.push(name)
  }
}

const reader = { profile: async () => ({ name: '' }) as never }

describe('AccountService', () => {
  let dataDir: string
  let events: NodeEvent[]

  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'palabre-account-'))
    events = []
  })
  afterEach(() => rm(dataDir, { recursive: true, force: true }))

  function service(steps: FileSteps = diskSteps, domain = 'palabre'): AccountService {
    const hub = { publish: (event: NodeEvent) => void events.push(event) }
    return new AccountService({ logger: silentLogger, random: systemRandom, events: hub, steps }, { dataDir, domain })
  }

  async function opened(home: AccountHome = new FakeHome()): Promise<AccountService> {
    const account = service()
    await account.open()
    await account.settle(home, reader)
    return account
  }

  it('makes a device key at the first start and keeps it', async () => {
    const first = await opened()
    expect(first.profile).toBeNull()
    await expect(first.get()).rejects.toMatchObject({ code: 'no-account' })
    expect(toHex((await opened()).deviceKey)).toBe(toHex(first.deviceKey))
  })

  it('keeps one device key wherever the first start is cut', async () => {
    for (let cut = 0; cut < 4; cut++) {
      await rm(join(dataDir, 'vault'), { force: true })
      const dying = service(stepsUntil(cut))
      const hasStarted = await dying.open().then(
        () => true,
        (error: unknown) => {
          if (!(error instanceof Stop)) throw error
          return false
        },
      )
      const next = await opened()
      if (hasStarted) expect(toHex(next.deviceKey)).toBe(toHex(dying.deviceKey))
      expect(toHex((await opened()).deviceKey)).toBe(toHex(next.deviceKey))
    }
  })

  it('tells of an account only when what is written under it is taken', async () => {
    const taken = Promise.withResolvers<void>()
    const order: string[] = []
    const home: AccountHome = {
      adopt: async () => {
        await taken.promise
        order.push('taken')
      },
      introduce: async () => {},
    }
    const account = await opened(home)
    const creating = account.create('Nour')
    await eventually('the vault names it', async () => account.profile)
    const asking = account.get().then(({ name }) => order.push(name))
    await new Promise((resolve) => setImmediate(resolve))
    taken.resolve()
    await Promise.all([creating, asking])
    expect(order).toEqual(['taken', 'Nour'])
  })

  it('creates one account, with words, and refuses a second', async () => {
    const home = new FakeHome()
    const account = await opened(home)
    const created = await account.create('Nour')
    expect(created).toMatchObject({ name: 'Nour', wordsPending: true, protection: 'open' })
    expect(created.device.peerId).toBe(formatPeerId(account.deviceKey))
    expect(home).toMatchObject({ adopted: [created.profile], introduced: ['Nour'] })
    expect(events).toEqual([{ type: 'account' }])
    expect(account.words()).toHaveLength(24)
    await expect(account.create('Other')).rejects.toMatchObject({ code: 'account-exists' })
    await expect((await opened()).create('Other')).rejects.toMatchObject({ code: 'account-exists' })
    expect((await opened()).profile).toBe(created.profile)
  })

  it('refuses a name over its limit with the figures', async () => {
    const account = await opened()
    expect(() => account.create('é'.repeat(65))).toThrow('name is 130 bytes, limit 128')
  })

  it('leaves no account or a whole one wherever the creation is cut', async () => {
    for (let cut = 0; cut < 16; cut++) {
      await rm(dataDir, { recursive: true, force: true })
      dataDir = await mkdtemp(join(tmpdir(), 'palabre-account-'))
      const device = toHex((await opened()).deviceKey)
      const dying = service(stepsUntil(cut))
      await dying.open()
      await dying.settle(new FakeHome(), reader)
      await dying.create('Nour').catch((error: unknown) => {
        if (!(error instanceof Stop)) throw error
      })
      const home = new FakeHome()
      const next = await opened(home)
      expect(toHex(next.deviceKey)).toBe(device)
      if (next.profile === null) {
        expect(home.adopted).toEqual([])
        await next.create('Again')
      } else {
        expect(home).toMatchObject({ adopted: [next.profile], introduced: ['Nour'] })
        expect(next.words()).toHaveLength(24)
      }
    }
  })

  it('never falls back to a vault from before the account, wherever the creation was cut', async () => {
    await opened()
    const dying = service(stepsUntil(6))
    await dying.open()
    await dying.settle(new FakeHome(), reader)
    await expect(dying.create('Nour')).rejects.toThrow(Stop)
    const { profile } = await opened()
    expect(profile).not.toBeNull()
    await writeFile(join(dataDir, 'vault'), 'damaged')
    expect((await opened()).profile).toBe(profile)
  })

  it('makes up for a store that failed in the middle of the creation', async () => {
    const failing: AccountHome = { adopt: () => Promise.reject(new Error('disk')), introduce: async () => {} }
    const account = service()
    await account.open()
    await account.settle(failing, reader)
    await expect(account.create('Nour')).rejects.toThrow('disk')
    const home = new FakeHome()
    await account.settle(home, reader)
    expect(home.introduced).toEqual(['Nour'])
  })

  it('erases the words, in both files, once they are confirmed', async () => {
    const account = await opened()
    await account.create('Nour')
    const words = account.words() ?? []
    const answer = (index: number, word = words[index] ?? '') => ({ index, word })
    await expect(account.confirmWords([answer(1), answer(1), answer(1)])).rejects.toMatchObject({ code: 'bad-request' })
    expect(await account.confirmWords([answer(0), answer(1), answer(2, 'wrong')])).toBe(false)
    expect(account.words()).toEqual(words)
    expect(await account.confirmWords([answer(0, ` ${words[0]?.toUpperCase()} `), answer(7), answer(23)])).toBe(true)
    expect(account.words()).toBeNull()
    expect((await account.get()).wordsPending).toBe(false)
    const [current, previous] = await Promise.all(
      ['vault', 'vault.previous'].map((name) => readFile(join(dataDir, name))),
    )
    expect(previous).toEqual(current)
    expect((await opened()).words()).toBeNull()
  })

  it('refuses own records without their vault, and an account of another network', async () => {
    await writeFile(join(dataDir, 'own.db'), '')
    await expect(service().open()).rejects.toMatchObject({ code: 'vault-missing' })
    await rm(join(dataDir, 'own.db'))
    await (await opened()).create('Nour')
    await expect(service(diskSteps, 'other').open()).rejects.toMatchObject({ code: 'other-network' })
  })

  it('keeps secrets of other parts in the vault, also beside an account that comes later', async () => {
    const first = await opened()
    expect(first.kept('guardianKeys')).toBeUndefined()
    await first.keep('guardianKeys', [['a', 1]])
    await first.create('Nour')
    const again = await opened()
    expect(again.kept('guardianKeys')).toEqual([['a', 1]])
    expect(again.profile).toBe(first.profile)
  })
})
