import type { Media, MediaView } from '../../contract/media.ts'
import type {
  Account,
  Follow,
  FollowState,
  NetworkStatus,
  NodeEvent,
  RecordRef,
  Settings,
} from '../../contract/views.ts'
import type { TimelineReader } from '../../timeline/reader.ts'
import type { AbortOptions } from '../../util/startable.ts'

/** The account of this data directory. */
export interface AccountKeeper {
  /** Profile address, null without an account. */
  readonly profile: string | null
  create(name: string): Promise<Account>
  /** @throws NoAccountError */
  get(): Promise<Account>
  /** The 24 words while their owner has not confirmed them, else null. @throws NoAccountError */
  words(): readonly string[] | null
  /** Erases the words when every answer is right. */
  confirmWords(answers: readonly { readonly index: number; readonly word: string }[]): Promise<boolean>
}

export interface NewPost {
  readonly text: string
  readonly media: readonly Media[]
  readonly reply?: string | RecordRef | undefined
  readonly lang?: string | undefined
}

/** What the account says in public; every method resolves when the record survives a power cut. */
export interface Publishing {
  createPost(post: NewPost): Promise<{ id: string }>
  /** Own posts only. Deleting twice is one deletion. */
  deletePost(id: string): Promise<void>
  /** null takes the reaction back. */
  react(id: string, emoji: string | null): Promise<void>
  repost(id: string, isOn: boolean): Promise<void>
  updateProfile(change: ProfileChange): Promise<void>
}

export interface ProfileChange {
  readonly name?: string | undefined
  readonly bio?: string | undefined
  readonly avatar?: Media | null | undefined
}

export interface Follows {
  add(profile: string, addresses: readonly string[]): Promise<{ profile: string; state: FollowState }>
  remove(profile: string): Promise<{ profile: string; state: FollowState }>
  list(): Promise<readonly Follow[]>
}

export interface ProfileLinks {
  /** `palabre:` link of a profile with the addresses that are worth trying. */
  linkOf(profile: string, seeds: readonly { readonly addresses: readonly string[] }[]): string
  /** Profile address for what a person gave: an address, a device's peer ID, a link. @throws BadRequestError */
  resolve(profile: string): Promise<string>
}

export interface MediaCalls {
  addFile(path: string, alt: string, options: AbortOptions): Promise<Media>
  /** At most 16 MiB. */
  addBlob(blob: Blob, init: { alt: string; thumbhash?: string | undefined }, options: AbortOptions): Promise<Media>
  /** Writes the picture to a new file. */
  writeTo(
    cid: string,
    out: string,
    options: AbortOptions,
  ): Promise<{ cid: string; type: string; size: number; out: string }>
  /** Starts asking the network, or says what is known. */
  fetch(cid: string): Promise<{ state: MediaView['state'] }>
}

export interface NetworkCalls {
  status(): Promise<NetworkStatus>
  connect(address: string, options: AbortOptions): Promise<{ peerId: string }>
}

export interface SettingsBook {
  get(): Settings
  update(change: { readonly [K in keyof Settings]?: Settings[K] | undefined }): Promise<Settings>
}

export interface EventSource {
  subscribe(signal?: AbortSignal): AsyncIteratorObject<NodeEvent, unknown, void>
}

/** Everything that the handlers call; each handler file takes the part that it needs. */
export interface ApiServices {
  readonly account: AccountKeeper
  readonly publishing: Publishing
  readonly reader: TimelineReader
  readonly follows: Follows
  readonly links: ProfileLinks
  readonly media: MediaCalls
  readonly network: NetworkCalls
  readonly settings: SettingsBook
  readonly events: EventSource
}
