import { DAG_CBOR_CODEC, DAG_PB_CODEC, RAW_CODEC } from '../../core/codec/cid.ts'
import { type CborMap, type CborValue, encodeCbor } from '../../core/codec/dag-cbor.ts'
import type { BodyKind } from '../../core/record/kinds/kind-table.ts'
import { MAX_TS_MS } from '../../core/record/limits.ts'
import { id, link, person, salt, stranger, subject, type UnreadableBody } from './body-samples.ts'

const list = new Uint8Array(16).fill(7)
const LABEL = { salt, subject, label: 'spam', on: true }
const LIST = { salt, list, name: 'Voisins', purpose: 'read', on: true }
const MEMBER = { salt, list, subject: person, on: true }

/** Blocks, labels, lists and their members, pins. */
export const EDGE_BODIES: Record<string, CborMap> = {
  block: { salt, subject: person, on: true },
  'block ended': { salt, subject: person, on: false },
  label: LABEL,
  'label taken back': { ...LABEL, on: false },
  'label of a person': { ...LABEL, subject: person },
  'label of a medium of one block': { ...LABEL, subject: link(RAW_CODEC) },
  'label of a medium of many blocks': { ...LABEL, subject: link(DAG_PB_CODEC) },
  'label with everything': { ...LABEL, until: 1_798_859_045_678, note: 'Écrit la même chose à tout le monde.' },
  'label with the shortest of everything': { ...LABEL, label: 'l', until: 1, note: 'n' },
  'label with the longest of everything': {
    ...LABEL,
    label: 'é'.repeat(32),
    until: MAX_TS_MS,
    note: 'n'.repeat(256),
  },
  list: LIST,
  'list with everything': { ...LIST, about: 'Ceux de la rue des Lilas.' },
  'list with the shortest of everything': { ...LIST, name: 'n', about: 'a', purpose: 'p' },
  'list with the longest of everything': {
    ...LIST,
    name: 'é'.repeat(64),
    about: 'a'.repeat(1_024),
    purpose: 'p'.repeat(32),
  },
  'list that is gone': { ...LIST, on: false },
  listMember: MEMBER,
  'listMember taken off': { ...MEMBER, on: false },
  pin: { salt, subject, on: true },
  'pin taken back': { salt, subject, on: false },
  'pin with keys that are not known': { salt, subject, on: true, place: 1, ['__proto__']: null },
}

type Fault = readonly [name: string, change: CborMap, without?: string]

/** Bodies that differ from a readable one by a change, or by a key that is left out. */
function faultsOf(kind: BodyKind, readable: CborMap, faults: readonly Fault[]): UnreadableBody[] {
  return faults.map(([name, change, without]) => {
    const fields = Object.entries({ ...readable, ...change }).filter(([key]) => key !== without)
    return [name, 'body-schema', kind, encodeCbor(Object.fromEntries<CborValue>(fields))]
  })
}

export function edgeFaults(): UnreadableBody[] {
  return [
    ['bytes that are no CBOR', 'body-schema', 'block', Uint8Array.of(0xff, 0x00)],
    ...faultsOf('block', { salt, subject: person, on: true }, [
      ['a salt of 9 bytes', { salt: new Uint8Array(9) }],
      ['a record instead of a person', { subject }],
      ['nobody', {}, 'subject'],
      ['a genesis of 7 bytes', { subject: [stranger, new Uint8Array(7)] }],
      ['on as null', { on: null }],
      ['neither on nor off', {}, 'on'],
    ]),
    ...labelFaults(),
    ...listFaults(),
    ...faultsOf('listMember', MEMBER, [
      ['a list of 15 bytes', { list: list.slice(1) }],
      ['a list of 17 bytes', { list: new Uint8Array(17) }],
      ['no list', {}, 'list'],
      ['a record instead of a person', { subject }],
      ['nobody', {}, 'subject'],
      ['neither on nor off', {}, 'on'],
    ]),
    ...faultsOf('pin', { salt, subject, on: true }, [
      ['no salt', {}, 'salt'],
      ['a person instead of a record', { subject: person }],
      ['no subject', {}, 'subject'],
      ['on as text', { on: 'true' }],
      ['neither on nor off', {}, 'on'],
    ]),
  ]
}

function labelFaults(): UnreadableBody[] {
  return faultsOf('label', LABEL, [
    ['no subject', {}, 'subject'],
    ['a subject of one', { subject: [stranger] }],
    ['a subject of three', { subject: [...subject, id] }],
    ['an id of 31 bytes', { subject: [stranger, id.slice(1)] }],
    ['a genesis of 9 bytes', { subject: [stranger, new Uint8Array(9)] }],
    ['an author of 31 bytes', { subject: [stranger.slice(1), id] }],
    ['an address of 33 bytes', { subject: [new Uint8Array(33), new Uint8Array(8)] }],
    ['a subject as bytes', { subject: id }],
    ['a link to dag-cbor', { subject: link(DAG_CBOR_CODEC) }],
    ['a link with another hash', { subject: link(RAW_CODEC, 0x1e) }],
    ['a link as text', { subject: link(RAW_CODEC).toString() }],
    ['no label', {}, 'label'],
    ['an empty label', { label: '' }],
    ['a label of 65 bytes', { label: `l${'é'.repeat(32)}` }],
    ['neither on nor off', {}, 'on'],
    ['until 0', { until: 0 }],
    ['until the year 10000', { until: MAX_TS_MS + 1 }],
    ['until as null', { until: null }],
    ['until as text', { until: '1' }],
    ['an empty note', { note: '' }],
    ['a note of 257 bytes', { note: 'n'.repeat(257) }],
  ])
}

function listFaults(): UnreadableBody[] {
  return faultsOf('list', LIST, [
    ['a list of 15 bytes', { list: list.slice(1) }],
    ['a list of 17 bytes', { list: new Uint8Array(17) }],
    ['no list', {}, 'list'],
    ['no name', {}, 'name'],
    ['an empty name', { name: '' }],
    ['a name of 129 bytes', { name: `n${'é'.repeat(64)}` }],
    ['nothing about it', { about: '' }],
    ['1,025 bytes about it', { about: 'a'.repeat(1_025) }],
    ['about as null', { about: null }],
    ['no purpose', {}, 'purpose'],
    ['an empty purpose', { purpose: '' }],
    ['a purpose of 33 bytes', { purpose: 'p'.repeat(33) }],
    ['neither on nor off', {}, 'on'],
  ])
}
