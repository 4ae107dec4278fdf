/** A long-lived object. `stop` may be called twice and resolves when the object's work has ended. */
export interface Startable {
  start(): Promise<void> | void
  stop(): Promise<void> | void
}

/** Anything asynchronous that may take long takes these. */
export interface AbortOptions {
  signal?: AbortSignal | undefined
}
