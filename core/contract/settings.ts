import { z } from 'zod'
import { DAY_MINUTES, MAX_TRAFFIC_CAP_BYTES, MIN_TRAFFIC_CAP_BYTES, NOTIFICATION_KINDS } from './figures.ts'
import { notificationKindSchema } from './reading.ts'
import { rungSchema } from './views.ts'

const MAX_RUNGS = 8
const MAX_PINNED_LISTS = 8

const minuteSchema = z
  .number()
  .int()
  .min(0)
  .max(DAY_MINUTES - 1)

/** Each day from one minute to another, by the clock on the wall; past midnight where `until` isn't later than `from`. */
export const quietHoursSchema = z.object({ from: minuteSchema, until: minuteSchema })
export type QuietHours = z.infer<typeof quietHoursSchema>

/** What a person chose for this computer. */
export const settingsSchema = z.object({
  theme: z.enum(['system', 'light', 'dark']),
  /** 'system' follows the browser or the operating system. */
  language: z.enum(['system', 'en', 'fr']),
  singleKeys: z.boolean(),
  /** Posts with a content warning stand open at once. */
  opensWarnings: z.boolean(),
  /** Whoever knows the account may learn from others where its devices are (DSC13). */
  sharesAddresses: z.boolean(),
  /** Notifications of these kinds stand in their list and ring no bell. */
  silentKinds: z.array(notificationKindSchema).max(NOTIFICATION_KINDS.length),
  /** People who aren't followed ring as well. */
  strangersRing: z.boolean(),
  /** While they last nothing rings; null for never. */
  quietHours: quietHoursSchema.nullable(),
  /** always: those of people whose records are kept come by themselves · asked: each comes when somebody asks for it */
  pictures: z.enum(['always', 'asked']),
  /** Once so much has come and gone in a day, pictures come when somebody asks for them; null for no cap. */
  trafficCapBytes: z.number().int().min(MIN_TRAFFIC_CAP_BYTES).max(MAX_TRAFFIC_CAP_BYTES).nullable(),
  /** Rungs below home that are not shown. */
  hiddenRungs: z.array(rungSchema).max(MAX_RUNGS),
  /** Rungs that show their heading alone. */
  foldedRungs: z.array(rungSchema).max(MAX_RUNGS),
  /** Own lists that stand beside home, by id. */
  pinnedLists: z.array(z.string().regex(/^[0-9a-f]{32}$/)).max(MAX_PINNED_LISTS),
})
export type Settings = z.infer<typeof settingsSchema>
