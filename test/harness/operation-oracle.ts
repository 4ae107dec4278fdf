/** Whether an identity operation is accepted, judged once more from docs/protocol/identity.md: slow and plain. */
import { canonicalValue, isByteString, isPlainMap } from './canonical.ts'
import { isSignedByNode } from './node-signatures.ts'

const MAX_ITEMS = 8_192
const hexOf = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')
const inDomain = (purpose: string, ...parts: (Uint8Array | string)[]) =>
  Buffer.concat([Buffer.from(`palabre/${purpose}/1\0`), ...parts.map((part) => Buffer.from(part))])
const isCount = (value: unknown, least: number, most: number) =>
  typeof value === 'number' && value >= least && value <= most

/** `knownKeys` are hex keys that SIG1 takes. */
export function isOperationAccepted(bytes: Uint8Array, knownKeys: ReadonlySet<string>): boolean {
  const wire = bytes.length > 32_768 ? undefined : canonicalValue(bytes, MAX_ITEMS)?.value
  if (!Array.isArray(wire) || wire.length < 2 || wire.length > 3 || !(wire[0] instanceof Uint8Array)) return false
  const [payloadBytes, signatures, wireExtras] = wire
  if (wire.length === 3 && !isPlainMap(wireExtras)) return false
  const payload = canonicalValue(payloadBytes, MAX_ITEMS)?.value
  if (!Array.isArray(payload) || payload.length < 7) return false
  const [version, address, prev, paperHash, slots, devices, extras] = payload
  if (!isCount(version, 1, Number.MAX_SAFE_INTEGER) || (version === 1 && payload.length > 7)) return false
  if (!isByteString(address, 32) || !isPlainMap(extras)) return false
  if (![prev, paperHash].every((hash) => hash === null || isByteString(hash, 32))) return false
  if (!isEntries(signatures, 1, 64, (entry) => entry.length === 2 && isByteString(entry[1], 64))) return false
  if (!Array.isArray(slots) || slots.length > 8 || !slots.every(isSlot)) return false
  if (!isEntries(devices, 0, 256, isDevice)) return false
  const listed = [...slots.flatMap((slot) => slot[1]), ...devices].map(([key]) => hexOf(key))
  if (listed.includes(hexOf(address))) return false
  if (prev === null) {
    if (signatures.length !== 1 || hexOf(signatures[0][0]) !== hexOf(address)) return false
    if (devices.length === 0 || devices.some((device: unknown[]) => device[5] !== null)) return false
  }
  const claims: [Uint8Array, Uint8Array, Uint8Array][] = [
    ...signatures.map(([key, signature]: Uint8Array[]) => [key, inDomain('id', payloadBytes), signature]),
    ...slots.flatMap((slot) => slot[1]).map(([key, proof]) => [key, inDomain('key', address, 'authority'), proof]),
    ...devices.map((device: Uint8Array[]) => [
      device[0],
      inDomain('key', address, 'device', device[1] as Uint8Array),
      device[4],
    ]),
  ]
  return claims.every(
    ([key, message, signature]) => knownKeys.has(hexOf(key)) && isSignedByNode(key, message, signature),
  )
}

/** A list of arrays that begin with a key, strictly ascending by it. */
function isEntries(value: unknown, least: number, most: number, check: (entry: unknown[]) => boolean): boolean {
  if (!Array.isArray(value) || value.length < least || value.length > most) return false
  if (!value.every((entry) => Array.isArray(entry) && isByteString(entry[0], 32) && check(entry))) return false
  const names = value.map((entry) => hexOf(entry[0]))
  return names.every((name, i) => i === 0 || (names[i - 1] as string) < name)
}

function isSlot(value: unknown): boolean {
  if (!Array.isArray(value) || value.length !== 2) return false
  const [threshold, keys] = value
  const isKeys = isEntries(keys, 1, 32, (entry) => entry.length === 2 && isByteString(entry[1], 64))
  return isKeys && isCount(threshold, 1, keys.length)
}

function isDevice([, sealKey, capabilities, name, proof, seal, extras, ...more]: unknown[]): boolean {
  if (more.length > 0 || !isByteString(sealKey, 32) || !isCount(capabilities, 0, 65_535)) return false
  if (typeof name !== 'string' || Buffer.byteLength(name) > 64) return false
  if (!isByteString(proof, 64) || !isPlainMap(extras)) return false
  if (seal === null) return true
  if (!Array.isArray(seal) || seal.length !== 2 || !isCount(seal[0], 0, 2 ** 32 - 1)) return false
  return isByteString(seal[1], 32) && (seal[0] > 0 || seal[1].every((byte) => byte === 0))
}
