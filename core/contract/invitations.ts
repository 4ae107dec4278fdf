import { oc } from '@orpc/contract'
import { z } from 'zod'
import { MAX_INVITATION_FILE_BYTES, MAX_INVITATION_PEOPLE, MAX_INVITATION_SEEDS } from '../record/invitation.ts'
import { mediaViewSchema } from './media.ts'
import { followStateSchema, profileIdSchema } from './views.ts'

/** An address that a newcomer may begin with. */
const startSchema = z.object({
  /** Multiaddr that ends in the peer ID. */
  address: z.string(),
  peerId: z.string(),
  /** What it calls itself where it was met, '' for nothing. */
  name: z.string(),
  /** public: means the same everywhere · private: of a local network · loopback: of one computer */
  scope: z.enum(['public', 'private', 'loopback']),
  isConnected: z.boolean(),
})

/** A seed that an invitation from here can name. */
const inviteSeedSchema = startSchema.extend({
  /** own: this node itself, for who knows no seed */
  kind: z.enum(['seed', 'own']),
  /** Named where nothing else is asked for: of different operators, those that everybody reaches first. */
  isSuggested: z.boolean(),
})
export type InviteSeed = z.infer<typeof inviteSeedSchema>

export const madeInvitationSchema = z.object({
  /** Short enough for a QR code: its people are the first `linkPeople` of those asked for. */
  link: z.string(),
  linkPeople: z.number().int(),
  /** What a file holds: everybody, as a longer link and a line feed. */
  file: z.object({ name: z.string(), text: z.string() }),
  people: z.number().int(),
  seeds: z.array(z.string()),
})
export type MadeInvitation = z.infer<typeof madeInvitationSchema>

/**
 * Why an invitation can't be used: the faults of its bytes (docs/protocol/invitations.md), and other-network: for another
 * network than this node's · other-signer: signed by a device that the inviter's account doesn't list · own: by this account
 */
export const invitationFaultSchema = z.enum([
  'not-invitation',
  'too-large',
  'newer',
  'malformed',
  'too-many',
  'bad-seed',
  'bad-person',
  'bad-name',
  'ts-range',
  'bad-key',
  'bad-signature',
  'other-network',
  'other-signer',
  'own',
])
export type InvitationProblem = z.infer<typeof invitationFaultSchema>

const invitedSchema = z.object({
  profile: profileIdSchema,
  /** As known here, else as the invitation says. */
  name: z.string(),
  /** The name is the invitation's word only. */
  isNameClaimed: z.boolean(),
  avatar: mediaViewSchema.nullable(),
  follow: followStateSchema,
  isMe: z.boolean(),
})
export type InvitedView = z.infer<typeof invitedSchema>

/** What an invitation says, and what is known of it here; nothing has happened yet. */
export const invitationViewSchema = z.object({
  fault: invitationFaultSchema.nullable(),
  /** Network that it is for, null where it can't be read. */
  network: z.string().nullable(),
  /** Null with a fault. */
  invitation: z
    .object({
      inviter: invitedSchema,
      /** unknown: whether the account lists the device can't be said yet · active · former: it was signed off since */
      signer: z.enum(['unknown', 'active', 'former']),
      /** By the inviter's clock, milliseconds since 1970. */
      ts: z.number().int(),
      /** `isUsable` false: leads to no other computer from here, and is never dialled. */
      seeds: z.array(startSchema.extend({ isUsable: z.boolean() })),
      people: z.array(invitedSchema),
    })
    .nullable(),
})
export type InvitationView = z.infer<typeof invitationViewSchema>

/** The invitation that was accepted last, and how far it is. */
export const joinViewSchema = z.object({
  inviter: z.object({ profile: profileIdSchema, name: z.string() }),
  /** Milliseconds since 1970. */
  acceptedAt: z.number().int(),
  /** waiting: is dialled, or will be · unreachable: was tried and is tried again, `cause` says what happened */
  seeds: z.array(
    z.object({
      address: z.string(),
      peerId: z.string(),
      state: z.enum(['waiting', 'connected', 'unreachable']),
      cause: z.string().nullable(),
    }),
  ),
  /** none: no longer followed */
  people: z.array(
    z.object({
      profile: profileIdSchema,
      name: z.string(),
      avatar: mediaViewSchema.nullable(),
      state: followStateSchema,
    }),
  ),
  /** There is no account yet: those people are followed when there is one. */
  needsAccount: z.boolean(),
  /** Everybody who was chosen is followed, and a seed is connected where one was chosen. */
  isDone: z.boolean(),
})
export type JoinView = z.infer<typeof joinViewSchema>

const text = z.string().max(2 * MAX_INVITATION_FILE_BYTES)
const address = z.string().min(3).max(512)

/** Invitations (docs/protocol/invitations.md). */
export const invitationsContract = {
  /** Seeds that one from here can name, best first, and this node itself. */
  seeds: oc.output(z.object({ items: z.array(inviteSeedSchema) })),
  /**
   * Signs one. `people`: of those whom this account follows, the most wanted first. `seeds`: of those of `seeds`; left out, the
   * suggested ones. Throws `no-account`.
   */
  make: oc
    .input(
      z.object({
        people: z.array(profileIdSchema).max(MAX_INVITATION_PEOPLE).default([]),
        seeds: z.array(address).max(MAX_INVITATION_SEEDS).optional(),
      }),
    )
    .output(madeInvitationSchema),
  /** Says what an invitation (the link, or what a file holds) would do. Changes nothing, dials nobody. */
  read: oc.input(z.object({ text })).output(invitationViewSchema),
  /**
   * Dials these of its seeds, remembers them, and follows these of its people, the inviter among them where named; answers at
   * once. Works before there is an account. Again with the same changes nothing. Throws `bad-invitation` with `data.fault`.
   */
  accept: oc
    .input(
      z.object({
        text,
        seeds: z.array(address).max(MAX_INVITATION_SEEDS),
        people: z.array(profileIdSchema).max(MAX_INVITATION_PEOPLE + 1),
      }),
    )
    .output(joinViewSchema),
  /** Null where none was accepted. Changes are told by events of type `network`, `follows` and `account`. */
  status: oc.output(z.object({ join: joinViewSchema.nullable() })),
}
