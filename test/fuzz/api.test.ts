import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { contract } from '../../core/contract/contract.ts'
import { fuzzCases, fuzzSeed, SeededChoice } from '../harness/seeded-random.ts'
import { clientOf, type TestPeer, TestSquare } from '../harness/square.ts'
import { eventually } from '../harness/wait.ts'

const CALLS = fuzzCases(2_000)
const SEED = fuzzSeed('api')

/** Every method of the contract but the endless stream. */
const METHODS = Object.entries(contract).flatMap(([space, methods]) =>
  Object.keys(methods).flatMap((name) => (space === 'events' ? [] : [[space, name] as const])),
)
const KEYS = [
  ...['id', 'text', 'media', 'reply', 'limit', 'cursor', 'profile', 'addresses', 'name', 'bio', 'avatar', 'emoji'],
  ...['query', 'path', 'alt', 'cid', 'out', 'bytes', 'address', 'theme', 'answers', 'lang', 'author', '__proto__'],
]

class HostileInput {
  readonly choice: SeededChoice
  readonly #known: unknown[]

  constructor(choice: SeededChoice, known: unknown[]) {
    this.choice = choice
    this.#known = known
  }

  pick<T>(list: readonly T[]): T {
    return this.choice.pick(list)
  }

  value(depth = 0): unknown {
    const kind = this.choice.below(depth > 3 ? 8 : 11)
    switch (kind) {
      case 0:
        return this.pick([0, -1, 1, 50, 500, 501, 1e21, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53, 0.5])
      case 1:
        return this.pick([null, undefined, true, false, 10n ** 30n, new Date(Number.NaN), /x/, new Map(), new Set([1])])
      case 2:
      case 3:
        return this.pick(this.#known)
      case 4:
        return this.pick(['a', 'é', '\u0000', '\ud800', '🌳', '"', "'", '*', 'OR 1=1', '\n']).repeat(
          this.pick([0, 1, 2, 64, 512, 5_000]),
        )
      case 5:
        return this.pick([
          '../../etc/passwd',
          '/dev/zero',
          '/',
          'palabre:',
          'NEAR(a b)',
          'text:"x',
          '/ip4/1.2.3.4/tcp/1',
        ])
      case 6:
        return this.choice.bytes(this.pick([0, 1, 36, 1_000]))
      case 7:
        return new Blob(['<svg onload=alert(1)>'.repeat(this.pick([0, 1, 100]))])
      case 8:
        return Array.from({ length: this.pick([0, 1, 3, 30]) }, () => this.value(depth + 1))
      default:
        return this.object(depth)
    }
  }

  object(depth = 0): Record<string, unknown> {
    const entries = Array.from({ length: this.pick([0, 1, 2, 3, 6]) }, () => [this.pick(KEYS), this.value(depth + 1)])
    return Object.fromEntries(entries)
  }
}

describe('the API under hostile parameters', () => {
  let square: TestSquare
  let peer: TestPeer

  beforeAll(async () => {
    square = new TestSquare()
    peer = await square.add({ name: 'Target' })
    await peer.node.listening
  })
  afterAll(() => square.close())

  it(`answers ${CALLS} random calls (seed ${SEED}) with results or named refusals, and stays whole`, async () => {
    const profile = await peer.profile()
    const { id } = await peer.api.posts.create({ text: 'bait' })
    const known = [id, profile, await peer.address(), `palabre:${profile}`, 'posts', 'dark', { author: profile, id }]
    const input = new HostileInput(new SeededChoice(SEED), known)
    const carriers = { local: clientOf(peer.node), web: clientOf(peer.node, 'web') }
    const unexpected: string[] = []
    for (let call = 0; call < CALLS; call++) {
      const [space, name] = input.pick(METHODS)
      // Writing files and dialling are tried by tests of their own.
      if ((space === 'media' && name === 'get') || (space === 'network' && name === 'connect')) continue
      const client = input.choice.below(2) === 0 ? carriers.local : carriers.web
      const methods = client[space as keyof typeof client] as unknown as Record<
        string,
        (p: unknown) => Promise<unknown>
      >
      const parameters =
        input.choice.below(5) > 0
          ? { ...input.object(), ...(input.choice.below(2) === 0 ? { id } : {}) }
          : input.value()
      const method = methods[name]
      if (method === undefined) throw new Error(`no method ${space}.${name}`)
      await method(parameters).catch((error: unknown) => {
        const code = error instanceof Error && 'code' in error ? String(error.code) : 'none'
        if (!/^[a-z]+(-[a-z]+)*$/.test(code) || code === 'internal') {
          unexpected.push(`call ${call}: ${space}.${name}: ${code}: ${String(error)}`)
        }
      })
    }
    expect(unexpected).toEqual([])
    const after = await peer.api.posts.create({ text: 'still standing' })
    expect((await eventually('the post', () => peer.api.posts.get({ id: after.id }))).text).toBe('still standing')
  }, 180_000)

  it('lets an event stream that nobody reads cost little, and closes it with the node', async () => {
    const idle = await peer.api.events.subscribe()
    expect((await idle.next()).value).toEqual({ type: 'subscribed' })
    for (let i = 0; i < 200; i++) await peer.api.settings.update({ theme: i % 2 === 0 ? 'dark' : 'light' })
    const { id } = await peer.api.posts.create({ text: 'for the stream' })
    const seen: unknown[] = []
    while (!seen.some((event) => JSON.stringify(event).includes('"home"'))) seen.push((await idle.next()).value)
    expect(seen.length).toBeLessThan(70)
    expect(id).not.toBe('')
    await idle.return?.()
  })
})
