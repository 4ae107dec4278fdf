import { type CborValue, decodeCbor, encodeCbor } from '../../core/codec/dag-cbor.ts'
import { signingInput } from '../../core/identity/domains.ts'
import { sha256 } from '../../core/identity/hash.ts'
import { type KeyPair, signBytes } from '../../core/identity/keys.ts'
import {
  type DeviceEntry,
  encodeOperation,
  encodeOperationPayload,
  type OperationPayload,
  signOperation,
} from '../../core/identity/operation.ts'
import { concatBytes, toHex } from '../../core/util/bytes.ts'
import { craftSignature, scalarOf, torsionPoint } from '../../test/harness/crafted-signatures.ts'
import { authorityKey, deviceEntry, genesisPayload, people } from './people.ts'
import type { VectorFile } from './vector-file.ts'

export interface OperationVector {
  readonly name: string
  readonly rule: string
  /** The operation on the wire. */
  readonly hex: string
  readonly expect:
    | { readonly verdict: 'accept'; readonly id: string }
    | { readonly verdict: 'reject'; readonly reason: string }
}

const { inception, laptop, phone, words, guardians, sealKey } = people
const GENESIS = genesisPayload()
const genesisId = sha256(encodeOperationPayload(GENESIS))
const hash = sha256(Uint8Array.of(7))

export function operationVectors(): VectorFile<OperationVector> {
  return {
    description:
      'Identity operations on the wire, IDN1 to IDN9 of docs/protocol/identity.md, network "palabre". Bytes, signatures and proofs only: what an operation may change is a matter of the chain. An accepted one has the id given, the sha256 of its payload.',
    cases: [...accepted(), ...brokenWire(), ...brokenPayload(), ...brokenGenesis(), ...brokenSignatures()],
  }
}

function accepted(): OperationVector[] {
  const later: OperationPayload = { ...GENESIS, prev: genesisId }
  const slots = [{ threshold: 2, keys: guardians.map((pair) => authorityKey(pair)).sort(byKey) }, ...GENESIS.slots]
  const both = [deviceEntry(laptop, 'laptop'), deviceEntry(phone, 'téléphone')].sort(byKey)
  const sealed = both.map((device, i) => (i === 0 ? { ...device, seal: { lastSeq: 41, headId: hash } } : device))
  const never = both.map((device, i) =>
    i === 1 ? { ...device, seal: { lastSeq: 0, headId: new Uint8Array(32) } } : device,
  )
  const operation = signOperation(GENESIS, [inception])
  const withExtras = encodeCbor([
    operation.payloadBytes,
    signatureList(operation.payloadBytes, [inception]),
    { via: 'seed' },
  ])
  return [
    accept('a genesis with a device and the words', 'IDN3', encodeOperation(operation)),
    accept('a genesis without authority slots', 'IDN5', sign({ ...GENESIS, slots: [] }, [inception])),
    accept('a genesis with two devices', 'IDN6', sign({ ...GENESIS, devices: both }, [inception])),
    accept('a genesis with the hash of a paper key', 'IDN3', sign({ ...GENESIS, paperHash: hash }, [inception])),
    accept('a genesis with 2 of 3 guardians', 'IDN5', sign({ ...GENESIS, slots }, [inception])),
    accept('extras, signed', 'IDN3', sign({ ...GENESIS, extras: { note: 'kept', list: [1, 2] } }, [inception])),
    accept('extras of a device', 'IDN6', sign(withDevice({ extras: { push: Uint8Array.of(1) } }), [inception])),
    accept('capabilities that are not known yet', 'IDN6', sign(withDevice({ capabilities: 0xffff }), [inception])),
    accept('a device without a name', 'IDN6', sign(withDevice({ name: '' }), [inception])),
    accept('a device name of 64 bytes', 'IDN6', sign(withDevice({ name: 'é'.repeat(32) }), [inception])),
    accept('extras of the wire, not signed', 'IDN2', withExtras),
    accept('a later operation, signed by a device', 'IDN3', sign({ ...later, devices: both }, [laptop])),
    accept('a later operation with two signatures', 'IDN7', sign({ ...later, devices: both }, [words, laptop])),
    accept('a later operation that seals a device', 'IDN6', sign({ ...later, devices: sealed }, [words])),
    accept('a seal of a device that never wrote', 'IDN6', sign({ ...later, devices: never }, [words])),
    accept('a later operation without devices', 'IDN6', sign({ ...later, devices: [] }, [words])),
    accept(
      'a later version with an element more',
      'IDN3',
      raw(payloadArray({ ...GENESIS, version: 2 }, ['more']), [inception]),
    ),
  ]
}

function brokenWire(): OperationVector[] {
  const { payloadBytes } = signOperation(GENESIS, [inception])
  const list = signatureList(payloadBytes, [inception])
  const good = encodeCbor([payloadBytes, list])
  const big = sign({ ...GENESIS, extras: { fill: new Uint8Array(33_000) } }, [inception])
  return [
    reject('more than 32 KiB', 'IDN2', 'too-large', big),
    reject('a byte after the end', 'IDN2', 'bad-cbor', concatBytes(good, Uint8Array.of(0))),
    reject('cut short', 'IDN2', 'bad-cbor', good.slice(0, -1)),
    reject('no bytes at all', 'IDN2', 'bad-cbor', new Uint8Array()),
    reject('payload that is not canonical (version as 18 01)', 'IDN2', 'bad-cbor', longVersion(payloadBytes)),
    reject('a map instead of an array', 'IDN2', 'bad-operation', encodeCbor({ payload: payloadBytes, sigs: list })),
    reject('no signatures element', 'IDN2', 'bad-operation', encodeCbor([payloadBytes])),
    reject('four elements', 'IDN2', 'bad-operation', encodeCbor([payloadBytes, list, {}, {}])),
    reject('extras of the wire that are no map', 'IDN2', 'bad-operation', encodeCbor([payloadBytes, list, 1])),
    reject('payload as an array, not bytes', 'IDN2', 'bad-operation', encodeCbor([decodeCbor(payloadBytes), list])),
    reject('no signature', 'IDN7', 'bad-operation', encodeCbor([payloadBytes, []])),
    reject(
      'a signature of 63 bytes',
      'IDN7',
      'bad-operation',
      encodeCbor([payloadBytes, [[inception.publicKey, new Uint8Array(63)]]]),
    ),
  ]
}

function brokenPayload(): OperationVector[] {
  const device = GENESIS.devices[0] as DeviceEntry
  const pair = [deviceEntry(laptop, 'a'), deviceEntry(phone, 'b')].sort(byKey)
  const slot = GENESIS.slots[0] as OperationPayload['slots'][number]
  const ofInception = authorityKey(inception)
  const bad = (name: string, rule: string, payload: OperationPayload) =>
    reject(name, rule, 'bad-operation', sign(payload, [inception]))
  const badArray = (name: string, rule: string, index: number, value: CborValue) =>
    reject(name, rule, 'bad-operation', raw(payloadArray(GENESIS).with(index, value), [inception]))
  return [
    badArray('version 0', 'IDN3', 0, 0),
    badArray('version as text', 'IDN3', 0, '1'),
    reject(
      'version 1 with an element more',
      'IDN3',
      'bad-operation',
      raw(payloadArray(GENESIS, ['more']), [inception]),
    ),
    reject(
      'version 1 without its extras',
      'IDN3',
      'bad-operation',
      raw(payloadArray(GENESIS).slice(0, 6), [inception]),
    ),
    badArray('an address of 31 bytes', 'IDN3', 1, inception.publicKey.slice(1)),
    badArray('prev of 31 bytes', 'IDN3', 2, new Uint8Array(31)),
    badArray('a paper hash that is text', 'IDN3', 3, 'hash'),
    badArray('extras that are no map', 'IDN3', 6, []),
    bad('a slot with threshold 0', 'IDN5', { ...GENESIS, slots: [{ ...slot, threshold: 0 }] }),
    bad('a slot with a threshold above its keys', 'IDN5', { ...GENESIS, slots: [{ ...slot, threshold: 2 }] }),
    bad('a slot without keys', 'IDN5', { ...GENESIS, slots: [{ threshold: 1, keys: [] }] }),
    bad('a slot with a key twice', 'IDN5', {
      ...GENESIS,
      slots: [{ threshold: 1, keys: [...slot.keys, ...slot.keys] }],
    }),
    bad('nine slots', 'IDN5', { ...GENESIS, slots: new Array(9).fill(slot) }),
    bad('the address as an authority', 'IDN5', { ...GENESIS, slots: [{ threshold: 1, keys: [ofInception] }] }),
    bad('devices out of order', 'IDN6', { ...GENESIS, devices: pair.toReversed() }),
    bad('a device twice', 'IDN6', { ...GENESIS, devices: [device, device] }),
    bad('the address as a device', 'IDN6', { ...GENESIS, devices: [deviceEntry(inception, 'old')] }),
    bad('a device name of 65 bytes', 'IDN6', withDevice({ name: 'n'.repeat(65) })),
    bad('capabilities above 65,535', 'IDN6', withDevice({ capabilities: 65_536 })),
    bad('a seal key of 31 bytes', 'IDN6', withDevice({ sealKey: new Uint8Array(31) })),
    bad('a proof of 63 bytes', 'IDN6', withDevice({ proof: new Uint8Array(63) })),
    bad('a seal of seq 2^32', 'IDN6', { ...withDevice({ seal: { lastSeq: 2 ** 32, headId: hash } }), prev: genesisId }),
    bad('a seal of seq 0 with a head', 'IDN6', {
      ...withDevice({ seal: { lastSeq: 0, headId: hash } }),
      prev: genesisId,
    }),
  ]
}

function brokenGenesis(): OperationVector[] {
  return [
    reject('a genesis signed by a device', 'IDN4', 'bad-operation', sign(GENESIS, [laptop])),
    reject('a genesis with a second signature', 'IDN4', 'bad-operation', sign(GENESIS, [inception, laptop])),
    reject('a genesis without a device', 'IDN4', 'bad-operation', sign({ ...GENESIS, devices: [] }, [inception])),
    reject(
      'a genesis with a sealed device',
      'IDN4',
      'bad-operation',
      sign(withDevice({ seal: { lastSeq: 1, headId: hash } }), [inception]),
    ),
  ]
}

function brokenSignatures(): OperationVector[] {
  const { payloadBytes } = signOperation(GENESIS, [inception])
  const withSignature = (signature: Uint8Array) => encodeCbor([payloadBytes, [[inception.publicKey, signature]]])
  const later: OperationPayload = { ...GENESIS, prev: genesisId }
  const laterBytes = encodeOperationPayload(later)
  const unsorted = signatureList(laterBytes, [laptop, words]).toSorted((a, b) => -compareFirst(a, b))
  const stranger = deviceEntry(phone, 'mine', sealKey, laptop.publicKey)
  const mixedKey = inceptionWithTorsion()
  return [
    reject('signatures out of order', 'IDN7', 'bad-operation', encodeCbor([laterBytes, unsorted])),
    reject(
      'a signature for another purpose',
      'IDN7',
      'bad-signature',
      withSignature(signBytes(inception.secretKey, signingInput('record', payloadBytes))),
    ),
    reject('a signature for another network', 'IDN7', 'bad-signature', sign(GENESIS, [inception], 'elsewhere')),
    reject('one of two signatures wrong', 'IDN7', 'bad-signature', encodeCbor([laterBytes, wrongSecond(laterBytes)])),
    reject('an address that is a key of small order', 'IDN7', 'bad-key', mixedKey),
    reject(
      'a proof for another address',
      'IDN8',
      'bad-signature',
      sign({ ...GENESIS, devices: [stranger] }, [inception]),
    ),
    reject(
      'a proof without the seal key that is listed',
      'IDN8',
      'bad-signature',
      sign(withDevice({ sealKey: hash }), [inception]),
    ),
    reject(
      'the proof of an authority as that of a device',
      'IDN8',
      'bad-signature',
      sign(withDevice({ proof: authorityKey(laptop).proof }), [inception]),
    ),
    reject(
      'a device key that is no point',
      'IDN8',
      'bad-key',
      sign(withDevice({ key: Uint8Array.of(2, ...new Uint8Array(31)) }), [inception]),
    ),
  ]
}

/** An otherwise good genesis whose inception key is a point of small order, for which anybody can sign. */
function inceptionWithTorsion(): Uint8Array {
  const address = torsionPoint(1).toBytes()
  const payload: OperationPayload = {
    ...GENESIS,
    address,
    slots: [],
    devices: [deviceEntry(laptop, 'laptop', sealKey, address)],
  }
  const payloadBytes = encodeOperationPayload(payload)
  const message = signingInput('id', payloadBytes)
  const signature = craftSignature({ secret: 0n, publicKey: address, nonce: scalarOf('nonce'), message })
  return encodeCbor([payloadBytes, [[address, signature]]])
}

function wrongSecond(payloadBytes: Uint8Array): CborValue[] {
  const [first, second] = signatureList(payloadBytes, [laptop, words])
  return [first as CborValue, [(second as CborValue[])[0] as CborValue, new Uint8Array(64)]]
}

function withDevice(change: Partial<DeviceEntry>): OperationPayload {
  return { ...GENESIS, devices: [{ ...(GENESIS.devices[0] as DeviceEntry), ...change }] }
}

function sign(payload: OperationPayload, pairs: readonly KeyPair[], network?: string): Uint8Array {
  return encodeOperation(signOperation(payload, pairs, network))
}

function payloadArray(payload: OperationPayload, more: CborValue[] = []): CborValue[] {
  return [...(decodeCbor(encodeOperationPayload(payload)) as CborValue[]), ...more]
}

function raw(payload: CborValue[], pairs: readonly KeyPair[]): Uint8Array {
  const payloadBytes = encodeCbor(payload)
  return encodeCbor([payloadBytes, signatureList(payloadBytes, pairs)])
}

function longVersion(payloadBytes: Uint8Array): Uint8Array {
  const bytes = concatBytes(payloadBytes.slice(0, 1), Uint8Array.of(0x18, 0x01), payloadBytes.slice(2))
  return encodeCbor([bytes, signatureList(bytes, [inception])])
}

function signatureList(payloadBytes: Uint8Array, pairs: readonly KeyPair[]): CborValue[] {
  const input = signingInput('id', payloadBytes)
  return pairs.map(({ publicKey, secretKey }): CborValue => [publicKey, signBytes(secretKey, input)]).sort(compareFirst)
}

function compareFirst(a: CborValue, b: CborValue): number {
  return toHex((a as Uint8Array[])[0] as Uint8Array) < toHex((b as Uint8Array[])[0] as Uint8Array) ? -1 : 1
}

function byKey(a: { key: Uint8Array }, b: { key: Uint8Array }): number {
  return toHex(a.key) < toHex(b.key) ? -1 : 1
}

function accept(name: string, rule: string, bytes: Uint8Array): OperationVector {
  const payloadBytes = (decodeCbor(bytes, { maxItems: 1_000 }) as Uint8Array[])[0] as Uint8Array
  return { name, rule, hex: toHex(bytes), expect: { verdict: 'accept', id: toHex(sha256(payloadBytes)) } }
}

function reject(name: string, rule: string, reason: string, bytes: Uint8Array): OperationVector {
  return { name, rule, hex: toHex(bytes), expect: { verdict: 'reject', reason } }
}
