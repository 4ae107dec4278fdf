import { z } from 'zod'
import { profileIdSchema, recordIdSchema } from './views.ts'

/** Peer ID of a device's key, `12D3Koo…`. */
const peerId = z.string().min(8).max(128)
/** Milliseconds since 1970. */
const moment = z.number().int()

export const deviceViewSchema = z.object({
  peerId,
  /** As its owner calls it; the name it was linked with until then. */
  name: z.string(),
  /** The device that answers this call. */
  isThis: z.boolean(),
  /** active: may sign · retired: signed itself off · sealed: revoked; what it signed after the seal is not shown */
  status: z.enum(['active', 'retired', 'sealed']),
  /** Operations of equal rank disagree about it: the paper key settles that, or the words where devices disagree. */
  contested: z.boolean(),
  /** It signed one number twice: a copy of it is running elsewhere, or was. */
  forked: z.boolean(),
  /** A key that the device which answers had before it took a new one, because a copy of it was signing elsewhere. */
  former: z.boolean(),
  /** Records of it that are held here. */
  records: z.number().int(),
  /** Of those, not shown because of the seal. */
  hidden: z.number().int(),
  /** When it signed the newest of them. */
  lastSignedAt: moment.nullable(),
  /** Peer IDs of the devices that added it; none for the first one, and for one that the words added. */
  addedBy: z.array(peerId),
})
export type DeviceView = z.infer<typeof deviceViewSchema>

/** A post by which somebody knows what a device signed. */
export const devicePostSchema = z.object({
  id: recordIdSchema,
  /** Its number in the device's log. */
  seq: z.number().int(),
  at: moment,
  /** The first 200 characters. */
  text: z.string(),
  /** Another record has the same number: a copy of the device signed one of them. */
  isTwice: z.boolean(),
})
export type DevicePost = z.infer<typeof devicePostSchema>

/** This device took a new key by itself, because a copy of its data directory was signing with the one before. */
export const deviceReplacementSchema = z.object({ at: moment, from: peerId, to: peerId })
export type DeviceReplacement = z.infer<typeof deviceReplacementSchema>

/** Linking a second device, as either side sees it. */
export const linkStatusSchema = z.object({
  /** offer: this device adds another · join: this device is to be added */
  side: z.enum(['none', 'offer', 'join']),
  /**
   * waiting: the link is shown and nobody has come, or its device is being dialled · compare: both show the code ·
   * confirming: confirmed here and not there yet · moving: the new device takes the account over · done · failed
   */
  step: z.enum(['idle', 'waiting', 'compare', 'confirming', 'moving', 'done', 'failed']),
  /** `palabre:link?…` for the new device, while `offer` waits. */
  link: z.string().nullable(),
  expiresAt: moment.nullable(),
  /** Six digits that both sides show, as `123 456`. */
  code: z.string().nullable(),
  /** What the other side is called: the new device's name, or the account's. */
  other: z.string().nullable(),
  /**
   * Only with `failed`: expired, declined, cancelled, unreachable, bad-link, other-network, account-exists, broken,
   * refused, unanswered (the device was added and then gone: it stands in the list of devices and can be removed)
   */
  failure: z.string().nullable(),
})
export type LinkStatus = z.infer<typeof linkStatusSchema>

/** An account that is coming back to this computer. */
export const recoveryStatusSchema = z.object({
  /**
   * none · looking: nobody who was asked holds the chain yet · waiting: guardians have not all signed ·
   * restoring: the account is here and its records are coming · done: all that is known of has come · failed
   */
  step: z.enum(['none', 'looking', 'waiting', 'restoring', 'done', 'failed']),
  by: z.enum(['words', 'paper', 'guardians', 'device']).nullable(),
  profile: profileIdSchema.nullable(),
  /** Peers that were asked for the chain so far. */
  asked: z.number().int(),
  /** Null until the profile record came. */
  name: z.string().nullable(),
  follows: z.number().int(),
  /** Own records: here, and known to exist by the newest heads heard of. */
  records: z.object({ held: z.number().int(), known: z.number().int() }),
  /** Own pictures. */
  media: z.object({ held: z.number().int(), known: z.number().int() }),
  /** waiting: no key for them yet · back: readable · lost: what opened them is gone · none: there are none */
  privateState: z.enum(['none', 'waiting', 'back', 'lost']),
  /** While guardians are asked. */
  guardians: z
    .object({
      /** `palabre:recover?…` for each guardian. */
      link: z.string(),
      /** What this screen and the guardian's must both show. */
      code: z.string(),
      threshold: z.number().int().nullable(),
      noticed: z.number().int(),
      signed: z.number().int(),
      vetoed: z.boolean(),
      /** When the last delay that is needed ends; null while too few have begun it. */
      dueAt: moment.nullable(),
      /**
       * Each guardian by the public key that was made for this account: the chain doesn't say whose it is, its owner's
       * list of wards does. Who has done most stands first; empty until the chain is found.
       */
      people: z.array(
        z.object({
          key: peerId,
          /** silent · waiting: has begun the delay · signed */
          state: z.enum(['silent', 'waiting', 'signed']),
          /** When this one signs, unless a device stops it. */
          dueAt: moment.nullable(),
          lastAliveAt: moment.nullable(),
        }),
      ),
    })
    .nullable(),
  /** Only with `failed`: wrong-words, not-found, not-an-authority, contested, account-exists, vetoed, cancelled */
  failure: z.string().nullable(),
})
export type RecoveryStatus = z.infer<typeof recoveryStatusSchema>

/** Nothing is coming back, and nothing was asked for. */
export const NO_RECOVERY: RecoveryStatus = {
  step: 'none',
  by: null,
  profile: null,
  asked: 0,
  name: null,
  follows: 0,
  records: { held: 0, known: 0 },
  media: { held: 0, known: 0 },
  privateState: 'none',
  guardians: null,
  failure: null,
}

/** Four independent means of recovery; two that pass make the account safe. */
export const recoveryMeansSchema = z.object({
  devices: z.object({ active: z.number().int() }),
  words: z.object({
    /** Confirmed as written down, and erased here. */
    confirmed: z.boolean(),
    rehearsedAt: moment.nullable(),
  }),
  guardians: z.object({
    threshold: z.number().int().nullable(),
    count: z.number().int(),
    /** Gave a sign of life within the last 90 days. */
    alive: z.number().int(),
    checkedAt: moment.nullable(),
  }),
  paper: z.object({ made: z.boolean() }),
  /** Means that would work today. */
  ready: z.number().int(),
})
export type RecoveryMeans = z.infer<typeof recoveryMeansSchema>

export const guardianSchema = z.object({
  /** Public key made for this account, as a peer ID. */
  key: peerId,
  /** Profile of the guardian where it is known on this device. */
  profile: profileIdSchema.nullable(),
  name: z.string(),
  lastAliveAt: moment.nullable(),
})
/** A person whose guardian this account is. */
export const wardSchema = z.object({
  profile: profileIdSchema,
  name: z.string(),
  since: moment,
  /** Public key made for that person, as a peer ID: what they see of this guardian while they ask. */
  key: peerId,
})

/** A request to give an account to a new device: one that this account guards, or this account itself. */
export const guardianRequestSchema = z.object({
  /** Hash of what is asked for, hex. */
  id: z.string().length(64),
  profile: profileIdSchema,
  name: z.string(),
  /** Name of the new device. */
  device: z.string(),
  code: z.string(),
  askedAt: moment,
  dueAt: moment,
  /** waiting: the delay runs · signed: this guardian has signed · vetoed · done: the new device is in use */
  state: z.enum(['waiting', 'signed', 'vetoed', 'done']),
  /** Guardians who began the delay. */
  guardians: z.number().int(),
})
export type GuardianRequest = z.infer<typeof guardianRequestSchema>

export const guardiansSchema = z.object({
  threshold: z.number().int().nullable(),
  items: z.array(guardianSchema),
  wards: z.array(wardSchema),
  /** Requests of wards that this guardian was shown. */
  requests: z.array(guardianRequestSchema),
  /** Requests against this very account: a device in use may stop them. */
  alarms: z.array(guardianRequestSchema),
})
export type Guardians = z.infer<typeof guardiansSchema>

/** What only the devices of this account can read: mutes, bookmarks, drafts, settings. */
export const privateItemSchema = z.object({
  /** Hex. */
  subject: z.string(),
  /** JSON. */
  value: z.unknown(),
  at: moment,
})
