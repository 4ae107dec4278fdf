import { z } from 'zod'
import { NOTIFICATION_KINDS } from './figures.ts'
import { personSchema, postViewSchema, recordIdSchema } from './views.ts'

export const notificationKindSchema = z.enum(NOTIFICATION_KINDS)

/** Which of them a list holds; everything that is left out is everything. */
export const notificationFilterSchema = z.object({
  kinds: z.array(notificationKindSchema).min(1).max(6).optional(),
  /** known: people this account follows · strangers: everybody else */
  from: z.enum(['known', 'strangers']).optional(),
})
export type NotificationFilter = z.infer<typeof notificationFilterSchema>

export const notificationSchema = z.object({
  /** Of the record that says it; one notification each. */
  id: recordIdSchema,
  kind: notificationKindSchema,
  from: personSchema,
  /** Where it stands in time, milliseconds since 1970. */
  at: z.number().int(),
  /** The post that says it, or the own post that it is about; null for a follow. */
  post: postViewSchema.nullable(),
  /** Of a reaction. */
  emoji: z.string().nullable(),
  unread: z.boolean(),
})
export type Notification = z.infer<typeof notificationSchema>

export const notificationPageSchema = z.object({
  items: z.array(notificationSchema),
  /** Opaque; null at the end. */
  cursor: z.string().nullable(),
  /** Of all notifications, at most 1,000. */
  unread: z.number().int(),
})
export type NotificationPage = z.infer<typeof notificationPageSchema>

/** At most 1,000 of each are counted. */
export const unreadSchema = z.object({
  count: z.number().int(),
  /** Those of `count` that people say whom this account follows. */
  known: z.number().int(),
  /** Those that ring the bell: by people and of kinds that the settings let ring. */
  ringing: z.number().int(),
})
export type Unread = z.infer<typeof unreadSchema>

export const bookmarkSchema = z.object({
  id: recordIdSchema,
  /** When it was marked, milliseconds since 1970. */
  at: z.number().int(),
  /** Null for a post that isn't held here or may not be shown. */
  post: postViewSchema.nullable(),
})
export type Bookmark = z.infer<typeof bookmarkSchema>

export const bookmarkPageSchema = z.object({
  items: z.array(bookmarkSchema),
  /** Opaque; null at the end. */
  cursor: z.string().nullable(),
})
