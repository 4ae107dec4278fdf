import { it } from 'vitest'
import type { PersonWindow } from './person-window.ts'

/** A test that stands on those before it. */
export type StoryStep = (name: string, act: () => Promise<void>) => void

/**
 * Steps of one story: after the first that fails the others are skipped, and every window that is still open is
 * photographed. `windows` are those that are open by then.
 */
export function createStory(init: {
  readonly windows: () => readonly PersonWindow[]
  readonly timeoutMs: number
}): StoryStep {
  let hasFailed = false
  return (name, act) => {
    it(
      name,
      async (context) => {
        context.skip(hasFailed, 'an earlier step failed')
        hasFailed = true
        try {
          await act()
        } catch (error) {
          const open = init.windows().filter(({ page }) => !page.isClosed())
          await Promise.all(open.map((window, i) => window.photographFailure(`failed-${i}`)))
          throw error
        }
        hasFailed = false
      },
      init.timeoutMs,
    )
  }
}
