import { afterEach, describe, expect, it } from 'vitest'
import { LINK_PROTOCOL, LINK_TIMES, MAX_LINK_FRAME_BYTES } from '../../core/account/limits.ts'
import { LinkService } from '../../core/account/link-service.ts'
import { generateSealKeyPair, type KeyPair, keyPairFromSeed } from '../../core/identity/keys.ts'
import { createHost, type Host } from '../../core/net/host.ts'
import { LOCAL_LIMITS } from '../../core/net/net-limits.ts'
import { silentLogger } from '../../core/util/logger.ts'
import { systemRandom } from '../../core/util/random.ts'
import { Answer, codeOf, OfferingDevice } from '../harness/linking.ts'
import { eventually } from '../harness/wait.ts'

interface Side {
  readonly host: Host<Record<string, never>>
  readonly links: LinkService
  readonly keyPair: KeyPair
}

const started: Side[] = []

async function start(isServing = true): Promise<Side> {
  const keyPair = keyPairFromSeed(systemRandom(32))
  const host = await createHost<Record<string, never>>(
    { logger: silentLogger },
    {
      privateKey: keyPair.secretKey,
      listen: ['/ip4/127.0.0.1/tcp/0'],
      limits: LOCAL_LIMITS,
      isLocal: true,
      services: {},
    },
  )
  const links = new LinkService({ host, logger: silentLogger })
  if (isServing) await links.start()
  const side = { host, links, keyPair }
  started.push(side)
  return side
}

afterEach(async () => {
  for (const { links, host } of started.splice(0)) {
    await links.stop()
    await host.stop()
  }
})

/** A link is shown by `near`; the answers of both sides' people, and the codes as they are shown. */
function show(near: Side) {
  const device = new OfferingDevice({ keyPair: near.keyPair })
  const shown = Promise.withResolvers<string>()
  const offer = near.links.offer(device.terms, {
    onCode: (code) => shown.resolve(code),
    decision: device.answer.promise,
    onConfirmed: () => {},
    add: (entry) => device.add(entry),
  })
  return { device, offer, code: shown.promise }
}

function use(far: Side, near: Side, token: Uint8Array) {
  const answer = new Answer()
  const shown = Promise.withResolvers<string>()
  const taken: unknown[] = []
  const terms = {
    keyPair: far.keyPair,
    sealKey: generateSealKeyPair().publicKey,
    deviceName: 'phone',
    token,
    network: 'palabre',
    times: LINK_TIMES,
  }
  const steps = {
    onCode: (code: string) => shown.resolve(code),
    decision: answer.promise,
    onMoving: () => {},
    takeOver: async (account: unknown) => void taken.push(account),
  }
  const ended = far.links.join(near.host.peerId, terms, steps)
  ended.catch(() => {})
  return { answer, code: shown.promise, ended, taken }
}

async function connected(): Promise<[near: Side, far: Side]> {
  const [near, far] = await Promise.all([start(), start()])
  await far.host.dial(near.host.addresses()[0] as string)
  return [near, far]
}

describe('linking between hosts (LNK2)', () => {
  it('hands the account over', async () => {
    const [near, far] = await connected()
    const { device, offer, code } = show(near)
    const joining = use(far, near, device.terms.token)
    expect(await joining.code).toBe(await code)
    joining.answer.say(true)
    device.answer.say(true)
    expect(await joining.ended).toMatchObject({ name: 'Nour' })
    await offer.outcome
    expect(joining.taken).toHaveLength(1)
  })

  it('says no to one without the token, and where no link is shown', async () => {
    const [near, far] = await connected()
    expect(await use(far, near, systemRandom(16)).ended.catch(codeOf)).toBe('no-offer')
    show(near)
    expect(await use(far, near, systemRandom(16)).ended.catch(codeOf)).toBe('wrong-token')
  })

  it('tells the other side when a node stops', async () => {
    const [near, far] = await connected()
    const { device, code } = show(near)
    const joining = use(far, near, device.terms.token)
    await code
    await near.links.stop()
    expect(await joining.ended.catch(codeOf)).toBe('cancelled')
  })

  it('refuses a frame over its limit before it has come (LNK3)', async () => {
    const [near, far] = await connected()
    const { device, offer } = show(near)
    const stream = await far.host.openStream(near.host.peerId, LINK_PROTOCOL)
    const size = MAX_LINK_FRAME_BYTES + 1
    await stream.write(Uint8Array.of((size & 0x7f) | 0x80, ((size >> 7) & 0x7f) | 0x80, size >> 14))
    const told: number[] = []
    for (let part = await stream.read(); part !== null; part = await stream.read().catch(() => null)) told.push(...part)
    expect(Buffer.from(told).toString('latin1')).toContain('bad-frame')
    const joining = use(far, near, device.terms.token)
    expect(await joining.code).toMatch(/^\d{3} \d{3}$/)
    await offer.close('cancelled')
  })

  it('notices when the connection goes', async () => {
    const [near, far] = await connected()
    const { device, offer, code } = show(near)
    const joining = use(far, near, device.terms.token)
    await code
    await far.host.disconnect(near.host.peerId)
    expect(await joining.ended.catch(codeOf)).toBe('truncated')
    expect(await offer.outcome.catch(codeOf)).toBe('truncated')
  })

  it('cannot begin where nobody is, or nobody speaks it', async () => {
    const [near, far] = await Promise.all([start(false), start()])
    await expect(use(far, near, systemRandom(16)).ended).rejects.toMatchObject({ code: 'unreachable' })
    await far.host.dial(near.host.addresses()[0] as string)
    await eventually('the connection', () => far.host.isConnected(near.host.peerId))
    await expect(use(far, near, systemRandom(16)).ended).rejects.toMatchObject({ code: 'unsupported-protocol' })
  })
})
