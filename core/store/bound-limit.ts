/**
 * A limit that is bound. SQLite looks at a bare `LIMIT ?` when it plans, and so plans the whole statement anew whenever it is
 * bound: of a page that was most of the time. An expression is left alone.
 */
export const BOUND_LIMIT = 'LIMIT ? + 0'
