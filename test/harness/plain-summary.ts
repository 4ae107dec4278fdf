import type { Reporter, SerializedError, TestModule } from 'vitest/node'

/**
 * Ends a run with one plain line for machines: `N passed, N failed, N skipped`. A file that doesn't load and an error
 * outside every test count as failed: a run that found nothing wrong is the only one that says `0 failed`.
 */
export class PlainSummaryReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly SerializedError[]): void {
    const count = { passed: 0, failed: unhandledErrors.length, skipped: 0 }
    for (const module of modules) {
      if (module.errors().length > 0) count.failed++
      for (const test of module.children.allTests()) {
        const { state } = test.result()
        count[state === 'pending' ? 'failed' : state]++
      }
    }
    process.stdout.write(`${count.passed} passed, ${count.failed} failed, ${count.skipped} skipped\n`)
  }
}
