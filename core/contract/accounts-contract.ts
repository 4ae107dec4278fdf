import { oc } from '@orpc/contract'
import { z } from 'zod'
import {
  devicePostSchema,
  deviceReplacementSchema,
  deviceViewSchema,
  guardianRequestSchema,
  guardiansSchema,
  linkStatusSchema,
  privateItemSchema,
  recoveryMeansSchema,
  recoveryStatusSchema,
} from './accounts.ts'
import { done } from './common.ts'
import { recordIdSchema } from './views.ts'

/** 24 words as a person types them. Never answered back, never logged. */
const words = z.string().min(1).max(1_024)
/** The words, or the text of the paper key. */
const secret = words
const peerId = z.string().min(8).max(128)
const address = z.string().min(3).max(512)
/** `palabre:…`, as it was pasted. */
const link = z.string().min(1).max(4_096)
const deviceName = z.string().trim().min(1).max(64)
const edge = z.string().min(1).max(32)
const subject = z
  .string()
  .max(128)
  .regex(/^([0-9a-f]{2})*$/)

/** The devices that speak for this account. Throws `no-account` where there is none. */
export const devicesContract = {
  list: oc.output(z.object({ items: z.array(deviceViewSchema) })),
  /** A name that this account's own devices show; the chain keeps the first one. */
  rename: oc.input(z.object({ peerId, name: deviceName })).output(done),
  /** This device signs itself off, for good: it reads on and writes nothing more. Refused for the last active one. */
  retire: oc.output(done),
  /**
   * Takes a device's right to speak away: what it signed after `lastSeq` is not shown anywhere; left out, all that is
   * held here counts. `lastId` says which record has that number, where a copy of the device signed one too: what the
   * record follows counts, and nothing beside it. What it added goes too. `secret` is the words or the paper key. A device
   * that was revoked may be revoked again, at another place.
   */
  revoke: oc
    .input(z.object({ peerId, secret, lastSeq: z.number().int().min(0).optional(), lastId: recordIdSchema.optional() }))
    .output(done),
  /** The newest posts of a device that are held here, hidden ones too, the newest first; at most 20. */
  posts: oc.input(z.object({ peerId })).output(z.object({ items: z.array(devicePostSchema) })),
  /** Takes a revocation back: everything the device signed is shown again, and it may go on. */
  restore: oc.input(z.object({ peerId, secret })).output(done),
  /** That this device took a new key by itself; null once its owner has dismissed it. */
  replaced: oc.output(z.object({ replaced: deviceReplacementSchema.nullable() })),
  /** `peerId`: the new one that was shown. A replacement after that is said again. */
  dismissReplaced: oc.input(z.object({ peerId })).output(done),
}

/** Linking another device. Both sides poll `status` after an event of type `link`. */
export const linkContract = {
  /** On a device of the account: a link that one new device may use, within ten minutes. A second call starts anew. */
  offer: oc.output(linkStatusSchema),
  /** On the new device, which has no account yet. */
  join: oc.input(z.object({ link, name: deviceName.optional() })).output(linkStatusSchema),
  /** Whether the code is the same on both screens; false ends it. */
  confirm: oc.input(z.object({ matches: z.boolean() })).output(linkStatusSchema),
  cancel: oc.output(linkStatusSchema),
  status: oc.output(linkStatusSchema),
}

/** Bringing an account back to a computer that has none, and knowing that it would work. */
export const recoveryContract = {
  /** By the 24 words or the paper key. Answers at once; looks for the account among all peers until it is found. */
  start: oc
    .input(z.object({ secret, addresses: z.array(address).max(16).default([]), name: deviceName.optional() }))
    .output(recoveryStatusSchema),
  /** By guardians: the profile address or link of the lost account. */
  askGuardians: oc
    .input(
      z.object({
        profile: z.string().min(1).max(2_048),
        addresses: z.array(address).max(16).default([]),
        name: deviceName.optional(),
      }),
    )
    .output(recoveryStatusSchema),
  cancel: oc.output(recoveryStatusSchema),
  status: oc.output(recoveryStatusSchema),
  means: oc.output(recoveryMeansSchema),
  /** Are these the words of this account? Nothing is sent and nothing kept but the day. */
  rehearse: oc
    .input(z.object({ words }))
    .output(z.object({ result: z.enum(['right', 'not-words', 'other-account']), at: z.number().int() })),
  /** Makes the next paper key, which overrules the words and the guardians. Shown once, kept nowhere. */
  makePaper: oc.input(z.object({ secret })).output(z.object({ paper: z.string() })),
  /** Puts new words in place of those before, which open nothing any more. Shown once; confirmed as at the start. */
  newWords: oc.input(z.object({ secret })).output(z.object({ words: z.array(z.string()) })),
}

/** People who together can give the account to a new device, after a delay. */
export const guardiansContract = {
  list: oc.output(guardiansSchema),
  /** A link to send to somebody who is to guard this account. */
  invite: oc.output(z.object({ link: z.string() })),
  /** On the guardian's side: makes a key for that person and answers with a link to send back. */
  accept: oc.input(z.object({ link })).output(z.object({ profile: z.string(), name: z.string(), reply: z.string() })),
  /** The answers of all guardians; replaces those before. An empty list has none any more. */
  set: oc
    .input(z.object({ secret, threshold: z.number().int().min(2).max(32).default(2), replies: z.array(link).max(32) }))
    .output(guardiansSchema),
  /** What a `palabre:recover?…` link asks for, to compare codes with the person before anything is done. */
  open: oc.input(z.object({ link })).output(guardianRequestSchema),
  /** Begins the delay: this guardian signs when it is over, unless a device in use stops it. */
  approve: oc.input(z.object({ link })).output(guardianRequestSchema),
  /** On a device of the account: stops a request. */
  veto: oc.input(z.object({ id: z.string().length(64) })).output(done),
  /** Asks all guardians for a sign of life; their programs answer by themselves. */
  check: oc.output(guardiansSchema),
}

/** What all devices of the account can read and nobody else; the last word per edge and subject counts. */
export const privateContract = {
  list: oc.input(z.object({ edge })).output(z.object({ items: z.array(privateItemSchema) })),
  /** `value` null takes it back. At most 2,048 bytes as JSON. */
  put: oc.input(z.object({ edge, subject: subject.default(''), value: z.unknown() })).output(done),
}
