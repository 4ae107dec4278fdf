import { ORPCError } from '@orpc/server'
import type { GuardianRequest, Guardians } from '../../../core/contract/accounts.ts'
import type { FakeHome } from './fake-home.ts'
import { fakePeerId } from './ids.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
const DELAY_MS = 3 * DAY_MS
const ALIVE_MS = 90 * DAY_MS

/** Guardians of the sample account, people whom it guards, and requests either way. */
export class FakeGuardians {
  state: Guardians = { threshold: null, items: [], wards: [], requests: [], alarms: [] }
  checkedAt: number | null = null
  readonly #home: FakeHome

  constructor(home: FakeHome) {
    this.#home = home
  }

  /** Three guardians of whom one has been quiet, one person to guard. */
  fill(): void {
    const now = this.#home.now()
    const guardian = (who: string, lastAliveAt: number | null) => ({
      key: fakePeerId(`guardian key of ${who}`),
      profile: fakePeerId(who),
      name: this.#nameOf(who),
      lastAliveAt,
    })
    this.checkedAt = now - 2 * DAY_MS
    this.state = {
      threshold: 2,
      items: [
        guardian('awa', now - 2 * DAY_MS),
        guardian('tom', now - 3 * HOUR_MS - 2 * DAY_MS),
        guardian('marguerite', now - 130 * DAY_MS),
      ],
      wards: [
        {
          profile: fakePeerId('kofi'),
          name: this.#nameOf('kofi'),
          since: now - 61 * DAY_MS,
          key: fakePeerId('key for kofi'),
        },
      ],
      requests: [],
      alarms: [],
    }
  }

  get alive(): number {
    const since = this.#home.now() - ALIVE_MS
    return this.state.items.filter(({ lastAliveAt }) => lastAliveAt !== null && lastAliveAt > since).length
  }

  invite(): { link: string } {
    const me = this.#home.square().me ?? ''
    return { link: `palabre:guard?p=${me}&n=${encodeURIComponent(this.#home.square().person(me).name)}` }
  }

  accept(link: string): { profile: string; name: string; reply: string } {
    const parameters = readLink(link, 'guard')
    const [profile, name] = [parameters.get('p') ?? '', parameters.get('n') ?? '']
    const now = this.#home.now()
    this.#change({ wards: [...this.state.wards, { profile, name, since: now, key: fakePeerId(`key for ${name}`) }] })
    const me = this.#home.square().me ?? ''
    const own = encodeURIComponent(this.#home.square().person(me).name)
    return { profile, name, reply: `palabre:guardian?p=${profile}&k=V0xA&s=9fQz&g=${me}&n=${own}` }
  }

  set(threshold: number, replies: readonly string[]): Guardians {
    const items = replies.map((reply) => {
      const parameters = readLink(reply, 'guardian')
      const profile = parameters.get('g')
      const name = parameters.get('n') ?? ''
      return { key: fakePeerId(`guardian key of ${name}`), profile, name, lastAliveAt: this.#home.now() }
    })
    this.#change({ items, threshold: items.length === 0 ? null : threshold })
    return this.state
  }

  open(link: string): GuardianRequest {
    const parameters = readLink(link, 'recover')
    const ward = this.state.wards.find(({ profile }) => profile === parameters.get('p'))
    if (ward === undefined) throw new ORPCError('not-found', { message: 'this account does not guard that one' })
    const now = this.#home.now()
    return {
      id: 'a7'.repeat(32),
      profile: ward.profile,
      name: ward.name,
      device: parameters.get('n') ?? '',
      code: '902 117',
      askedAt: now,
      dueAt: now + DELAY_MS,
      state: 'waiting',
      guardians: 1,
    }
  }

  approve(link: string): GuardianRequest {
    const request = this.open(link)
    this.#change({ requests: [...this.state.requests.filter(({ id }) => id !== request.id), request] })
    return request
  }

  veto(id: string): void {
    if (!this.state.alarms.some((alarm) => alarm.id === id))
      throw new ORPCError('not-found', { message: 'no such one' })
    this.#change({ alarms: this.state.alarms.map((item) => (item.id === id ? { ...item, state: 'vetoed' } : item)) })
  }

  check(): Guardians {
    this.checkedAt = this.#home.now()
    this.#change({
      items: this.state.items.map((item, at) => (at < 2 ? { ...item, lastAliveAt: this.checkedAt } : item)),
    })
    return this.state
  }

  /** Somebody asks the guardians for the account. */
  alarm(change: Partial<GuardianRequest> = {}): void {
    const now = this.#home.now()
    const me = this.#home.square().me ?? ''
    const alarm: GuardianRequest = {
      id: 'c4'.repeat(32),
      profile: me,
      name: this.#home.square().person(me).name,
      device: 'Portable neuf',
      code: '731 204',
      askedAt: now - HOUR_MS,
      dueAt: now + DELAY_MS - HOUR_MS,
      state: 'waiting',
      guardians: 2,
      ...change,
    }
    this.#change({ alarms: [alarm] })
  }

  #nameOf(who: string): string {
    return this.#home.square().person(fakePeerId(who)).name
  }

  #change(change: Partial<Guardians>): void {
    this.state = { ...this.state, ...change }
    this.#home.emit({ type: 'recovery' })
  }
}

function readLink(link: string, kind: string): URLSearchParams {
  const [head, query] = link.trim().split('?')
  if (head !== `palabre:${kind}` || query === undefined) {
    throw new ORPCError('bad-link', { message: `expected palabre:${kind}?…` })
  }
  return new URLSearchParams(query)
}
