/** An error that the program expects: a stable kebab-case code for machines, a sentence for people. */
export class PalabreError extends Error {
  /** Stable, kebab-case, part of the API: scripts compare it. */
  readonly code: string
  /** Facts about the case, safe to show: figures, limits, names; never secrets. */
  readonly data: Readonly<Record<string, string | number | boolean | null>>

  constructor(
    code: string,
    message: string,
    options: { cause?: unknown; data?: Record<string, string | number | boolean | null> } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = new.target.name
    this.code = code
    this.data = options.data ?? {}
  }
}

/** What was asked for is not here. */
export class NotFoundError extends PalabreError {
  constructor(message: string, options: { data?: Record<string, string | number | boolean | null> } = {}) {
    super('not-found', message, options)
  }
}

/** A parameter that doesn't fit: says what was expected and what came. */
export class BadRequestError extends PalabreError {
  constructor(message: string, options: { cause?: unknown } = {}) {
    super('bad-request', message, options)
  }
}

/** The call needs an account and this data directory has none. */
export class NoAccountError extends PalabreError {
  constructor(message = 'there is no account here yet: make one with account.create, or start with --name NAME') {
    super('no-account', message)
  }
}
