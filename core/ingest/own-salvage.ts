import { checkOperation } from '../identity/operation.ts'
import type { SignatureVerifier } from '../identity/signature.ts'
import type { OwnDatabase } from '../store/own-database.ts'
import { SalvageSource } from '../store/salvage-source.ts'
import type { Clock } from '../util/clock.ts'
import { toOwnRow } from './own-log-guard.ts'
import { proveStored } from './record-proof.ts'

const BATCH = 256

export interface OwnSalvageComponents {
  readonly own: OwnDatabase
  readonly verifier: SignatureVerifier
  readonly clock: Clock
}

/**
 * Puts into a new own.db what can be proven of a damaged one. True when every log in it is whole, so that nothing says
 * that more was signed than is here.
 */
export function salvageOwn(components: OwnSalvageComponents, path: string, domain: string): boolean {
  const source = SalvageSource.open(path)
  if (source === null) return false
  try {
    const isWhole = salvageRecords(components, source, domain)
    salvageOperations(components, source, domain)
    salvageRest(components, source)
    return isWhole
  } finally {
    source.close()
  }
}

function salvageRecords({ own, verifier }: OwnSalvageComponents, source: SalvageSource, domain: string): boolean {
  const walk = source.walk('ownRecords')
  if (walk === null) return false
  let isWhole = true
  for (let after: number | null = 0; after !== null; ) {
    const { rows, next, unreadable } = walk.read(after, BATCH)
    if (unreadable > 0) isWhole = false
    own.transaction(() => {
      for (const row of rows) {
        const proven = proveStored(row, verifier, domain)
        if (proven === null) {
          isWhole = false
          continue
        }
        const { device, seq } = proven.record.header
        if (own.idAt(device, seq) === null) own.insert(toOwnRow(proven.record))
      }
    })
    after = next
  }
  return isWhole && own.listDevices().every((device) => own.countRecords(device) === own.head(device)?.seq)
}

function salvageOperations({ own, verifier }: OwnSalvageComponents, source: SalvageSource, domain: string): void {
  const walk = source.walk('ownOperations')
  for (let after: number | null = 0; walk !== null && after !== null; ) {
    const { rows, next } = walk.read(after, BATCH)
    const proven = rows.flatMap(({ bytes }) => {
      if (!(bytes instanceof Uint8Array)) return []
      return checkOperation(bytes, verifier, domain).verdict.verdict === 'accept' ? [bytes] : []
    })
    own.addOperations(proven)
    after = next
  }
}

/** What nothing proves is taken where it can be read at all. */
function salvageRest({ own, clock }: OwnSalvageComponents, source: SalvageSource): void {
  for (const { target, addresses, since_ms: since } of source.list('pendingFollows')) {
    if (!(target instanceof Uint8Array) || target.length !== 32 || typeof addresses !== 'string') continue
    const list = parseJson(addresses)
    if (!Array.isArray(list) || !list.every((one) => typeof one === 'string')) continue
    own.putPendingFollows([target], list, typeof since === 'number' ? Math.min(since, clock.now()) : clock.now())
  }
  for (const { key, value } of source.list('states')) {
    if (typeof key === 'string' && typeof value === 'string' && parseJson(value) !== undefined) own.setState(key, value)
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
