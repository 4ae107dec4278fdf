/** The few sentences that main itself says, before or outside of the window. */
export interface MainTexts {
  readonly openTitle: (host: string) => string
  readonly openDetail: string
  readonly open: string
  readonly cancel: string
  readonly failedTitle: string
  readonly quit: string
}

const ENGLISH: MainTexts = {
  openTitle: (host) => `Open ${host} in the browser?`,
  openDetail: 'It lies outside of Palabre and sees your IP address.',
  open: 'Open',
  cancel: 'Cancel',
  failedTitle: 'Palabre could not start.',
  quit: 'Quit',
}

const FRENCH: MainTexts = {
  openTitle: (host) => `Ouvrir ${host} dans le navigateur ?`,
  openDetail: 'Cette page est hors de Palabre et verra votre adresse IP.',
  open: 'Ouvrir',
  cancel: 'Annuler',
  failedTitle: 'Palabre n’a pas pu démarrer.',
  quit: 'Quitter',
}

/** @param locale - BCP 47 tag of the system. */
export function mainTexts(locale: string): MainTexts {
  return locale.toLowerCase().startsWith('fr') ? FRENCH : ENGLISH
}
