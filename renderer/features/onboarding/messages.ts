export const messages = {
  en: {
    'onboarding.steps': 'Steps',
    'onboarding.step.arrive': 'Arrive',
    'onboarding.step.meet': 'Meet',
    'onboarding.step.done': '{step}, done',
    'onboarding.arrive.title': 'Sit down under the tree.',
    'onboarding.arrive.lead':
      'A public square that nobody owns. No company can switch it off, and your posts live on machines that you can name.',
    'onboarding.name': 'What are you called here?',
    'onboarding.name.help': 'Stands beside your posts. Others may have the same name, and you can change yours.',
    'onboarding.name.example': 'Solène Abara',
    'onboarding.name.empty': 'A name is needed, a first name is enough.',
    'onboarding.name.long': 'The name is {length} characters long, the limit is 128.',
    'onboarding.create': 'Sit down',
    'onboarding.creating': 'Making your keys',
    'onboarding.failed': 'Your account could not be made ({code}). Nothing was kept; try again.',
    'onboarding.foot': 'No mail address, no phone number. Your keys are made on this computer.',
    'onboarding.foot.found':
      'Found {seeds, plural, =0 {} one {# seed} other {# seeds}}{both, select, yes { and } other {}}{peers, plural, =0 {} one {# peer} other {# peers}} already. Your keys are made on this computer.',
    'onboarding.meet.title': 'Who would you like to hear?',
    'onboarding.meet.lead':
      'Paste the link or the peer ID of somebody. Their posts come from whoever holds them, also while they are away.',
    'onboarding.meet.label': 'Link or peer ID',
    'onboarding.meet.example': 'palabre:12D3Koo…',
    'onboarding.meet.bad': 'This is neither a peer ID nor a palabre: link. Check that nothing is missing at the ends.',
    'onboarding.meet.own': 'This is your own address.',
    'onboarding.meet.failed': 'Not followed ({code}). Try again, or go on without.',
    'onboarding.meet.follow': 'Follow',
    'onboarding.meet.following': 'Following',
    'onboarding.meet.pending': 'being looked for, follows by itself',
    'onboarding.meet.list': 'You hear',
    'onboarding.meet.skip': 'Can wait: there is a place for it beside the square.',
    'onboarding.enter': 'Enter the square',
    'onboarding.language': 'Language',
    'onboarding.ways': 'How to go on',
    'onboarding.way.invited': 'I have an invitation',
    'onboarding.way.invited.line': 'A link or a file of somebody who is here. It brings seeds and people to hear.',
    'onboarding.invited.title': 'You are invited.',
    'onboarding.invited.lead': 'Paste the link here, or open the file. You see what it names before anything happens.',
    'onboarding.meet.invitation': 'Open an invitation',
    'onboarding.way.new': 'I am new here',
    'onboarding.way.new.line': 'A name, and whom to listen to. No mail address, no phone number.',
    'onboarding.way.have': 'I already have an account',
    'onboarding.way.have.line': 'Link a device, or come back with words, a paper key or guardians.',
    'onboarding.way.link': 'I have a device at hand',
    'onboarding.way.link.line':
      'It still opens Palabre with this account. The quickest way, and private lists come along.',
    'onboarding.way.words': 'I have the 24 words, or the paper key',
    'onboarding.way.words.line': 'From your paper. This works when every device is gone.',
    'onboarding.way.guardians': 'I have guardians',
    'onboarding.way.guardians.line': 'People whom you chose. They sign after a delay; private lists stay behind.',
    'onboarding.step.return': 'Come back',
    'onboarding.new.title': 'Take a seat.',
    'onboarding.new.lead':
      'A name is all that is asked for. Your keys are made on this computer, and nobody else has them.',
    'onboarding.have.title': 'You are back.',
    'onboarding.have.lead': 'Your address and your followers are where you left them. Any single way is enough.',

    'onboarding.link.title': 'Link this computer.',
    'onboarding.link.lead':
      'On the other device, open Settings, then Devices, then “Link another device”. Paste here the link that it shows.',
    'onboarding.link.label': 'Link from the other device',
    'onboarding.link.empty': 'The link is missing. The other device shows it.',
    'onboarding.link.join': 'Go on',
    'onboarding.link.joining': 'Reading the link',
    'onboarding.link.waiting': 'Looking for the other device.',
    'onboarding.link.waiting.line': 'Both computers must be on, with Palabre running.',
    'onboarding.link.confirming': 'Now the other one.',
    'onboarding.link.confirming.line': 'Say on the other device too that the digits are the same.',
    'onboarding.link.moving': 'Your account is coming over.',
    'onboarding.link.moving.line': 'Leave both computers on. The account of {other} is being signed in here.',
    'onboarding.link.compare': 'The digits are coming.',
    'onboarding.link.compare.line': 'Both screens show them in a moment.',
    'onboarding.link.done': 'Your account is here.',
    'onboarding.link.done.line': 'What you wrote follows.',
    'onboarding.link.busy': 'The next step comes by itself.',

    'onboarding.words.title': 'Bring your account back.',
    'onboarding.words.lead':
      'Paste or type the 24 words in their order, or the paper key. They are used on this computer and sent nowhere.',
    'onboarding.words.start': 'Look for my account',
    'onboarding.words.starting': 'Reading',
    'onboarding.seed': 'Address of a seed, if you know one',
    'onboarding.seed.help':
      'Nobody is connected yet. A seed that held your posts, or a friend’s computer, can have your account.',
    'onboarding.seed.further': 'A seed that held your posts, or a friend’s computer, can have your account.',
    'onboarding.looking.title': 'Looking for your account.',
    'onboarding.looking.lead':
      'Somebody who holds it must be reachable: a seed of yours, or anybody who follows you. It goes on by itself.',
    'onboarding.looking.asked':
      '{n, plural, =0 {Nobody could be asked yet.} one {# peer was asked, and does not hold it.} other {# peers were asked, and none of them holds it.}}',
    'onboarding.failed.wrong-words':
      'These are neither 24 words that belong together nor a paper key. Nothing was sent.',
    'onboarding.failed.not-found':
      'Nobody who was asked holds an account with these words. Compare them with your paper, or add a seed that knows you.',
    'onboarding.failed.not-an-authority':
      'The account was found, and this opens it no more: the words or the paper key were replaced.',
    'onboarding.failed.contested':
      'Two orders of equal rank contradict each other on this account. Only the paper key settles that.',
    'onboarding.failed.account-exists': 'There is an account on this computer already.',
    'onboarding.failed.vetoed':
      'One of your devices said no, so your guardians sign nothing. If it was not you: that device is in other hands, and only the words or the paper key stop it. If it was, ask again.',
    'onboarding.failed.other': 'It did not come to an end. Nothing was changed; try again.',

    'onboarding.guardians.title': 'Ask your guardians.',
    'onboarding.guardians.lead': 'Whose account is it? Anybody who follows you can send you the link of your profile.',
    'onboarding.guardians.label': 'Your profile address, or its link',
    'onboarding.guardians.help': 'It begins with 12D3Koo, or with palabre:',
    'onboarding.guardians.ask': 'Make the request',
    'onboarding.guardians.asking': 'Making it',
    'onboarding.guardians.private':
      'Guardians hold no secret of yours, so private lists do not come back this way, unless another device still has them.',
    'onboarding.asked.title': 'Send this to your guardians.',
    'onboarding.asked.lead':
      'Each opens it in Palabre, under “People you guard”. This window can be closed; it goes on by itself.',
    'onboarding.asked.link': 'Request for your guardians',
    'onboarding.asked.code':
      'Call each of them and read these digits aloud. Their screen shows the same, or it is not you.',
    'onboarding.asked.none':
      '{n, plural, =0 {None of your guardians has agreed yet.} one {One has agreed.} other {# have agreed.}}{threshold, plural, =0 {} other { # must.}}',
    'onboarding.asked.due': 'The delay ends {when}. Then your account comes here.',
    'onboarding.asked.veto':
      'The delay is there so that a device of yours can say no, in case somebody only claims to be you. If one does, nothing is signed.',
    'onboarding.asked.stop': 'Take the request back',
    'onboarding.guardian.signed': 'Guardian {id} has signed',
    'onboarding.guardian.waiting': 'Guardian {id} has agreed, and signs {when}',
    'onboarding.guardian.silent': 'Guardian {id} has not answered this request',
    'onboarding.guardian.vetoed': 'Guardian {id} was stopped by one of your devices',
    'onboarding.guardian.seen': 'Last sign of life {when}',
    'onboarding.guardian.unseen': 'No sign of life ever',
    'onboarding.guardian.whose':
      'Your account names its guardians by a key each, and nobody by name. Each finds theirs under “People you guard”.',
    'onboarding.return.lead':
      'It goes on by itself while you read and write. How far it is stands under Account and recovery.',
    'onboarding.return.done': 'Everything that is known of it is on this computer.',
    'onboarding.return.paper': 'The paper key is used up. Make the next one when you are in.',
    'onboarding.return.words': 'New words wait in the vault of this computer. Write them down today.',
    'onboarding.return.guardians': 'Look at which other devices speak for you, in the settings.',
  },
  fr: {
    'onboarding.steps': 'Étapes',
    'onboarding.step.arrive': 'Arriver',
    'onboarding.step.meet': 'Rencontrer',
    'onboarding.step.done': '{step}, fait',
    'onboarding.arrive.title': 'Asseyez-vous sous l’arbre.',
    'onboarding.arrive.lead':
      'Une place publique qui n’appartient à personne. Aucune société ne peut l’éteindre, et vos publications vivent sur des machines que vous pouvez nommer.',
    'onboarding.name': 'Sous quel nom ici\u00a0?',
    'onboarding.name.help':
      'Figure à côté de vos publications. D’autres peuvent porter le même, et le vôtre se change.',
    'onboarding.name.example': 'Solène Abara',
    'onboarding.name.empty': 'Il faut un nom, un prénom suffit.',
    'onboarding.name.long': 'Le nom compte {length} caractères, la limite est de 128.',
    'onboarding.create': 'S’asseoir',
    'onboarding.creating': 'Création de vos clés',
    'onboarding.failed': 'Votre compte n’a pas pu être créé ({code}). Rien n’a été gardé\u00a0; réessayez.',
    'onboarding.foot': 'Ni courriel, ni téléphone. Vos clés se créent sur cet ordinateur.',
    'onboarding.foot.found':
      'Déjà {seeds, plural, =0 {} one {# graine} other {# graines}}{both, select, yes { et } other {}}{peers, plural, =0 {} one {# pair} other {# pairs}} en vue. Vos clés se créent sur cet ordinateur.',
    'onboarding.meet.title': 'Qui aimeriez-vous entendre\u00a0?',
    'onboarding.meet.lead':
      'Collez le lien ou l’identifiant de pair de quelqu’un. Ses publications viennent de quiconque les garde, même en son absence.',
    'onboarding.meet.label': 'Lien ou identifiant de pair',
    'onboarding.meet.example': 'palabre:12D3Koo…',
    'onboarding.meet.bad':
      'Ce n’est ni un identifiant de pair ni un lien «\u00a0palabre:\u00a0». Vérifiez que rien ne manque au début ou à la fin.',
    'onboarding.meet.own': 'C’est votre propre adresse.',
    'onboarding.meet.failed': 'Abonnement impossible ({code}). Réessayez, ou continuez sans.',
    'onboarding.meet.follow': 'Suivre',
    'onboarding.meet.following': 'Abonnement',
    'onboarding.meet.pending': 'en recherche, l’abonnement se fera seul',
    'onboarding.meet.list': 'Vous entendez',
    'onboarding.meet.skip': 'Rien ne presse\u00a0: un coin est prévu pour cela à côté de la place.',
    'onboarding.enter': 'Entrer sur la place',
    'onboarding.language': 'Langue',
    'onboarding.ways': 'Comment continuer',
    'onboarding.way.invited': 'J’ai une invitation',
    'onboarding.way.invited.line':
      'Un lien ou un fichier de quelqu’un d’ici. L’invitation apporte des graines et des personnes à entendre.',
    'onboarding.invited.title': 'On vous attend.',
    'onboarding.invited.lead':
      'Collez le lien ici, ou ouvrez le fichier. Vous voyez ce qu’il nomme avant que quoi que ce soit ne se fasse.',
    'onboarding.meet.invitation': 'Ouvrir une invitation',
    'onboarding.way.new': 'C’est ma première fois',
    'onboarding.way.new.line': 'Un nom, et des gens à écouter. Ni courriel, ni téléphone.',
    'onboarding.way.have': 'J’ai déjà un compte',
    'onboarding.way.have.line': 'Relier un appareil, ou revenir avec des mots, une clé de papier ou des gardiens.',
    'onboarding.way.link': 'J’ai un appareil sous la main',
    'onboarding.way.link.line':
      'Il ouvre encore Palabre avec ce compte. Le plus rapide, et les listes privées suivent.',
    'onboarding.way.words': 'J’ai les 24 mots, ou la clé de papier',
    'onboarding.way.words.line': 'D’après votre papier. Cela marche quand tous les appareils sont perdus.',
    'onboarding.way.guardians': 'J’ai des gardiens',
    'onboarding.way.guardians.line':
      'Des personnes de votre choix. Elles signent après un délai\u00a0; les listes privées ne suivent pas.',
    'onboarding.step.return': 'Revenir',
    'onboarding.new.title': 'Prenez place.',
    'onboarding.new.lead': 'Un nom suffit. Vos clés se créent sur cet ordinateur, et personne d’autre ne les a.',
    'onboarding.have.title': 'Vous revoilà.',
    'onboarding.have.lead':
      'Votre adresse et les personnes qui vous suivent sont là où vous les avez laissées. Un seul chemin suffit.',

    'onboarding.link.title': 'Reliez cet ordinateur.',
    'onboarding.link.lead':
      'Sur l’autre appareil, ouvrez Réglages, puis Appareils, puis «\u00a0Relier un appareil\u00a0». Collez ici le lien affiché.',
    'onboarding.link.label': 'Lien de l’autre appareil',
    'onboarding.link.empty': 'Il manque le lien. L’autre appareil l’affiche.',
    'onboarding.link.join': 'Continuer',
    'onboarding.link.joining': 'Lecture du lien',
    'onboarding.link.waiting': 'À la recherche de l’autre appareil.',
    'onboarding.link.waiting.line': 'Les deux ordinateurs doivent être allumés, Palabre ouvert.',
    'onboarding.link.confirming': 'À l’autre, maintenant.',
    'onboarding.link.confirming.line': 'Dites aussi sur l’autre appareil que les chiffres sont les mêmes.',
    'onboarding.link.moving': 'Votre compte arrive.',
    'onboarding.link.moving.line': 'Laissez les deux ordinateurs allumés. Le compte de {other} se signe ici.',
    'onboarding.link.compare': 'Les chiffres arrivent.',
    'onboarding.link.compare.line': 'Les deux écrans vont les afficher.',
    'onboarding.link.done': 'Votre compte est ici.',
    'onboarding.link.done.line': 'Vos publications suivent.',
    'onboarding.link.busy': 'L’étape suivante viendra d’elle-même.',

    'onboarding.words.title': 'Ramenez votre compte.',
    'onboarding.words.lead':
      'Collez ou tapez les 24 mots dans l’ordre, ou la clé de papier. Tout se passe sur cet ordinateur, rien n’en part.',
    'onboarding.words.start': 'Chercher mon compte',
    'onboarding.words.starting': 'Lecture',
    'onboarding.seed': 'Adresse d’une graine, si vous en connaissez une',
    'onboarding.seed.help':
      'Personne n’est encore en vue. Une graine qui gardait vos publications, ou l’ordinateur d’un proche, peut avoir votre compte.',
    'onboarding.seed.further':
      'Une graine qui gardait vos publications, ou l’ordinateur d’un proche, peut avoir votre compte.',
    'onboarding.looking.title': 'À la recherche de votre compte.',
    'onboarding.looking.lead':
      'Il faut joindre quelqu’un qui le garde\u00a0: une de vos graines, ou toute personne qui vous suit. Cela continue tout seul.',
    'onboarding.looking.asked':
      '{n, plural, =0 {Personne n’a encore pu être interrogé.} one {# pair interrogé, qui ne le garde pas.} other {# pairs interrogés, aucun ne le garde.}}',
    'onboarding.failed.wrong-words': 'Ce ne sont ni 24 mots qui vont ensemble, ni une clé de papier. Rien n’est parti.',
    'onboarding.failed.not-found':
      'Aucune machine interrogée ne garde de compte pour ces mots. Comparez-les à votre papier, ou ajoutez une graine qui vous connaît.',
    'onboarding.failed.not-an-authority':
      'Le compte est trouvé, et ceci ne l’ouvre plus\u00a0: les mots ou la clé de papier ont été remplacés.',
    'onboarding.failed.contested':
      'Deux ordres de même rang se contredisent sur ce compte. Seule la clé de papier peut trancher.',
    'onboarding.failed.account-exists': 'Il y a déjà un compte sur cet ordinateur.',
    'onboarding.failed.vetoed':
      'Un de vos appareils a refusé, et vos gardiens ne signent rien. Si ce n’était pas vous, cet appareil est en d’autres mains, et seuls les mots ou la clé de papier l’arrêtent. Si c’était vous, demandez de nouveau.',
    'onboarding.failed.other': 'Cela n’a pas abouti. Rien n’a changé\u00a0; réessayez.',

    'onboarding.guardians.title': 'Demandez à vos gardiens.',
    'onboarding.guardians.lead':
      'De quel compte s’agit-il\u00a0? Toute personne qui vous suit peut vous envoyer le lien de votre profil.',
    'onboarding.guardians.label': 'L’adresse de votre profil, ou son lien',
    'onboarding.guardians.help': 'Elle commence par 12D3Koo, ou par palabre:',
    'onboarding.guardians.ask': 'Faire la demande',
    'onboarding.guardians.asking': 'Création',
    'onboarding.guardians.private':
      'Les gardiens n’ont aucun secret de vous\u00a0: les listes privées ne reviennent pas par ce chemin, à moins qu’un autre appareil ne les ait encore.',
    'onboarding.asked.title': 'Envoyez ceci à vos gardiens.',
    'onboarding.asked.lead':
      'Chaque personne l’ouvre dans Palabre, à «\u00a0Personnes sous votre garde\u00a0». Cette fenêtre peut se fermer\u00a0; tout continue.',
    'onboarding.asked.link': 'Demande pour vos gardiens',
    'onboarding.asked.code':
      'Appelez chaque gardien et lisez ces chiffres à voix haute. Son écran montre les mêmes, sinon ce n’est pas vous.',
    'onboarding.asked.none':
      '{n, plural, =0 {Aucun gardien n’a encore accepté.} one {Un gardien a accepté.} other {# gardiens ont accepté.}}{threshold, plural, =0 {} other { Il en faut #.}}',
    'onboarding.asked.due': 'Le délai finit {when}. Votre compte arrive alors ici.',
    'onboarding.asked.veto':
      'Le délai permet à un de vos appareils de refuser, au cas où quelqu’un se ferait passer pour vous. Si l’un refuse, rien n’est signé.',
    'onboarding.asked.stop': 'Reprendre la demande',
    'onboarding.guardian.signed': 'Le gardien {id} a signé',
    'onboarding.guardian.waiting': 'Le gardien {id} a accepté, et signe {when}',
    'onboarding.guardian.silent': 'Le gardien {id} n’a pas répondu à cette demande',
    'onboarding.guardian.vetoed': 'Le gardien {id} a été arrêté par un de vos appareils',
    'onboarding.guardian.seen': 'Dernier signe de vie\u00a0: {when}',
    'onboarding.guardian.unseen': 'Aucun signe de vie à ce jour',
    'onboarding.guardian.whose':
      'Votre compte désigne ses gardiens par une clé chacun, et personne par son nom. Chacun trouve la sienne à «\u00a0Personnes sous votre garde\u00a0».',
    'onboarding.return.lead':
      'Cela continue pendant que vous lisez et écrivez. L’avancée se voit à Compte et récupération.',
    'onboarding.return.done': 'Tout ce qui en est connu est sur cet ordinateur.',
    'onboarding.return.paper': 'La clé de papier est usée. Faites la suivante une fois sur la place.',
    'onboarding.return.words': 'De nouveaux mots attendent dans le coffre de cet ordinateur. Notez-les aujourd’hui.',
    'onboarding.return.guardians': 'Regardez dans les réglages quels autres appareils parlent en votre nom.',
  },
}
