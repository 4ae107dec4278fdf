/** Last line of defence for logs: what is secret by its name, by its kind or by its look is blanked. */

const SECRET_NAME =
  /^(secret|secretkey|privatekey|token|cookie|setcookie|authorization|passphrase|password|words|mnemonic|entropy|datakey)$/
const SECRET_TEXT: readonly (readonly [RegExp, string])[] = [
  [/([?&]token=)[^&\s"']+/g, '$1[redacted]'],
  [/(palabre_\d+=)[\w-]+/g, '$1[redacted]'],
  [/palabre-paper-\d[-\s0-9a-z]{20,}/gi, '[redacted paper key]'],
  // Twelve and more short lower-case words in a row are recovery words sooner than a sentence without punctuation.
  [/\b(?:[a-z]{3,8} ){11,}[a-z]{3,8}\b/g, '[redacted words]'],
]
const MAX_DEPTH = 5
const MAX_ITEMS = 50
const MAX_TEXT = 4_096

/** The same text with tokens, session cookies and rows of recovery words blanked. */
export function redactText(text: string): string {
  let safe = text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}…` : text
  for (const [pattern, replacement] of SECRET_TEXT) safe = safe.replace(pattern, replacement)
  return safe
}

/** The same fields, to a bounded depth and size; bytes are never written out. */
export function redactFields(fields: Record<string, unknown>): Record<string, unknown> {
  return redactObject(fields, 0)
}

function redactObject(fields: object, depth: number): Record<string, unknown> {
  const entries = Object.entries(fields).slice(0, MAX_ITEMS)
  return Object.fromEntries(
    entries.map(([name, value]) => [name, isSecret(name) ? '[redacted]' : redact(value, depth)]),
  )
}

function redact(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return redactText(value)
  if (typeof value === 'bigint') return String(value)
  if (typeof value !== 'object' || value === null) return value
  if (depth >= MAX_DEPTH) return '[…]'
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return `[${value.byteLength} bytes]`
  if (value instanceof Error) return redactError(value, depth)
  if (Array.isArray(value)) return value.slice(0, MAX_ITEMS).map((item) => redact(item, depth + 1))
  return redactObject(value, depth + 1)
}

function redactError(error: Error, depth: number): Record<string, unknown> {
  const code = 'code' in error ? { code: String(error.code) } : {}
  const cause = error.cause === undefined ? {} : { cause: redact(error.cause, depth + 1) }
  return {
    type: error.name,
    ...code,
    message: redactText(error.message),
    stack: redactText(error.stack ?? ''),
    ...cause,
  }
}

function isSecret(name: string): boolean {
  return SECRET_NAME.test(name.toLowerCase().replace(/[-_]/g, ''))
}
