/** Path on the local socket where a host hands out a new one-time link to its window: `{"url"}`. */
export const LINK_ROUTE = '/open-link'
