import { beforeEach, describe, expect, it } from 'vitest'
import { formatPeerId } from '../../../core/identity/peer-id.ts'
import { wordsFromEntropy } from '../../../core/identity/words.ts'
import { toHex } from '../../../core/util/bytes.ts'
import { type MadeRecord, TestAuthor } from '../../harness/authors.ts'
import { MemoryNetwork } from '../../harness/memory-hosts.ts'
import { type RecoveryNode, startRecoveryNode } from '../../harness/recovery-node.ts'
import { eventually } from '../../harness/wait.ts'

const POSTS = 20

describe('what comes back of an account (RCV11)', () => {
  let ada: TestAuthor
  let ben: TestAuthor
  let node: RecoveryNode
  beforeEach(async () => {
    ada = new TestAuthor('Ada')
    ben = new TestAuthor('Ben')
    ada.describe({ name: 'Ada' })
    ada.follow(ben)
    for (let i = 0; i < POSTS; i++) ada.post(`post ${i}`)
    node = await startRecoveryNode(new MemoryNetwork().host('near'))
    node.test.ingest({ operations: [ada.genesis] })
    await node.recovery.start({ secret: wordsFromEntropy(ada.wordsEntropy).join(' '), addresses: [] })
    await eventually('the account is here', async () => (await node.recovery.status()).profile)
  })

  const come = (records: readonly MadeRecord[]) => node.test.ingest({ records }, { kind: 'sync', peer: 'far' })
  const step = async () => (await node.recovery.status()).step
  const isStored = async () => (await node.states.getState('recovery')) !== null

  it('is counted by the newest heads heard of, newest records first', async () => {
    expect(await node.recovery.status()).toMatchObject({
      step: 'restoring',
      name: null,
      records: { held: 0, known: 0 },
    })
    const known = ada.records.length
    come(ada.records.slice(-5))
    expect(await node.recovery.status()).toMatchObject({ step: 'restoring', records: { held: 5, known } })
    come(ada.records.slice(0, 3))
    expect(await node.recovery.status()).toMatchObject({
      step: 'restoring',
      name: 'Ada',
      follows: 1,
      records: { held: 8, known },
    })
    come(ada.records)
    await eventually('it is done', async () => (await step()) === 'done')
    expect(await node.recovery.status()).toMatchObject({ records: { held: known, known } })
  })

  it('is not done while nothing was heard of, and not while records still come', async () => {
    await new Promise((resolve) => setTimeout(resolve, 300))
    expect(await step()).toBe('restoring')
    come(ada.records)
    expect(await step()).toBe('restoring')
    await eventually('it is done', async () => (await step()) === 'done')
  })

  it('is watched again after a stop, until it is done', async () => {
    come(ada.records.slice(-5))
    expect(await isStored()).toBe(true)
    await node.stop()
    node = await startRecoveryNode(new MemoryNetwork().host('near'), { dataDir: node.dataDir })
    expect(await node.recovery.status()).toMatchObject({ step: 'restoring', by: 'words', records: { held: 5 } })
    come(ada.records)
    await eventually('it is done for good', async () => !(await isStored()))
    await node.stop()
    node = await startRecoveryNode(new MemoryNetwork().host('near'), { dataDir: node.dataDir })
    expect(await node.recovery.status()).toMatchObject({ step: 'none', by: null, profile: null })
  })

  it('goes on when more is heard of after it was done', async () => {
    const late = ada.post('late')
    come(ada.records.slice(0, -1))
    await eventually('it is done', async () => (await step()) === 'done')
    come([ada.post('later still')])
    expect(await node.recovery.status()).toMatchObject({ step: 'restoring', records: { known: ada.records.length } })
    come([late])
    await eventually('it is done again', async () => (await step()) === 'done')
  })

  it('asks for the people whom the account follows, as soon as it knows', async () => {
    come([ada.records[1] as MadeRecord])
    await eventually('Ben is wanted', () => node.wanted.some((address) => toHex(address) === toHex(ben.address)))
    expect(node.test.square.follows().map(({ profile }) => profile)).toEqual([formatPeerId(ben.address)])
  })

  it('says that it goes on, a few times for many records', async () => {
    const before = node.events.length
    for (const record of ada.records) come([record])
    await eventually('it is done', async () => (await step()) === 'done')
    await eventually('it was said', () => node.events.length > before)
    const said = node.events.slice(before).filter(({ type }) => type === 'recovery').length
    expect(said).toBeGreaterThan(0)
    expect(said).toBeLessThan(ada.records.length)
  })
})
