export const messages = {
  en: {
    'devices.title': 'Devices',
    'devices.active': 'In use, {n, number}',
    'devices.former': 'No longer in use',
    'devices.link': 'Link another device',
    'devices.this': 'This computer',
    'devices.signed': 'last signed {when}',
    'devices.silent': 'nothing signed yet',
    'devices.records': '{n, plural, one {# record here} other {# records here}}',
    'devices.hidden': '{n, plural, one {# not shown} other {# not shown}}',
    'devices.addedBy': 'linked by {name}',
    'devices.badge.active': 'In use',
    'devices.badge.retired': 'Retired',
    'devices.badge.sealed': 'Revoked',
    'devices.badge.contested': 'Contested',
    'devices.badge.forked': 'Copied',
    'devices.forked':
      'A copy of this device is running elsewhere, or was: it signed one number twice. Stop one of the two. If you know of no copy, revoke the device: somebody may have its disk.',
    'devices.wasThis': 'Former key of this computer',
    'devices.wasThis.note':
      'This computer signed with this key until a copy of it did so too; it has gone on under a new one. Stop the copy. If you know of none, revoke this key: somebody may have this disk. This computer stays in use.',
    'devices.replaced.title': 'This computer was copied, and has a new key.',
    'devices.replaced.line':
      'Records came {when} that carry its key and were not signed here: a copy of its data is running elsewhere, or was. It has taken a new key by itself.',
    'devices.replaced.kept':
      'Nothing is lost. What either of the two wrote stays and is shown; your address, your followers and your words are the same.',
    'devices.replaced.known':
      'If you copied the data or brought back a backup: stop the copy. To use two computers, link the second one.',
    'devices.replaced.unknown':
      'If you know of no copy, somebody may have this disk: revoke the former key {former} on the Devices page, and make new words.',
    'devices.replaced.devices': 'To the devices',
    'devices.replaced.words': 'Make new words',
    'devices.replaced.dismiss': 'I have read it',
    'devices.replaced.dismissing': 'Noting it',
    'devices.forked.this':
      'A copy of this computer is running elsewhere, or was: it signed one number twice, and nothing more is signed here. Stop the copy, retire this device, and link this computer anew. If you know of no copy, revoke it from another device: somebody may have this disk.',
    'devices.contested':
      'Two orders of equal rank disagree about this device, and neither wins by itself. Revoke it; or keep it by making new words or a new paper key, which signs all devices as they stand.',
    'devices.contested.former':
      'Two orders of equal rank disagree about this device, and neither wins by itself. Restore it; or leave it out by making new words or a new paper key, which signs all devices as they stand.',
    'devices.act.rename': 'Rename',
    'devices.act.retire': 'Retire',
    'devices.act.revoke': 'Revoke',
    'devices.act.reseal': 'Move the seal',
    'devices.act.restore': 'Restore',
    'devices.act.of': '{act}: {name}',
    'devices.note': 'Revoking a device asks for your 24 words or the paper key. The address and the followers stay.',
    'devices.failed': 'The devices could not be read.',
    'devices.signing': 'Signing',

    'devices.ask.rename': 'Rename {name}',
    'devices.name': 'Name',
    'devices.name.help': 'Your devices show it. Others know the name with which it was linked.',
    'devices.name.empty': 'A name is needed.',
    'devices.name.long': 'The name is {bytes, number} bytes long, the limit is 64.',
    'devices.confirm.rename': 'Rename',
    'devices.done.rename': 'Renamed',

    'devices.ask.retire': 'Retire this computer?',
    'devices.retire.stays':
      'What it signed stays, everywhere. It goes on reading, and your other devices go on writing.',
    'devices.retire.ends': 'It writes nothing more: no posts, no reactions, no follows. Only the words take that back.',
    'devices.retire.keys': 'Its files stay on this disk. Delete them before you give the computer away.',
    'devices.confirm.retire': 'Retire this computer',
    'devices.done.retire': 'This computer is retired',

    'devices.ask.revoke': 'Revoke {name}?',
    'devices.revoke.ends': 'It may not speak for you any more, and neither may devices that it added.',
    'devices.revoke.read':
      'Whoever has the device may have read what was on it, private lists too. That cannot be taken back.',
    'devices.revoke.back': 'A wrong revocation can be taken back with the same secret.',
    'devices.confirm.revoke': 'Revoke the device',
    'devices.done.revoke': '{name} is revoked',

    'devices.ask.reseal': 'Move the seal of {name}',
    'devices.confirm.reseal': 'Move the seal',
    'devices.done.reseal': 'The seal of {name} is moved',
    'devices.seal': 'What of it is yours?',
    'devices.seal.all': 'Everything up to now',
    'devices.seal.all.line':
      'What it signs after this moment is hidden everywhere. For a device that nobody else has used.',
    'devices.seal.post': 'Everything up to one post',
    'devices.seal.post.line':
      'What it signed after that is hidden: posts, reactions, follows. For a device with which somebody wrote as you.',
    'devices.seal.none': 'Nothing',
    'devices.seal.none.line': 'All that it signed is hidden. For a device that was never yours.',
    'devices.seal.last': 'The last post that you wrote yourself',
    'devices.seal.choose': 'Choose the last post that is yours.',
    'devices.seal.noPosts': 'No post of this device is held here.',
    'devices.seal.noText': 'Pictures without words',
    'devices.seal.twice': 'a copy signed another one beside it; one of the two is hidden',
    'devices.seal.forked':
      'A copy of this device signed beside it. The seal keeps one of the two ways, the one whose newest record is held here. Choose a post to say which one.',
    'devices.seal.failed': 'Its posts could not be read ({code}).',
    'devices.seal.note':
      'Nothing is erased: what is hidden is kept, and the seal can be moved up or down later with the same secret.',

    'devices.ask.restore': 'Restore {name}?',
    'devices.restore.shown': 'Everything that it signed is shown again.',
    'devices.restore.goes': 'It may go on writing for you.',
    'devices.restore.thief': 'If somebody else has it, they may too.',
    'devices.confirm.restore': 'Restore the device',
    'devices.done.restore': '{name} is in use again',

    'linking.title': 'Link a device',
    'linking.ask': 'Bring this account to another computer.',
    'linking.line':
      'Start Palabre there, choose “I already have an account”, then “a device at hand”. It asks for a link, which this computer shows.',
    'linking.both': 'Both must be on, and the new one must be able to reach this one.',
    'linking.comes': 'Your posts, follows and private lists come along.',
    'linking.own': 'It gets keys of its own and speaks as you from then on. Link only what is yours.',
    'linking.show': 'Show the link',
    'linking.making': 'Making the link',
    'linking.waiting': 'Give this to the new computer.',
    'linking.waiting.line': 'Scan the code there, or paste the link. The next step comes by itself on both screens.',
    'linking.label': 'Link for the new device',
    'linking.until': 'It works once, until {time}. Whoever uses it must still show you the same six digits.',
    'linking.stop': 'Take the link back',
    'linking.confirming': 'Now the other one.',
    'linking.confirming.line': 'Say on {other} too that the digits are the same.',
    'linking.moving': '{other} is being signed in.',
    'linking.moving.line': 'Your account is moving to {other}. Leave both computers on.',
    'linking.done': '{other} is linked.',
    'linking.done.line': 'It speaks for you from now on, and can link others. What you wrote is coming to it.',
    'linking.another': 'Link another',
    'linking.toDevices': 'To the devices',
    'linking.newLink': 'Show a new link',
    'linking.failed': 'The device was not linked.',
    'linking.failed.expired': 'Nobody came, or nobody answered, in time. The link opens nothing any more.',
    'linking.failed.declined': 'Somebody said that the digits differ. Nothing was handed over.',
    'linking.failed.cancelled': 'It was called off on one of the two. Nothing was handed over.',
    'linking.failed.unreachable':
      'The other computer could not be reached. Both must be on, with Palabre running, on one network or with a seed in common.',
    'linking.failed.bad-link':
      'This is not a link for a new device, or a part of it is missing. It begins with palabre:link',
    'linking.failed.other-network': 'The two computers run in different networks. They must be told the same one.',
    'linking.failed.account-exists': 'There is an account on the new computer already. One place holds one account.',
    'linking.failed.refused':
      'The other device did not take this link: it was used already, or a newer one has taken its place. Show a new one there.',
    'linking.failed.unanswered':
      'The new device was added and then did not answer. Look at the Devices page: link it once more, or revoke it.',
    'linking.failed.broken':
      'The connection broke, or the other side answered with something else. Nothing was handed over.',
  },
  fr: {
    'devices.title': 'Appareils',
    'devices.active': 'En service, {n, number}',
    'devices.former': 'Hors service',
    'devices.link': 'Relier un appareil',
    'devices.this': 'Cet ordinateur',
    'devices.signed': 'dernière signature {when}',
    'devices.silent': 'rien de signé encore',
    'devices.records': '{n, plural, one {# enregistrement ici} other {# enregistrements ici}}',
    'devices.hidden': '{n, plural, one {# masqué} other {# masqués}}',
    'devices.addedBy': 'relié par {name}',
    'devices.badge.active': 'En service',
    'devices.badge.retired': 'Retiré',
    'devices.badge.sealed': 'Révoqué',
    'devices.badge.contested': 'Contesté',
    'devices.badge.forked': 'Copié',
    'devices.forked':
      'Une copie de cet appareil tourne ailleurs, ou a tourné\u00a0: il a signé deux fois le même numéro. Arrêtez l’un des deux. Si vous ne connaissez aucune copie, révoquez l’appareil\u00a0: quelqu’un a peut-être son disque.',
    'devices.wasThis': 'Ancienne clé de cet ordinateur',
    'devices.wasThis.note':
      'Cet ordinateur signait avec cette clé jusqu’à ce qu’une copie le fasse aussi\u00a0; il continue avec une nouvelle. Arrêtez la copie. Si vous n’en connaissez aucune, révoquez cette clé\u00a0: quelqu’un a peut-être ce disque. Cet ordinateur reste en service.',
    'devices.replaced.title': 'Cet ordinateur a été copié, et sa clé est nouvelle.',
    'devices.replaced.line':
      'Des enregistrements qui portent sa clé et n’ont pas été signés ici sont arrivés {when}\u00a0: une copie de ses données tourne ailleurs, ou a tourné. L’ordinateur a pris de lui-même une nouvelle clé.',
    'devices.replaced.kept':
      'Rien n’est perdu. Ce que l’un et l’autre ont écrit reste et s’affiche\u00a0; votre adresse, les personnes qui vous suivent et vos mots n’ont pas changé.',
    'devices.replaced.known':
      'Si vous avez copié les données ou repris une sauvegarde\u00a0: arrêtez la copie. Pour deux ordinateurs, reliez le second.',
    'devices.replaced.unknown':
      'Si vous ne connaissez aucune copie, quelqu’un a peut-être ce disque\u00a0: révoquez l’ancienne clé {former} à la page Appareils, et faites de nouveaux mots.',
    'devices.replaced.devices': 'Vers les appareils',
    'devices.replaced.words': 'Faire de nouveaux mots',
    'devices.replaced.dismiss': 'J’ai lu',
    'devices.replaced.dismissing': 'Enregistrement',
    'devices.forked.this':
      'Une copie de cet ordinateur tourne ailleurs, ou a tourné\u00a0: un même numéro est signé deux fois, et plus rien n’est signé ici. Arrêtez la copie, retirez cet appareil et reliez-le de nouveau. Si vous ne connaissez aucune copie, révoquez-le depuis un autre appareil\u00a0: quelqu’un a peut-être ce disque.',
    'devices.contested':
      'Deux ordres de même rang se contredisent sur cet appareil, et aucun ne l’emporte seul. Révoquez-le\u00a0; ou gardez-le en faisant de nouveaux mots ou une nouvelle clé de papier, ce qui signe tous les appareils en l’état.',
    'devices.contested.former':
      'Deux ordres de même rang se contredisent sur cet appareil, et aucun ne l’emporte seul. Rétablissez-le\u00a0; ou laissez-le dehors en faisant de nouveaux mots ou une nouvelle clé de papier, ce qui signe tous les appareils en l’état.',
    'devices.act.rename': 'Renommer',
    'devices.act.retire': 'Retirer',
    'devices.act.revoke': 'Révoquer',
    'devices.act.reseal': 'Déplacer le sceau',
    'devices.act.restore': 'Rétablir',
    'devices.act.of': '{act}\u00a0: {name}',
    'devices.note':
      'Révoquer un appareil demande vos 24 mots ou la clé de papier. L’adresse et les personnes qui vous suivent restent.',
    'devices.failed': 'Les appareils n’ont pas pu être lus.',
    'devices.signing': 'Signature',

    'devices.ask.rename': 'Renommer {name}',
    'devices.name': 'Nom',
    'devices.name.help': 'Vos appareils l’affichent. Les autres connaissent le nom donné au moment de relier.',
    'devices.name.empty': 'Il faut un nom.',
    'devices.name.long': 'Le nom fait {bytes, number} octets, la limite est de 64.',
    'devices.confirm.rename': 'Renommer',
    'devices.done.rename': 'Nom changé',

    'devices.ask.retire': 'Retirer cet ordinateur\u00a0?',
    'devices.retire.stays': 'Ce qu’il a signé reste, partout. Il continue de lire, et vos autres appareils d’écrire.',
    'devices.retire.ends':
      'Il n’écrit plus rien\u00a0: ni publication, ni réaction, ni abonnement. Seuls les mots reviennent là-dessus.',
    'devices.retire.keys': 'Ses fichiers restent sur ce disque. Supprimez-les avant de donner l’ordinateur.',
    'devices.confirm.retire': 'Retirer cet ordinateur',
    'devices.done.retire': 'Cet ordinateur est retiré',

    'devices.ask.revoke': 'Révoquer {name}\u00a0?',
    'devices.revoke.ends': 'Il ne peut plus parler en votre nom, ni les appareils qu’il a ajoutés.',
    'devices.revoke.read':
      'Qui a l’appareil a pu lire ce qui s’y trouvait, listes privées comprises. Cela ne se reprend pas.',
    'devices.revoke.back': 'Une révocation faite par erreur s’annule avec le même secret.',
    'devices.confirm.revoke': 'Révoquer l’appareil',
    'devices.done.revoke': '{name} est révoqué',

    'devices.ask.reseal': 'Déplacer le sceau de {name}',
    'devices.confirm.reseal': 'Déplacer le sceau',
    'devices.done.reseal': 'Le sceau de {name} est déplacé',
    'devices.seal': 'Qu’est-ce qui vient de vous\u00a0?',
    'devices.seal.all': 'Tout jusqu’à maintenant',
    'devices.seal.all.line':
      'Ce qu’il signe à partir de maintenant est masqué partout. Pour un appareil dont personne d’autre ne s’est servi.',
    'devices.seal.post': 'Tout jusqu’à une publication',
    'devices.seal.post.line':
      'Ce qu’il a signé ensuite est masqué\u00a0: publications, réactions, abonnements. Pour un appareil avec lequel on a écrit en votre nom.',
    'devices.seal.none': 'Rien',
    'devices.seal.none.line': 'Tout ce qu’il a signé est masqué. Pour un appareil qui n’a jamais été à vous.',
    'devices.seal.last': 'La dernière publication écrite par vous',
    'devices.seal.choose': 'Choisissez la dernière publication qui est de vous.',
    'devices.seal.noPosts': 'Aucune publication de cet appareil n’est gardée ici.',
    'devices.seal.noText': 'Images sans texte',
    'devices.seal.twice': 'une copie en a signé une autre à côté\u00a0; l’une des deux sera masquée',
    'devices.seal.forked':
      'Une copie de cet appareil a signé à côté de lui. Le sceau garde l’un des deux fils, celui dont le dernier enregistrement est gardé ici. Choisissez une publication pour dire lequel.',
    'devices.seal.failed': 'Ses publications n’ont pas pu être lues ({code}).',
    'devices.seal.note':
      'Rien n’est effacé\u00a0: ce qui est masqué est gardé, et le sceau se déplace plus tard, dans les deux sens, avec le même secret.',

    'devices.ask.restore': 'Rétablir {name}\u00a0?',
    'devices.restore.shown': 'Tout ce qu’il a signé s’affiche de nouveau.',
    'devices.restore.goes': 'Il peut de nouveau écrire en votre nom.',
    'devices.restore.thief': 'Si quelqu’un d’autre l’a en main, cette personne le peut aussi.',
    'devices.confirm.restore': 'Rétablir l’appareil',
    'devices.done.restore': '{name} est de nouveau en service',

    'linking.title': 'Relier un appareil',
    'linking.ask': 'Amenez ce compte sur un autre ordinateur.',
    'linking.line':
      'Démarrez-y Palabre, choisissez «\u00a0J’ai déjà un compte\u00a0», puis «\u00a0un appareil sous la main\u00a0». Il demande un lien, que cet ordinateur affiche.',
    'linking.both': 'Les deux doivent être allumés, et le nouveau doit pouvoir joindre celui-ci.',
    'linking.comes': 'Vos publications, abonnements et listes privées suivent.',
    'linking.own': 'Il aura ses propres clés et parlera en votre nom dès lors. Ne reliez que ce qui est à vous.',
    'linking.show': 'Afficher le lien',
    'linking.making': 'Création du lien',
    'linking.waiting': 'Donnez ceci au nouvel ordinateur.',
    'linking.waiting.line':
      'Scannez-y le code, ou collez le lien. L’étape suivante viendra d’elle-même sur les deux écrans.',
    'linking.label': 'Lien pour le nouvel appareil',
    'linking.until':
      'Il sert une fois, jusqu’à {time}. Qui l’utilise devra encore vous montrer les mêmes six chiffres.',
    'linking.stop': 'Reprendre le lien',
    'linking.confirming': 'À l’autre, maintenant.',
    'linking.confirming.line': 'Dites aussi sur {other} que les chiffres sont les mêmes.',
    'linking.moving': '{other} reçoit sa signature.',
    'linking.moving.line': 'Votre compte passe sur {other}. Laissez les deux ordinateurs allumés.',
    'linking.done': '{other} est relié.',
    'linking.done.line':
      'Cet appareil parle désormais en votre nom, et peut en relier d’autres. Vos publications y arrivent.',
    'linking.another': 'En relier un autre',
    'linking.toDevices': 'Vers les appareils',
    'linking.newLink': 'Afficher un nouveau lien',
    'linking.failed': 'L’appareil n’a pas été relié.',
    'linking.failed.expired': 'Personne n’est venu, ou personne n’a répondu à temps. Le lien n’ouvre plus rien.',
    'linking.failed.declined': 'Quelqu’un a dit que les chiffres diffèrent. Rien n’a été remis.',
    'linking.failed.cancelled': 'L’un des deux a renoncé. Rien n’a été remis.',
    'linking.failed.unreachable':
      'L’autre ordinateur n’a pas pu être joint. Les deux doivent être allumés, Palabre ouvert, sur un même réseau ou avec une graine commune.',
    'linking.failed.bad-link':
      'Ce n’est pas un lien pour un nouvel appareil, ou il en manque une partie. Il commence par palabre:link',
    'linking.failed.other-network':
      'Les deux ordinateurs sont sur des réseaux différents. Il faut leur indiquer le même.',
    'linking.failed.account-exists': 'Le nouvel ordinateur a déjà un compte. Un lieu garde un seul compte.',
    'linking.failed.refused':
      'L’autre appareil n’a pas pris ce lien\u00a0: il a déjà servi, ou un plus récent l’a remplacé. Affichez-en un nouveau là-bas.',
    'linking.failed.unanswered':
      'Le nouvel appareil a été ajouté, puis n’a pas répondu. Voyez la page Appareils\u00a0: reliez-le de nouveau, ou révoquez-le.',
    'linking.failed.broken': 'La connexion s’est rompue, ou l’autre côté a répondu autre chose. Rien n’a été remis.',
  },
}
