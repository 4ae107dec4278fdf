/**
 * The door's way in for beats (BEA3): bytes, chain, clock and interest as for records, then the one table that they have.
 * A beat that names another record than is held proves two histories, as a `prev` does (LOG11).
 */
import type { SignatureVerifier } from '../identity/signature.ts'
import { type Beat, decodeBeat, verifyBeat } from '../record/beat.ts'
import { MAX_AHEAD_MS } from '../record/limits.ts'
import type { SquareDatabase } from '../store/square-database.ts'
import type { SquareTables } from '../store/square-tables.ts'
import { equalBytes, toHex } from '../util/bytes.ts'
import type { Clock } from '../util/clock.ts'
import type { Admission } from './admission.ts'
import type { BeatOutcome, BeatVerdict, IngestedEvent, IngestSource } from './door.ts'
import type { OwnLogGuard } from './own-log-guard.ts'

export interface BeatKeeperComponents {
  readonly square: SquareDatabase
  readonly tables: SquareTables
  readonly verifier: SignatureVerifier
  readonly admission: Pick<Admission, 'isKeptAuthor' | 'wantsEveryone'>
  readonly ownLog: Pick<OwnLogGuard, 'noteForeignBeat'>
  readonly clock: Clock
}

export interface BeatKeeperInit {
  /** Domain of the network whose signatures count. */
  readonly domain: string
  readonly onIngested: (event: IngestedEvent) => void
}

type Place = Pick<Beat, 'author' | 'device'>

export class BeatKeeper {
  readonly #c: BeatKeeperComponents
  readonly #init: BeatKeeperInit

  constructor(components: BeatKeeperComponents, init: BeatKeeperInit) {
    this.#c = components
    this.#init = init
  }

  /** @throws DiskFullError and other PalabreErrors of the store; then no beat of these was kept */
  ingest(beats: readonly Uint8Array[], source: IngestSource): BeatOutcome[] {
    const news = new Map<string, Place>()
    const gaps = new Map<string, Place>()
    const outcomes = this.#c.square.transaction(() =>
      beats.map((bytes) => {
        const decoded = decodeBeat(bytes)
        if (!decoded.ok) return refuse({ verdict: 'reject', reason: decoded.reason })
        const { author, device } = decoded.beat
        const taken = this.#take(decoded.beat, source)
        if (taken.isNew) news.set(toHex(author) + toHex(device), { author, device })
        if (taken.isGap) gaps.set(toHex(author) + toHex(device), { author, device })
        return { verdict: taken.verdict, isNew: taken.isNew }
      }),
    )
    if (news.size > 0) {
      const said = { beats: [...news.values()], gaps: [...gaps.values()] }
      this.#init.onIngested({ source, records: [], reshown: [], identities: [], ...said })
    }
    return outcomes
  }

  #take(beat: Beat, source: IngestSource): BeatOutcome & { readonly isGap: boolean } {
    const { clock, tables } = this.#c
    const { identities, logs, beats, forks } = tables
    const authorId = identities.findAuthor(beat.author)
    const refusal = this.#refuse(beat, authorId, source, clock.now())
    if (refusal !== null || authorId === undefined) {
      return { ...refuse(refusal ?? { verdict: 'hold', reason: 'unknown-identity' }), isGap: false }
    }
    const known = logs.find(authorId, beat.device)
    const held = known === undefined ? null : beats.find(known.logId)
    if (held !== null && equalBytes(held.signature, beat.signature) && held.seq === beat.seq && held.ts === beat.ts) {
      return { verdict: { verdict: 'accept' }, isNew: false, isGap: false }
    }
    const fault = verifyBeat(beat, this.#c.verifier, this.#init.domain)
    if (fault !== null) return { ...refuse({ verdict: 'reject', reason: fault }), isGap: false }
    const log = known ?? logs.ensure(authorId, beat.device)
    const differs = held !== null && held.seq === beat.seq && !equalBytes(held.head, beat.head)
    const isForking = differs || forks.contradicts(log.logId, beat.seq, beat.head)
    const isNew = beats.put(log.logId, beat)
    if (isForking) {
      beats.putForking(log.logId, differs && isNew ? held : beat)
      logs.markForked(log.logId)
      forks.judgeBeat(log.logId, beat.seq)
    }
    if (source.kind !== 'own') this.#c.ownLog.noteForeignBeat(beat)
    const isHere = beat.seq <= log.releasedSeq || logs.isHeld(log.logId, beat.seq)
    return { verdict: { verdict: 'accept' }, isNew, isGap: isForking || !isHere }
  }

  /** What can't be judged yet, and what isn't wanted here; null when it may come in. */
  #refuse(beat: Beat, authorId: number | undefined, source: IngestSource, nowMs: number): BeatVerdict | null {
    const { identities } = this.#c.tables
    if (authorId === undefined || identities.genesisHash(authorId) === null) {
      return { verdict: 'hold', reason: 'unknown-identity' }
    }
    if (!identities.hasDevice(authorId, beat.device)) return { verdict: 'hold', reason: 'unknown-device' }
    if (source.kind === 'own') return null
    if (beat.ts > nowMs + MAX_AHEAD_MS) return { verdict: 'hold', reason: 'future-timestamp' }
    const { admission } = this.#c
    const isWanted = admission.wantsEveryone || admission.isKeptAuthor(beat.author)
    return isWanted ? null : { verdict: 'drop', reason: 'not-wanted' }
  }
}

function refuse(verdict: BeatVerdict): BeatOutcome {
  return { verdict, isNew: false }
}
