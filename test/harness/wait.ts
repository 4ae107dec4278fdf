/** Longest that a test waits for a condition: generous, because machines are busy. */
export const PATIENCE_MS = 90_000

/** Resolves with the first truthy answer of `check`; asked every 20 ms. @throws after the deadline, naming the wish. */
export async function eventually<T>(
  wish: string,
  check: () => T | Promise<T>,
  deadlineMs = PATIENCE_MS,
): Promise<NonNullable<T>> {
  const end = Date.now() + deadlineMs
  for (;;) {
    const answer = await check()
    if (answer) return answer as NonNullable<T>
    if (Date.now() > end) throw new Error(`not within ${deadlineMs} ms: ${wish}`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
