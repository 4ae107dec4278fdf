import { ORPCError } from '@orpc/server'
import type { createFakeOs } from './fake-os.ts'

/** Devices, linking, recovery and guardians of the sample account. */
export function fakeAccountRoutes(os: ReturnType<typeof createFakeOs>) {
  const none = () => {
    throw new ORPCError('not-built', { message: 'the sample node does not do this' })
  }
  return {
    devices: os.devices.router({
      list: os.devices.list.handler(() => ({ items: [] })),
      rename: os.devices.rename.handler(none),
      retire: os.devices.retire.handler(none),
      revoke: os.devices.revoke.handler(none),
      restore: os.devices.restore.handler(none),
    }),
    link: os.link.router({
      offer: os.link.offer.handler(none),
      join: os.link.join.handler(none),
      confirm: os.link.confirm.handler(none),
      cancel: os.link.cancel.handler(none),
      status: os.link.status.handler(none),
    }),
    recovery: os.recovery.router({
      start: os.recovery.start.handler(none),
      askGuardians: os.recovery.askGuardians.handler(none),
      cancel: os.recovery.cancel.handler(none),
      status: os.recovery.status.handler(none),
      means: os.recovery.means.handler(none),
      rehearse: os.recovery.rehearse.handler(none),
      makePaper: os.recovery.makePaper.handler(none),
      newWords: os.recovery.newWords.handler(none),
    }),
    guardians: os.guardians.router({
      list: os.guardians.list.handler(none),
      invite: os.guardians.invite.handler(none),
      accept: os.guardians.accept.handler(none),
      set: os.guardians.set.handler(none),
      open: os.guardians.open.handler(none),
      approve: os.guardians.approve.handler(none),
      veto: os.guardians.veto.handler(none),
      check: os.guardians.check.handler(none),
    }),
    private: os.private.router({
      list: os.private.list.handler(() => ({ items: [] })),
      put: os.private.put.handler(none),
    }),
  }
}
