export const messages = {
  en: {
    'thread.title': 'Thread',
    'thread.feed': 'Thread',
    'thread.complete': '{count, plural, =0 {No replies are here yet} one {# reply is here} other {# replies are here}}',
    'thread.missing':
      '{count, plural, one {# post that is referred to is not here: nobody reached so far holds it.} other {# posts that are referred to are not here: nobody reached so far holds them.}}',
    'thread.missingHint': 'Replies by people whom none of your peers serves can be missing without a trace.',
    'thread.missingParent': 'The post that is answered here has not arrived.',
    'thread.askAgain': 'Ask again',
    'thread.replyTo': 'Reply to {name}',
    'thread.continue':
      '{count, plural, one {Continue this branch, # more reply} other {Continue this branch, # more replies}}',
    'thread.failedTitle': 'This thread is not reachable now.',
    'thread.notHereLine': 'The post is not on this computer, and nobody reached so far has sent it.',
    'thread.home': 'Home',
    'thread.people': 'In this thread',
    'thread.more': '{count, plural, one {and # more} other {and # more}}',
    'thread.how': 'How complete is it?',
    'thread.repliesHere': 'Replies here',
    'thread.known': 'Known, not found',
    'thread.seeds': 'Seeds connected',
    'thread.countsHint': 'Figures count what is known on this computer.',
  },
  fr: {
    'thread.title': 'Fil',
    'thread.feed': 'Fil',
    'thread.complete':
      '{count, plural, =0 {Aucune réponse n’est encore ici} one {# réponse est ici} other {# réponses sont ici}}',
    'thread.missing':
      '{count, plural, one {# publication citée n’est pas ici\u00a0: aucune machine jointe ne la garde.} other {# publications citées ne sont pas ici\u00a0: aucune machine jointe ne les garde.}}',
    'thread.missingHint': 'Des réponses de gens qu’aucun de vos pairs ne sert peuvent manquer sans laisser de trace.',
    'thread.missingParent': 'La publication à laquelle ceci répond n’est pas arrivée.',
    'thread.askAgain': 'Redemander',
    'thread.replyTo': 'Répondre à {name}',
    'thread.continue':
      '{count, plural, one {Continuer cette branche, # réponse de plus} other {Continuer cette branche, # réponses de plus}}',
    'thread.failedTitle': 'Ce fil est hors d’atteinte.',
    'thread.notHereLine': 'La publication n’est pas sur cet ordinateur, et aucune machine jointe ne l’a envoyée.',
    'thread.home': 'Accueil',
    'thread.people': 'Dans ce fil',
    'thread.more': '{count, plural, one {et # autre} other {et # autres}}',
    'thread.how': 'Est-ce complet\u00a0?',
    'thread.repliesHere': 'Réponses ici',
    'thread.known': 'Connues, introuvables',
    'thread.seeds': 'Graines en ligne',
    'thread.countsHint': 'Les chiffres comptent ce qui est connu sur cet ordinateur.',
  },
} as const
