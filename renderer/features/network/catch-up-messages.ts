/** How far catching up is, on the Network page and on home. */
export const messages = {
  en: {
    'catchUp.title': 'Catching up',
    'catchUp.figures': '{received, number} of about {expected, number}',
    'catchUp.bar': 'Records that have come',
    'catchUp.from': 'From {names}.',
    'catchUp.others': '{n, plural, one {# other} other {# others}}',
    'catchUp.rate': '{rate, plural, one {# record a second} other {# records a second}}',
    'catchUp.first': 'Identity chains come first, records after them.',
    'catchUp.still': 'Nothing comes at the moment.',
    'catchUp.left': 'about {span} left',
    'catchUp.left.soon': 'less than a minute left',
    'catchUp.note': 'The newest come first. You can read and write meanwhile.',
    'catchUp.said': 'Catching up: {part} of what was asked for is here.',
    'catchUp.line':
      '<b>Catching up</b>: {received, number} of about {expected, number} posts and other records. The newest come first.',
    'catchUp.line.action': 'See how far',
  },
  fr: {
    'catchUp.title': 'Rattrapage',
    'catchUp.figures': '{received, number} sur environ {expected, number}',
    'catchUp.bar': 'Enregistrements arrivés',
    'catchUp.from': 'Source\u00a0: {names}.',
    'catchUp.others': '{n, plural, one {# autre} other {# autres}}',
    'catchUp.rate': '{rate, plural, one {# enregistrement par seconde} other {# enregistrements par seconde}}',
    'catchUp.first': 'D’abord les chaînes d’identité, puis les enregistrements.',
    'catchUp.still': 'Rien n’arrive pour l’instant.',
    'catchUp.left': 'encore {span} environ',
    'catchUp.left.soon': 'encore moins d’une minute',
    'catchUp.note': 'Les plus récents arrivent d’abord. Vous pouvez lire et écrire en attendant.',
    'catchUp.said': 'Rattrapage\u00a0: {part} de ce qui a été demandé est ici.',
    'catchUp.line':
      '<b>Rattrapage</b>\u00a0: {received, number} sur environ {expected, number} publications et autres enregistrements. Les plus récents arrivent d’abord.',
    'catchUp.line.action': 'Voir où il en est',
  },
}
