import { parseCid } from '../../codec/cid.ts'
import type { Media } from '../../contract/media.ts'
import { parsePeerId } from '../../identity/peer-id.ts'
import type { OwnDraft } from '../../ingest/own-log.ts'
import type { RecordRef } from '../../record/kinds/body-reader.ts'
import {
  encodeBlock,
  encodeDelete,
  encodeEdit,
  encodeFollow,
  encodeList,
  encodeListMember,
  encodePost,
  encodeProfile,
  encodeReaction,
  encodeRepost,
  KIND,
} from '../../record/kinds/kind-table.ts'
import type { MediaEntry } from '../../record/kinds/media-entry.ts'
import type { Mention, PostContent } from '../../record/kinds/post-content.ts'
import type { ProfileBody } from '../../record/kinds/profile.ts'
import {
  GENESIS_PREFIX_BYTES,
  MAX_HOME_SEEDS,
  MAX_SEED_ADDRESS_BYTES,
  MAX_SEED_ADDRESSES,
  MAX_THUMBHASH_BYTES,
  SALT_BYTES,
} from '../../record/limits.ts'
import { BadRequestError } from '../../util/errors.ts'
import type { RandomSource } from '../../util/random.ts'

/** Lists for reading. */
const LIST_PURPOSE = 'people'

export interface PostDraft {
  readonly text: string
  readonly lang?: string | undefined
  readonly media: readonly Media[]
  readonly reply?: { readonly root: RecordRef; readonly parent: RecordRef } | undefined
  readonly quote?: RecordRef | undefined
  readonly warning?: string | undefined
  /** Ascending and apart; who breaks that is told by the codec. */
  readonly mentions?: readonly Mention[] | undefined
}

export interface SeedEntry {
  readonly peerId: string
  readonly addresses: readonly string[]
}

export interface ProfileDraft {
  readonly name: string
  readonly bio: string
  readonly avatar: Media | null
  readonly seeds: readonly SeedEntry[]
}

/** Bodies of own records, each with its own salt. What breaks a limit throws BadRequestError. */
export class Drafts {
  /** Also for what gets a name of its own. */
  readonly random: RandomSource

  constructor(components: { readonly random: RandomSource }) {
    this.random = components.random
  }

  post({ reply, quote, ...said }: PostDraft): OwnDraft {
    const body = encodePost({
      salt: this.#salt(),
      ...toContent(said),
      ...(reply === undefined ? {} : { reply }),
      ...(quote === undefined ? {} : { quote }),
    })
    return { kind: KIND.post, body }
  }

  /** The whole new content of an own post. */
  edit(subject: RecordRef, said: Omit<PostDraft, 'reply' | 'quote'>): OwnDraft {
    const body = encodeEdit({ salt: this.#salt(), subject, ...toContent(said) })
    return { kind: KIND.edit, body }
  }

  /** null takes the reaction back. */
  reaction(subject: RecordRef, emoji: string | null): OwnDraft {
    return { kind: KIND.reaction, body: encodeReaction({ salt: this.#salt(), subject, emoji }) }
  }

  repost(subject: RecordRef, isOn: boolean): OwnDraft {
    return { kind: KIND.repost, body: encodeRepost({ salt: this.#salt(), subject, on: isOn }) }
  }

  /** `genesisHash` is the whole 32 bytes. */
  follow(address: Uint8Array, genesisHash: Uint8Array, isOn: boolean): OwnDraft {
    const subject = { address, genesis: genesisHash.slice(0, GENESIS_PREFIX_BYTES) }
    return { kind: KIND.follow, body: encodeFollow({ salt: this.#salt(), subject, on: isOn }) }
  }

  /** `genesisHash` is the whole 32 bytes. */
  block(address: Uint8Array, genesisHash: Uint8Array, isOn: boolean): OwnDraft {
    const subject = { address, genesis: genesisHash.slice(0, GENESIS_PREFIX_BYTES) }
    return { kind: KIND.block, body: encodeBlock({ salt: this.#salt(), subject, on: isOn }) }
  }

  list(list: Uint8Array, name: string, isOn: boolean): OwnDraft {
    return { kind: KIND.list, body: encodeList({ salt: this.#salt(), list, name, purpose: LIST_PURPOSE, on: isOn }) }
  }

  /** `genesisHash` is the whole 32 bytes. */
  listMember(list: Uint8Array, address: Uint8Array, genesisHash: Uint8Array, isOn: boolean): OwnDraft {
    const subject = { address, genesis: genesisHash.slice(0, GENESIS_PREFIX_BYTES) }
    return { kind: KIND.listMember, body: encodeListMember({ salt: this.#salt(), list, subject, on: isOn }) }
  }

  delete(subject: RecordRef): OwnDraft {
    return { kind: KIND.delete, body: encodeDelete({ salt: this.#salt(), subject }) }
  }

  /** `held` is the profile before: what this version doesn't know of it is carried along. */
  profile({ name, bio, avatar, seeds }: ProfileDraft, held: ProfileBody | null): OwnDraft {
    const homeSeeds = seeds.slice(0, MAX_HOME_SEEDS).flatMap(({ peerId, addresses }) => {
      const peer = parsePeerId(peerId)
      const addrs = addresses.filter((address) => address.length <= MAX_SEED_ADDRESS_BYTES)
      return peer === undefined ? [] : [{ peer, addrs: addrs.slice(0, MAX_SEED_ADDRESSES) }]
    })
    const body = encodeProfile({
      salt: this.#salt(),
      name,
      ...(bio === '' ? {} : { bio }),
      ...(avatar === null ? {} : { avatar: toMediaEntry(avatar) }),
      ...(homeSeeds.length === 0 ? {} : { seeds: homeSeeds }),
      ...(held?.extras === undefined ? {} : { extras: held.extras }),
    })
    return { kind: KIND.profile, body }
  }

  #salt(): Uint8Array {
    return this.random(SALT_BYTES)
  }
}

function toContent({ text, lang, media, warning, mentions }: Omit<PostDraft, 'reply' | 'quote'>): PostContent {
  return {
    text,
    ...(lang === undefined || lang === '' ? {} : { lang }),
    ...(media.length === 0 ? {} : { media: media.map(toMediaEntry) }),
    ...(warning === undefined || warning === '' ? {} : { warn: warning }),
    ...(mentions === undefined || mentions.length === 0 ? {} : { mentions }),
  }
}

function toMediaEntry({ cid, type, size, width, height, alt, thumbhash }: Media): MediaEntry {
  const link = parseCid(cid)
  if (link === undefined) throw new BadRequestError(`expected the CID of a picture, got ${cid.slice(0, 80)}`)
  return { cid: link, type, size, width, height, alt, ...(thumbhash ? { thumb: readThumbhash(thumbhash) } : {}) }
}

function readThumbhash(text: string): Uint8Array {
  const bytes = Uint8Array.from(Buffer.from(text, 'base64'))
  if (bytes.length === 0 || bytes.length > MAX_THUMBHASH_BYTES) {
    throw new BadRequestError(`a thumbhash is base64 of 1 to ${MAX_THUMBHASH_BYTES} bytes, got ${bytes.length}`)
  }
  return bytes
}
