export const messages = {
  en: {
    'home.title': 'Home',
    'home.feed': 'Posts of you and the people you follow, newest first',
    'home.new': '{count, plural, one {# new post} other {# new posts}}',
    'home.follow': 'Follow somebody',
    'home.emptyTitle': 'The square is quiet.',
    'home.emptyLine': 'What you write and what the people you follow write stands here. You follow nobody yet.',
    'home.emptyFollowing':
      '{count, plural, one {You follow # person.} other {You follow # people.}} Nothing of theirs has arrived yet; it comes by itself.',
    'home.emptyWrite': 'Write the first post',
    'home.failedTitle': 'Your home could not be read.',
  },
  fr: {
    'home.title': 'Accueil',
    'home.feed': 'Vos publications et celles que vous suivez, les plus récentes d’abord',
    'home.new': '{count, plural, one {# nouvelle} other {# nouvelles}}',
    'home.follow': 'Suivre quelqu’un',
    'home.emptyTitle': 'La place est calme.',
    'home.emptyLine':
      'Ce que vous écrivez et ce qu’écrivent les personnes suivies se lit ici. Vous ne suivez encore personne.',
    'home.emptyFollowing':
      '{count, plural, one {Vous suivez # personne.} other {Vous suivez # personnes.}} Rien n’est encore arrivé\u00a0; cela viendra tout seul.',
    'home.emptyWrite': 'Écrire la première',
    'home.failedTitle': 'Votre accueil n’a pas pu être lu.',
  },
} as const
