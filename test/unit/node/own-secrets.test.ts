import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { IdentityState } from '../../../core/identity/chain.ts'
import {
  changeByAuthority,
  linkDevice,
  proveAuthority,
  proveDevice,
  setGuardians,
} from '../../../core/identity/change.ts'
import { formatPaperKey, generatePaperKey, parsePaperKey } from '../../../core/identity/paper-key.ts'
import { entropyFromWords, generateWordsEntropy, wordsFromEntropy, wordsKeyPair } from '../../../core/identity/words.ts'
import { PalabreError } from '../../../core/util/errors.ts'
import { keyOf } from '../../harness/chains.ts'
import { MemoryNetwork } from '../../harness/memory-hosts.ts'
import { fakeKey } from '../../harness/memory-square.ts'
import { type RecoveryNode, type RecoveryNodeInit, startRecoveryNode } from '../../harness/recovery-node.ts'

let network: MemoryNetwork
let node: RecoveryNode
let words: string
beforeEach(async () => {
  network = new MemoryNetwork()
  await start()
  await node.account.create('Nour')
  words = (node.account.words() ?? []).join(' ')
})

async function start(init: RecoveryNodeInit = {}): Promise<void> {
  node = await startRecoveryNode(network.host(`node ${network.hosts.size}`), init)
}

async function restart(): Promise<void> {
  await node.stop()
  await start({ dataDir: node.dataDir })
}

async function state(): Promise<IdentityState> {
  const { address } = node.account
  const held = address === null ? null : await node.chains.state(address)
  if (held === null) throw new Error('no chain')
  return held
}

const keyPairOf = (text: string) => wordsKeyPair(entropyFromWords(text) as Uint8Array)

async function confirmWords(): Promise<void> {
  const all = node.account.words() ?? []
  await node.account.confirmWords([0, 1, 2].map((index) => ({ index, word: all[index] as string })))
}

describe('means (RCV13)', () => {
  it('counts those that would work today', async () => {
    expect(await node.secrets.means()).toEqual({
      devices: { active: 1 },
      words: { confirmed: false, rehearsedAt: null },
      guardians: { threshold: null, count: 0, alive: 0, checkedAt: null },
      paper: { made: false },
      ready: 0,
    })
    await confirmWords()
    await node.secrets.makePaper(words)
    const { address } = await state()
    const phone = proveDevice({ keyPair: keyOf('phone'), sealKey: fakeKey('phone'), name: 'phone' }, address)
    await node.chains.publish([linkDevice(await state(), phone, node.account.deviceKeyPair)])
    expect(await node.secrets.means()).toMatchObject({
      devices: { active: 2 },
      words: { confirmed: true },
      paper: { made: true },
      ready: 3,
    })
  })

  it('takes guardians for a means only while enough of them are alive', async () => {
    let alive = 1
    const checkedAt = 1_700_000_000_000
    const guardians = {
      ask: () => Promise.reject(new Error('not asked')),
      cancel: async () => {},
      status: async () => null,
      alive: async () => ({ alive, checkedAt }),
    }
    await node.stop()
    await start({ dataDir: node.dataDir, guardians })
    const { address } = await state()
    const keys = ['ann', 'ben', 'cleo'].map((name) => proveAuthority(keyOf(name), address))
    await node.chains.publish([setGuardians(await state(), { threshold: 2, keys }, [keyPairOf(words)])])
    expect(await node.secrets.means()).toMatchObject({
      guardians: { threshold: 2, count: 3, alive: 1, checkedAt },
      ready: 0,
    })
    alive = 2
    expect((await node.secrets.means()).ready).toBe(1)
  })
})

describe('rehearse (RCV13)', () => {
  it('says whether these are the words of this account, and keeps the day of the right ones', async () => {
    const before = Date.now()
    expect(await node.secrets.rehearse('palabre')).toMatchObject({ result: 'not-words' })
    // Of 256 wrong words one has the right checksum by chance.
    const wrong = ['zoo', 'zone', 'zero', 'youth'].map((first) => words.replace(/^\w+/, first))
    const misspelt = wrong.find((text) => entropyFromWords(text) === undefined) as string
    expect(await node.secrets.rehearse(misspelt)).toMatchObject({ result: 'not-words' })
    const others = wordsFromEntropy(generateWordsEntropy()).join(' ')
    expect(await node.secrets.rehearse(others)).toMatchObject({ result: 'other-account' })
    expect((await node.secrets.means()).words.rehearsedAt).toBeNull()
    const { result, at } = await node.secrets.rehearse(`  ${words.toUpperCase()} `)
    expect(result).toBe('right')
    expect(at).toBeGreaterThanOrEqual(before)
    await restart()
    expect((await node.secrets.means()).words.rehearsedAt).toBe(at)
    expect(await node.states.getState('words-rehearsed')).toBe(at)
  })

  it('does not take a guardian’s key for the words', async () => {
    const entropy = generateWordsEntropy()
    const { address } = await state()
    const keys = [wordsKeyPair(entropy), keyOf('ben')].map((key) => proveAuthority(key, address))
    await node.chains.publish([setGuardians(await state(), { threshold: 1, keys }, [keyPairOf(words)])])
    expect((await node.secrets.rehearse(wordsFromEntropy(entropy).join(' '))).result).toBe('other-account')
  })

  it('sends and logs nothing', async () => {
    await node.secrets.rehearse(words)
    expect(node.announced).toEqual([])
    expect(node.logged.join('\n')).not.toContain(words.split(' ').slice(0, 3).join(' '))
  })
})

describe('makePaper', () => {
  it('names the next paper key by the words, and by the one before (IDN16)', async () => {
    const first = await node.secrets.makePaper(words)
    const second = await node.secrets.makePaper(first)
    expect(parsePaperKey(second)?.addressStart).toEqual(node.account.address?.slice(0, 8))
    expect((await node.secrets.means()).paper.made).toBe(true)
    expect(node.announced).toHaveLength(2)
    await expect(node.secrets.makePaper(first)).rejects.toMatchObject({ code: 'no-right' })
    const third = await node.secrets.makePaper(words)
    expect(new Set([first, second, third]).size).toBe(3)
  })

  it('keeps it nowhere', async () => {
    const text = await node.secrets.makePaper(words)
    const seed = parsePaperKey(text)?.keyPair.secretKey as Uint8Array
    const { findSecrets } = await import('../../harness/secret-scan.ts')
    expect(await findSecrets(node.dataDir, { keys: { seed }, words: [], texts: { text } })).toEqual([])
  })

  it.each([
    ['nothing', ''],
    ['what is no secret', 'palabre'],
    ['the paper key of another address', formatPaperKey(generatePaperKey(fakeKey('another')))],
  ])('refuses %s', async (_, secret) => {
    await expect(node.secrets.makePaper(secret)).rejects.toMatchObject({ code: 'wrong-secret' })
    await expect(node.secrets.newWords(secret)).rejects.toMatchObject({ code: 'wrong-secret' })
  })

  it('refuses a secret of the right kind that this account does not know', async () => {
    const address = node.account.address as Uint8Array
    for (const secret of [
      wordsFromEntropy(generateWordsEntropy()).join(' '),
      formatPaperKey(generatePaperKey(address)),
    ]) {
      await expect(node.secrets.makePaper(secret)).rejects.toMatchObject({ code: 'no-right' })
      await expect(node.secrets.newWords(secret)).rejects.toMatchObject({ code: 'no-right' })
    }
    expect(node.announced).toEqual([])
    expect(node.account.preparedWords).toBeNull()
  })

  it('needs an account', async () => {
    await start()
    for (const call of [node.secrets.makePaper(words), node.secrets.newWords(words), node.secrets.means()]) {
      await expect(call).rejects.toMatchObject({ code: 'no-account' })
    }
  })
})

describe('newWords', () => {
  it('puts them in place of those before, to be confirmed like the first (RCV12)', async () => {
    await confirmWords()
    await node.secrets.rehearse(words)
    const next = (await node.secrets.newWords(words)).join(' ')
    expect((node.account.words() ?? []).join(' ')).toBe(next)
    expect(await node.secrets.means()).toMatchObject({ words: { confirmed: false, rehearsedAt: null } })
    expect((await node.secrets.rehearse(words)).result).toBe('other-account')
    expect((await node.secrets.rehearse(next)).result).toBe('right')
    await expect(node.secrets.newWords(words)).rejects.toMatchObject({ code: 'no-right' })
    await confirmWords()
    await restart()
    expect(node.account.words()).toBeNull()
  })

  it('keeps the paper key and the guardians as they are', async () => {
    const paper = await node.secrets.makePaper(words)
    const { address } = await state()
    const keys = ['ann', 'ben'].map((name) => proveAuthority(keyOf(name), address))
    await node.chains.publish([setGuardians(await state(), { threshold: 2, keys }, [keyPairOf(words)])])
    await node.secrets.newWords(paper)
    expect(await node.secrets.means()).toMatchObject({ guardians: { count: 2 }, paper: { made: true } })
    await node.secrets.makePaper(paper)
  })

  it('changes nothing when the chain does not take them', async () => {
    vi.spyOn(node.chains, 'publish').mockRejectedValueOnce(new PalabreError('refused-operation', 'no'))
    await expect(node.secrets.newWords(words)).rejects.toMatchObject({ code: 'refused-operation' })
    expect(node.account.preparedWords).toBeNull()
    expect((node.account.words() ?? []).join(' ')).toBe(words)
  })

  it('are not lost by a stop after the chain has named them (RCV12)', async () => {
    vi.spyOn(node.account, 'settleWords').mockRejectedValueOnce(new Error('the process ended'))
    await expect(node.secrets.newWords(words)).rejects.toThrow('the process ended')
    await restart()
    const now = (node.account.words() ?? []).join(' ')
    expect(now).not.toBe(words)
    expect((await node.secrets.rehearse(now)).result).toBe('right')
  })

  it('are forgotten after a stop before the chain named them (RCV12)', async () => {
    vi.spyOn(node.chains, 'publish').mockRejectedValueOnce(new Error('the process ended'))
    await expect(node.secrets.newWords(words)).rejects.toThrow('the process ended')
    expect(node.account.preparedWords).not.toBeNull()
    await restart()
    expect(node.account.preparedWords).toBeNull()
    expect((await node.secrets.rehearse((node.account.words() ?? []).join(' '))).result).toBe('right')
    expect((node.account.words() ?? []).join(' ')).toBe(words)
  })

  it('waits for a change that is under way', async () => {
    const [first, second] = await Promise.allSettled([node.secrets.newWords(words), node.secrets.makePaper(words)])
    expect(first.status).toBe('fulfilled')
    expect(second).toMatchObject({ status: 'rejected', reason: { code: 'no-right' } })
  })

  it('says that the chain is contested where it is (IDN22)', async () => {
    const held = await state()
    const branches = ['one', 'two'].map((name) => {
      const entry = proveDevice({ keyPair: keyOf(name), sealKey: fakeKey(name), name }, held.address)
      return changeByAuthority(held, { add: [entry] }, [keyPairOf(words)])
    })
    await node.chains.publish(branches)
    await expect(node.secrets.newWords(words)).rejects.toMatchObject({ code: 'contested' })
    expect(node.account.preparedWords).toBeNull()
  })
})
