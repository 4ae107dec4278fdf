import { AxeBuilder } from '@axe-core/playwright'
import axe from 'axe-core'
import type { Page } from 'playwright-core'

const THEMES = ['light', 'dark'] as const
/** In the page: whether axe is there already. */
const HAS_AXE = `typeof window.axe === 'object'`
/** Nothing, in place of the source that the builder would have the page compile twice for every look at it. */
const NO_SOURCE = 'void 0'
/** So fast that whatever fades is wholly there or wholly gone within a frame. */
const AT_ONCE = 10_000
/** In the page: waits until whatever fades or moves has done so; what spins on is let be. */
const STANDS_STILL = `Promise.allSettled(
  document.getAnimations()
    .filter((animation) => animation.effect.getComputedTiming().endTime !== Infinity)
    .map((animation) => animation.finished),
).then(() => null)`

/**
 * What axe finds on the page as it stands, in both themes: a line each, that begins with the name. A note that fades in
 * or away meanwhile does so at once: the contrast of half a note says nothing.
 */
export async function findAxeFaults(page: Page, name: string): Promise<string[]> {
  const all: string[] = []
  if (!(await page.evaluate(HAS_AXE))) await page.evaluate(axe.source)
  const browser = await page.context().newCDPSession(page)
  await browser.send('Animation.enable')
  await browser.send('Animation.setPlaybackRate', { playbackRate: AT_ONCE })
  for (const theme of THEMES) {
    await page.emulateMedia({ colorScheme: theme })
    await page.evaluate(STANDS_STILL)
    // The guards round a menu are the library's way to move the focus on; a screen reader never meets them.
    const builder = new AxeBuilder({ page, axeSource: NO_SOURCE }).exclude('[data-base-ui-focus-guard]')
    // The window has no frames of others, for which a page would be opened each time.
    builder.setLegacyMode().options({ resultTypes: ['violations'] })
    // Of all the rules only the one of contrast can tell the themes apart.
    if (theme !== THEMES[0]) builder.withRules('color-contrast')
    const { violations } = await builder.analyze()
    for (const { id, nodes } of violations) {
      // A menu stands in no landmark while it is open over the page.
      if (name === 'menu' && id === 'region') continue
      for (const { target, failureSummary } of nodes) {
        all.push(`${name}, ${theme}: ${id} at ${target.join(' ')}: ${failureSummary}`)
      }
    }
  }
  await browser.send('Animation.setPlaybackRate', { playbackRate: 1 })
  await browser.detach()
  return all
}
