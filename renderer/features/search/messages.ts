export const messages = {
  en: {
    'search.title': 'Search',
    'search.label': 'Search on this computer',
    'search.placeholder': 'A word from a post',
    'search.clear': 'Clear',
    'search.feed': 'Posts found, newest first',
    'search.startTitle': 'Search all posts of this computer.',
    'search.startLine':
      'It works offline, and nobody learns what you look for. {count, plural, one {# post is} other {# posts are}} here.',
    'search.found': '{count, plural, one {# post} other {# posts}}',
    'search.foundMore': '{count, plural, one {More than # post} other {More than # posts}}',
    'search.searched': 'of {count, number} on this computer',
    'search.emptyTitle': 'Nothing about “{query}” here.',
    'search.emptyLine': 'Searched {count, plural, one {# post} other {# posts}} on this computer. Seeds may hold more.',
    'search.failedTitle': 'The search did not work.',
  },
  fr: {
    'search.title': 'Chercher',
    'search.label': 'Chercher sur cet ordinateur',
    'search.placeholder': 'Un mot d’une publication',
    'search.clear': 'Effacer',
    'search.feed': 'Publications trouvées, les plus récentes d’abord',
    'search.startTitle': 'Cherchez dans toutes les publications de cet ordinateur.',
    'search.startLine':
      'Cela marche hors ligne, et personne n’apprend ce que vous cherchez. {count, plural, one {# publication est} other {# publications sont}} ici.',
    'search.found': '{count, plural, one {# publication} other {# publications}}',
    'search.foundMore': '{count, plural, one {Plus de # publication} other {Plus de # publications}}',
    'search.searched': 'sur les {count, number} de cet ordinateur',
    'search.emptyTitle': 'Rien sur «\u00a0{query}\u00a0» ici.',
    'search.emptyLine':
      '{count, plural, one {# publication fouillée} other {# publications fouillées}} sur cet ordinateur. Les graines en ont peut-être d’autres.',
    'search.failedTitle': 'La recherche n’a pas abouti.',
  },
} as const
