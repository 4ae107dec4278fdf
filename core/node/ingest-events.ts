import { formatRecordId } from '../codec/cid.ts'
import type { NodeEvent } from '../contract/views.ts'
import { formatPeerId } from '../identity/peer-id.ts'
import type { IngestedEvent } from '../ingest/door.ts'
import { KIND } from '../record/kinds/kind-table.ts'
import { toHex } from '../util/bytes.ts'

const MAX_POST_IDS = 100
/** Profiles named one by one; a batch of more is a catching-up, after which everything is asked again anyway. */
const MAX_PROFILES = 32

/** What a committed batch means to whoever shows something: hints, few however large the batch. */
export function toNodeEvents(event: IngestedEvent): NodeEvent[] {
  const events: NodeEvent[] = []
  for (const own of [false, true]) {
    const count = event.records.filter((record) => record.isHome && record.isOwn === own).length
    if (count > 0) events.push({ type: 'home', count, own })
  }
  const ids = [...event.reshown, ...event.records.flatMap(({ touches }) => touches)]
  const touched = new Map(ids.map((id) => [toHex(id), id]))
  if (touched.size > MAX_POST_IDS) events.push({ type: 'posts', ids: [], all: true })
  else if (touched.size > 0) {
    events.push({ type: 'posts', ids: [...touched.values()].map(formatRecordId), all: false })
  }
  const profiles = new Set(
    [
      ...event.records.filter(({ kind }) => kind === KIND.profile || kind === KIND.follow).map(({ author }) => author),
      ...event.identities,
      ...event.beats.map(({ author }) => author),
    ].map(formatPeerId),
  )
  for (const profile of [...profiles].slice(0, MAX_PROFILES)) events.push({ type: 'profile', profile })
  if (event.records.some(({ kind, isOwn }) => kind === KIND.follow && isOwn)) events.push({ type: 'follows' })
  if (event.records.some(({ isNotice }) => isNotice === true)) events.push({ type: 'notifications' })
  return events
}
