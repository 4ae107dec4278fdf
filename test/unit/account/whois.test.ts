import { describe, expect, it } from 'vitest'
import type { WhoisQuestion } from '../../../core/account/whois-frames.ts'
import { FAULT_REST_MS, MAX_ANSWER_BYTES, WHOIS_PROTOCOL } from '../../../core/account/whois-limits.ts'
import { findAnswer } from '../../../core/account/whois-talk.ts'
import { resolveChain } from '../../../core/identity/chain.ts'
import { changeByAuthority, proveDevice } from '../../../core/identity/change.ts'
import { sha256 } from '../../../core/identity/hash.ts'
import {
  checkOperation,
  encodeOperation,
  type IdentityOperation,
  signOperation,
} from '../../../core/identity/operation.ts'
import { createSignatureVerifier } from '../../../core/identity/signature.ts'
import { ManualClock } from '../../../core/util/clock.ts'
import { TestAuthor } from '../../harness/authors.ts'
import { keyOf } from '../../harness/chains.ts'
import { MemoryNetwork } from '../../harness/memory-hosts.ts'
import { fakeKey } from '../../harness/memory-square.ts'
import { TestSquare } from '../../harness/test-square.ts'
import { indexOf, startWhois } from '../../harness/whois-node.ts'

const ada = new TestAuthor('Ada')
const byWords: WhoisQuestion = {
  by: 'authority',
  keyHash: sha256(ada.words.publicKey),
  addressStart: new Uint8Array(),
}

function operationOf(bytes: Uint8Array): IdentityOperation {
  const { operation } = checkOperation(bytes, createSignatureVerifier())
  if (operation === null) throw new Error('the operation is wrong')
  return operation
}

/** The chain with devices that the words add. */
function grown(author: TestAuthor, ...names: string[]): Uint8Array[] {
  const operations = [operationOf(author.genesis)]
  for (const name of names) {
    const state = resolveChain(operations)
    if (state === null) throw new Error('no genesis')
    const entry = proveDevice({ keyPair: keyOf(name), sealKey: fakeKey(name), name }, author.address)
    operations.push(changeByAuthority(state, { add: [entry] }, [author.words]))
  }
  return operations.map(encodeOperation)
}

/** Somebody who asks and somebody who is asked, connected. */
async function pair(init: { deadlineMs?: number } = {}) {
  const network = new MemoryNetwork()
  const [near, far] = [network.host('near'), network.host('far')]
  const asking = await startWhois(near, init)
  const answering = await startWhois(far)
  network.join(near, far)
  return { network, near, far, asking, answering }
}

describe('whois between honest peers', () => {
  it('brings the chain that names the words, through the door (RCV3, RCV5, RCV7)', async () => {
    const { asking, answering } = await pair()
    const chain = grown(ada, 'phone', 'tablet')
    answering.test.ingest({ operations: chain })
    expect(asking.whois.peers()).toEqual(['far'])
    expect(await asking.whois.ask('far', byWords)).toEqual([ada.address])
    expect(asking.test.square.listOperations([ada.address])[0]?.operations).toEqual(chain)
    expect(asking.test.events.flatMap(({ identities }) => identities)).toEqual([ada.address])
    expect(asking.test.events[0]?.source).toEqual({ kind: 'sync', peer: 'far' })
    // Again, when nothing is new.
    expect(await asking.whois.ask('far', byWords)).toEqual([ada.address])
  })

  it('brings the chain of an address, and of a device (RCV5)', async () => {
    const { asking, answering } = await pair()
    answering.test.ingest({ operations: [ada.genesis] })
    for (const key of [ada.address, ada.device.publicKey]) {
      expect(await asking.whois.ask('far', { by: 'key', key })).toEqual([ada.address])
    }
  })

  it('answers nothing for what it does not hold', async () => {
    const { asking, answering } = await pair()
    answering.test.ingest({ operations: [new TestAuthor('Ben').genesis] })
    expect(await asking.whois.ask('far', byWords)).toEqual([])
    expect(await asking.whois.ask('far', { by: 'key', key: ada.address })).toEqual([])
    const elsewhere = { by: 'authority', keyHash: sha256(ada.words.publicKey), addressStart: fakeKey('other') } as const
    expect(await asking.whois.ask('far', elsewhere)).toEqual([])
  })

  it('tells apart who names one paper key by the start of the address, at most four at a time (RCV5)', async () => {
    const { asking, answering } = await pair()
    const paperHash = sha256(keyOf('paper').publicKey)
    const authors = Array.from({ length: 6 }, (_, i) => new TestAuthor(`copy ${i}`))
    for (const author of authors) {
      const state = resolveChain([operationOf(author.genesis)])
      if (state === null) throw new Error('no genesis')
      const naming = changeByAuthority(state, { paperHash }, [author.words])
      answering.test.ingest({ operations: [author.genesis, encodeOperation(naming)] })
    }
    const all = await asking.whois.ask('far', { by: 'authority', keyHash: paperHash, addressStart: new Uint8Array() })
    expect(all).toEqual(authors.slice(0, 4).map(({ address }) => address))
    const last = authors[5] as TestAuthor
    const addressStart = last.address.slice(0, 8)
    expect(await asking.whois.ask('far', { by: 'authority', keyHash: paperHash, addressStart })).toEqual([last.address])
  })

  it('says that a peer can be asked when it comes, and forgets it when it goes', async () => {
    const network = new MemoryNetwork()
    const [near, far, mute] = [network.host('near'), network.host('far'), network.host('mute')]
    const { whois } = await startWhois(near)
    await startWhois(far)
    let said = 0
    const end = whois.onPeer(() => said++)
    network.join(near, mute)
    expect([said, whois.peers()]).toEqual([0, []])
    network.join(near, far)
    expect([said, whois.peers()]).toEqual([1, ['far']])
    network.part(near, far)
    expect(whois.peers()).toEqual([])
    await expect(whois.ask('far', byWords)).rejects.toMatchObject({ code: 'unreachable' })
    end()
    network.join(near, far)
    expect(said).toBe(1)
  })

  it('refuses another network (RCV4)', async () => {
    const network = new MemoryNetwork()
    const [near, far] = [network.host('near'), network.host('far')]
    const { whois } = await startWhois(near, { network: 'elsewhere' })
    const { test } = await startWhois(far)
    test.ingest({ operations: [ada.genesis] })
    network.join(near, far)
    await expect(whois.ask('far', byWords)).rejects.toMatchObject({ code: 'wrong-network', isRemote: true })
    // No lie: it may be asked again.
    expect(whois.peers()).toEqual(['far'])
  })

  it('answers a peer only so often, and again after a while (RCV6)', async () => {
    const { asking, answering, network } = await pair()
    answering.test.ingest({ operations: [ada.genesis] })
    let answered = 0
    let refused: unknown
    while (refused === undefined && answered < 1_000) {
      await asking.whois.ask('far', byWords).then(
        () => answered++,
        (error: unknown) => {
          refused = error
        },
      )
    }
    expect(answered).toBe(32)
    expect(refused).toMatchObject({ code: 'busy', isRemote: true })
    const other = network.host('other')
    const { whois } = await startWhois(other)
    network.join(other, network.hosts.get('far') as typeof other)
    expect(await whois.ask('far', byWords)).toEqual([ada.address])
    answering.test.clock.advance(2_000)
    expect(await asking.whois.ask('far', byWords)).toEqual([ada.address])
  })

  it('leaves out what an answer cannot hold, and says so (RCV5)', async () => {
    const test = new TestSquare()
    const genesis = operationOf(ada.genesis)
    const large = Array.from({ length: 70 }, (_, i) => {
      const extras = { padding: 'x'.repeat(31_000), i }
      return encodeOperation(signOperation({ ...genesis, prev: genesis.id, extras }, [ada.words]))
    })
    test.ingest({ operations: [ada.genesis, ...large] }, { kind: 'own' })
    const answer = await findAnswer(indexOf(test), byWords)
    expect(answer.isComplete).toBe(false)
    const [first, ...rest] = answer.chains[0]?.operations ?? []
    expect(first).toEqual(ada.genesis)
    expect(rest).toEqual(large.slice(0, Math.floor((MAX_ANSWER_BYTES - ada.genesis.length) / (large[0]?.length ?? 1))))
    const whole = new TestSquare()
    whole.ingest({ operations: [ada.genesis] })
    expect(await findAnswer(indexOf(whole), byWords)).toMatchObject({ isComplete: true })
  })

  it('ends what is under way when it stops', async () => {
    const { network, asking } = await pair()
    const silent = network.host('silent')
    await silent.handle(WHOIS_PROTOCOL, () => new Promise(() => {}))
    network.join(silent, network.hosts.get('near') as typeof silent)
    const asked = asking.whois.ask('silent', byWords)
    const outcome = expect(asked).rejects.toMatchObject({ code: 'unavailable' })
    await asking.whois.stop()
    await asking.whois.stop()
    await outcome
    await expect(asking.whois.ask('far', byWords)).rejects.toMatchObject({ code: 'unavailable' })
  })
})

describe('the rest after a lie', () => {
  it('lasts ten minutes (RCV6)', async () => {
    const network = new MemoryNetwork()
    const [near, liar] = [network.host('near'), network.host('liar')]
    const clock = new ManualClock(1_000_000)
    const { whois } = await startWhois(near, { clock, test: new TestSquare() })
    await liar.handle(WHOIS_PROTOCOL, async (stream) => {
      await stream.write(Uint8Array.of(1, 0xff))
    })
    network.join(near, liar)
    await expect(whois.ask('liar', byWords)).rejects.toMatchObject({ code: 'bad-frame', isRemote: false })
    expect(whois.peers()).toEqual([])
    clock.advance(FAULT_REST_MS)
    expect(whois.peers()).toEqual(['liar'])
  })
})
