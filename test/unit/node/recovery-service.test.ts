import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { WHOIS_PROTOCOL } from '../../../core/account/whois-limits.ts'
import type { RecoveryStatus } from '../../../core/contract/accounts.ts'
import { resolveChain } from '../../../core/identity/chain.ts'
import {
  type AuthorityChange,
  changeByAuthority,
  proveAuthority,
  proveDevice,
  setGuardians,
} from '../../../core/identity/change.ts'
import { sha256 } from '../../../core/identity/hash.ts'
import type { KeyPair } from '../../../core/identity/keys.ts'
import { checkOperation, encodeOperation, type IdentityOperation } from '../../../core/identity/operation.ts'
import { formatPaperKey, generatePaperKey, parsePaperKey } from '../../../core/identity/paper-key.ts'
import { createSignatureVerifier } from '../../../core/identity/signature.ts'
import { openVault, wordsKeyOf } from '../../../core/identity/vault.ts'
import { passphraseOpener, wordsSlotKey } from '../../../core/identity/vault-slots.ts'
import { entropyFromWords, wordsFromEntropy, wordsKeyPair } from '../../../core/identity/words.ts'
import { diskSteps, type FileSteps } from '../../../core/node/durable-file.ts'
import { TestAuthor } from '../../harness/authors.ts'
import { keyOf, statuses } from '../../harness/chains.ts'
import { type MemoryHost, MemoryNetwork } from '../../harness/memory-hosts.ts'
import { fakeKey } from '../../harness/memory-square.ts'
import { quickKdf, type RecoveryNode, startRecoveryNode } from '../../harness/recovery-node.ts'
import { findSecrets } from '../../harness/secret-scan.ts'
import { seededRandom } from '../../harness/seeded-random.ts'
import { eventually } from '../../harness/wait.ts'
import { startWhois } from '../../harness/whois-node.ts'

const ada = new TestAuthor('Ada')
const words = wordsFromEntropy(ada.wordsEntropy).join(' ')
const paper = generatePaperKey(ada.address, seededRandom('paper'))
const paperHash = sha256(paper.keyPair.publicKey)
const genesis = operationOf(ada.genesis)

function operationOf(bytes: Uint8Array): IdentityOperation {
  const { operation } = checkOperation(bytes, createSignatureVerifier())
  if (operation === null) throw new Error('the operation is wrong')
  return operation
}

function stateOf(chain: readonly IdentityOperation[]) {
  const state = resolveChain(chain)
  if (state === null) throw new Error('no genesis')
  return state
}

function changed(chain: readonly IdentityOperation[], change: AuthorityChange, ...signers: KeyPair[]) {
  return [...chain, changeByAuthority(stateOf(chain), change, signers)]
}

function entry(name: string) {
  return proveDevice({ keyPair: keyOf(name), sealKey: fakeKey(name), name }, ada.address)
}

const papered = changed([genesis], { paperHash }, ada.words)
const otherWords = { slots: [{ threshold: 1, keys: [proveAuthority(keyOf('other words'), ada.address)] }] }

describe('RecoveryService', () => {
  let network: MemoryNetwork
  let near: MemoryHost
  beforeEach(() => {
    network = new MemoryNetwork()
    near = network.host('near')
  })

  /** A peer that holds these chains, connected. */
  async function holder(name: string, ...chains: (readonly IdentityOperation[])[]): Promise<void> {
    const host = network.host(name)
    const { test } = await startWhois(host)
    for (const chain of chains) test.ingest({ operations: chain.map(encodeOperation) }, { kind: 'own' })
    network.join(near, host)
  }

  async function ended({ recovery }: RecoveryNode): Promise<RecoveryStatus> {
    return await eventually('the search has ended', async () => {
      const status = await recovery.status()
      return status.step === 'looking' ? null : status
    })
  }

  async function recover(node: RecoveryNode, secret = words): Promise<RecoveryStatus> {
    await node.recovery.start({ secret, addresses: [] })
    return await ended(node)
  }

  const chainOf = (node: RecoveryNode) => node.chains.operations(ada.address)

  it('signs this device in, with its name, and takes the account over (RCV9)', async () => {
    const node = await startRecoveryNode(near)
    await holder('far', [genesis])
    const addresses = ['/ip4/127.0.0.1/tcp/1']
    const started = await node.recovery.start({ secret: words, addresses, name: 'new laptop' })
    expect(started).toMatchObject({ step: 'looking', by: 'words' })
    expect(await ended(node)).toMatchObject({ step: 'restoring', by: 'words', profile: ada.profile, failure: null })
    expect(node.dialled).toEqual(addresses)
    expect(statuses(await node.chains.state(ada.address))).toEqual({ "Ada's device": 'active', 'new laptop': 'active' })
    expect(node.announced).toEqual([ada.address])
    expect(node.taken).toEqual([ada.address])
    expect(node.account.address).toEqual(ada.address)
    expect(node.account.words()).toBeNull()
    const vault = openVault(await readFile(join(node.dataDir, 'vault')))
    expect(wordsKeyOf(vault)).toEqual(wordsSlotKey(ada.wordsEntropy))
    expect(node.events.map(({ type }) => type)).toEqual(expect.arrayContaining(['account', 'recovery']))
  })

  it('writes no secret into its log', async () => {
    const node = await startRecoveryNode(near)
    await holder('far', papered)
    await recover(node, formatPaperKey(paper))
    const other = await startRecoveryNode(network.host('other'))
    await other.recovery.start({ secret: words, addresses: [] })
    await other.recovery.cancel()
    const log = [...node.logged, ...other.logged].join('\n')
    expect(log.length).toBeGreaterThan(0)
    const rows = [words.split(' '), [...(node.account.words() ?? [])], formatPaperKey(paper).split('-')]
    for (const row of rows) {
      expect(row.length).toBeGreaterThan(20)
      for (const glue of [' ', '-', '","']) expect(log).not.toContain(row.slice(4, 7).join(glue))
    }
  })

  it('leaves no secret in a sealed directory, and the new words readable in one that lies open: the control', async () => {
    for (const passphrase of [undefined, 'the lime tree']) {
      near = network.host(`near ${passphrase}`)
      const node = await startRecoveryNode(near, passphrase === undefined ? {} : { passphrase })
      await holder(`far ${passphrase}`, papered)
      await recover(node, formatPaperKey(paper))
      const newWords = entropyFromWords(node.account.words() ?? []) as Uint8Array
      const bytes = await readFile(join(node.dataDir, 'vault'))
      const openers = passphrase === undefined ? [] : [passphraseOpener(passphrase, quickKdf)]
      const dataKey = openVault(bytes, openers).lock?.dataKey as Uint8Array
      const keys = { paper: paper.keyPair.secretKey, newWords, wordsSeed: wordsKeyPair(newWords).secretKey, dataKey }
      const found = await findSecrets(node.dataDir, { keys, words: wordsFromEntropy(newWords) })
      const names = passphrase === undefined ? ['vault', 'vault.previous'] : []
      expect(found.sort((a, b) => (a.file < b.file ? -1 : 1))).toEqual(
        names.map((file) => ({ file, secret: 'dataKey', encoding: 'raw' })),
      )
    }
  })

  it('counts the union of what several peers hold (RCV8)', async () => {
    const replaced = changed([genesis], otherWords, ada.words)
    const alone = await startRecoveryNode(near)
    await holder('stale', [genesis])
    // The control: by what this one knows, the words are good.
    expect((await recover(alone)).step).toBe('restoring')
    near = network.host('near 2')
    const node = await startRecoveryNode(near)
    await holder('stale too', [genesis])
    await holder('fresh', replaced)
    expect(await recover(node)).toMatchObject({ step: 'failed', failure: 'not-an-authority', asked: 2 })
    expect(node.account.address).toBeNull()
    expect(await chainOf(node)).toHaveLength(2)
    expect(node.announced).toEqual([])
  })

  it('says that a chain is contested, which the paper key settles (IDN22)', async () => {
    const branches = ['one', 'two'].map((name) => changed(papered, { add: [entry(name)] }, ada.words).at(-1))
    const contested = [...papered, ...(branches as IdentityOperation[])]
    const node = await startRecoveryNode(near)
    await holder('far', contested)
    expect(await recover(node)).toMatchObject({ step: 'failed', failure: 'contested', by: 'words' })
    expect((await recover(node, formatPaperKey(paper))).step).toBe('restoring')
    expect((await node.chains.state(ada.address))?.isContested).toBe(false)
  })

  it('goes back with the paper key to before a thief of the words (RCV10)', async () => {
    const keys = ['ann', 'ben'].map((name) => proveAuthority(keyOf(name), ada.address))
    const guarded = [...papered, setGuardians(stateOf(papered), { threshold: 2, keys }, [ada.words])]
    const repapered = changed(guarded, { paperHash }, ada.words)
    const theft = { ...otherWords, add: [entry('thief')], without: [ada.device.publicKey], paperHash: null }
    const stolen = changed(repapered, theft, ada.words)
    const node = await startRecoveryNode(near)
    await holder('far', stolen)
    expect((await recover(node, formatPaperKey(paper))).step).toBe('restoring')
    const state = await node.chains.state(ada.address)
    const prepared = wordsKeyPair(entropyFromWords(node.account.words() ?? []) as Uint8Array).publicKey
    expect(state?.base?.paperHash).toBeNull()
    expect(state?.base?.slots.map(({ threshold, keys: all }) => [threshold, all.length])).toEqual([
      [1, 1],
      [2, 2],
    ])
    expect(state?.base?.slots[0]?.keys[0]?.key).toEqual(prepared)
    // Other devices stay as they are: whom to revoke is for a person to say.
    expect(statuses(state)).toMatchObject({ thief: 'active', "Ada's device": 'sealed 0' })
    // What the thief threw out comes back with the next paper key, which the new words make.
    const typed = (node.account.words() ?? []).join(' ')
    const signer = parsePaperKey(await node.secrets.makePaper(typed))?.keyPair as KeyPair
    const seals = [{ key: ada.device.publicKey, seal: null }]
    const repaired = { seals, without: [keyOf('thief').publicKey] }
    const now = (await node.chains.state(ada.address)) as NonNullable<typeof state>
    await node.chains.publish([changeByAuthority(now, repaired, [signer])])
    expect(statuses(await node.chains.state(ada.address))).toMatchObject({
      thief: 'sealed 0',
      "Ada's device": 'active',
    })
  })

  it('finds the account of a paper key among strangers that name it too (RCV1)', async () => {
    const strangers = Array.from({ length: 8 }, (_, i) => {
      const stranger = new TestAuthor(`stranger ${i}`)
      const first = operationOf(stranger.genesis)
      return [first, changeByAuthority(stateOf([first]), { paperHash }, [stranger.words])]
    })
    const node = await startRecoveryNode(near)
    await holder('far', ...strangers, papered)
    expect(await recover(node, formatPaperKey(paper))).toMatchObject({ step: 'restoring', profile: ada.profile })
  })

  it('goes on past a peer that answers junk, and does not ask it again (RCV6)', async () => {
    const liar = network.host('liar')
    let questions = 0
    await liar.handle(WHOIS_PROTOCOL, async (stream) => {
      questions++
      await stream.write(Uint8Array.of(2, 0x81, 0x07))
    })
    const node = await startRecoveryNode(near)
    network.join(near, liar)
    await node.recovery.start({ secret: words, addresses: [] })
    await eventually('the liar was asked', () => questions === 1)
    await new Promise((resolve) => setTimeout(resolve, 300))
    await holder('far', [genesis])
    expect((await ended(node)).profile).toBe(ada.profile)
    expect(questions).toBe(1)
  })

  it('needs nobody where the chain is held already', async () => {
    const node = await startRecoveryNode(near)
    node.test.ingest({ operations: [ada.genesis] })
    expect((await recover(node)).profile).toBe(ada.profile)
  })

  it('does not take over what an account that was made meanwhile stands in the way of', async () => {
    const node = await startRecoveryNode(near)
    await node.recovery.start({ secret: words, addresses: [] })
    await node.account.create('Somebody else')
    await holder('far', [genesis])
    expect(await ended(node)).toMatchObject({ step: 'failed', failure: 'account-exists' })
    expect(await chainOf(node)).toHaveLength(1)
  })

  it('begins anew when it is started again, and leaves nothing behind when it fails', async () => {
    const node = await startRecoveryNode(near)
    await node.recovery.start({ secret: words, addresses: [] })
    expect(await node.recovery.start({ secret: formatPaperKey(paper), addresses: [] })).toMatchObject({ by: 'paper' })
    expect(await node.recovery.cancel()).toMatchObject({ step: 'failed', failure: 'cancelled', by: 'paper' })
    expect(await node.states.getState('recovery')).toBeNull()
    expect(await node.recovery.cancel()).toMatchObject({ step: 'failed' })
  })

  describe('cut in the middle', () => {
    /** Dies at the write of that number once it is armed. */
    function dying(): { steps: FileSteps; arm(after: number): void } {
      let left = Number.POSITIVE_INFINITY
      const alive = async () => {
        if (left-- <= 0) throw new Error('the disk is gone')
      }
      const steps: FileSteps = {
        writeSynced: (path, bytes) => alive().then(() => diskSteps.writeSynced(path, bytes)),
        rename: (from, to) => alive().then(() => diskSteps.rename(from, to)),
        syncFolder: (path) => alive().then(() => diskSteps.syncFolder(path)),
      }
      return {
        steps,
        arm: (count) => {
          left = count
        },
      }
    }

    it.each([
      ['words', words],
      ['paper key', formatPaperKey(paper)],
    ])('has its account or nothing, and goes on with the same %s (RCV11)', async (kind, secret) => {
      await holder('far', papered)
      const far = network.hosts.get('far') as MemoryHost
      for (let cut = 0; cut < 40; cut++) {
        near = network.host(`near ${cut}`)
        const { steps, arm } = dying()
        const first = await startRecoveryNode(near, { steps })
        network.join(near, far)
        arm(cut)
        const status = await recover(first, secret)
        const hasSigned = (await chainOf(first)).length > papered.length
        const deviceKey = first.account.deviceKey
        await first.stop()

        near = network.host(`near ${cut} again`)
        const second = await startRecoveryNode(near, { dataDir: first.dataDir })
        network.join(near, far)
        expect(second.account.deviceKey).toEqual(deviceKey)
        if (second.account.address === null) {
          expect((await second.recovery.status()).step).toBe('none')
          expect((await recover(second, secret)).step).toBe('restoring')
        } else {
          expect(hasSigned).toBe(true)
          expect(await second.recovery.status()).toMatchObject({ step: 'restoring', profile: ada.profile })
        }
        expect(await chainOf(second)).toHaveLength(papered.length + 1)
        const state = await second.chains.state(ada.address)
        expect(state?.devices.filter((device) => device.status === 'active')).toHaveLength(2)
        if (kind === 'paper key') {
          const named = state?.base?.slots[0]?.keys[0]?.key
          expect(wordsKeyPair(entropyFromWords(second.account.words() ?? []) as Uint8Array).publicKey).toEqual(named)
        }
        await second.stop()
        if (status.step !== 'failed') return
      }
      throw new Error('no run came through')
    })
  })

  it('is by guardians where they were asked', async () => {
    const waiting = { step: 'waiting', by: 'guardians' } as RecoveryStatus
    let isAsked = false
    const guardians = {
      ask: async () => {
        isAsked = true
        return waiting
      },
      cancel: async () => {
        isAsked = false
      },
      status: async () => (isAsked ? waiting : null),
      alive: async () => ({ alive: 0, checkedAt: null }),
    }
    const node = await startRecoveryNode(near, { guardians })
    expect(await node.recovery.askGuardians({ profile: ada.profile, addresses: [] })).toBe(waiting)
    expect(await node.recovery.status()).toBe(waiting)
    expect((await node.recovery.cancel()).step).toBe('none')
  })
})
