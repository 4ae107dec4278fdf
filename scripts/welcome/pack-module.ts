import type { MadeWelcome } from './make-pack.ts'

/** The archive as a module, so that it is wherever the program is: run from sources, built, and in the desktop's package. */
export function packModule({ bytes, voices }: MadeWelcome, madeAt: number): string {
  const profiles = (lang: keyof typeof voices) => voices[lang].map((profile) => `    '${profile}',\n`).join('')
  return `/** Made by scripts/make-welcome.ts, and not to be changed by hand. When it was made, milliseconds since 1970. */
export const WELCOME_MADE_AT = ${madeAt}
/** Profiles of who speaks in it, by language. */
export const WELCOME_VOICES = {
  en: [
${profiles('en')}  ],
  fr: [
${profiles('fr')}  ],
}
/** An archive (docs/protocol/archive.md) as base64. */
export const WELCOME_PACK =
  '${Buffer.from(bytes).toString('base64')}'
`
}
