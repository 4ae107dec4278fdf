export const messages = {
  en: {
    'invite.title': 'Invite somebody',
    'invite.lead':
      'Whoever opens it sees who you are, where to begin and whom you suggest, and chooses. There is no secret in it, and it can be passed on.',
    'invite.failedTitle': 'The seeds could not be read.',
    'invite.people': 'Whom you suggest',
    'invite.nobody': 'You follow nobody yet, so it suggests you alone.',
    'invite.all': 'Everybody',
    'invite.none': 'Nobody',
    'invite.seeds': 'Seeds to begin with',
    'invite.noSeed':
      'No seed is known here. Until one is, the invitation can lead to this computer, as long as it runs and can be reached.',
    'invite.noStart':
      'Neither a seed nor an address of this computer is known yet. Whoever gets the invitation finds nobody with it.',
    'invite.tooManyPeople': 'An invitation has room for {limit, number} people.',
    'invite.tooManySeeds': 'An invitation has room for {limit, number} seeds.',
    'invite.seed': 'Seed {id}',
    'invite.seed.own': 'This computer',
    'invite.seed.public': '{connected, select, yes {connected} other {reachable from everywhere}}',
    'invite.seed.private': '{connected, select, yes {connected, } other {}}within a local network only',
    'invite.seed.loopback': '{connected, select, yes {connected, } other {}}on this computer only',
    'invite.seed.useless': 'leads to no other computer, left out',
    'invite.make': 'Make the invitation',
    'invite.making': 'Signing it',
    'invite.code': 'QR code of the invitation',
    'invite.made':
      'With {people, plural, =0 {nobody but you} one {you and # person} other {you and # people}}, and {seeds, plural, =0 {no seed} one {# seed} other {# seeds}}',
    'invite.more':
      '{room, plural, =0 {The link has room for nobody but you} one {The link has room for the first of {all, number} people} other {The link has room for the first # of {all, number} people}}, so that a camera can read it. The file names everybody.',
    'invite.open':
      'In Palabre it is opened by “I have an invitation” in the first run, or in the window “Follow somebody”.',
    'invite.copy': 'Copy link',
    'invite.copied': 'Invitation copied',
    'invite.save': 'Save file',
    'invite.join.title': 'Join by invitation',
    'invite.field': 'Invitation',
    'invite.field.help': 'A link that begins with “palabre:join”, or a file that ends in .palabre-invitation.',
    'invite.file': 'Open a file',
    'invite.look': 'Look at it',
    'invite.reading': 'Reading it',
    'invite.preview.title': '{name} invites you.',
    'invite.preview.lead':
      'Made on {date}. Nothing has happened yet: what you leave out is neither dialled nor followed.',
    'invite.preview.people': 'People to hear',
    'invite.preview.seeds': 'Seeds to begin with',
    'invite.preview.noSeeds':
      'It names no seed. The people can be followed, and are looked for once you reach somebody by another way.',
    'invite.preview.empty': 'Choose a seed or somebody to follow.',
    'invite.signer.unknown':
      'The invitation is whole and signed. Whether the signature is that person’s can be said once their account is here; compare the end of the address, {id}, when it matters.',
    'invite.signer.former': 'The device that signed this has been signed off since. Ask again if you are not sure.',
    'invite.person.inviter': 'invites you',
    'invite.person.claimed': 'called so by the inviter',
    'invite.person.followed': 'you follow them already',
    'invite.person.pending': 'being looked for',
    'invite.person.following': 'followed',
    'invite.person.none': 'not followed',
    'invite.join': 'Join',
    'invite.joining': 'Joining',
    'invite.progress': 'How far the invitation is',
    'invite.progress.reaching':
      '{seeds, plural, =0 {Looking for the people by every way there is.} one {Reaching the seed.} other {Reaching the seeds.}} You need not wait: it goes on by itself.',
    'invite.progress.account':
      '{connected, plural, =0 {{seeds, plural, =0 {} one {Reaching the seed.} other {Reaching the seeds.}}} one {A seed is reached.} other {# seeds are reached.}} {people, plural, =0 {It goes on by itself.} one {The person is followed as soon as you have a name here.} other {The people are followed as soon as you have a name here.}}',
    'invite.progress.reading':
      '{connected, plural, one {A seed is reached} other {# seeds are reached}}, {following, plural, =0 {none} other {#}} of {people, number} people {following, plural, one {is} other {are}} followed. The others are asked for.',
    'invite.progress.done':
      '{people, plural, =0 {You are connected.} one {You are there: their posts stand in your square.} other {You are there: their posts stand in your square.}}',
    'invite.seed.waiting': 'being dialled',
    'invite.seed.connected': 'connected',
    'invite.seed.unreachable': 'no answer, tried again',
    'invite.noSeeds': 'There are no public seeds yet, so nobody is reached by default. Three ways lead in:',
    'invite.noSeeds.join': 'An invitation of somebody who has a seed.',
    'invite.noSeeds.run': 'A seed of your own, on a computer that is always on: {command}.',
    'invite.noSeeds.lan': 'Computers with Palabre in the same local network: they find each other by themselves.',
    'invite.fault.empty': 'Paste the invitation here, or open its file.',
    'invite.fault.unreadable': 'The file could not be read.',
    'invite.fault.not-invitation': 'This is no invitation: one begins with “palabre:join”.',
    'invite.fault.too-large': 'This is longer than any invitation.',
    'invite.fault.newer': 'This was made by a later version of Palabre. Update, then open it again.',
    'invite.fault.malformed': 'The invitation is damaged: something is missing, or was changed. Ask for it again.',
    'invite.fault.too-many': 'It names more people or seeds than an invitation may. Ask for another.',
    'invite.fault.bad-seed': 'It names a seed by what is no address. Ask for another.',
    'invite.fault.bad-person': 'It names somebody by what is no profile address. Ask for another.',
    'invite.fault.bad-name': 'It gives somebody a name that cannot be one. Ask for another.',
    'invite.fault.ts-range': 'It gives a date that cannot be one. Ask for another.',
    'invite.fault.bad-key': 'The key that signed it is none. Ask for another.',
    'invite.fault.bad-signature':
      'It is not as it was signed: it was damaged or tampered with on the way. Ask for it again by another way.',
    'invite.fault.other-network': 'It is for another network, “{network}”. This computer is not part of that one.',
    'invite.fault.other-signer':
      'It was not signed by a device of the account that it names. Do not use it; ask that person.',
    'invite.fault.own': 'This is your own invitation. It is for somebody else.',
  },
  fr: {
    'invite.title': 'Inviter quelqu’un',
    'invite.lead':
      'Qui ouvre l’invitation voit qui vous êtes, par où commencer et qui vous proposez, puis choisit. Elle ne contient aucun secret et peut circuler.',
    'invite.failedTitle': 'Les graines n’ont pas pu être lues.',
    'invite.people': 'Personnes que vous proposez',
    'invite.nobody': 'Vous ne suivez encore personne\u00a0: l’invitation ne propose que vous.',
    'invite.all': 'Tout le monde',
    'invite.none': 'Personne',
    'invite.seeds': 'Graines pour commencer',
    'invite.noSeed':
      'Aucune graine n’est connue ici. En attendant, l’invitation peut mener à cet ordinateur, tant qu’il tourne et qu’on peut le joindre.',
    'invite.noStart':
      'Ni graine ni adresse de cet ordinateur ne sont encore connues. Avec cette invitation, on ne trouve personne.',
    'invite.tooManyPeople': 'Une invitation a de la place pour {limit, number} personnes.',
    'invite.tooManySeeds': 'Une invitation a de la place pour {limit, number} graines.',
    'invite.seed': 'Graine {id}',
    'invite.seed.own': 'Cet ordinateur',
    'invite.seed.public': '{connected, select, yes {en ligne} other {joignable de partout}}',
    'invite.seed.private': '{connected, select, yes {en ligne, } other {}}dans un réseau local seulement',
    'invite.seed.loopback': '{connected, select, yes {en ligne, } other {}}sur cet ordinateur seulement',
    'invite.seed.useless': 'ne mène à aucun autre ordinateur, laissée de côté',
    'invite.make': 'Créer l’invitation',
    'invite.making': 'Signature en cours',
    'invite.code': 'Code QR de l’invitation',
    'invite.made':
      'Avec {people, plural, =0 {vous seulement} one {vous et # autre personne} other {vous et # autres personnes}}, et {seeds, plural, =0 {aucune graine} one {# graine} other {# graines}}',
    'invite.more':
      '{room, plural, =0 {Le lien n’a de place que pour vous} one {Le lien a de la place pour la première des {all, number} personnes} other {Le lien a de la place pour les # premières personnes sur {all, number}}}, pour qu’un appareil photo puisse le lire. Le fichier nomme tout le monde.',
    'invite.open':
      'Dans Palabre, elle s’ouvre par «\u00a0J’ai une invitation\u00a0» au premier lancement, ou dans la fenêtre «\u00a0Suivre quelqu’un\u00a0».',
    'invite.copy': 'Copier le lien',
    'invite.copied': 'Invitation copiée',
    'invite.save': 'Enregistrer le fichier',
    'invite.join.title': 'Utiliser une invitation',
    'invite.field': 'Invitation',
    'invite.field.help':
      'Un lien qui commence par «\u00a0palabre:join\u00a0», ou un fichier dont le nom finit par .palabre-invitation.',
    'invite.file': 'Ouvrir un fichier',
    'invite.look': 'Examiner',
    'invite.reading': 'Lecture en cours',
    'invite.preview.title': '{name} vous invite.',
    'invite.preview.lead':
      'Créée le {date}. Rien n’est encore fait\u00a0: ce que vous écartez n’est ni contacté, ni suivi.',
    'invite.preview.people': 'Personnes à entendre',
    'invite.preview.seeds': 'Graines pour commencer',
    'invite.preview.noSeeds':
      'Elle ne nomme aucune graine. Vous pouvez suivre ces personnes\u00a0; on les cherche dès que vous joignez quelqu’un par un autre chemin.',
    'invite.preview.empty': 'Choisissez une graine ou quelqu’un à suivre.',
    'invite.signer.unknown':
      'L’invitation est entière et signée. On ne saura si la signature est bien celle de cette personne qu’une fois son compte ici\u00a0; si c’est important, comparez la fin de l’adresse\u00a0: {id}.',
    'invite.signer.former': 'L’appareil qui l’a signée a été retiré depuis. En cas de doute, demandez-en une autre.',
    'invite.person.inviter': 'vous invite',
    'invite.person.claimed': 'nom donné par la personne qui invite',
    'invite.person.followed': 'déjà dans vos abonnements',
    'invite.person.pending': 'en recherche',
    'invite.person.following': 'compte suivi',
    'invite.person.none': 'compte non suivi',
    'invite.join': 'Rejoindre',
    'invite.joining': 'En cours',
    'invite.progress': 'Où en est l’invitation',
    'invite.progress.reaching':
      '{seeds, plural, =0 {On cherche ces personnes par tous les chemins.} one {On joint la graine.} other {On joint les graines.}} Inutile d’attendre\u00a0: cela continue tout seul.',
    'invite.progress.account':
      '{connected, plural, =0 {{seeds, plural, =0 {} one {On joint la graine.} other {On joint les graines.}}} one {Une graine répond.} other {# graines répondent.}} {people, plural, =0 {Cela continue tout seul.} one {L’abonnement se fera dès que vous aurez un nom ici.} other {Les abonnements se feront dès que vous aurez un nom ici.}}',
    'invite.progress.reading':
      '{connected, plural, one {Une graine répond} other {# graines répondent}}, {following, plural, =0 {aucun abonnement fait} one {# abonnement fait} other {# abonnements faits}} sur {people, number}. On cherche encore les autres.',
    'invite.progress.done':
      '{people, plural, =0 {Vous voilà en ligne.} one {Vous y êtes\u00a0: ses publications sont sur votre place.} other {Vous y êtes\u00a0: leurs publications sont sur votre place.}}',
    'invite.seed.waiting': 'appel en cours',
    'invite.seed.connected': 'en ligne',
    'invite.seed.unreachable': 'sans réponse, on réessaie',
    'invite.noSeeds':
      'Il n’y a pas encore de graines publiques, on ne joint donc personne d’office. Trois chemins mènent à la place\u00a0:',
    'invite.noSeeds.join': 'L’invitation de quelqu’un qui a une graine.',
    'invite.noSeeds.run': 'Une graine à vous, sur un ordinateur toujours allumé\u00a0: {command}.',
    'invite.noSeeds.lan': 'Les ordinateurs du même réseau local où tourne Palabre\u00a0: ils se trouvent tout seuls.',
    'invite.fault.empty': 'Collez l’invitation ici, ou ouvrez son fichier.',
    'invite.fault.unreadable': 'Le fichier n’a pas pu être lu.',
    'invite.fault.not-invitation':
      'Ce n’est pas une invitation\u00a0: une invitation commence par «\u00a0palabre:join\u00a0».',
    'invite.fault.too-large': 'C’est trop long pour une invitation.',
    'invite.fault.newer': 'Elle vient d’une version plus récente de Palabre. Mettez à jour, puis ouvrez-la de nouveau.',
    'invite.fault.malformed':
      'L’invitation est abîmée\u00a0: il manque quelque chose, ou quelque chose a changé. Demandez-la de nouveau.',
    'invite.fault.too-many':
      'Elle nomme plus de personnes ou de graines qu’une invitation n’en admet. Demandez-en une autre.',
    'invite.fault.bad-seed': 'L’adresse d’une graine n’est pas valable. Demandez une autre invitation.',
    'invite.fault.bad-person': 'L’adresse d’un profil n’est pas valable. Demandez une autre invitation.',
    'invite.fault.bad-name': 'Un des noms n’est pas valable. Demandez une autre invitation.',
    'invite.fault.ts-range': 'Sa date n’est pas valable. Demandez une autre invitation.',
    'invite.fault.bad-key': 'Sa clé de signature n’est pas valable. Demandez une autre invitation.',
    'invite.fault.bad-signature':
      'Elle n’est pas telle qu’elle a été signée\u00a0: elle a été abîmée ou modifiée en chemin. Demandez-la de nouveau par un autre moyen.',
    'invite.fault.other-network':
      'Elle est pour un autre réseau, «\u00a0{network}\u00a0». Cet ordinateur n’en fait pas partie.',
    'invite.fault.other-signer':
      'Elle n’a pas été signée par un appareil du compte qu’elle nomme. Ne vous en servez pas\u00a0; demandez confirmation à cette personne.',
    'invite.fault.own': 'C’est votre propre invitation. Elle est pour quelqu’un d’autre.',
  },
} as const
