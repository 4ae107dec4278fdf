import { type CborMap, type CborValue, encodeCbor } from '../../core/codec/dag-cbor.ts'
import { salt, type UnreadableBody } from './body-samples.ts'

const key = new Uint8Array(8).fill(1)
const box = (bytes: number) => new Uint8Array(bytes).fill(2)
const PRIVATE = { salt, key, box: box(256) }

/** A grant as it stands in a body; nobody can open it. */
const grant = [new Uint8Array(8).fill(3), new Uint8Array(32).fill(4), new Uint8Array(48).fill(5)]
const grantWith = (place: number, bytes: number): CborValue[] => grant.with(place, new Uint8Array(bytes))

/** Bodies by their shape: what is in the boxes is nobody's to judge. */
export const PRIVATE_BODIES: Record<string, CborMap> = {
  private: PRIVATE,
  'private of 1,024 bytes': { ...PRIVATE, box: box(1_024) },
  'private of 4,096 bytes': { ...PRIVATE, box: box(4_096) },
  'private of 7,680 bytes': { ...PRIVATE, box: box(7_680) },
  'private with a grant': { ...PRIVATE, grants: [grant] },
  'private of 4,096 bytes with 32 grants': { ...PRIVATE, box: box(4_096), grants: new Array(32).fill(grant) },
  'private of 7,680 bytes with four grants': { ...PRIVATE, box: box(7_680), grants: new Array(4).fill(grant) },
  'private with keys that are not known': { ...PRIVATE, edge: 'mute' },
}

export function privateFaults(): UnreadableBody[] {
  const body = (change: CborMap): Uint8Array => encodeCbor({ ...PRIVATE, ...change })
  const bodies: readonly (readonly [name: string, body: Uint8Array])[] = [
    ['no salt', encodeCbor({ key, box: box(256) })],
    ['no key', encodeCbor({ salt, box: box(256) })],
    ['a key of 7 bytes', body({ key: key.slice(1) })],
    ['a key of 9 bytes', body({ key: new Uint8Array(9) })],
    ['no box', encodeCbor({ salt, key })],
    ['an empty box', body({ box: box(0) })],
    ['a box of 255 bytes', body({ box: box(255) })],
    ['a box of 257 bytes', body({ box: box(257) })],
    ['a box of 1,023 bytes', body({ box: box(1_023) })],
    ['a box of 1,025 bytes', body({ box: box(1_025) })],
    ['a box of 4,095 bytes', body({ box: box(4_095) })],
    ['a box of 4,097 bytes', body({ box: box(4_097) })],
    ['a box of 7,679 bytes', body({ box: box(7_679) })],
    ['a box of 7,681 bytes', body({ box: box(7_681) })],
    ['a box as text', body({ box: 'b'.repeat(256) })],
    ['an empty list of grants', body({ grants: [] })],
    ['33 grants', body({ grants: new Array(33).fill(grant) })],
    ['grants as null', body({ grants: null })],
    ['a grant of two', body({ grants: [grant.slice(1)] })],
    ['a grant of four', body({ grants: [[...grant, 1]] })],
    ['a grant for 7 bytes', body({ grants: [grantWith(0, 7)] })],
    ['a grant for 9 bytes', body({ grants: [grantWith(0, 9)] })],
    ['a grant by a key of 31 bytes', body({ grants: [grantWith(1, 31)] })],
    ['a grant by a key of 33 bytes', body({ grants: [grantWith(1, 33)] })],
    ['a grant of 47 bytes', body({ grants: [grantWith(2, 47)] })],
    ['a grant of 49 bytes', body({ grants: [grantWith(2, 49)] })],
  ]
  return bodies.map(([name, bytes]) => [name, 'body-schema', 'private', bytes])
}
