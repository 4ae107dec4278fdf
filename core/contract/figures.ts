/** Numbers that the window shares with the node; in a file of their own, because a page takes in no schemas. */

/** Smallest and largest budget that may be set. */
export const MIN_BUDGET_BYTES = 16 * 1_048_576
export const MAX_BUDGET_BYTES = 2 ** 50

/** Smallest and largest cap for the traffic of a day. */
export const MIN_TRAFFIC_CAP_BYTES = 10_000_000
export const MAX_TRAFFIC_CAP_BYTES = 1_000_000_000_000

/** A catch-up of fewer records is over before anybody waits for it. */
export const LARGE_CATCH_UP = 200

/** Minutes of a day. */
export const DAY_MINUTES = 1_440

/** Everything that can be said to an account. */
export const NOTIFICATION_KINDS = ['reply', 'mention', 'quote', 'reaction', 'repost', 'follow'] as const
