import { ORPCError } from '@orpc/server'
import type { DevicePost, DeviceReplacement, DeviceView, LinkStatus } from '../../../core/contract/accounts.ts'
import type { FakeCourse, FakeHome } from './fake-home.ts'
import { fakePeerId, fakeRecordId } from './ids.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
/** A link for a new device works so long (LNK). */
const OFFER_MS = 600_000

const IDLE: LinkStatus = {
  side: 'none',
  step: 'idle',
  link: null,
  expiresAt: null,
  code: null,
  other: null,
  failure: null,
}
const CODE = '481 905'
const LINK = `palabre:link?d=${fakePeerId('device')}&t=8QwJ2nR0sK5vXyT1&a=/ip4/192.0.2.7/tcp/4001`

const THIS: DeviceView = {
  peerId: fakePeerId('device'),
  name: 'Atelier',
  isThis: true,
  status: 'active',
  contested: false,
  forked: false,
  former: false,
  records: 0,
  hidden: 0,
  lastSignedAt: null,
  addedBy: [],
}

/** The devices of the sample account, and linking from either side. */
export class FakeDevices {
  items: DeviceView[] = []
  link: LinkStatus = IDLE
  replaced: DeviceReplacement | null = null
  readonly #home: FakeHome
  readonly #course: FakeCourse

  constructor(home: FakeHome, course: FakeCourse) {
    this.#home = home
    this.#course = course
  }

  /** Three devices, of which one has retired. */
  fill(): void {
    const now = this.#home.now()
    const kitchen: DeviceView = {
      ...THIS,
      peerId: fakePeerId('kitchen'),
      name: 'Portable de la cuisine',
      isThis: false,
      records: 212,
      lastSignedAt: now - 26 * HOUR_MS,
      addedBy: [THIS.peerId],
    }
    this.items = [
      { ...THIS, records: 318, lastSignedAt: now - 21 * 60_000 },
      kitchen,
      {
        ...kitchen,
        peerId: fakePeerId('attic'),
        name: 'Tour du grenier',
        status: 'retired',
        records: 674,
        lastSignedAt: now - 190 * DAY_MS,
        addedBy: [],
      },
    ]
  }

  /** A copy of this computer was noticed: it goes on under a new key, and its records so far stay with the old one. */
  replace(): void {
    const own = this.find(THIS.peerId)
    const from = fakePeerId('former')
    const former = { ...own, peerId: from, isThis: false, forked: true, former: true }
    const rest = this.items.filter((item) => item !== own)
    this.items = [{ ...own, records: 0, lastSignedAt: null, addedBy: [from] }, former, ...rest]
    this.replaced = { at: this.#home.now() - 12 * 60_000, from, to: own.peerId }
    this.#home.emit({ type: 'devices' })
  }

  dismissReplaced(peerId: string): void {
    if (this.replaced?.to === peerId) this.replaced = null
    this.#home.emit({ type: 'devices' })
  }

  /** The one device of a new account, or the one that an account came to. */
  begin(name = THIS.name, addedBy: string[] = []): void {
    this.items = [{ ...THIS, name, addedBy }]
  }

  find(peerId: string): DeviceView {
    const device = this.items.find((item) => item.peerId === peerId)
    if (device === undefined) throw new ORPCError('unknown-device', { message: `no device ${peerId}` })
    return device
  }

  change(peerId: string, change: Partial<DeviceView>): void {
    const device = this.find(peerId)
    this.items = this.items.map((item) => (item === device ? { ...item, ...change } : item))
    this.#home.emit({ type: 'devices' })
  }

  /** Own posts, as if this device had signed them; the two newest share their number with one of a copy. */
  postsOf(peerId: string): DevicePost[] {
    const { forked, records } = this.find(peerId)
    const { me } = this.#home.square()
    const own = this.#home.square().postsNewestFirst((post) => post.author === me && post.deletedAt === null)
    const posts = own.map(({ id, ts, text }, at) => ({ id, seq: records - 3 * at, at: ts, text, isTwice: false }))
    const [first] = posts
    if (!forked || first === undefined) return posts
    const twin = { ...first, id: fakeRecordId('of a copy'), text: 'This one I never wrote.', isTwice: true }
    return [twin, { ...first, isTwice: true }, ...posts.slice(1)]
  }

  seal(peerId: string, lastSeq: number | undefined): void {
    const { records } = this.find(peerId)
    const hidden = lastSeq === undefined ? 0 : records - lastSeq
    this.change(peerId, { status: 'sealed', contested: false, hidden })
  }

  retire(): void {
    if (this.items.filter(({ status }) => status === 'active').length < 2) {
      throw new ORPCError('last-device', { message: 'this is the last device in use: link another one before' })
    }
    this.change(THIS.peerId, { status: 'retired' })
  }

  offer(): LinkStatus {
    this.#course.clear()
    this.#say({ ...IDLE, side: 'offer', step: 'waiting', link: LINK, expiresAt: this.#home.now() + OFFER_MS })
    this.#course.later(() =>
      this.#say({ ...IDLE, side: 'offer', step: 'compare', code: CODE, other: 'Tablette du salon' }),
    )
    return this.link
  }

  join(link: string): LinkStatus {
    this.#course.clear()
    const join = { ...IDLE, side: 'join' as const }
    if (!link.trim().startsWith('palabre:link?')) return this.#say({ ...join, step: 'failed', failure: 'bad-link' })
    this.#say({ ...join, step: 'waiting' })
    this.#course.later(() => this.#say({ ...join, step: 'compare', code: CODE, other: 'Inès Carpentier' }))
    return this.link
  }

  confirm(matches: boolean): LinkStatus {
    if (this.link.step !== 'compare') throw new ORPCError('bad-request', { message: 'no code is being compared' })
    if (!matches) return this.fail('declined')
    const { side, other } = this.link
    this.#say({ ...IDLE, side, step: 'confirming', other, code: CODE })
    this.#course.later(() => this.#say({ ...IDLE, side, step: 'moving', other }))
    this.#course.later(() => {
      if (side === 'join') {
        this.begin('Tablette du salon', [fakePeerId('kitchen')])
        this.#home.arrive()
      } else {
        const name = other ?? ''
        this.items = [...this.items, { ...THIS, isThis: false, peerId: fakePeerId('salon'), name, addedBy: [] }]
        this.#home.emit({ type: 'devices' })
      }
      this.#say({ ...IDLE, side, step: 'done', other })
    })
    return this.link
  }

  fail(failure: string): LinkStatus {
    this.#course.clear()
    return this.#say({ ...IDLE, side: this.link.side, step: 'failed', failure })
  }

  cancel(): LinkStatus {
    this.#course.clear()
    return this.#say(IDLE)
  }

  #say(status: LinkStatus): LinkStatus {
    this.link = status
    this.#home.emit({ type: 'link' })
    return status
  }
}
