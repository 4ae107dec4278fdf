export interface SamplePerson {
  readonly key: string
  readonly name: string
  readonly bio: string
  /** How the sample's owner stands to this person. */
  readonly follow: 'me' | 'following' | 'pending' | 'none'
  readonly followsMe: boolean
}

/** Ten people round a square, in two languages. `ines` is the one whose window it is. */
export const SAMPLE_PEOPLE: readonly SamplePerson[] = [
  {
    key: 'ines',
    name: 'Inès Carpentier',
    bio: 'Menuisière à la retraite, apprentie apicultrice. J’écris surtout le matin.',
    follow: 'me',
    followsMe: false,
  },
  {
    key: 'awa',
    name: 'Awa Ndiaye',
    bio: 'Pépinière communale, 412 arbres et une brouette. / Town nursery, 412 trees and one wheelbarrow.',
    follow: 'following',
    followsMe: true,
  },
  {
    key: 'tom',
    name: 'Tom Hallworth',
    bio: 'Lock keeper. Slow boats, fast kettles.',
    follow: 'following',
    followsMe: true,
  },
  {
    key: 'marguerite',
    name: 'Marguerite Leduc',
    bio: 'Bibliothécaire. Je réponds aux questions, surtout à celles qu’on n’ose pas poser.',
    follow: 'following',
    followsMe: true,
  },
  { key: 'kofi', name: 'Kofi Mensah', bio: 'Community radio, 98.2. Mornings.', follow: 'following', followsMe: true },
  {
    key: 'yuki',
    name: 'Yuki Sato',
    bio: 'Baker. Opens at six, sold out at nine.',
    follow: 'following',
    followsMe: false,
  },
  {
    key: 'velo',
    name: 'L’Atelier vélo',
    bio: 'On répare ensemble, jeudi de 17 h à 20 h, sous le marché couvert.',
    follow: 'following',
    followsMe: true,
  },
  {
    key: 'mill',
    name: 'Old Mill Press',
    bio: 'Letterpress, posters and one stubborn 1911 platen.',
    follow: 'following',
    followsMe: false,
  },
  { key: 'noor', name: 'Noor Haddad', bio: 'I look up. / Je lève les yeux.', follow: 'none', followsMe: true },
  { key: 'baptiste', name: 'Baptiste', bio: '', follow: 'none', followsMe: false },
]

/** Followed by address only: nothing of this account is here yet. */
export const PENDING_PERSON_KEY = 'unknown-friend'

/** Two people in a thousand have a picture; here more than half. */
export const PEOPLE_WITH_AVATAR: readonly string[] = ['ines', 'awa', 'tom', 'marguerite', 'yuki', 'noor']
