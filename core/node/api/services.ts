import type {
  DevicePost,
  DeviceReplacement,
  DeviceView,
  GuardianRequest,
  Guardians,
  LinkStatus,
  RecoveryMeans,
  RecoveryStatus,
} from '../../contract/accounts.ts'
import type { ExportScope, ExportView, ImportView } from '../../contract/archive.ts'
import type { BanView } from '../../contract/bans.ts'
import type { Drill, DrillCut } from '../../contract/drill.ts'
import type { Evidence } from '../../contract/evidence.ts'
import type { PersonSearch } from '../../contract/finding.ts'
import type { InvitationView, InviteSeed, JoinView, MadeInvitation } from '../../contract/invitations.ts'
import type { ListPeople } from '../../contract/lists.ts'
import type { Media, MediaView } from '../../contract/media.ts'
import type { MutedWord, MutedWords, MuteWordInput, SilencedPeople } from '../../contract/moderation.ts'
import type { Settings } from '../../contract/settings.ts'
import type { Storage, TrafficDay } from '../../contract/storage.ts'
import type {
  Account,
  AnswersState,
  Follow,
  FollowState,
  Mention,
  NamedPeer,
  NetworkStatus,
  NodeEvent,
  PostPage,
  RecordRef,
  Rung,
} from '../../contract/views.ts'
import type { TimelineReader } from '../../timeline/reader.ts'
import type { AbortOptions } from '../../util/startable.ts'

/** Asks seeds for what strangers say (INB7). */
export interface AnswerSeeker {
  /** `subject`: id of a root, or a folded tag in UTF-8. Returns at once. */
  look(purpose: 'answers' | 'tag', subject: Uint8Array): AnswersState
}

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
  /** null takes the passphrase away. @throws WrongPassphraseError when `current` isn't the one before */
  protect(change: { readonly passphrase: string | null; readonly current?: string | undefined }): Promise<Account>
}

/** The last record that counts: its number, 0 for none, and its id where several have that number. */
export interface SealPlace {
  readonly seq: number
  readonly id?: string | undefined
}

/** The devices of the account. */
export interface DeviceKeeper {
  list(): Promise<readonly DeviceView[]>
  rename(peerId: string, name: string): Promise<void>
  retire(): Promise<void>
  /** `secret`: the words or the paper key. */
  revoke(peerId: string, secret: string, last?: SealPlace): Promise<void>
  /** Its newest posts that are held here, the newest first. */
  posts(peerId: string): Promise<readonly DevicePost[]>
  restore(peerId: string, secret: string): Promise<void>
}

/** What this device did by itself about a copy that signs elsewhere (LOG10). */
export interface DeviceReplacements {
  /** Null where there was none, or where the owner has dismissed the last. */
  unseen(): Promise<DeviceReplacement | null>
  /** `to`: peer ID of the device after it. */
  dismiss(to: string): Promise<void>
}

/** Linking a device, from either side. */
export interface DeviceLinker {
  offer(): Promise<LinkStatus>
  join(link: string, name?: string): Promise<LinkStatus>
  confirm(matches: boolean): Promise<LinkStatus>
  cancel(): Promise<LinkStatus>
  status(): LinkStatus
}

export interface RecoveryCalls {
  start(init: {
    readonly secret: string
    readonly addresses: readonly string[]
    readonly name?: string | undefined
  }): Promise<RecoveryStatus>
  askGuardians(init: {
    readonly profile: string
    readonly addresses: readonly string[]
    readonly name?: string | undefined
  }): Promise<RecoveryStatus>
  cancel(): Promise<RecoveryStatus>
  status(): Promise<RecoveryStatus>
  means(): Promise<RecoveryMeans>
  rehearse(words: string): Promise<{ result: 'right' | 'not-words' | 'other-account'; at: number }>
  makePaper(secret: string): Promise<string>
  newWords(secret: string): Promise<readonly string[]>
}

export interface GuardianCalls {
  list(): Promise<Guardians>
  invite(): Promise<string>
  accept(link: string): Promise<{ profile: string; name: string; reply: string }>
  set(init: {
    readonly secret: string
    readonly threshold: number
    readonly replies: readonly string[]
  }): Promise<Guardians>
  open(link: string): Promise<GuardianRequest>
  approve(link: string): Promise<GuardianRequest>
  veto(id: string): Promise<void>
  check(): Promise<Guardians>
}

/** State that only the account's devices read: per edge and subject the last word counts. */
export interface PrivateBook {
  list(edge: string): Promise<readonly { subject: string; value: unknown; at: number }[]>
  /** `subject` hex; null takes it back. @throws TooLongError */
  put(edge: string, subject: string, value: unknown): Promise<void>
}

/** Words that the account mutes. */
export interface WordCalls {
  list(): Promise<MutedWords>
  mute(word: MuteWordInput): Promise<MutedWord>
  unmute(id: string): Promise<void>
}

/** Whom the account doesn't want to see. */
export interface SilenceCalls {
  list(): Promise<SilencedPeople>
  mute(profile: string, isOn: boolean): Promise<void>
  block(profile: string, isOn: boolean): Promise<void>
}

export interface NewPost {
  readonly text: string
  readonly media: readonly Media[]
  readonly reply?: string | RecordRef | undefined
  readonly quote?: string | RecordRef | undefined
  readonly lang?: string | undefined
  /** Content warning. */
  readonly warning?: string | undefined
  readonly mentions?: readonly Mention[] | undefined
}

/** What an edit says anew; what a post answers and quotes stays. */
export type EditedPost = Omit<NewPost, 'reply' | 'quote'>

/** Own lists of people. */
export interface ListCalls {
  get(id: string): Promise<ListPeople>
  create(name: string): Promise<{ id: string }>
  rename(id: string, name: string): Promise<void>
  remove(id: string): Promise<void>
  /** On the list, or off it. */
  put(id: string, profile: string, isOn: boolean): Promise<void>
}

/** What the account says in public; every method resolves when the record survives a power cut. */
export interface Publishing {
  readonly lists: ListCalls
  createPost(post: NewPost): Promise<{ id: string }>
  /** Own posts only: the whole new content. */
  editPost(id: string, post: EditedPost): Promise<void>
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
  /** The key that is meant, and where the link says to look. @throws BadRequestError */
  find(profile: string): Promise<{ readonly key: Uint8Array; readonly addresses: readonly string[] }>
  /** Profile address for what a person gave: an address, a device's peer ID, a link. @throws BadRequestError */
  resolve(profile: string): Promise<string>
}

/** Looking for people by peer ID. */
export interface PersonSearches {
  /** Returns at once. */
  find(key: Uint8Array, addresses: readonly string[]): PersonSearch
  stateOf(key: Uint8Array): PersonSearch | null
}

/** With whom what is held of an author was compared. */
export interface Comparisons {
  /** `at`: milliseconds since 1970. Null when nobody was asked lately. */
  of(author: Uint8Array): { readonly at: number; readonly peers: number } | null
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

/** Peers that are kept out. */
export interface BanCalls {
  list(): readonly BanView[]
  /** False when it wasn't kept out. */
  lift(peerId: string): boolean
}

/** Blackouts on purpose, one at a time. */
export interface DrillCalls {
  /** @throws PalabreError busy, unreachable, BadRequestError on a seed */
  begin(cut: DrillCut, minutes: number): Promise<Drill>
  /** The one that was ended, or the last one. */
  end(): Promise<Drill | null>
  status(): Promise<Drill | null>
}

/** What came and went. */
export interface LedgerCalls {
  /** The newest first, at most so many. */
  list(days: number): Promise<TrafficDay[]>
}

export interface StorageCalls {
  get(): Promise<Storage>
  /** @throws BadRequestError for one that the start of the node has set */
  setBudgets(change: {
    readonly recordBytes?: number | undefined
    readonly mediaBytes?: number | undefined
  }): Promise<Storage>
}

/** What peers owe, and forks. */
export interface EvidenceList {
  /** Of each sort the latest first. */
  list(): Promise<readonly Evidence[]>
  /** Peers that owe something of this author or don't hold it, at most eight. */
  owedBy(author: Uint8Array): Promise<readonly NamedPeer[]>
}

/** Archives that are taken in, one at a time. */
export interface ImportCalls {
  /** Answers when it has begun. `path` is absolute. */
  begin(path: string): Promise<ImportView>
  /** The one that runs, or the last one; null for none since the start. */
  status(): ImportView | null
  cancel(): Promise<ImportView | null>
}

export interface ExportCalls {
  /** Answers when it has begun. `path` is absolute. */
  begin(path: string, scope: ExportScope): Promise<ExportView>
  /** The one that runs, or the last one; null for none since the start. */
  status(): ExportView | null
  cancel(): Promise<ExportView | null>
}

export interface InvitationCalls {
  /** That one from here can name, best first. */
  seeds(): Promise<readonly InviteSeed[]>
  make(asked: {
    readonly people: readonly string[]
    readonly seeds?: readonly string[] | undefined
  }): Promise<MadeInvitation>
  /** Changes nothing. */
  read(text: string): Promise<InvitationView>
  /** Answers at once, whether anybody can be reached or not. */
  accept(init: {
    readonly text: string
    readonly seeds: readonly string[]
    readonly people: readonly string[]
  }): Promise<JoinView>
  /** The one that was accepted last. */
  status(): Promise<JoinView | null>
}

/** The ladder below home. */
export interface BeyondCalls {
  beyond(query: {
    readonly rung: Rung
    readonly language: 'en' | 'fr'
    readonly cursor?: string | undefined
    readonly limit: number
  }): Promise<PostPage & { madeAt: number | null }>
}

export interface SettingsBook {
  get(): Settings
  update(change: { readonly [K in keyof Settings]?: Settings[K] | undefined }): Promise<Settings>
}

export interface EventSource {
  subscribe(signal?: AbortSignal): AsyncIteratorObject<NodeEvent, unknown, void>
  publish(event: NodeEvent): void
}

/** Everything that the handlers call; each handler file takes the part that it needs. */
export interface ApiServices {
  readonly account: AccountKeeper
  readonly publishing: Publishing
  readonly reader: TimelineReader
  readonly beyond: BeyondCalls
  readonly answers: AnswerSeeker
  readonly follows: Follows
  readonly links: ProfileLinks
  readonly finder: PersonSearches
  readonly comparisons: Comparisons
  readonly media: MediaCalls
  readonly bans: BanCalls
  readonly network: NetworkCalls
  readonly evidence: EvidenceList
  readonly imports: ImportCalls
  readonly exports: ExportCalls
  readonly invitations: InvitationCalls
  readonly drill: DrillCalls
  readonly ledger: LedgerCalls
  readonly storage: StorageCalls
  readonly settings: SettingsBook
  readonly events: EventSource
  readonly devices: DeviceKeeper
  readonly replacements: DeviceReplacements
  readonly linker: DeviceLinker
  readonly recovery: RecoveryCalls
  readonly guardians: GuardianCalls
  readonly privateBook: PrivateBook
  readonly silences: SilenceCalls
  readonly words: WordCalls
}
