import { z } from 'zod'
import { importSchema } from './archive.ts'
import { banSumSchema } from './bans.ts'
import { catchUpSchema } from './catch-up.ts'
import { drillCutSchema } from './drill.ts'
import { mediaViewSchema } from './media.ts'
import { reachSchema } from './reach.ts'
import { spaceSchema } from './space.ts'

/** A profile address: peer ID of the inception key, `12D3Koo…` (IDN1). */
export const profileIdSchema = z.string().min(8).max(128)
/** A record id: CIDv1 dag-cbor sha2-256 in base32, `bafyrei…` (REC3). */
export const recordIdSchema = z.string().min(1).max(128)

/** A person, as shown beside a post. `name` is '' while no profile record is held. */
export const personSchema = z.object({
  profile: profileIdSchema,
  name: z.string(),
  avatar: mediaViewSchema.nullable(),
})
export type Person = z.infer<typeof personSchema>

export const recordRefSchema = z.object({ author: profileIdSchema, id: recordIdSchema })
export type RecordRef = z.infer<typeof recordRefSchema>

/** Why posts of somebody are not shown: muted or blocked by this account, or that person blocks it. */
export const silenceSchema = z.enum(['muted', 'blocked', 'blocks-me'])
export type Silence = z.infer<typeof silenceSchema>

/** A word that this account mutes, as it was written: the post has it and is shown behind a click. Left out for most. */
const foldedBySchema = z.string().optional()

/** How far an own record has travelled. Null in `PostView.holding` for the posts of others. */
export const holdingSchema = z.object({
  /** Seeds that acknowledged that they keep it, by name or short ID. */
  seeds: z.array(z.object({ peerId: z.string(), name: z.string() })),
  /** offline: no peer connected · no-seed: peers but no seed · sending: on its way · held: at least one seed keeps it */
  cause: z.enum(['offline', 'no-seed', 'sending', 'held']),
})
export type Holding = z.infer<typeof holdingSchema>

/**
 * A post that another one quotes, as far as it stands in the other's view: what it quotes in turn is left out.
 *
 * shown, deleted and unreadable as in `PostView` · missing: not here yet, or its body isn't · hidden: it is here, and a
 * decision keeps it out of sight. `ts` is null where nothing of it may be shown; `name` is '' for what is hidden.
 */
export const quotedPostSchema = z.object({
  id: recordIdSchema,
  /** Profile address of the author; of one that isn't here as whoever quotes says. */
  author: profileIdSchema,
  name: z.string(),
  avatar: mediaViewSchema.nullable(),
  ts: z.number().int().nullable(),
  text: z.string(),
  lang: z.string().nullable(),
  media: z.array(mediaViewSchema),
  /** As in `PostView`. */
  warning: z.string().optional(),
  state: z.enum(['shown', 'deleted', 'missing', 'unreadable', 'hidden']),
  deletedAt: z.number().int().nullable(),
  foldedBy: foldedBySchema,
})
export type QuotedPost = z.infer<typeof quotedPostSchema>

/** Bytes [start, end) of a text's UTF-8 that name somebody. */
export const mentionSchema = z.object({
  start: z.number().int().nonnegative(),
  end: z.number().int().positive(),
  /** Profile address. */
  profile: profileIdSchema,
})
export type Mention = z.infer<typeof mentionSchema>

/** How many people gave a sign. */
export const signCountSchema = z.object({ emoji: z.string(), count: z.number().int().positive() })
export type SignCount = z.infer<typeof signCountSchema>

export const postViewSchema = z.object({
  id: recordIdSchema,
  /** Profile address of the author. */
  author: profileIdSchema,
  /** Display name of the author, '' while unknown. */
  name: z.string(),
  avatar: mediaViewSchema.nullable(),
  /** Milliseconds since 1970, as the author's device signed it. */
  ts: z.number().int(),
  text: z.string(),
  /** BCP 47 tag the author gave, null for none. */
  lang: z.string().nullable(),
  media: z.array(mediaViewSchema),
  /** What its author warns of before text and media are read; left out for none. */
  warning: z.string().optional(),
  /** Whom the text names and where, ascending, `name` as it is known here, '' while it isn't; left out for nobody. */
  mentions: z.array(mentionSchema.extend({ name: z.string() })).optional(),
  /** Present on replies. `parentName` is '' while the parent's author is unknown. */
  reply: z.object({ root: recordRefSchema, parent: recordRefSchema, parentName: z.string() }).optional(),
  /** Present on posts that quote another one and are shown. */
  quote: quotedPostSchema.optional(),
  /** shown: has its text · deleted: purged by its author · missing: header known, body not here · unreadable: body breaks a rule */
  state: z.enum(['shown', 'deleted', 'missing', 'unreadable']),
  /** When the text shown was written, milliseconds since 1970; null for a post that was never edited. */
  editedAt: z.number().int().nullable(),
  /** When it came here, for one that came long after it was written and after newer ones of its device; else null. */
  arrivedLateAt: z.number().int().nullable(),
  /** When the author deleted it, milliseconds since 1970; only with state 'deleted'. */
  deletedAt: z.number().int().nullable(),
  counts: z.object({
    replies: z.number().int(),
    reposts: z.number().int(),
    /** People who reacted, one each. */
    reactions: z.number().int(),
  }),
  /**
   * Reactions by sign, the most frequent first, eight at most, of the first thousand people; ❤ and ❤️ are one. Signs that
   * are more than one character are only in `counts`. Left out for none.
   */
  signs: z.array(signCountSchema).optional(),
  mine: z.object({ reaction: z.string().nullable(), reposted: z.boolean() }),
  /** Why it stands in this list, where that isn't plain: somebody I follow reposted it. */
  repostedBy: personSchema.nullable(),
  holding: holdingSchema.nullable(),
  /** Only in threads: it keeps its place without its text, for this reason. */
  silence: silenceSchema.optional(),
  foldedBy: foldedBySchema,
})
export type PostView = z.infer<typeof postViewSchema>

/** One text that a post had. */
export const postVersionSchema = z.object({
  /** Of the post itself for the first version, of the edit for later ones. */
  id: recordIdSchema,
  ts: z.number().int(),
  text: z.string(),
  lang: z.string().nullable(),
  media: z.array(mediaViewSchema),
  /** As in `PostView`. */
  warning: z.string().optional(),
})
export type PostVersion = z.infer<typeof postVersionSchema>

/** asking: seeds are being asked what strangers say · asked · nobody: no seed can be asked, this is what is here. */
export const answersSchema = z.object({
  answers: z.enum(['asking', 'asked', 'nobody']),
  /** Seeds that have answered. */
  seedsAsked: z.number().int().nonnegative(),
})
export type AnswersState = z.infer<typeof answersSchema>

export const postPageSchema = z.object({
  items: z.array(postViewSchema),
  /** Opaque; null at the end. */
  cursor: z.string().nullable(),
})
export type PostPage = z.infer<typeof postPageSchema>

export const threadSchema = z.object({
  /** From the root to the parent of the post asked for; with gaps left out. */
  ancestors: z.array(postViewSchema),
  post: postViewSchema,
  /**
   * A page of at most 500, depth first: branches in which somebody speaks whom the account knows, by the distance of the
   * nearest in each and then the oldest first, and after them the branches of strangers, oldest first.
   */
  replies: z.array(
    z.object({
      /** 1 is a direct answer. */
      depth: z.number().int().positive(),
      /** Answers below it, of its own part: known or strange. */
      below: z.number().int().nonnegative(),
      /** 1 own, followed, or whose thread it is · 2 followed by one of these · null farther away */
      distance: z.number().int().positive().nullable(),
      /** In a branch of strangers. */
      folded: z.boolean(),
      post: postViewSchema,
    }),
  ),
  /** Answers that are here, whatever the page; at most 10,000 are looked at. */
  held: z.number().int(),
  /** Those of them in branches of strangers. */
  strangers: z.number().int(),
  /** Opaque; null at the end of the answers. Later pages come without ancestors. */
  cursor: z.string().nullable(),
  /** Parents that are referred to and not held here. */
  missing: z.number().int(),
})
export type Thread = z.infer<typeof threadSchema>

/** none: not followed · pending: the account's chain is being looked for · following */
export const followStateSchema = z.enum(['none', 'pending', 'following'])
export type FollowState = z.infer<typeof followStateSchema>

/** A peer, as it called itself when it was met last. */
export const namedPeerSchema = z.object({
  peerId: z.string(),
  /** Account that runs there, where a held chain says so. */
  profile: profileIdSchema.nullable(),
  name: z.string(),
})
export type NamedPeer = z.infer<typeof namedPeerSchema>

export const profileViewSchema = z.object({
  profile: profileIdSchema,
  name: z.string(),
  bio: z.string(),
  avatar: mediaViewSchema.nullable(),
  /** Home seeds named in the profile record. */
  seeds: z.array(z.object({ peerId: z.string(), addresses: z.array(z.string()) })),
  isMe: z.boolean(),
  follow: followStateSchema,
  followsMe: z.boolean(),
  /** Why their posts are not shown; left out for most. */
  silences: z.array(silenceSchema).optional(),
  counts: z.object({
    posts: z.number().int(),
    following: z.number().int(),
    /** Followers known here. */
    followers: z.number().int(),
    /** Records that this node knows to exist and doesn't hold. */
    missing: z.number().int(),
    /** Older ones that made room here and come only when their author is dearer, left out for none. */
    released: z.number().int().optional(),
  }),
  /** Peers that offered records of this person and didn't send them, or that keep this person and lack some; at most eight. */
  owedBy: z.array(namedPeerSchema),
  /**
   * Up to when everything that this account's devices in use have said is held here, by their own words, milliseconds since
   * 1970; of several devices the earliest (BEA7). Null while something of it is missing, or nothing is known.
   */
  completeAsOf: z.number().int().nullable(),
  /**
   * When what is held was last compared with what others hold, and with how many of them within a day: they said that
   * they hold nothing that isn't here. Null when nobody was asked since the start.
   */
  compared: z.object({ at: z.number().int(), peers: z.number().int().positive() }).nullable(),
  /** known: the identity chain is held here · unknown: it is being looked for */
  state: z.enum(['known', 'unknown']),
  /** `palabre:` link, with seed addresses where known. */
  link: z.string(),
})
export type ProfileView = z.infer<typeof profileViewSchema>

export const followSchema = z.object({
  profile: profileIdSchema,
  name: z.string(),
  avatar: mediaViewSchema.nullable(),
  state: followStateSchema,
  /** Milliseconds since 1970. */
  since: z.number().int(),
})
export type Follow = z.infer<typeof followSchema>

/** Somebody whom a post may mention. */
export const suggestionSchema = personSchema.extend({ isFollowed: z.boolean() })
export type Suggestion = z.infer<typeof suggestionSchema>

export const accountSchema = z.object({
  profile: profileIdSchema,
  name: z.string(),
  device: z.object({ peerId: z.string(), name: z.string() }),
  /** The 24 words are still in the vault: their owner has not confirmed having written them down. */
  wordsPending: z.boolean(),
  /** open: keys lie readable on this disk · passphrase: sealed */
  protection: z.enum(['open', 'passphrase']),
})
export type Account = z.infer<typeof accountSchema>

export const peerViewSchema = z.object({
  peerId: z.string(),
  /** Account that runs there, where the peer said so. */
  profile: profileIdSchema.nullable(),
  name: z.string(),
  role: z.enum(['peer', 'seed', 'unknown']),
  address: z.string(),
  direction: z.enum(['in', 'out']),
  /** The connection goes through a relay. */
  isRelayed: z.boolean().optional(),
  latencyMs: z.number().nullable(),
  connectedSince: z.number().int(),
  syncedAt: z.number().int().nullable(),
  /** Own records that this peer acknowledged that it keeps. */
  ownHeld: z.number().int(),
  /** It tells of new posts by itself: sends them whole, or only names them; null for neither. */
  feed: z.enum(['whole', 'named']).nullable(),
})
export type PeerView = z.infer<typeof peerViewSchema>

export const networkStatusSchema = z.object({
  peerId: z.string(),
  profile: profileIdSchema.nullable(),
  role: z.enum(['peer', 'seed']),
  /** Name of the network: 'local', 'public' or what the descriptor file says. */
  network: z.string(),
  /** starting: libp2p loads · connecting: nobody yet, trying · connected · offline: nobody, and nothing left to try soon */
  state: z.enum(['starting', 'connecting', 'connected', 'offline']),
  addresses: z.array(z.string()),
  peers: z.array(peerViewSchema),
  seeds: z.number().int(),
  /** Since when no seed could be reached, so that people are dialled directly, milliseconds since 1970; null otherwise. */
  direct: z.object({ since: z.number().int() }).nullable(),
  /** Addresses that are being tried and don't answer, with the cause. */
  unreachable: z.array(z.object({ address: z.string(), cause: z.string(), nextTryAt: z.number().int() })),
  /** Since this process started. */
  data: z.object({ receivedBytes: z.number().int(), sentBytes: z.number().int() }),
  storage: z.object({
    records: z.number().int(),
    posts: z.number().int(),
    authors: z.number().int(),
    recordBytes: z.number().int(),
    mediaBytes: z.number().int(),
    /** Own records in all; compare with `PeerView.ownHeld`. */
    ownRecords: z.number().int(),
    /** Own records that no seed has acknowledged. */
    ownUnheld: z.number().int(),
    /** Databases that were found damaged within the last month and made anew: when last, and which; left out for none. */
    damage: z.object({ at: z.number().int(), files: z.array(z.string()) }).optional(),
    space: spaceSchema.optional(),
  }),
  lastConnectedAt: z.number().int().nullable(),
  /**
   * This clock less the median of the connected seeds', milliseconds; null while there is none, and until they are met
   * again after this clock was set. `warning`: more than two minutes, so that what is written here may be held back elsewhere.
   */
  clock: z.object({ offsetMs: z.number().int().nullable(), warning: z.boolean() }),
  /** Records that are on their way here by sync, all sessions together; null while there are none. */
  catchUp: catchUpSchema.nullable(),
  /** An archive that is being taken in; null while there is none. */
  import: importSchema.nullable(),
  /** How far others reach this node; left out while that isn't known. */
  reach: reachSchema.optional(),
  /** Peers that are kept out for having abused this node; left out while there are none. */
  bans: banSumSchema.optional(),
  /** False where this device keeps its addresses to itself (DSC13). */
  sharesAddresses: z.boolean().optional(),
  /** Pictures come only when somebody asks for them: by the settings, or because the day's traffic is over its cap. */
  saving: z.enum(['asked', 'cap']).optional(),
  /** A blackout drill keeps that out until then, milliseconds since 1970; left out where none runs. */
  drill: z.object({ cut: drillCutSchema, endsAt: z.number().int() }).optional(),
})
export type NetworkStatus = z.infer<typeof networkStatusSchema>

/** What changed, as hints: the receiver asks again for what it shows. */
export const nodeEventSchema = z.discriminatedUnion('type', [
  /** First item of every subscription: from here on nothing is missed. */
  z.object({ type: z.literal('subscribed') }),
  /** New posts that belong to the home timeline; `own` when this account wrote them. */
  z.object({ type: z.literal('home'), count: z.number().int(), own: z.boolean() }),
  /** These posts changed: reply, reaction, repost, deletion, holding. At most 100 ids; more are said as `all`. */
  z.object({ type: z.literal('posts'), ids: z.array(recordIdSchema), all: z.boolean() }),
  z.object({ type: z.literal('profile'), profile: profileIdSchema }),
  z.object({ type: z.literal('follows') }),
  z.object({ type: z.literal('account') }),
  /** Devices of this account: one came, went, or was renamed. */
  z.object({ type: z.literal('devices') }),
  /** Linking went a step on. */
  z.object({ type: z.literal('link') }),
  /** Recovery went on, or a guardian said something. */
  z.object({ type: z.literal('recovery') }),
  /** A search for somebody went on; `profile` is what was given. */
  z.object({ type: z.literal('search'), profile: z.string() }),
  /** Something that only this account's devices read has changed. */
  z.object({ type: z.literal('private') }),
  /** Somebody was muted or blocked, or is not any more: every list may show others than before. */
  z.object({ type: z.literal('silences') }),
  /** Something was said to this account, or notifications were read. */
  z.object({ type: z.literal('notifications') }),
  z.object({ type: z.literal('network') }),
  z.object({ type: z.literal('media'), cid: z.string(), state: mediaViewSchema.shape.state }),
  /**
   * Catching up with a peer: records so far; `done` ends it. A few times a second at most, so not with every peer in
   * turn: `network.status` has the whole of it.
   */
  z.object({ type: z.literal('sync'), peerId: z.string(), received: z.number().int(), done: z.boolean() }),
])
export type NodeEvent = z.infer<typeof nodeEventSchema>

/** Which posts of a profile: those that answer nobody, all, those with pictures. */
export const profileShowSchema = z.enum(['posts', 'all', 'pictures'])
export type ProfileShow = z.infer<typeof profileShowSchema>

/** Of the ladder below home. */
export const rungSchema = z.enum(['friends', 'others', 'welcome'])
export type Rung = z.infer<typeof rungSchema>
