import { beforeEach, describe, expect, it } from 'vitest'
import { LinkError } from '../../../core/account/errors.ts'
import type { JoinedAccount, JoinSteps, JoinTerms } from '../../../core/account/join-session.ts'
import type { LinkOffer } from '../../../core/account/link-offer.ts'
import type { HandedAccount, OfferSteps, OfferTerms } from '../../../core/account/offer-session.ts'
import type { Account, NodeEvent } from '../../../core/contract/views.ts'
import { resolveChain } from '../../../core/identity/chain.ts'
import { linkDevice, proveDevice, retireDevice } from '../../../core/identity/change.ts'
import { createIdentity } from '../../../core/identity/genesis.ts'
import { generateKeyPair, generateSealKeyPair } from '../../../core/identity/keys.ts'
import { encodeOperation, type IdentityOperation } from '../../../core/identity/operation.ts'
import { formatPeerId } from '../../../core/identity/peer-id.ts'
import { AccountLinker, type LinkTransport } from '../../../core/node/device-linker.ts'
import { formatDeviceLink, parseDeviceLink } from '../../../core/record/device-link.ts'
import { ManualClock } from '../../../core/util/clock.ts'
import { PalabreError } from '../../../core/util/errors.ts'
import { silentLogger } from '../../../core/util/logger.ts'
import { systemRandom } from '../../../core/util/random.ts'
import { eventually } from '../../harness/wait.ts'

const NOW = 1_700_000_000_000
const SEED = '/ip4/10.0.0.9/tcp/4001/p2p/12D3KooWSeed'

/** A node's services around a linker, and a transport that does what the test says. */
class Bench {
  readonly keyPair = generateKeyPair()
  readonly sealKeyPair = generateSealKeyPair()
  readonly chain: IdentityOperation[] = []
  readonly events: NodeEvent[] = []
  readonly kept: string[] = []
  readonly dialled: string[] = []
  readonly askedFor: Uint8Array[] = []
  readonly offers: { terms: OfferTerms; steps: Omit<OfferSteps, 'onToken'>; outcome: PromiseWithResolvers<void> }[] = []
  readonly joins: { peerId: string; terms: JoinTerms; steps: JoinSteps; end: PromiseWithResolvers<JoinedAccount> }[] =
    []
  readonly linker: AccountLinker
  address: Uint8Array | null = null
  addresses = ['/ip4/192.168.1.2/tcp/4001/p2p/x', '/ip4/127.0.0.1/tcp/4001/p2p/x']
  answers: (address: string) => boolean = () => true
  takeOver: (account: { address: Uint8Array }) => Promise<void> = async ({ address }) => {
    this.address = address
  }
  publish: (operations: readonly IdentityOperation[]) => Promise<void> = async (operations) => {
    this.chain.push(...operations)
  }

  constructor() {
    const bench = this
    this.linker = new AccountLinker(
      {
        account: {
          get address() {
            return bench.address
          },
          deviceKey: this.keyPair.publicKey,
          deviceKeyPair: this.keyPair,
          sealKeyPair: this.sealKeyPair,
          wordsSlotKey: new Uint8Array(32).fill(5),
          get: async () => ({ name: 'Nour' }) as Account,
          takeOver: async (account) => {
            await this.takeOver(account)
            return { name: account.name } as Account
          },
        },
        chains: {
          operations: async () => [...this.chain],
          state: async () => resolveChain(this.chain),
          publish: (operations) => this.publish(operations),
        },
        network: {
          addresses: () => this.addresses,
          keep: (address) => void this.kept.push(address),
          listConnected: () => [
            { peerId: 'seed', isSeed: true, name: '', dialable: SEED },
            { peerId: 'other', isSeed: false, name: '', dialable: '/ip4/10.0.0.8/tcp/1' },
          ],
          connect: async (address) => {
            this.dialled.push(address)
            if (!this.answers(address)) throw new PalabreError('unreachable', 'nobody there')
            return { peerId: 'x' }
          },
        },
        events: { publish: (event) => void this.events.push(event) },
        random: systemRandom,
        clock: new ManualClock(NOW),
        logger: silentLogger,
        onTakenOver: (address) => void this.askedFor.push(address),
      },
      { domain: 'palabre' },
    )
    this.linker.attach(this.transport())
  }

  begin(): void {
    const { address, operation } = createIdentity({
      device: { keyPair: this.keyPair, sealKey: this.sealKeyPair.publicKey, name: 'laptop' },
    })
    this.address = address
    this.chain.push(operation)
  }

  transport(): LinkTransport {
    return {
      isConnected: () => false,
      offer: (terms, steps) => {
        const outcome = Promise.withResolvers<void>()
        outcome.promise.catch(() => {})
        this.offers.push({ terms, steps, outcome })
        const close = async (code: 'cancelled') => outcome.reject(new LinkError(code, 'closed'))
        return { outcome: outcome.promise, close } as unknown as LinkOffer
      },
      join: (peerId, terms, steps, { signal } = {}) => {
        const end = Promise.withResolvers<JoinedAccount>()
        signal?.addEventListener('abort', () => end.reject(signal.reason))
        this.joins.push({ peerId, terms, steps, end })
        return end.promise
      },
    }
  }

  async shown(step: string) {
    return await eventually(`linking at ${step}`, () =>
      this.linker.status().step === step ? this.linker.status() : null,
    )
  }
}

describe('AccountLinker, on a device of the account', () => {
  let bench: Bench
  beforeEach(() => {
    bench = new Bench()
    bench.begin()
  })

  function phone(name = 'phone', keyPair = generateKeyPair(), sealKey = generateSealKeyPair().publicKey) {
    return proveDevice({ keyPair, sealKey, name }, bench.address as Uint8Array)
  }

  it('shows a link with its addresses, those of this computer only where there are no others', async () => {
    const status = await bench.linker.offer()
    expect(status).toMatchObject({ side: 'offer', step: 'waiting', code: null, expiresAt: NOW + 600_000 })
    const link = parseDeviceLink(status.link as string)
    expect(link).toEqual({
      device: bench.keyPair.publicKey,
      token: bench.offers[0]?.terms.token,
      addresses: ['/ip4/192.168.1.2/tcp/4001'],
    })
    bench.addresses = ['/ip4/127.0.0.1/tcp/4001/p2p/x']
    const { link: near } = await bench.linker.offer()
    expect(parseDeviceLink(near as string)?.addresses).toEqual(['/ip4/127.0.0.1/tcp/4001'])
  })

  it('signs when both have confirmed, and hands out the whole chain with what else is needed (LNK8)', async () => {
    await bench.linker.offer()
    const [offer] = bench.offers
    offer?.steps.onCode('123 456', 'phone')
    expect(bench.linker.status()).toMatchObject({ step: 'compare', code: '123 456', other: 'phone', link: null })
    expect(await bench.linker.confirm(true)).toMatchObject({ step: 'confirming', code: '123 456' })
    expect(await offer?.steps.decision).toBe(true)
    offer?.steps.onConfirmed()
    expect(bench.linker.status()).toMatchObject({ step: 'moving' })
    expect(await bench.linker.cancel()).toMatchObject({ step: 'moving' })
    await expect(bench.linker.offer()).rejects.toMatchObject({ code: 'busy' })
    const handed = (await offer?.steps.add(phone())) as HandedAccount
    expect(handed).toMatchObject({ name: 'Nour', seeds: [SEED], wordsSlotKey: new Uint8Array(32).fill(5) })
    expect(handed.operations).toEqual(bench.chain.map(encodeOperation))
    expect(bench.chain).toHaveLength(2)
    offer?.outcome.resolve()
    await bench.shown('done')
    expect(bench.events.map(({ type }) => type)).toContain('devices')
    expect(await bench.linker.cancel()).toMatchObject({ side: 'none', step: 'idle' })
  })

  it('ends what goes over a network that starts again, and waits for that one with what begins (LOG10)', async () => {
    await bench.linker.offer()
    bench.linker.noteRestart()
    expect(await bench.shown('failed')).toMatchObject({ side: 'offer', failure: 'cancelled' })
    const waiting = bench.linker.offer()
    const offered: OfferTerms[] = []
    const later = bench.transport()
    bench.linker.attach({
      ...later,
      offer: (terms, steps) => {
        offered.push(terms)
        return later.offer(terms, steps)
      },
    })
    expect(await waiting).toMatchObject({ side: 'offer', step: 'waiting' })
    expect(offered).toHaveLength(1)
    bench.linker.fail('no port')
    await expect(bench.linker.offer()).rejects.toMatchObject({ code: 'unreachable' })
  })

  it('serves a device again that an attempt has left in the chain, with the same keys only', async () => {
    await bench.linker.offer()
    const { add } = (bench.offers[0] as (typeof bench.offers)[number]).steps
    const entry = phone()
    await add(entry)
    expect((await add(entry)).operations).toHaveLength(2)
    expect(bench.chain).toHaveLength(2)
    const other = { ...entry, sealKey: generateSealKeyPair().publicKey }
    await expect(add(other)).rejects.toMatchObject({ code: 'refused' })
  })

  it('says so when the device was added and didn’t answer', async () => {
    await bench.linker.offer()
    const [offer] = bench.offers
    offer?.steps.onCode('123 456', 'phone')
    offer?.steps.onConfirmed()
    await offer?.steps.add(phone())
    offer?.outcome.reject(new LinkError('truncated', 'gone'))
    expect(await bench.shown('failed')).toMatchObject({ failure: 'unanswered', other: 'phone' })
  })

  it('is refused by the store, and says so', async () => {
    bench.publish = () => Promise.reject(new PalabreError('refused-operation', 'quota'))
    await bench.linker.offer()
    const [offer] = bench.offers
    await expect(offer?.steps.add(phone())).rejects.toMatchObject({ code: 'refused' })
    offer?.outcome.reject(new LinkError('refused', ''))
    expect(await bench.shown('failed')).toMatchObject({ failure: 'refused' })
  })

  it.each([
    ['expired', 'expired'],
    ['wrong-token', 'refused'],
    ['declined', 'declined'],
    ['wrong-network', 'other-network'],
    ['stalled', 'broken'],
    ['bad-device', 'broken'],
  ] as const)('ends a %s as %s', async (code, failure) => {
    await bench.linker.offer()
    bench.offers[0]?.outcome.reject(new LinkError(code, ''))
    expect(await bench.shown('failed')).toMatchObject({ side: 'offer', failure, link: null })
  })

  it('lets a second offer take the place of the first, whose end says nothing any more', async () => {
    const first = await bench.linker.offer()
    const second = await bench.linker.offer()
    await expect(bench.offers[0]?.outcome.promise).rejects.toMatchObject({ code: 'cancelled' })
    expect(second.link).not.toBe(first.link)
    expect(bench.linker.status()).toEqual(second)
  })

  it('offers nothing without an account, and on a device that may add none', async () => {
    await expect(new Bench().linker.offer()).rejects.toMatchObject({ code: 'no-account' })
    const state = resolveChain(bench.chain)
    const other = generateKeyPair()
    if (state === null) throw new Error('no state')
    bench.chain.push(linkDevice(state, phone('phone', other), bench.keyPair))
    const retired = resolveChain(bench.chain)
    if (retired === null) throw new Error('no state')
    bench.chain.push(retireDevice(retired, { lastSeq: 0, headId: new Uint8Array(32) }, bench.keyPair))
    await expect(bench.linker.offer()).rejects.toMatchObject({ code: 'no-right' })
  })
})

describe('AccountLinker, on a new device', () => {
  let bench: Bench
  const device = generateKeyPair().publicKey
  const addresses = ['/ip4/10.0.0.1/tcp/1', '/ip4/10.0.0.2/tcp/2']
  const link = formatDeviceLink({ device, token: systemRandom(16), addresses })

  beforeEach(() => {
    bench = new Bench()
  })

  function joined(): JoinedAccount {
    const { address, operation } = createIdentity({
      device: { keyPair: generateKeyPair(), sealKey: generateSealKeyPair().publicKey, name: 'laptop' },
    })
    const operations = [encodeOperation(operation)]
    return { address, chain: [operation], operations, wordsSlotKey: null, name: 'Nour', seeds: [SEED, 'nowhere'] }
  }

  async function begun() {
    await bench.linker.join(link, 'phone')
    return await eventually('the stream', () => bench.joins[0])
  }

  it('dials the addresses one after the other, and takes the account over (LNK8)', async () => {
    bench.answers = (address) => address.startsWith(addresses[1] as string)
    const join = await begun()
    expect(bench.dialled).toEqual(addresses.map((address) => `${address}/p2p/${formatPeerId(device)}`))
    expect(join).toMatchObject({ peerId: formatPeerId(device), terms: { deviceName: 'phone' } })
    join.steps.onCode('123 456', 'Nour')
    expect(await bench.linker.confirm(true)).toMatchObject({ side: 'join', step: 'confirming', other: 'Nour' })
    expect(await join.steps.decision).toBe(true)
    join.steps.onMoving()
    expect(bench.linker.status()).toMatchObject({ step: 'moving' })
    const account = joined()
    await join.steps.takeOver(account)
    join.end.resolve(account)
    await bench.shown('done')
    await eventually('the records are asked for', () => bench.askedFor.length === 1)
    expect(bench.kept).toEqual([SEED])
    expect(bench.chain).toEqual(account.chain)
  })

  it('goes on when the store fails once the vault has the account, and ends when the vault fails (LNK8)', async () => {
    const { steps } = await begun()
    bench.takeOver = async () => {
      throw new Error('the vault can’t be written')
    }
    await expect(steps.takeOver(joined())).rejects.toThrow('the vault')
    bench.takeOver = async ({ address }) => {
      bench.address = address
      throw new Error('the store is slow')
    }
    await steps.takeOver(joined())
    bench.takeOver = () => Promise.reject(new PalabreError('account-exists', ''))
    await expect(steps.takeOver(joined())).rejects.toMatchObject({ code: 'account-exists' })
  })

  it('says that nobody can be reached', async () => {
    bench.answers = () => false
    await bench.linker.join(link)
    expect(await bench.shown('failed')).toMatchObject({ side: 'join', failure: 'unreachable' })
    expect(bench.joins).toEqual([])
  })

  it('refuses what is no link, and any link where there is an account, without disturbing anything', async () => {
    expect(await bench.linker.join('hello')).toMatchObject({ step: 'failed', failure: 'bad-link' })
    const own = formatDeviceLink({ device: bench.keyPair.publicKey, token: systemRandom(16), addresses: [] })
    expect(await bench.linker.join(own)).toMatchObject({ failure: 'bad-link' })
    await expect(bench.linker.join(link, 'é'.repeat(33))).rejects.toMatchObject({ code: 'too-long' })
    bench.begin()
    await bench.linker.offer()
    expect(await bench.linker.join(link)).toMatchObject({ failure: 'account-exists' })
    expect(bench.linker.status()).toMatchObject({ side: 'offer', step: 'waiting' })
  })

  it('is called off, and by the end of the node', async () => {
    const first = await begun()
    expect(await bench.linker.cancel()).toMatchObject({ step: 'failed', failure: 'cancelled' })
    await expect(first.end.promise).rejects.toMatchObject({ code: 'cancelled' })
    await bench.linker.join(link)
    await eventually('the stream', () => bench.joins[1])
    bench.linker.stop()
    expect(await bench.shown('failed')).toMatchObject({ failure: 'cancelled' })
  })
})
