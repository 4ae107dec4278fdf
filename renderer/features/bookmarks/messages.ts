export const messages = {
  en: {
    'bookmarks.title': 'Bookmarks',
    'bookmarks.feed': 'Your bookmarks, the last marked first',
    'bookmarks.end':
      'Only your own devices can read this list. {away, plural, =0 {} one {# bookmarked post is not on this computer.} other {# bookmarked posts are not on this computer.}}',
    'bookmarks.emptyTitle': 'Nothing is bookmarked yet.',
    'bookmarks.emptyLine':
      'The bookmark under a post puts it here. Only your own devices can read this list; the author is not told.',
    'bookmarks.awayTitle': 'None of your bookmarks is on this computer.',
    'bookmarks.awayLine':
      '{away, plural, one {# bookmarked post is known by name and comes back when somebody who holds it answers.} other {# bookmarked posts are known by name and come back when somebody who holds them answers.}}',
    'bookmarks.failedTitle': 'Your bookmarks could not be read.',
  },
  fr: {
    'bookmarks.title': 'Signets',
    'bookmarks.feed': 'Vos signets, le dernier mis d’abord',
    'bookmarks.end':
      'Seuls vos appareils peuvent lire cette liste. {away, plural, =0 {} one {# publication marquée n’est pas sur cet ordinateur.} other {# publications marquées ne sont pas sur cet ordinateur.}}',
    'bookmarks.emptyTitle': 'Aucun signet pour l’instant.',
    'bookmarks.emptyLine':
      'Le signet sous une publication la range ici. Seuls vos appareils peuvent lire cette liste\u00a0; la personne qui l’a écrite n’en sait rien.',
    'bookmarks.awayTitle': 'Aucune de ces publications n’est sur cet ordinateur.',
    'bookmarks.awayLine':
      '{away, plural, one {# publication marquée est connue de nom et reviendra quand une machine qui la garde répondra.} other {# publications marquées sont connues de nom et reviendront quand une machine qui les garde répondra.}}',
    'bookmarks.failedTitle': 'Vos signets n’ont pas pu être lus.',
  },
} as const
