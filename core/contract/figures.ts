/** A catch-up of fewer records is over before anybody waits for it. */
export const LARGE_CATCH_UP = 200
