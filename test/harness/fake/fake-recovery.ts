import { ORPCError } from '@orpc/server'
import { NO_RECOVERY, type RecoveryStatus } from '../../../core/contract/accounts.ts'
import { entropyFromWords } from '../../../core/identity/words.ts'
import type { FakeDevices } from './fake-devices.ts'
import type { FakeCourse, FakeHome } from './fake-home.ts'
import type { FakeSecrets } from './fake-secrets.ts'
import { fakePeerId } from './ids.ts'

const DAY_MS = 86_400_000
/** Guardians sign after this (GRD). */
const DELAY_MS = 3 * DAY_MS

const KNOWN = { records: 1_204, media: 87 }

type By = NonNullable<RecoveryStatus['by']>

/** The sample account coming back to a computer that has none. */
export class FakeRecovery {
  status: RecoveryStatus = NO_RECOVERY
  readonly #home: FakeHome
  readonly #course: FakeCourse
  readonly #devices: FakeDevices
  readonly #secrets: FakeSecrets

  constructor(home: FakeHome, parts: { course: FakeCourse; devices: FakeDevices; secrets: FakeSecrets }) {
    this.#home = home
    this.#course = parts.course
    this.#devices = parts.devices
    this.#secrets = parts.secrets
  }

  start(secret: string): RecoveryStatus {
    this.#refuseAccount()
    this.#course.clear()
    const isPaper = /^palabre-?paper/i.test(secret.trim())
    if (!isPaper && entropyFromWords(secret) === undefined) return this.fail('wrong-words')
    const by = isPaper ? 'paper' : 'words'
    this.#say({ ...NO_RECOVERY, step: 'looking', by })
    this.#course.later(() => this.#say({ ...this.status, asked: 4 }))
    this.#course.later(() => {
      if (!isPaper && !this.#secrets.isWords(secret)) this.fail('not-found', by)
      else this.restore(by)
    })
    return this.status
  }

  askGuardians(): RecoveryStatus {
    this.#refuseAccount()
    this.#course.clear()
    const asked = {
      link: `palabre:recover?p=${fakePeerId('ines')}&d=${'q8Zr4Kx0'.repeat(18)}&n=Portable%20neuf`,
      code: '731 204',
      threshold: null,
      noticed: 0,
      signed: 0,
      vetoed: false,
      dueAt: null,
      people: [],
    }
    this.#say({ ...NO_RECOVERY, step: 'waiting', by: 'guardians', profile: fakePeerId('ines'), guardians: asked })
    type Asked = NonNullable<RecoveryStatus['guardians']>
    const people = (states: readonly Asked['people'][number]['state'][]): Asked['people'] =>
      ['awa', 'tom', 'marguerite'].map((who, index) => {
        const state = states[index] ?? 'silent'
        const lastAliveAt = who === 'marguerite' ? null : this.#home.now() - 2 * DAY_MS
        const dueAt = state === 'silent' ? null : this.#home.now() + (state === 'signed' ? 0 : DELAY_MS)
        return { key: fakePeerId(`guardian key of ${who}`), state, dueAt, lastAliveAt }
      })
    const change = (states: readonly Asked['people'][number]['state'][], next: Partial<Asked>) =>
      this.#say({ ...this.status, guardians: { ...asked, threshold: 2, people: people(states), ...next } })
    this.#course.later(() => change(['waiting'], { noticed: 1 }))
    this.#course.later(() => change(['waiting', 'waiting'], { noticed: 2, dueAt: this.#home.now() + DELAY_MS }))
    this.#course.later(() => change(['signed', 'waiting'], { noticed: 2, signed: 1, dueAt: this.#home.now() + DAY_MS }))
    this.#course.later(() => this.restore('guardians'))
    return this.status
  }

  /** The account is here, and what it wrote comes in a few steps. */
  restore(by: By): void {
    this.#course.clear()
    if (this.#home.square().me === null) {
      this.#devices.begin('Portable neuf')
      this.#home.arrive()
    }
    const privateState = by === 'guardians' ? ('lost' as const) : ('waiting' as const)
    const known = { records: { held: 0, known: 0 }, media: { held: 0, known: 0 } }
    this.#say({ ...NO_RECOVERY, ...known, step: 'restoring', by, profile: this.#home.square().me, privateState })
    const come = (change: Partial<RecoveryStatus>) => this.#course.later(() => this.#say({ ...this.status, ...change }))
    const records = (held: number) => ({ held, known: KNOWN.records })
    const media = (held: number) => ({ held, known: KNOWN.media })
    come({ name: 'Inès Carpentier', records: records(64), media: media(0) })
    come({ follows: 9, records: records(480) })
    come({ records: records(1_026), media: media(31) })
    come({ records: records(KNOWN.records), media: media(58) })
    come({ media: media(KNOWN.media), privateState: by === 'guardians' ? 'lost' : 'back', step: 'done' })
  }

  fail(failure: string, by: By | null = this.status.by): RecoveryStatus {
    this.#course.clear()
    return this.#say({ ...this.status, step: 'failed', by, failure })
  }

  cancel(): RecoveryStatus {
    this.#course.clear()
    return this.#say(NO_RECOVERY)
  }

  #refuseAccount(): void {
    if (this.#home.square().me === null) return
    throw new ORPCError('account-exists', { message: 'there is an account here already' })
  }

  #say(status: RecoveryStatus): RecoveryStatus {
    this.status = status
    this.#home.emit({ type: 'recovery' })
    return status
  }
}
