/** What devices, recovery and guardians have in common: secrets, codes to compare, links to hand over. */
export const messages = {
  en: {
    'secret.label': 'The 24 words, or the paper key',
    'secret.label.words': 'The 24 words',
    'secret.help': 'All at once, in their order. Nothing of it is kept.',
    'secret.help.words': 'All at once, in their order. They are compared on this computer; nothing is sent.',
    'secret.count': '{count, plural, one {# word of 24} other {# words of 24}}',
    'secret.fault.empty': 'Nothing stands here yet.',
    'secret.fault.count':
      '{count, plural, one {There is # word, there must be 24.} other {There are # words, there must be 24.}}',
    'secret.fault.unknown':
      '{n, plural, one {Word {places} is not in the list. Look at its spelling on your paper.} other {Words {places} are not in the list. Look at their spelling on your paper.}}',
    'secret.fault.checksum':
      'All 24 are words of the list, but together they are not right. One stands in another’s place, or is another word.',
    'secret.fault.paper':
      'A paper key has 18 groups of four behind PALABRE-PAPER-1, 72 characters; here are {count, number}.',

    'account.link.code': 'QR code: {label}',
    'account.link.copy': 'Copy the link',
    'account.link.copied': 'Link copied',
    'account.compare.title': 'Is it the same on both screens?',
    'account.compare.line': 'The other side is called {other}. It shows six digits too.',
    'account.compare.why': 'If a digit differs, somebody stands between the two. Say no: then nothing is handed over.',
    'account.compare.yes': 'It is the same',
    'account.compare.no': 'It is not',
    'account.back': 'Back',
    'account.device': 'What is this computer called?',
    'account.device.help': 'Your other devices show it. It can be changed later.',
    'account.device.example': 'Kitchen laptop',
  },
  fr: {
    'secret.label': 'Les 24 mots, ou la clé de papier',
    'secret.label.words': 'Les 24 mots',
    'secret.help': 'Tous à la fois, dans l’ordre. Rien n’en est gardé.',
    'secret.help.words': 'Tous à la fois, dans l’ordre. La comparaison se fait sur cet ordinateur\u00a0; rien ne part.',
    'secret.count': '{count, plural, one {# mot sur 24} other {# mots sur 24}}',
    'secret.fault.empty': 'Rien n’est encore écrit ici.',
    'secret.fault.count': '{count, plural, one {Il y a # mot, il en faut 24.} other {Il y a # mots, il en faut 24.}}',
    'secret.fault.unknown':
      '{n, plural, one {Le mot {places} n’est pas dans la liste. Vérifiez son orthographe sur votre papier.} other {Les mots {places} ne sont pas dans la liste. Vérifiez leur orthographe sur votre papier.}}',
    'secret.fault.checksum':
      'Les 24 sont bien dans la liste, mais l’ensemble n’est pas juste. L’un est à la place d’un autre, ou c’est un autre mot.',
    'secret.fault.paper':
      'Une clé de papier compte 18 groupes de quatre après PALABRE-PAPER-1, soit 72 caractères\u00a0; il y en a {count, number}.',

    'account.link.code': 'Code QR\u00a0: {label}',
    'account.link.copy': 'Copier le lien',
    'account.link.copied': 'Lien copié',
    'account.compare.title': 'Est-ce le même sur les deux écrans\u00a0?',
    'account.compare.line': 'L’autre côté s’appelle {other}. Six chiffres s’y affichent aussi.',
    'account.compare.why':
      'Si un chiffre diffère, quelqu’un se tient entre les deux. Répondez non\u00a0: rien ne sera remis.',
    'account.compare.yes': 'C’est le même',
    'account.compare.no': 'Ce n’est pas le même',
    'account.back': 'Retour',
    'account.device': 'Comment s’appelle cet ordinateur\u00a0?',
    'account.device.help': 'Vos autres appareils l’affichent. Cela se change plus tard.',
    'account.device.example': 'Portable de la cuisine',
  },
}
