import type { Evidence } from '../../../core/contract/evidence.ts'
import type { NamedPeer } from '../../../core/contract/views.ts'
import { fakePeerId } from './ids.ts'

const MINUTE_MS = 60_000
const DAY_MS = 24 * 60 * MINUTE_MS

function peer(key: string, name: string): NamedPeer {
  return { peerId: fakePeerId(key), profile: null, name }
}

/** One of each sort: what a small node has seen of two seeds and of a device. */
export function fakeEvidence(nowMs: number, nameOf: (profile: string) => string): Evidence[] {
  const author = (key: string) => ({ profile: fakePeerId(key), name: nameOf(fakePeerId(key)) })
  const [mill, library] = [peer('seed-mill', 'Seed of the mill'), peer('seed-library', 'Bibliothèque')]
  const harbour = peer('seed-harbour', 'Harbour')
  return [
    {
      kind: 'withheld',
      peers: [harbour],
      author: author('awa'),
      device: fakePeerId('awa-laptop'),
      count: 3,
      seqs: [[497, 499]],
      since: nowMs - 12 * MINUTE_MS,
      state: 'open',
      changedAt: nowMs - 12 * MINUTE_MS,
      from: null,
    },
    {
      kind: 'withheld',
      peers: [harbour],
      author: author('marguerite'),
      device: fakePeerId('marguerite-phone'),
      count: 1,
      seqs: [[500, 500]],
      since: nowMs - 3 * 60 * MINUTE_MS,
      state: 'repaired',
      changedAt: nowMs - 3 * 60 * MINUTE_MS + 2_000,
      from: mill,
    },
    {
      kind: 'frozen',
      peers: [library],
      author: author('awa'),
      device: fakePeerId('awa-laptop'),
      count: 60,
      seqs: [[941, 1_000]],
      since: nowMs - 2 * DAY_MS,
      state: 'open',
      changedAt: nowMs - 2 * DAY_MS,
      from: mill,
    },
    {
      kind: 'hole',
      peers: [library],
      author: author('marguerite'),
      device: fakePeerId('marguerite-phone'),
      count: 2,
      seqs: [[77, 78]],
      since: nowMs - 5 * DAY_MS,
      state: 'settled',
      changedAt: nowMs - 6 * 60 * MINUTE_MS,
      from: null,
    },
    {
      kind: 'tail',
      peers: [mill],
      author: author('tom'),
      device: fakePeerId('tom-laptop'),
      count: 4,
      seqs: [[31, 34]],
      since: nowMs - 4 * DAY_MS,
      state: 'open',
      changedAt: nowMs - 4 * DAY_MS,
      from: null,
    },
    {
      kind: 'fork',
      peers: [library],
      author: author('tom'),
      device: fakePeerId('tom-laptop'),
      count: 1,
      seqs: [[12, 12]],
      since: nowMs - 9 * DAY_MS,
      state: 'open',
      changedAt: nowMs - 9 * DAY_MS,
      from: null,
    },
  ]
}
