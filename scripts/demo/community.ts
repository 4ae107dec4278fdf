/** The sample community of `npm run demo`: four invented people who share a harbour town, in English and in French. */

export type PersonKey = 'solene' | 'hollis' | 'maelle' | 'noor'

export interface DemoPerson {
  readonly key: PersonKey
  readonly name: string
  readonly bio: string
}

export interface DemoPicture {
  /** File name below scripts/demo/pictures. */
  readonly file: string
  readonly alt: string
}

/** One thing that somebody does. Posts name themselves by `key`, so that later steps can answer or react to them. */
export type DemoStep =
  | {
      readonly does: 'post'
      readonly who: PersonKey
      readonly key: string
      readonly lang: 'en' | 'fr'
      readonly text: string
      readonly pictures?: readonly DemoPicture[]
      readonly replyTo?: string
    }
  | { readonly does: 'react'; readonly who: PersonKey; readonly to: string; readonly emoji: string }
  | { readonly does: 'repost'; readonly who: PersonKey; readonly of: string }

export const people: readonly DemoPerson[] = [
  {
    key: 'solene',
    name: 'Solène Abara',
    bio: 'Jardin partagé des Tilleuls, côté citerne. J’écris en français, je lis tout.',
  },
  {
    key: 'hollis',
    name: 'Hollis Wrenfield',
    bio: 'Reads the old tide gauge every morning and writes the number down. Boat paint under the nails.',
  },
  {
    key: 'maelle',
    name: 'Maëlle Kervadec',
    bio: 'Gardienne de carnets de marée, relieuse le dimanche. Je lis les vieux registres pour que les nouveaux soient mieux tenus.',
  },
  {
    key: 'noor',
    name: 'Noor Haldane',
    bio: 'Bread, bees, two languages. Keeps a seed on the shelf behind the flour.',
  },
]

/** What stands in the square when a newcomer arrives, in order. */
export const opening: readonly DemoStep[] = [
  {
    does: 'post',
    who: 'noor',
    key: 'starter',
    lang: 'en',
    text: 'The starter doubled overnight. If anybody wants a jar, there are three on the step. Bring back the glass, keep the bread.',
    pictures: [{ file: 'starter.webp', alt: 'A jar of sourdough starter, doubled above a green elastic band' }],
  },
  { does: 'react', who: 'maelle', to: 'starter', emoji: '🍞' },
  {
    does: 'post',
    who: 'solene',
    key: 'starter-1',
    lang: 'fr',
    text: 'J’en prends un\u00a0! Je rapporte le bocal jeudi, avec des tomates dedans si le soleil tient.',
    replyTo: 'starter',
  },
  {
    does: 'post',
    who: 'maelle',
    key: 'register',
    lang: 'fr',
    text: 'Page du 9 novembre 1931, encre violette\u00a0: «\u00a0mer belle, rien à signaler, sinon que le chat est revenu\u00a0». Je classe ça dans les observations.',
    pictures: [
      {
        file: 'register.webp',
        alt: 'Un registre ouvert, deux colonnes de chiffres à l’encre violette et le dessin d’un chat en marge',
      },
    ],
  },
  { does: 'react', who: 'noor', to: 'register', emoji: '🐈' },
  { does: 'react', who: 'hollis', to: 'register', emoji: '❤' },
  { does: 'repost', who: 'noor', of: 'register' },
  {
    does: 'post',
    who: 'noor',
    key: 'word',
    lang: 'en',
    text: 'I keep “palabre” in French and explain it once. English has no word for a long talk under a tree that ends when everybody has been heard.',
  },
  {
    does: 'post',
    who: 'hollis',
    key: 'word-1',
    lang: 'en',
    text: 'My grandmother had one. It was “come in out of the wind”.',
    replyTo: 'word',
  },
  { does: 'react', who: 'solene', to: 'word-1', emoji: '❤' },
  {
    does: 'post',
    who: 'solene',
    key: 'cistern',
    lang: 'fr',
    text: 'La voilà, notre citerne. 1\u202f200\u00a0litres, posée samedi à huit paires de mains. Il manque le robinet, et quelqu’un qui sache souder.',
    pictures: [
      {
        file: 'cistern.webp',
        alt: 'Une citerne bleue sous la pluie, au fond du jardin, avec un petit robinet de cuivre',
      },
    ],
  },
  {
    does: 'post',
    who: 'hollis',
    key: 'cistern-1',
    lang: 'en',
    text: 'I can weld, if you don’t mind boat welds: ugly, and dry for forty years. Saturday?',
    replyTo: 'cistern',
  },
  {
    does: 'post',
    who: 'solene',
    key: 'cistern-2',
    lang: 'fr',
    text: 'Samedi. Je fais du café, et je ne regarderai pas la soudure.',
    replyTo: 'cistern-1',
  },
  { does: 'react', who: 'hollis', to: 'cistern-2', emoji: '☕' },
  {
    does: 'post',
    who: 'hollis',
    key: 'gauge',
    lang: 'en',
    text: 'First light on the low-water mark. The gauge at the old pier read 0.42\u00a0m, the lowest since I began the book in 2009. The raw readings are in the thread: take them, they are nobody’s.',
    pictures: [
      { file: 'gauge.webp', alt: 'Sunrise behind an old pier; a red tide gauge with white marks stands at its end' },
    ],
  },
  {
    does: 'post',
    who: 'hollis',
    key: 'gauge-1',
    lang: 'en',
    text: 'Readings, every ten minutes since Friday: 0.61, 0.58, 0.53, 0.47, 0.42, 0.44, 0.49. The dip at 04:50 is a seal, not the moon.',
    replyTo: 'gauge',
  },
  {
    does: 'post',
    who: 'maelle',
    key: 'gauge-2',
    lang: 'fr',
    text: 'Chez nous aussi, 0,38\u00a0m au port vieux. On compare nos carnets dimanche\u00a0? J’apporte les marées de 1987.',
    replyTo: 'gauge',
  },
  {
    does: 'post',
    who: 'hollis',
    key: 'gauge-3',
    lang: 'en',
    text: 'Yes, and the 1987 ones most of all.',
    replyTo: 'gauge-2',
  },
  {
    does: 'post',
    who: 'noor',
    key: 'gauge-4',
    lang: 'en',
    text: '“Take them, they are nobody’s” should be carved over the door of every archive.',
    replyTo: 'gauge',
  },
  { does: 'react', who: 'solene', to: 'gauge', emoji: '❤' },
  { does: 'react', who: 'maelle', to: 'gauge', emoji: '🌊' },
  { does: 'react', who: 'noor', to: 'gauge', emoji: '❤' },
  { does: 'repost', who: 'maelle', of: 'gauge' },
  {
    does: 'post',
    who: 'maelle',
    key: 'bees',
    lang: 'fr',
    text: 'L’essaim du clocher a déménagé dans la boîte aux lettres de la mairie. Le courrier attendra, les abeilles non.',
    pictures: [
      { file: 'bees.webp', alt: 'Une boîte aux lettres jaune, entourée d’abeilles, devant un mur de pierre' },
      { file: 'square.webp', alt: 'La place du village, un grand tilleul au milieu et quatre chaises vides dessous' },
    ],
  },
  { does: 'react', who: 'noor', to: 'bees', emoji: '🐝' },
  {
    does: 'post',
    who: 'solene',
    key: 'meeting',
    lang: 'fr',
    text: 'Réunion du jardin partagé jeudi à 18\u00a0h\u00a030, sous le tilleul. On décide de la citerne\u00a0: apportez vos chiffres, pas seulement vos opinions.',
  },
]

/** What they go on saying, one every half minute or so, while the demo runs. */
export const later: readonly DemoStep[] = [
  {
    does: 'post',
    who: 'hollis',
    key: 'l1',
    lang: 'en',
    text: 'Wind backed to the north-west. The gauge hums on one note when it does that; B flat, says the organist.',
  },
  { does: 'react', who: 'noor', to: 'meeting', emoji: '👍' },
  {
    does: 'post',
    who: 'noor',
    key: 'l2',
    lang: 'en',
    text: 'Two jars gone from the step, one note left instead: “the loaf will come on Friday”. I believe it.',
  },
  {
    does: 'post',
    who: 'maelle',
    key: 'l3',
    lang: 'fr',
    text: 'Trouvé entre deux pages de 1954\u00a0: un ticket de bac, aller simple. Personne n’est revenu le réclamer.',
  },
  { does: 'react', who: 'hollis', to: 'l3', emoji: '❤' },
  {
    does: 'post',
    who: 'noor',
    key: 'l4',
    lang: 'en',
    text: 'I can bring figures on Thursday: the bakery roof gives 310\u00a0litres for 5\u00a0mm of rain. Measured, not guessed.',
    replyTo: 'meeting',
  },
  {
    does: 'post',
    who: 'hollis',
    key: 'l5',
    lang: 'en',
    text: 'Asked the harbour office for the 1960s readings. They said the box is damp but readable, which is also how I would describe the harbour office.',
  },
  { does: 'repost', who: 'maelle', of: 'l5' },
  {
    does: 'post',
    who: 'maelle',
    key: 'l6',
    lang: 'fr',
    text: 'Le papier de soie est arrivé. Dimanche, atelier de reliure ouvert\u00a0: venez avec un livre qui souffre.',
  },
  {
    does: 'post',
    who: 'noor',
    key: 'l7',
    lang: 'en',
    text: 'It has a broken spine, a coffee ring and my father’s notes. Does that count as suffering?',
    replyTo: 'l6',
  },
  {
    does: 'post',
    who: 'maelle',
    key: 'l8',
    lang: 'fr',
    text: 'C’est même le cas parfait. On gardera la tache de café.',
    replyTo: 'l7',
  },
  {
    does: 'post',
    who: 'hollis',
    key: 'l9',
    lang: 'en',
    text: 'Evening reading: 1.93\u00a0m and a heron on the 2. I wrote both down.',
  },
]
