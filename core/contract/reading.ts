import { z } from 'zod'
import { personSchema, postViewSchema, recordIdSchema } from './views.ts'

export const notificationSchema = z.object({
  /** Of the record that says it; one notification each. */
  id: recordIdSchema,
  kind: z.enum(['reply', 'mention', 'quote', 'reaction', 'repost', 'follow']),
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
