export const messages = {
  en: {
    'bookmarks.title': 'Bookmarks',
    'bookmarks.feed': 'Your bookmarks, the last marked first',
    'bookmarks.end':
      'Only your own devices can read this list. {away, plural, =0 {} one {# bookmarked post is not shown: it is not on this computer, or by somebody whom you do not see.} other {# bookmarked posts are not shown: they are not on this computer, or by people whom you do not see.}}',
    'bookmarks.emptyTitle': 'Nothing is bookmarked yet.',
    'bookmarks.emptyLine':
      'The bookmark under a post puts it here. Only your own devices can read this list; the author is not told.',
    'bookmarks.awayTitle': 'None of your bookmarks can be shown here.',
    'bookmarks.awayLine':
      '{away, plural, one {# bookmarked post is known by its identifier alone, or is by somebody whom you do not see. It comes back when a machine that holds it answers, or when you see that person again.} other {# bookmarked posts are known by their identifiers alone, or are by people whom you do not see. They come back when machines that hold them answer, or when you see those people again.}}',
    'bookmarks.failedTitle': 'Your bookmarks could not be read.',
  },
  fr: {
    'bookmarks.title': 'Signets',
    'bookmarks.feed': 'Vos signets, du plus récent au plus ancien',
    'bookmarks.end':
      'Seuls vos appareils peuvent lire cette liste. {away, plural, =0 {} one {# publication marquée n’est pas affichée\u00a0: elle n’est pas sur cet ordinateur, ou vient de quelqu’un que vous ne voyez pas.} other {# publications marquées ne sont pas affichées\u00a0: elles ne sont pas sur cet ordinateur, ou viennent de personnes que vous ne voyez pas.}}',
    'bookmarks.emptyTitle': 'Aucun signet pour l’instant.',
    'bookmarks.emptyLine':
      'Le signet sous une publication la range ici. Seuls vos appareils peuvent lire cette liste\u00a0; la personne qui l’a écrite n’en sait rien.',
    'bookmarks.awayTitle': 'Aucune des publications marquées n’est visible ici.',
    'bookmarks.awayLine':
      '{away, plural, one {# publication marquée n’est connue que par son identifiant, ou vient de quelqu’un que vous ne voyez pas. Elle reviendra quand une machine qui la garde répondra, ou quand vous ne masquerez plus cette personne.} other {# publications marquées ne sont connues que par leur identifiant, ou viennent de personnes que vous ne voyez pas. Elles reviendront quand une machine qui les garde répondra, ou quand vous ne masquerez plus ces personnes.}}',
    'bookmarks.failedTitle': 'Vos signets n’ont pas pu être lus.',
  },
} as const
