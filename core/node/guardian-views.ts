import type { GuardianRequest, RecoveryStatus } from '../contract/accounts.ts'
import type { IdentityState } from '../identity/chain.ts'
import { isVetoed, type Notice, type NoticeOf, requestCode } from '../identity/notice.ts'
import { formatPeerId } from '../identity/peer-id.ts'
import { equalBytes, toHex } from '../util/bytes.ts'

/** A request that nobody has finished nor stopped so long after its delay is shown no longer. */
const STALE_MS = 30 * 86_400_000

/** A request as it is shown, with the guardians who have begun the delay. */
export function describeRequest(
  notices: readonly Notice[],
  request: Omit<GuardianRequest, 'id' | 'code' | 'guardians'> & { readonly id: Uint8Array },
): GuardianRequest {
  const { id, ...rest } = request
  return { ...rest, id: toHex(id), code: requestCode(id), guardians: recoveriesOf(notices, id).length }
}

/** What guardians have said of a request, one notice each, the oldest first. */
export function recoveriesOf(notices: readonly Notice[], request: Uint8Array): NoticeOf<'recovery'>[] {
  const byGuardian = new Map<string, NoticeOf<'recovery'>>()
  for (const notice of notices) {
    if (notice.word !== 'recovery' || !equalBytes(notice.request, request)) continue
    if (!byGuardian.has(toHex(notice.by))) byGuardian.set(toHex(notice.by), notice)
  }
  return [...byGuardian.values()]
}

/** When the delay of as many guardians as are asked for has ended; null while too few have begun it. */
export function dueOf(recoveries: readonly NoticeOf<'recovery'>[], threshold: number | null): number | null {
  const dues = recoveries.map(({ due }) => due).sort((a, b) => a - b)
  return threshold === null ? null : (dues[threshold - 1] ?? null)
}

/** Requests against an account that a device in use may still stop, the newest first. */
export function alarmsOf(
  state: IdentityState,
  notices: readonly Notice[],
  about: { readonly profile: string; readonly name: string; readonly nowMs: number },
): GuardianRequest[] {
  const recoveries = notices.filter((notice) => notice.word === 'recovery')
  const byRequest = Map.groupBy(recoveries, ({ request }) => toHex(request))
  return [...byRequest.values()]
    .flatMap((group) => {
      const [first] = group
      if (first === undefined || isVetoed(notices, first.request)) return []
      const isIn = state.devices.some(({ key, status }) => status === 'active' && equalBytes(key, first.device))
      const dues = group.map(({ due }) => due)
      if (isIn || about.nowMs - Math.max(...dues) > STALE_MS) return []
      const { profile, name } = about
      // The first guardian may sign then: who stops it before has certainly stopped it in time.
      const times = { askedAt: first.ts, dueAt: Math.min(...dues) }
      const request = { id: first.request, profile, name, device: first.name, ...times, state: 'waiting' as const }
      return describeRequest(notices, request)
    })
    .sort((a, b) => b.askedAt - a.askedAt)
}

/** When a guardian gave a sign of life: by the guardian's clock, and not later than now. */
export function lastAlive(notices: readonly Notice[], key: Uint8Array, nowMs: number): number | null {
  const last = notices.findLast(({ word, by }) => word === 'alive' && equalBytes(by, key))
  return last === undefined ? null : Math.min(last.ts, nowMs)
}

type AskedGuardian = NonNullable<RecoveryStatus['guardians']>['people'][number]

/** How far each guardian is with a request; who has done most stands first. `signers` in hex. */
export function askedGuardians(
  keys: readonly Uint8Array[],
  notices: readonly Notice[],
  about: { readonly request: Uint8Array; readonly signers: ReadonlySet<string>; readonly nowMs: number },
): AskedGuardian[] {
  const recoveries = recoveriesOf(notices, about.request)
  const rank = { signed: 0, waiting: 1, silent: 2 } as const
  return keys
    .map((key): AskedGuardian => {
      const begun = recoveries.find(({ by }) => equalBytes(by, key))
      const state = about.signers.has(toHex(key)) ? 'signed' : begun === undefined ? 'silent' : 'waiting'
      const lastAliveAt = lastAlive(notices, key, about.nowMs)
      return { key: formatPeerId(key), state, dueAt: begun?.due ?? null, lastAliveAt }
    })
    .sort((a, b) => rank[a.state] - rank[b.state] || (a.key < b.key ? -1 : 1))
}
