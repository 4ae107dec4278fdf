import type { CborMap, CborValue } from '../../codec/dag-cbor.ts'
import { MAX_BIO_BYTES, MAX_HOME_SEEDS, MAX_NAME_BYTES, MAX_SEED_ADDRESS_BYTES, MAX_SEED_ADDRESSES } from '../limits.ts'
import { BodyFault, BodyReader, listValue, presentFields, readText, type WithExtras } from './body-reader.ts'
import { type MediaEntry, mediaEntryValue, mediaKindOf, readMediaEntry } from './media-entry.ts'

/** A seed that keeps this person's records and takes in what is sent to them. */
export interface HomeSeed extends WithExtras {
  /** 32-byte key of the seed's peer ID. */
  readonly peer: Uint8Array
  /** Multiaddrs as text, 0 … 8. */
  readonly addrs: readonly string[]
}

/** What a person says of themselves; the last one by (ts, id) counts as a whole. */
export interface ProfileBody extends WithExtras {
  /** 8 random bytes. */
  readonly salt: Uint8Array
  /** 1 … 128 bytes. */
  readonly name: string
  /** At most 1,024 bytes. */
  readonly bio?: string
  readonly avatar?: MediaEntry
  /** 1 … 8. */
  readonly seeds?: readonly HomeSeed[]
}

/** @throws BodyFault */
export function readProfile(value: CborValue): ProfileBody {
  const reader = new BodyReader(value, 'profile')
  return {
    salt: reader.salt(),
    name: reader.text('name', MAX_NAME_BYTES, 1),
    ...(reader.has('bio') ? { bio: reader.text('bio', MAX_BIO_BYTES) } : {}),
    ...(reader.has('avatar') ? { avatar: readAvatar(reader.field('avatar')) } : {}),
    ...(reader.has('seeds') ? { seeds: reader.list('seeds', MAX_HOME_SEEDS).map(readHomeSeed) } : {}),
    ...reader.extras(),
  }
}

export function profileValue({ salt, name, bio, avatar, seeds, extras }: ProfileBody): CborMap {
  return presentFields({
    ...extras,
    salt,
    name,
    bio,
    avatar: avatar && mediaEntryValue(avatar),
    seeds: listValue(seeds, ({ peer, addrs, extras }) => presentFields({ ...extras, peer, addrs })),
  })
}

function readAvatar(value: CborValue | undefined): MediaEntry {
  const avatar = readMediaEntry(value, 'profile avatar')
  if (mediaKindOf(avatar.type) !== 'image') throw new BodyFault(`profile avatar is ${avatar.type}, not an image`)
  return avatar
}

function readHomeSeed(value: CborValue, index: number): HomeSeed {
  const name = `profile seed ${index + 1}`
  const reader = new BodyReader(value, name)
  return {
    peer: reader.bytes('peer', 32),
    addrs: reader
      .list('addrs', MAX_SEED_ADDRESSES, 0)
      .map((address) => readText(address, `${name} address`, MAX_SEED_ADDRESS_BYTES, 1)),
    ...reader.extras(),
  }
}
