export const messages = {
  en: {
    'ui.close': 'Close',
    'ui.loading': 'Loading',
    'ui.loading.long': 'The node on this computer is still reading its disk.',
    'ui.time.hours': '{n, number} h',
    'ui.time.minutes': '{n, number} min',
    'ui.time.now': 'just now',
    'ui.time.yesterday': 'yesterday',
    'ui.toasts': 'Messages',
  },
  fr: {
    'ui.close': 'Fermer',
    'ui.loading': 'Chargement',
    'ui.loading.long': 'Le nœud de cet ordinateur lit encore son disque.',
    'ui.time.hours': '{n, number}\u00a0h',
    'ui.time.minutes': '{n, number}\u00a0min',
    'ui.time.now': 'à l’instant',
    'ui.time.yesterday': 'hier',
    'ui.toasts': 'Avis',
  },
}
