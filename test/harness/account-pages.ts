import { expect } from 'vitest'
import { findAxeFaults } from './axe-faults.ts'
import type { PersonWindow } from './person-window.ts'

/** Photographs a page and has axe look at it. */
export async function lookAt(window: PersonWindow, name: string): Promise<void> {
  await window.photographAll(name)
  expect(await findAxeFaults(window.page, name)).toEqual([])
  await window.page.emulateMedia({ colorScheme: 'light' })
}

/** From the first screen to one of the ways in which an account comes back. */
export async function comeBackBy(window: PersonWindow, way: 'link' | 'words' | 'guardians'): Promise<void> {
  await window.button(new RegExp(`^${window.says('onboarding.way.have')}`, 'u')).click()
  await window.reads('onboarding.have.title')
  await window.button(new RegExp(`^${window.says(`onboarding.way.${way}`)}`, 'u')).click()
  await window.reads(`onboarding.${way}.title`)
}

/** Opens the words of recovery. @returns the 24 of them, in order */
export async function showWords(window: PersonWindow): Promise<string[]> {
  await window.visit('/settings/words')
  await window.reads('words.intro.title')
  await window.press('words.show')
  await window.reads('words.list')
  const items = await window.page.getByRole('main').locator('ol > li').allTextContents()
  const words = items.map((item) => item.replace(/\d+/gu, '').trim())
  expect(words).toHaveLength(24)
  return words
}

/** The link of a page that shows one to hand over. */
export async function shownLink(window: PersonWindow, kind: string): Promise<string> {
  const link = window.page.getByText(new RegExp(`^palabre:${kind}\\?`, 'u')).first()
  await link.waitFor()
  return (await link.textContent()) as string
}

/** The six digits of a page. */
export async function shownDigits(window: PersonWindow): Promise<string> {
  const digits = window.page.getByText(/^\d{3} \d{3}$/u).first()
  await digits.waitFor()
  return (await digits.textContent()) as string
}

export async function writePost(window: PersonWindow, text: string): Promise<void> {
  await window.visit('/')
  await window.button(window.says('nav.write')).first().click()
  await window.page.getByRole('dialog').getByRole('textbox').first().fill(text)
  await window.page.keyboard.press('Control+Enter')
  await window.page.getByRole('dialog').waitFor({ state: 'detached' })
  await window.post(text).first().waitFor()
}
