/** A blackout on purpose: on the Network page, and as a line on every page while one runs. */
export const messages = {
  en: {
    'drill.title': 'Blackout drill',
    'drill.about':
      'See for yourself what works without seeds or without the internet: this computer is cut off for up to five minutes, and says afterwards what it still reached. Nothing that you write is lost.',
    'drill.open': 'Start a drill',
    'drill.again': 'Start another drill',
    'drill.dialog': 'Start a blackout drill?',
    'drill.dialog.what': 'What is cut off',
    'drill.cut.seeds': 'All seeds',
    'drill.cut.seeds.help': 'As if every always-on node had gone. People and computers nearby stay reachable.',
    'drill.cut.internet': 'The internet',
    'drill.cut.internet.help': 'As if the line were dead. Only computers on your own network stay reachable.',
    'drill.dialog.happens':
      'This computer closes those connections and takes none for five minutes. You can go on reading and writing; what you write leaves afterwards. It ends by itself, and at once when you end it or quit the program. Nobody else is cut off.',
    'drill.begin': 'Cut off now',
    'drill.begin.busy': 'Cutting off',
    'drill.failed': 'The drill did not start ({code}). Try again.',
    'drill.failed.unreachable': 'The network is not up yet. Try again in a moment.',
    'drill.failed.busy': 'A drill runs already.',
    'drill.running': '{cut, select, seeds {The seeds are cut off} other {The internet is cut off}} on purpose.',
    'drill.left': '{left} left',
    'drill.bar': 'Time of the drill that has passed',
    'drill.live':
      '{peers, plural, =0 {Nobody is connected} one {# peer is connected} other {# peers are connected}}, {records, plural, =0 {nothing has come} one {# record has come} other {# records have come}} since.',
    'drill.stop': 'End now',
    'drill.stop.busy': 'Ending',
    'drill.returning': 'Everything is let in again. Waiting for a seed.',
    'drill.line':
      '<b>{cut, select, seeds {A drill has cut off the seeds} other {A drill has cut off the internet}}</b> until {when}, on purpose. What you write leaves afterwards.',
    'drill.line.action': 'See it',
    'drill.report': 'The last drill, {when}',
    'drill.report.span':
      '{seconds, plural, one {# second} other {# seconds}} without {cut, select, seeds {seeds} other {the internet}}.',
    'drill.said.yes': 'worked',
    'drill.said.no': 'did not work',
    'drill.followed':
      '{reached, plural, =0 {None} other {#}} of {count, plural, one {# person} other {# people}} you follow stayed reachable{direct, plural, =0 {} other {, # directly}}{carried, plural, =0 {} other {, # through somebody else who keeps their posts}}.',
    'drill.followed.none': 'You follow nobody yet, so there was nobody to reach.',
    'drill.peers':
      '{last, plural, =0 {No peer was connected at the end} one {# peer was connected at the end} other {# peers were connected at the end}}; before the drill {before, plural, =0 {none} one {# was} other {# were}}.',
    'drill.first': 'The first peer that is no seed was there after {span}.',
    'drill.direct': 'Direct mode began after {span}: people were dialled without seeds.',
    'drill.direct.none': 'Direct mode did not begin.',
    'drill.records':
      '{received, plural, =0 {No record} one {# record} other {# records}} came, {sent, plural, =0 {none was} one {# was} other {# were}} handed over.',
    'drill.written':
      'Of {count, plural, one {the # record} other {the # records}} you wrote meanwhile, others had {held, plural, =0 {none} other {#}} before the end.',
    'drill.own':
      '{holders, plural, =0 {Nobody who was connected keeps your records} one {# peer who was connected keeps your records} other {# peers who were connected keep your records}}{most, plural, =0 {} other {, up to # of {records, number}}}.',
    'drill.ways': 'Led to nobody: {ways}.',
    'drill.way.people': 'people who were remembered',
    'drill.way.nearby': 'computers nearby',
    'drill.way.seeds': 'seeds',
    'drill.way.relays': 'relays',
    'drill.way.dht': 'the shared directory',
    'drill.back': 'A seed was back after {span}.',
    'drill.back.none': 'No seed was back within a minute and a half.',
    'network.cause.drill': 'Kept out by the drill',
    'network.hero.drill': 'A blackout drill runs.',
    'network.hero.drill.line':
      '{cut, select, seeds {Every seed} other {The internet}} is cut off on purpose until {until}; {peers, plural, =0 {nobody else is connected} one {# peer is connected} other {# peers are connected}}. Nothing is broken, and what you write leaves afterwards.',
    'share.addresses.title': 'Who learns where this computer is',
    'share.addresses': 'Let others be told the addresses of this computer',
    'share.addresses.on':
      'Whoever knows your account can ask peers for the IP addresses of your devices. That way people who follow you reach you when all seeds are gone.',
    'share.addresses.off':
      'Nobody is told any more; those who were told before forget within 30 days. Without seeds, nobody new finds this computer. Whoever is connected still sees its IP address.',
    'share.addresses.seed': 'A seed’s addresses are always told.',
  },
  fr: {
    'drill.title': 'Exercice de coupure',
    'drill.about':
      'Voyez par vous-même ce qui marche sans graines ou sans internet\u00a0: cet ordinateur est coupé cinq minutes au plus, puis dit ce qu’il a encore pu joindre. Rien de ce que vous écrivez n’est perdu.',
    'drill.open': 'Commencer un exercice',
    'drill.again': 'Refaire un exercice',
    'drill.dialog': 'Commencer un exercice de coupure\u00a0?',
    'drill.dialog.what': 'Ce qui est coupé',
    'drill.cut.seeds': 'Toutes les graines',
    'drill.cut.seeds.help':
      'Comme si tous les nœuds toujours allumés avaient disparu. Les personnes et les ordinateurs proches restent joignables.',
    'drill.cut.internet': 'Internet',
    'drill.cut.internet.help':
      'Comme si la ligne était coupée. Seuls les ordinateurs de votre propre réseau restent joignables.',
    'drill.dialog.happens':
      'Cet ordinateur ferme ces liaisons et n’en accepte aucune pendant cinq minutes. Vous pouvez continuer à lire et à écrire\u00a0; ce que vous écrivez partira ensuite. L’exercice se termine de lui-même, et tout de suite si vous l’arrêtez ou quittez le programme. Personne d’autre n’est coupé.',
    'drill.begin': 'Couper maintenant',
    'drill.begin.busy': 'Coupure',
    'drill.failed': 'L’exercice n’a pas commencé ({code}). Réessayez.',
    'drill.failed.unreachable': 'Le réseau n’est pas encore prêt. Réessayez dans un instant.',
    'drill.failed.busy': 'Un exercice est déjà en cours.',
    'drill.running': '{cut, select, seeds {Les graines sont coupées} other {Internet est coupé}} volontairement.',
    'drill.left': 'encore {left}',
    'drill.bar': 'Temps écoulé de l’exercice',
    'drill.live':
      '{peers, plural, =0 {Personne n’est en ligne} one {# pair est en ligne} other {# pairs sont en ligne}}, {records, plural, =0 {rien n’est arrivé} one {# enregistrement est arrivé} other {# enregistrements sont arrivés}} depuis.',
    'drill.stop': 'Arrêter maintenant',
    'drill.stop.busy': 'Arrêt',
    'drill.returning': 'Plus rien n’est coupé. En attente d’une graine.',
    'drill.line':
      '<b>{cut, select, seeds {Un exercice a coupé les graines} other {Un exercice a coupé internet}}</b> volontairement, jusqu’à {when}. Ce que vous écrivez partira ensuite.',
    'drill.line.action': 'Voir',
    'drill.report': 'Le dernier exercice, {when}',
    'drill.report.span':
      '{seconds, plural, one {# seconde} other {# secondes}} sans {cut, select, seeds {graines} other {internet}}.',
    'drill.said.yes': 'a marché',
    'drill.said.no': 'n’a pas marché',
    'drill.followed':
      'Sur {count, plural, one {# personne suivie} other {# personnes suivies}}, {reached, plural, =0 {aucune n’est restée joignable} one {# est restée joignable} other {# sont restées joignables}}{direct, plural, =0 {} other {, # directement}}{carried, plural, =0 {} other {, # par quelqu’un d’autre qui garde ses publications}}.',
    'drill.followed.none': 'Vous ne suivez encore personne\u00a0: il n’y avait personne à joindre.',
    'drill.peers':
      '{last, plural, =0 {Aucun pair n’était en ligne à la fin} one {# pair était en ligne à la fin} other {# pairs étaient en ligne à la fin}}\u00a0; avant l’exercice, {before, plural, =0 {aucun} one {#} other {#}}.',
    'drill.first': 'Le premier pair qui n’est pas une graine était là au bout de {span}.',
    'drill.direct':
      'Le mode direct a commencé au bout de {span}\u00a0: des personnes ont été appelées sans passer par les graines.',
    'drill.direct.none': 'Le mode direct n’a pas commencé.',
    'drill.records':
      '{received, plural, =0 {Aucun enregistrement n’est arrivé} one {# enregistrement est arrivé} other {# enregistrements sont arrivés}}, {sent, plural, =0 {aucun n’a été remis} one {# a été remis} other {# ont été remis}}.',
    'drill.written':
      '{count, plural, one {De l’enregistrement que vous avez écrit} other {Des # enregistrements que vous avez écrits}} entre-temps, {held, plural, =0 {d’autres n’en avaient aucun} other {d’autres en avaient #}} avant la fin.',
    'drill.own':
      '{holders, plural, =0 {Personne en ligne ne garde vos enregistrements} one {# pair en ligne garde vos enregistrements} other {# pairs en ligne gardent vos enregistrements}}{most, plural, =0 {} other {, jusqu’à # sur {records, number}}}.',
    'drill.ways': 'Sans résultat\u00a0: {ways}.',
    'drill.way.people': 'les personnes connues d’avant',
    'drill.way.nearby': 'les ordinateurs proches',
    'drill.way.seeds': 'les graines',
    'drill.way.relays': 'les relais',
    'drill.way.dht': 'l’annuaire partagé',
    'drill.back': 'Une graine était de retour au bout de {span}.',
    'drill.back.none': 'Aucune graine n’était de retour au bout d’une minute et demie.',
    'network.cause.drill': 'L’exercice l’empêche',
    'network.hero.drill': 'Un exercice de coupure est en cours.',
    'network.hero.drill.line':
      '{cut, select, seeds {Toutes les graines sont coupées} other {Internet est coupé}} volontairement jusqu’à {until}\u00a0; {peers, plural, =0 {personne d’autre n’est en ligne} one {# pair est en ligne} other {# pairs sont en ligne}}. Rien n’est en panne, et ce que vous écrivez partira ensuite.',
    'share.addresses.title': 'Qui peut savoir où se trouve cet ordinateur',
    'share.addresses': 'Autoriser la communication des adresses de cet ordinateur',
    'share.addresses.on':
      'Quiconque connaît votre compte peut demander aux pairs les adresses IP de vos appareils. Ainsi, qui vous suit vous joint quand toutes les graines ont disparu.',
    'share.addresses.off':
      'On ne les communique plus\u00a0; les machines qui les connaissaient les oublient sous 30 jours. Sans graines, aucune autre personne ne trouve cet ordinateur. Les machines reliées voient toujours son adresse IP.',
    'share.addresses.seed': 'Les adresses d’une graine sont toujours communiquées.',
  },
}
