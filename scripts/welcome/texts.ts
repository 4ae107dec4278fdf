/** What the welcome pack says, by voice and language. Who changes a text makes the pack again: `node scripts/make-welcome.ts`. */
export interface WelcomeVoice {
  readonly name: string
  readonly posts: readonly string[]
}

export interface WelcomeTexts {
  readonly bio: string
  readonly voices: readonly WelcomeVoice[]
}

const EN: WelcomeTexts = {
  bio: 'A voice of the welcome pack that comes with Palabre. Its key was made for the pack and thrown away: nothing new will come from here.',
  voices: [
    {
      name: 'Palabre: first steps',
      posts: [
        'Welcome. Palabre is a public square that nobody owns: there is no company behind it and no server that could be switched off. What you write is signed on your computer, and kept by the people who follow you and by seeds.\n\nThis post came with the program. It needed no network to be here.',
        'How to find people: the button with the person and the plus follows somebody by a peer ID, a link or an invitation. Ask your friends for theirs. There is no list of everybody, and nobody can buy a place in front of you.',
        'An invitation is a text or a QR code. It names seeds to begin with and people whom your friend suggests, and nothing in it happens by itself: you choose. You can make one too, with the button for it in the column beside home, or from the share sheet.',
        'Press n, write, and send with Ctrl+Enter (⌘+Enter on a Mac). A post holds 3,000 bytes, which is about five hundred words, and up to eight pictures. These leave your computer without their metadata: where and with what they were taken stays with you.',
        'What you have begun to write is kept, pictures included, over a reload and a crash. Close the window in the middle of a sentence, if you like.',
      ],
    },
    {
      name: 'Palabre: keys and words',
      posts: [
        'Your account is a key on this computer, and not a row in the table of a company. So nobody can lock you out, and nobody can give it back to you by mail either. Have a way back before you need one: Settings, Account and recovery.',
        'The 24 words are the account. Write them on paper and put the paper where you keep what matters. Whoever reads them can speak as you: no photo, no cloud. Nobody from Palabre will ever ask you for them.',
        'A second computer is the quickest way back. Settings, Devices, link one: a link, six digits to compare, done. A lost computer is revoked with the words. Your address and those who follow you stay.',
        'Guardians are friends of whom several together can give your account to a new computer. None of them holds a secret, and for 72 hours any device of yours can stop what they have begun.',
        'Try your words before you need them: the rehearsal in the settings says whether they are right, and changes nothing.',
      ],
    },
    {
      name: 'Palabre: where posts live',
      posts: [
        'A seed is a Palabre that is always on: on a small server, or on a machine at home. It keeps posts for people whose computers sleep. Anybody can run one, for five friends or for thousands: it is one command, palabre seed.',
        'The rings beside your own post say how far it has come: on this computer only, on one seed, on several. When it is stuck, a line says why. It isn’t lost meanwhile: it goes out as soon as somebody is there.',
        'Pull the cable and look: everything that is here can still be read and searched, and you can go on writing. The chip with the connection opens the Network page, which says who is there, which seeds, and how much data came and went.',
        'When you delete a post, its text is purged wherever the deletion arrives. What cannot be called back is a copy that somebody made, and a computer that never comes online again. We would rather say so than promise more.',
        'palabre export writes your account into one file, with everything that you said. palabre import takes it in again, here or on another computer. If every seed were gone tomorrow, such files would be enough to bring the square back.',
      ],
    },
    {
      name: 'Palabre: peace and quiet',
      posts: [
        'Home has no algorithm. The people you follow come first, by time and nothing else. Below them come others, under headings that say why they are there. You can fold each of these, or switch it off.',
        'To mute somebody, open the menu of a post or their profile. It is private, it holds on all your devices, and you can undo it at any time. They don’t learn of it.',
        'A block is public and works both ways: you don’t see them, and their Palabre doesn’t show them what you write. It is for those who don’t stop. For somebody who is only tiresome, a mute is enough.',
        'Nobody can throw you off the whole square, and nobody has to keep what you write. Whoever runs a seed decides what lies on their disk. You decide what stands on your screen.',
        'A link in a post asks before it leads out of Palabre, and nothing is fetched from other sites while you read. So no site can count that you have read it.',
      ],
    },
    {
      name: 'Palabre: good to know',
      posts: [
        'Keys: j and k go through the posts, l likes, r answers, t reposts, q quotes, / searches, and ? lists them all. They keep still while you type, and the settings have a switch for who doesn’t want them.',
        'The search looks through everything that this computer holds, with a network or without. Every word has to occur. A tag such as #palabre leads to all posts that have it.',
        'A post can be changed after it was sent. Everybody can see what it said before: who reads “edited” can open it.',
        'Bookmarks are yours alone: only your own devices can read them. The sign is below each post, and g b opens the page.',
        'These welcome posts are signed as all others are, with keys that were thrown away: nobody can add to them, and following them brings nothing new. When you have read enough, put them away with “Don’t show” above. The settings bring them back.',
      ],
    },
  ],
}

const FR: WelcomeTexts = {
  bio: 'Une voix du carnet de bienvenue livré avec Palabre. Sa clé a été créée pour lui, puis jetée\u00a0: rien de nouveau ne viendra d’ici.',
  voices: [
    {
      name: 'Palabre\u00a0: premiers pas',
      posts: [
        'Bienvenue. Palabre est une place publique qui n’appartient à personne\u00a0: pas d’entreprise derrière, pas de serveur que l’on puisse éteindre. Ce que vous écrivez est signé sur votre ordinateur, puis gardé par les personnes qui vous suivent et par des graines.\n\nCette publication est arrivée avec le logiciel. Elle n’a eu besoin d’aucun réseau.',
        'Pour trouver quelqu’un\u00a0: le bouton avec la silhouette et le plus permet de suivre une personne par son identifiant, son lien ou une invitation. Demandez les leurs à vos amis. Il n’y a pas d’annuaire général, et personne ne peut acheter une place devant vous.',
        'Une invitation est un texte ou un code QR. Elle nomme des graines pour commencer et des personnes que votre ami vous suggère, et rien n’y est automatique\u00a0: c’est vous qui choisissez. Vous pouvez aussi en créer une, avec le bouton dans la colonne à côté de l’accueil ou depuis le partage.',
        'Appuyez sur n, écrivez, envoyez avec Ctrl+Entrée (⌘+Entrée sur un Mac). Une publication contient 3\u202f000 octets, environ cinq cents mots, et jusqu’à huit images. Celles-ci quittent votre ordinateur sans leurs métadonnées\u00a0: le lieu et l’appareil restent chez vous.',
        'Ce que vous avez commencé à écrire est conservé, images comprises, même si la page se recharge ou si le logiciel s’arrête. Fermez la fenêtre au milieu d’une phrase, si vous voulez.',
      ],
    },
    {
      name: 'Palabre\u00a0: clés et mots',
      posts: [
        'Votre compte est une clé sur cet ordinateur, et non une ligne dans la base d’une entreprise. Personne ne peut donc vous en exclure, et personne ne peut non plus vous le rendre par courriel. Prévoyez un retour avant d’en avoir besoin\u00a0: Réglages, Compte et récupération.',
        'Les 24 mots sont le compte. Notez-les sur papier et rangez ce papier avec ce qui compte. Quiconque les lit peut parler en votre nom\u00a0: pas de photo, pas de nuage. Personne chez Palabre ne vous les demandera jamais.',
        'Un second ordinateur est le retour le plus rapide. Réglages, Appareils, en relier un\u00a0: un lien, six chiffres à comparer, et c’est fait. Un ordinateur perdu se révoque avec les mots. Votre adresse et vos abonnés restent.',
        'Les gardiens sont des amis qui, à plusieurs, peuvent confier votre compte à un nouvel ordinateur. Aucun ne détient de secret, et pendant 72\u00a0heures chacun de vos appareils peut arrêter ce qu’ils ont engagé.',
        'Essayez vos mots avant d’en avoir besoin\u00a0: la répétition, dans les réglages, dit s’ils sont justes et ne change rien.',
      ],
    },
    {
      name: 'Palabre\u00a0: où vivent les publications',
      posts: [
        'Une graine est un Palabre toujours allumé\u00a0: un petit serveur, ou une machine à la maison. Elle garde les publications des personnes dont l’ordinateur dort. Chacun peut en tenir une, pour cinq amis ou pour des milliers\u00a0: une seule commande, palabre seed.',
        'Les anneaux à côté de votre publication disent où elle en est\u00a0: sur cet ordinateur seulement, sur une graine, sur plusieurs. Si elle est bloquée, une ligne dit pourquoi. Elle n’est pas perdue pour autant\u00a0: elle part dès que quelqu’un est là.',
        'Débranchez le câble et regardez\u00a0: tout ce qui est ici se lit et se cherche encore, et vous pouvez continuer à écrire. La pastille de connexion ouvre la page Réseau, qui dit qui est là, quelles graines, et combien de données sont passées.',
        'Quand vous supprimez une publication, son texte est effacé partout où la suppression arrive. Ce qui ne se rattrape pas\u00a0: une copie faite par quelqu’un, et un ordinateur qui ne revient jamais en ligne. Nous préférons le dire que promettre davantage.',
        'palabre export écrit votre compte dans un seul fichier, avec tout ce que vous avez dit. palabre import le reprend, ici ou ailleurs. Si toutes les graines disparaissaient demain, de tels fichiers suffiraient à faire revenir la place.',
      ],
    },
    {
      name: 'Palabre\u00a0: calme et tranquillité',
      posts: [
        'L’accueil n’a pas d’algorithme. Les personnes que vous suivez viennent d’abord, par ordre de temps et rien d’autre. En dessous viennent les autres, sous des titres qui disent pourquoi. Vous pouvez replier chacune de ces parties, ou la retirer.',
        'Pour mettre quelqu’un en sourdine, ouvrez le menu d’une publication ou son profil. C’est privé, cela vaut sur tous vos appareils et s’annule à tout moment. La personne n’en sait rien.',
        'Un blocage est public et vaut dans les deux sens\u00a0: vous ne voyez plus la personne, et son Palabre ne lui montre plus ce que vous écrivez. C’est pour qui n’arrête pas. Pour qui est seulement pénible, la sourdine suffit.',
        'Personne ne peut vous chasser de toute la place, et personne n’est tenu de garder ce que vous écrivez. Qui tient une graine décide de ce qui se trouve sur son disque. Vous décidez de ce qui s’affiche sur votre écran.',
        'Un lien dans une publication demande avant de mener hors de Palabre, et rien n’est chargé depuis d’autres sites pendant que vous lisez. Aucun site ne peut donc compter votre lecture.',
      ],
    },
    {
      name: 'Palabre\u00a0: bon à savoir',
      posts: [
        'Clavier\u00a0: j et k parcourent les publications, l aime, r répond, t republie, q cite, / cherche, et ? les montre toutes. Les touches se taisent pendant que vous écrivez, et un réglage les désactive.',
        'La recherche parcourt tout ce que cet ordinateur contient, avec ou sans réseau. Chaque mot doit figurer. Une étiquette comme #palabre mène à toutes les publications qui la portent.',
        'Une publication se modifie après l’envoi. Chacun peut voir ce qu’elle disait avant\u00a0: il suffit d’ouvrir «\u00a0modifiée\u00a0».',
        'Les signets n’appartiennent qu’à vous\u00a0: seuls vos appareils peuvent les lire. Le signe se trouve sous chaque publication, et g b ouvre la page.',
        'Ces publications de bienvenue sont signées comme toutes les autres, avec des clés qui ont été jetées\u00a0: personne ne peut en ajouter, et les suivre n’apporte rien de nouveau. Quand vous en aurez assez lu, retirez-les avec «\u00a0Ne plus afficher\u00a0», plus haut. Les réglages les ramènent.',
      ],
    },
  ],
}

export const WELCOME_TEXTS = { en: EN, fr: FR } as const
