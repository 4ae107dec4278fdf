import type { RecoveryMeans } from '../../../core/contract/accounts.ts'
import { FakeDevices } from './fake-devices.ts'
import { FakeGuardians } from './fake-guardians.ts'
import { FakeCourse, type FakeHome } from './fake-home.ts'
import type { createFakeOs } from './fake-os.ts'
import { FakeRecovery } from './fake-recovery.ts'
import { FakeSecrets } from './fake-secrets.ts'

/** Devices, linking, recovery, guardians and secrets of the sample account; tests reach into them. */
export class FakeAccounts {
  readonly course: FakeCourse
  readonly devices: FakeDevices
  readonly secrets = new FakeSecrets()
  readonly guardians: FakeGuardians
  readonly recovery: FakeRecovery

  /** @param paceMs pause before each step that a real node would take by itself; null where tests take the steps */
  constructor(home: FakeHome, { paceMs }: { paceMs: number | null }) {
    this.course = new FakeCourse(paceMs)
    this.devices = new FakeDevices(home, this.course)
    this.guardians = new FakeGuardians(home)
    this.recovery = new FakeRecovery(home, { course: this.course, devices: this.devices, secrets: this.secrets })
  }

  means(): RecoveryMeans {
    const { devices, secrets, guardians } = this
    const { threshold, items } = guardians.state
    const active = devices.items.filter(({ status }) => status === 'active').length
    const isGuarded = threshold !== null && guardians.alive >= threshold
    return {
      devices: { active },
      words: { confirmed: !secrets.isPending, rehearsedAt: secrets.rehearsedAt },
      guardians: { threshold, count: items.length, alive: guardians.alive, checkedAt: guardians.checkedAt },
      paper: { made: secrets.paper !== null },
      ready: [active > 1, !secrets.isPending, isGuarded, secrets.paper !== null].filter(Boolean).length,
    }
  }
}

/** The account part of the router. */
export function fakeAccountRoutes(os: ReturnType<typeof createFakeOs>, accounts: FakeAccounts, home: FakeHome) {
  const { devices, secrets, recovery, guardians } = accounts
  const done = { ok: true as const }
  /** Answers whether the secret is right before anything is done. */
  const proved = <T>(secret: string, work: () => T): T => {
    secrets.check(secret)
    return work()
  }
  const tellAccount = () => {
    home.emit({ type: 'recovery' })
    home.emit({ type: 'account' })
  }
  return {
    devices: os.devices.router({
      list: os.devices.list.handler(() => ({ items: devices.items })),
      rename: os.devices.rename.handler(({ input }) => {
        devices.change(input.peerId, { name: input.name })
        return done
      }),
      retire: os.devices.retire.handler(() => {
        devices.retire()
        return done
      }),
      revoke: os.devices.revoke.handler(({ input }) =>
        proved(input.secret, () => {
          devices.seal(input.peerId, input.lastSeq)
          return done
        }),
      ),
      restore: os.devices.restore.handler(({ input }) =>
        proved(input.secret, () => {
          devices.change(input.peerId, { status: 'active', contested: false, hidden: 0 })
          return done
        }),
      ),
      posts: os.devices.posts.handler(({ input }) => ({ items: devices.postsOf(input.peerId) })),
      replaced: os.devices.replaced.handler(() => ({ replaced: devices.replaced })),
      dismissReplaced: os.devices.dismissReplaced.handler(({ input }) => {
        devices.dismissReplaced(input.peerId)
        return done
      }),
    }),
    link: os.link.router({
      offer: os.link.offer.handler(() => devices.offer()),
      join: os.link.join.handler(({ input }) => devices.join(input.link)),
      confirm: os.link.confirm.handler(({ input }) => devices.confirm(input.matches)),
      cancel: os.link.cancel.handler(() => devices.cancel()),
      status: os.link.status.handler(() => devices.link),
    }),
    recovery: os.recovery.router({
      start: os.recovery.start.handler(({ input }) => recovery.start(input.secret)),
      askGuardians: os.recovery.askGuardians.handler(() => recovery.askGuardians()),
      cancel: os.recovery.cancel.handler(() => recovery.cancel()),
      status: os.recovery.status.handler(() => recovery.status),
      means: os.recovery.means.handler(() => accounts.means()),
      rehearse: os.recovery.rehearse.handler(({ input }) => {
        const result = secrets.rehearse(input.words, home.now())
        tellAccount()
        return result
      }),
      makePaper: os.recovery.makePaper.handler(({ input }) =>
        proved(input.secret, () => {
          const paper = secrets.makePaper()
          tellAccount()
          return { paper }
        }),
      ),
      newWords: os.recovery.newWords.handler(({ input }) =>
        proved(input.secret, () => {
          const words = secrets.newWords()
          tellAccount()
          return { words }
        }),
      ),
    }),
    guardians: os.guardians.router({
      list: os.guardians.list.handler(() => guardians.state),
      invite: os.guardians.invite.handler(() => guardians.invite()),
      accept: os.guardians.accept.handler(({ input }) => guardians.accept(input.link)),
      set: os.guardians.set.handler(({ input }) =>
        proved(input.secret, () => guardians.set(input.threshold, input.replies)),
      ),
      open: os.guardians.open.handler(({ input }) => guardians.open(input.link)),
      approve: os.guardians.approve.handler(({ input }) => guardians.approve(input.link)),
      veto: os.guardians.veto.handler(({ input }) => {
        guardians.veto(input.id)
        return done
      }),
      check: os.guardians.check.handler(() => guardians.check()),
    }),
    private: os.private.router({
      list: os.private.list.handler(() => ({ items: [] })),
      put: os.private.put.handler(() => done),
    }),
  }
}
