import { eventIterator, oc } from '@orpc/contract'
import { z } from 'zod'
import {
  devicesContract,
  guardiansContract,
  linkContract,
  privateContract,
  recoveryContract,
} from './accounts-contract.ts'
import { archiveContract } from './archive.ts'
import { bansContract } from './bans.ts'
import { done, person } from './common.ts'
import { drillContract } from './drill.ts'
import { evidenceSchema } from './evidence.ts'
import { MAX_BUDGET_BYTES, MIN_BUDGET_BYTES } from './figures.ts'
import { personSearchSchema } from './finding.ts'
import { invitationsContract } from './invitations.ts'
import { listsContract } from './lists.ts'
import { mediaSchema } from './media.ts'
import { moderationContract } from './moderation.ts'
import { petnameSchema, petnamesSchema } from './petnames.ts'
import { bookmarkPageSchema, notificationFilterSchema, notificationPageSchema, unreadSchema } from './reading.ts'
import { settingsSchema } from './settings.ts'
import { storageSchema, trafficDaySchema } from './storage.ts'
import {
  accountSchema,
  answersSchema,
  followSchema,
  followStateSchema,
  mentionSchema,
  networkStatusSchema,
  nodeEventSchema,
  postPageSchema,
  postVersionSchema,
  postViewSchema,
  profileIdSchema,
  profileShowSchema,
  profileViewSchema,
  recordIdSchema,
  recordRefSchema,
  rungSchema,
  suggestionSchema,
  threadSchema,
} from './views.ts'

/**
 * The one API of a node: the renderer, the command line and tests call it over a local socket, a WebSocket or a
 * message port. Methods and their shapes are a promise to scripts (docs/cli.md). Unknown keys in parameters are ignored.
 *
 * Errors carry a stable kebab-case code: bad-request, not-found, no-account, account-exists, not-owner, too-long,
 * unsupported-media, not-here (only on another carrier), unreachable, disk-full, busy and store-busy (too much at once),
 * log-forked (a copy of this device writes elsewhere), device-retired and device-sealed (this device may not write any
 * more), wrong-secret (neither the words nor the paper key), no-right, contested, unknown-device, bad-link, bad-invitation
 * (`data.fault` says why), stopping, store-stopped, cancelled, internal; of imports archive-unreadable, archive-foreign, archive-newer, archive-network,
 * archive-cut, archive-damaged, disk-low; of exports archive-exists, archive-unwritable.
 */

/** Of the page before; null, which a last page answers, is taken for none. */
const cursor = z
  .string()
  .max(256)
  .nullish()
  .transform((given) => given ?? undefined)
const pageInput = z.object({
  cursor,
  limit: z.number().int().min(1).max(500).default(50),
})
/** What a post and an edit carry beside text and pictures. */
const said = {
  lang: z.string().max(35).optional(),
  /** Content warning; 1 to 256 bytes. */
  warning: z.string().trim().min(1).max(256).optional(),
  /** Ranges of bytes of the text, ascending and apart; of people whose identity chain is held here. */
  mentions: z.array(mentionSchema).max(32).optional(),
}
const name = z.string().trim().min(1).max(128)
const budgetBytes = z.number().int().min(MIN_BUDGET_BYTES).max(MAX_BUDGET_BYTES)

export const contract = {
  account: {
    create: oc.input(z.object({ name })).output(accountSchema),
    /** Throws `no-account` where there is none. */
    get: oc.output(accountSchema),
    /** The 24 words while they wait to be confirmed. Never over the local socket: they don't belong on stdout. */
    words: oc.output(z.object({ words: z.array(z.string()).nullable() })),
    /** Asks for the words at these places (0 to 23); on success they are erased from this computer. */
    confirmWords: oc
      .input(
        z.object({
          answers: z
            .array(z.object({ index: z.number().int().min(0).max(23), word: z.string().max(32) }))
            .min(3)
            .max(24),
        }),
      )
      .output(z.object({ confirmed: z.boolean() })),
    /** Seals the vault with a passphrase, or null takes it away. `current` is asked for where there is one. */
    protect: oc
      .input(z.object({ passphrase: z.string().max(1_024).nullable(), current: z.string().max(1_024).optional() }))
      .output(accountSchema),
  },
  devices: devicesContract,
  link: linkContract,
  recovery: recoveryContract,
  guardians: guardiansContract,
  private: privateContract,
  posts: {
    /** Resolves when the record is on this disk for good; travelling comes after. */
    create: oc
      .input(
        z.object({
          text: z.string(),
          media: z.array(mediaSchema).max(8).default([]),
          /** Id of the post that is answered; the root is found from it. */
          reply: z.union([recordIdSchema, recordRefSchema]).optional(),
          /** Id of the post that stands below the text; its author too where it isn't known here. */
          quote: z.union([recordIdSchema, recordRefSchema]).optional(),
          ...said,
        }),
      )
      .output(z.object({ id: recordIdSchema })),
    get: oc.input(z.object({ id: recordIdSchema })).output(postViewSchema),
    /** Own posts only: the whole new content. What it said before stays readable in `history`. */
    edit: oc
      .input(
        z.object({
          id: recordIdSchema,
          text: z.string(),
          media: z.array(mediaSchema).max(8).default([]),
          ...said,
        }),
      )
      .output(z.object({ id: recordIdSchema })),
    /** Every version that is held here, the newest first; at most 100. */
    history: oc.input(z.object({ id: recordIdSchema })).output(z.object({ items: z.array(postVersionSchema) })),
    /** Own posts only. The body is purged here and wherever the deletion arrives. */
    delete: oc.input(z.object({ id: recordIdSchema })).output(z.object({ id: recordIdSchema })),
  },
  timeline: {
    /** Own posts and those of follows, reposts of follows included, newest first. */
    home: oc.input(pageInput.prefault({})).output(postPageSchema),
    /**
     * Of somebody who is muted, blocked or blocks this account only with `silenced`. `show`: posts that answer nobody, or those
     * with pictures; then a page may be short, even empty, while its cursor leads on.
     */
    profile: oc
      .input(
        pageInput.extend({
          profile: person,
          silenced: z.boolean().default(false),
          show: profileShowSchema.default('all'),
        }),
      )
      .output(postPageSchema),
    /** Posts with a tag, newest first; case and the accents of Latin letters make no difference, nor does the sign. */
    tag: oc
      .input(pageInput.extend({ tag: z.string().min(1).max(128) }))
      .output(postPageSchema.extend(answersSchema.shape)),
    /**
     * What stands below home, by rung: posts of people whom follows follow, of other people whose posts this computer holds, and
     * of the welcome pack that came with the program, newest first; of a thousand people each at most. Nobody stands on two.
     */
    beyond: oc
      .input(pageInput.extend({ rung: rungSchema, language: z.enum(['en', 'fr']).default('en') }))
      .output(postPageSchema.extend({ madeAt: z.number().int().nullable() })),
    /** Posts of the members of somebody's list, newest first; of a thousand members at most. Empty for a list that isn't known. */
    list: oc
      .input(pageInput.extend({ profile: person, list: z.string().regex(/^[0-9a-f]{32}$/) }))
      .output(postPageSchema),
  },
  notifications: {
    /** What others say to this account: answers, mentions, quotes, reactions, reposts, follows; newest first. */
    list: oc.input(pageInput.extend(notificationFilterSchema.shape).prefault({})).output(notificationPageSchema),
    unread: oc.output(unreadSchema),
    /** Up to the notification with this id, or all. */
    markRead: oc
      .input(z.object({ id: recordIdSchema.optional() }).prefault({}))
      .output(z.object({ count: z.number().int() })),
  },
  bookmarks: {
    /** Posts that this account has marked, the last marked first. Only its own devices can read them. */
    list: oc.input(pageInput.prefault({})).output(bookmarkPageSchema),
    /** Ids alone of the last 10,000, the last marked first. */
    ids: oc.output(z.object({ ids: z.array(recordIdSchema) })),
    add: oc.input(z.object({ id: recordIdSchema })).output(done),
    remove: oc.input(z.object({ id: recordIdSchema })).output(done),
  },
  threads: {
    /** Posts of who is muted, blocked or blocks this account keep their place, and say what they say only with `silenced`. */
    get: oc
      .input(
        z.object({
          id: recordIdSchema,
          silenced: z.boolean().default(false),
          /** all: those of strangers come last · none: without them · only: those alone */
          strangers: z.enum(['all', 'none', 'only']).default('all'),
          /** Deepest level of answers; all unless given. */
          depth: z.number().int().min(1).optional(),
          cursor: z.string().optional(),
          limit: z.number().int().min(1).max(500).default(500),
        }),
      )
      .output(threadSchema.extend(answersSchema.shape)),
  },
  profiles: {
    /** Looks for somebody by peer ID or link, in every way at once; answers at once with how far it is. */
    find: oc.input(z.object({ profile: person })).output(personSearchSchema),
    /** How the last such search stands; null when there was none lately. */
    search: oc.input(z.object({ profile: person })).output(personSearchSchema.nullable()),
    get: oc.input(z.object({ profile: person.optional() }).prefault({})).output(profileViewSchema),
    /**
     * Whom a post may mention: people whose name, or a word in it, or whose short ID begins with `query`, whatever the
     * accents and capitals. Those who are followed come first; nobody who is muted or blocked, and not this account.
     */
    suggest: oc
      .input(z.object({ query: z.string().max(64), limit: z.number().int().min(1).max(20).default(8) }))
      .output(z.object({ items: z.array(suggestionSchema) })),
    update: oc
      .input(z.object({ name: name.optional(), bio: z.string().optional(), avatar: mediaSchema.nullable().optional() }))
      .output(profileViewSchema),
    /** Names that this account has for others: on its own devices alone, and shown there instead of those they give themselves. */
    petnames: oc.output(petnamesSchema),
    /** '' takes it back. Throws `bad-request` for oneself and `too-long`. */
    setPetname: oc.input(z.object({ profile: person, name: z.string().trim().max(128) })).output(petnameSchema),
  },
  follows: {
    /** Answers at once. */
    add: oc
      .input(z.object({ profile: person, addresses: z.array(z.string().max(512)).max(16).optional() }))
      .output(z.object({ profile: profileIdSchema, state: followStateSchema })),
    remove: oc
      .input(z.object({ profile: person }))
      .output(z.object({ profile: profileIdSchema, state: followStateSchema })),
    list: oc.output(z.object({ items: z.array(followSchema) })),
  },
  reactions: {
    /** One reaction per person and post; a second replaces the first. */
    add: oc.input(z.object({ id: recordIdSchema, emoji: z.string().trim().min(1).max(32).default('❤') })).output(done),
    remove: oc.input(z.object({ id: recordIdSchema })).output(done),
  },
  reposts: {
    add: oc.input(z.object({ id: recordIdSchema })).output(done),
    remove: oc.input(z.object({ id: recordIdSchema })).output(done),
  },
  search: {
    /**
     * Plain text: every word must occur; never FTS syntax. Newest first. What else is given must be so too, and may stand
     * without words; then a page may be short, even empty, while its cursor leads on.
     */
    posts: oc
      .input(
        z.object({
          query: z.string().max(256).default(''),
          /** Who wrote it: a profile, a link, or the name of somebody who is followed, as it is written. */
          author: person.optional(),
          /** Milliseconds since 1970. */
          since: z.number().int().nonnegative().optional(),
          /** The first moment after, milliseconds since 1970. */
          until: z.number().int().nonnegative().optional(),
          /** With pictures only. */
          media: z.boolean().optional(),
          limit: z.number().int().min(1).max(500).default(50),
          cursor,
        }),
      )
      .output(postPageSchema.extend({ searched: z.number().int() })),
  },
  media: {
    /** A file of this computer; local socket only. Metadata is stripped, or the file is refused with the reason. */
    add: oc
      .input(z.object({ path: z.string().max(4_096), alt: z.string().max(1_000).default('') }))
      .output(mediaSchema),
    /** Bytes that the sandboxed renderer has re-encoded. */
    upload: oc
      .input(
        z.object({
          bytes: z.instanceof(Blob),
          alt: z.string().max(1_000).default(''),
          thumbhash: z.string().max(64).optional(),
        }),
      )
      .output(mediaSchema),
    /** Writes the bytes to a file of this computer, fetching them first where needed; local socket only. */
    get: oc
      .input(z.object({ cid: z.string().max(128), out: z.string().max(4_096) }))
      .output(z.object({ cid: z.string(), type: z.string(), size: z.number().int(), out: z.string() })),
    /** Asks the network for it again. */
    fetch: oc
      .input(z.object({ cid: z.string().max(128) }))
      .output(z.object({ state: z.enum(['here', 'fetching', 'missing', 'waiting']) })),
  },
  network: {
    status: oc.output(networkStatusSchema),
    /** What peers owe, and devices that signed two histories; the latest first. */
    evidence: oc.output(z.object({ items: z.array(evidenceSchema) })),
    /** Bytes that came and went, by the day, the newest first; 400 days are kept. */
    ledger: oc
      .input(z.object({ days: z.number().int().min(1).max(400).default(30) }).prefault({}))
      .output(z.object({ days: z.array(trafficDaySchema) })),
    /** Dials and keeps an address; answers when connected, throws `unreachable` otherwise. */
    connect: oc.input(z.object({ address: z.string().min(3).max(512) })).output(z.object({ peerId: z.string() })),
  },
  drill: drillContract,
  archive: archiveContract,
  bans: bansContract,
  lists: listsContract,
  moderation: moderationContract,
  invitations: invitationsContract,
  storage: {
    /** What lies on this disk, whose it is, and how much may. */
    get: oc.output(storageSchema),
    /** What is over a budget makes room: strangers first, then what is old of people who are followed. */
    setBudgets: oc
      .input(z.object({ recordBytes: budgetBytes.optional(), mediaBytes: budgetBytes.optional() }))
      .output(storageSchema),
  },
  settings: {
    get: oc.output(settingsSchema),
    update: oc.input(settingsSchema.partial()).output(settingsSchema),
  },
  events: {
    subscribe: oc.output(eventIterator(nodeEventSchema)),
  },
}
export type Contract = typeof contract
