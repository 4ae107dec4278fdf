export const messages = {
  en: {
    'tag.feed': 'Posts tagged {tag}, newest first',
    'tag.note': 'What this computer holds, whatever the accents and capitals. Seeds may hold more.',
    'tag.end': 'That is everything with this tag that is here.',
    'tag.emptyTitle': 'Nothing tagged #{tag} is here.',
    'tag.emptyLine': 'Only what this computer holds was looked through. Seeds may hold more.',
    'tag.failedTitle': 'The posts with this tag could not be read.',
  },
  fr: {
    'tag.feed': 'Publications avec le mot-clé {tag}, les plus récentes d’abord',
    'tag.note':
      'Ce que garde cet ordinateur, quels que soient les accents et les majuscules. Les graines en gardent peut-être davantage.',
    'tag.end': 'C’est tout ce qu’il y a ici avec ce mot-clé.',
    'tag.emptyTitle': 'Rien ici avec #{tag}.',
    'tag.emptyLine': 'Seul ce que garde cet ordinateur a été parcouru. Les graines en gardent peut-être davantage.',
    'tag.failedTitle': 'Les publications avec ce mot-clé n’ont pas pu être lues.',
  },
} as const
