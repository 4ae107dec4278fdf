/** Writing to stdout and stderr. Texts of other people never reach the terminal with control characters in them. */

/** Without C0 and C1 controls except line feed, which could drive the terminal. */
export function printable(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  return text.replace(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/g, '\ufffd')
}

/** A line for people or for scripts; resolves when it may be followed by the next, so that a slow reader slows us. */
export async function printLine(text: string): Promise<void> {
  if (process.stdout.write(`${text}\n`)) return
  await new Promise<void>((resolve) => process.stdout.once('drain', resolve))
}

export function printJson(value: unknown): Promise<void> {
  return printLine(JSON.stringify(value ?? null))
}

/** To stderr. What went wrong may quote what somebody else wrote. */
export function warnLine(text: string): void {
  process.stderr.write(`${printable(text)}\n`)
}

/** Resolves when everything has left; a reader that went away counts as having read. */
export async function flushOutput(): Promise<void> {
  const flush = (stream: NodeJS.WriteStream) =>
    new Promise<void>((resolve) => {
      if (stream.destroyed || stream.writableLength === 0) resolve()
      else stream.write('', () => resolve())
    })
  await Promise.all([flush(process.stdout), flush(process.stderr)])
}
