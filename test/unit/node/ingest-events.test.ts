import { describe, expect, it } from 'vitest'
import { formatRecordId } from '../../../core/codec/cid.ts'
import { formatPeerId } from '../../../core/identity/peer-id.ts'
import type { IngestedEvent } from '../../../core/ingest/door.ts'
import { toNodeEvents } from '../../../core/node/ingest-events.ts'
import { KIND } from '../../../core/record/kinds/kind-table.ts'

const bytes = (fill: number, second = 0) => new Uint8Array(32).fill(fill).fill(second, 1, 2)

function ingested(records: Partial<IngestedEvent['records'][number]>[], identities: Uint8Array[] = []): IngestedEvent {
  const base = { device: bytes(9), seq: 1, kind: KIND.post, touches: [], isHome: false, isOwn: false, media: [] }
  return {
    source: { kind: 'sync', peer: 'x' },
    records: records.map((record) => ({ ...base, id: bytes(1), author: bytes(2), ...record })),
    reshown: [],
    beats: [],
    identities,
    gaps: [],
  }
}

describe('toNodeEvents', () => {
  it('counts what belongs to the home timeline, own apart from others', () => {
    const event = ingested([{ isHome: true }, { isHome: true }, { isHome: true, isOwn: true }, {}])
    expect(toNodeEvents(event)).toEqual([
      { type: 'home', count: 2, own: false },
      { type: 'home', count: 1, own: true },
    ])
  })

  it('names each changed post once, and says more than 100 as all', () => {
    expect(toNodeEvents(ingested([{ touches: [bytes(3)] }, { touches: [bytes(3), bytes(4)] }]))).toEqual([
      { type: 'posts', ids: [formatRecordId(bytes(3)), formatRecordId(bytes(4))], all: false },
    ])
    const many = Array.from({ length: 101 }, (_, i) => ({ touches: [bytes(3, i)] }))
    expect(toNodeEvents(ingested(many))).toEqual([{ type: 'posts', ids: [], all: true }])
  })

  it('tells of profiles, new chains and own follows', () => {
    const events = toNodeEvents(
      ingested(
        [
          { kind: KIND.profile, author: bytes(5) },
          { kind: KIND.follow, author: bytes(6), isOwn: true },
        ],
        [bytes(7)],
      ),
    )
    expect(events).toEqual([
      { type: 'profile', profile: formatPeerId(bytes(5)) },
      { type: 'profile', profile: formatPeerId(bytes(6)) },
      { type: 'profile', profile: formatPeerId(bytes(7)) },
      { type: 'follows' },
    ])
  })

  it('tells of whom a newer beat says up to when everything is here (BEA7)', () => {
    const beats = [bytes(5), bytes(6)].map((author) => ({ author, device: bytes(9) }))
    expect(toNodeEvents({ ...ingested([]), beats })).toEqual([
      { type: 'profile', profile: formatPeerId(bytes(5)) },
      { type: 'profile', profile: formatPeerId(bytes(6)) },
    ])
  })
})
