import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from 'playwright-core'

const THEMES = ['light', 'dark'] as const

/** What axe finds on the page as it stands, in both themes: a line each, that begins with the name. */
export async function findAxeFaults(page: Page, name: string): Promise<string[]> {
  const all: string[] = []
  for (const theme of THEMES) {
    await page.emulateMedia({ colorScheme: theme })
    // The guards round a menu are the library's way to move the focus on; a screen reader never meets them.
    const axe = new AxeBuilder({ page }).exclude('[data-base-ui-focus-guard]')
    // The window has no frames of others, for which a page would be opened each time.
    axe.setLegacyMode()
    // Of all the rules only the one of contrast can tell the themes apart.
    if (theme !== THEMES[0]) axe.withRules('color-contrast')
    const { violations } = await axe.analyze()
    for (const { id, nodes } of violations) {
      // A menu stands in no landmark while it is open over the page.
      if (name === 'menu' && id === 'region') continue
      for (const { target, failureSummary } of nodes) {
        all.push(`${name}, ${theme}: ${id} at ${target.join(' ')}: ${failureSummary}`)
      }
    }
  }
  return all
}
