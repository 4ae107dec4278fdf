import type { CborMap, CborValue } from '../../codec/dag-cbor.ts'
import {
  GRANT_ONCE_BYTES,
  GRANT_WRAPPED_BYTES,
  type KeyGrant,
  PRIVATE_KEY_ID_BYTES,
  RECIPIENT_ID_BYTES,
} from '../../identity/private-seal.ts'
import { MAX_GRANTS, PRIVATE_BOX_BYTES } from '../limits.ts'
import { BodyFault, BodyReader, listValue, presentFields, readBytes, readList, type WithExtras } from './body-reader.ts'

/** Something that its author alone reads: a mute, a bookmark, a draft, a setting. Nothing here tells which. */
export interface PrivateBody extends WithExtras {
  /** 8 random bytes. */
  readonly salt: Uint8Array
  /** Id of the key that the box is sealed with, 8 bytes. */
  readonly key: Uint8Array
  /** Sealed content (private-content.ts); its length is one of PRIVATE_BOX_BYTES. */
  readonly box: Uint8Array
  /** That key for devices and words, 1 … 32. */
  readonly grants?: readonly KeyGrant[]
}

/** @throws BodyFault */
export function readPrivate(value: CborValue): PrivateBody {
  const reader = new BodyReader(value, 'private')
  return {
    salt: reader.salt(),
    key: reader.bytes('key', PRIVATE_KEY_ID_BYTES),
    box: readBox(reader),
    ...(reader.has('grants') ? { grants: reader.list('grants', MAX_GRANTS).map(readGrant) } : {}),
    ...reader.extras(),
  }
}

export function privateValue({ salt, key, box, grants, extras }: PrivateBody): CborMap {
  return presentFields({
    ...extras,
    salt,
    key,
    box,
    grants: listValue(grants, ({ recipient, once, wrapped }) => [recipient, once, wrapped]),
  })
}

function readBox(reader: BodyReader): Uint8Array {
  const box = reader.bytes('box', Math.max(...PRIVATE_BOX_BYTES), 0)
  if (!PRIVATE_BOX_BYTES.includes(box.length)) {
    throw new BodyFault(`${reader.name('box')} is ${box.length} bytes, expected ${PRIVATE_BOX_BYTES.join(', ')}`)
  }
  return box
}

function readGrant(value: CborValue, index: number): KeyGrant {
  const name = `private grant ${index + 1}`
  const [recipient, once, wrapped] = readList(value, name, 3, 3)
  return {
    recipient: readBytes(recipient, `${name} recipient`, RECIPIENT_ID_BYTES),
    once: readBytes(once, `${name} once`, GRANT_ONCE_BYTES),
    wrapped: readBytes(wrapped, `${name} key`, GRANT_WRAPPED_BYTES),
  }
}
