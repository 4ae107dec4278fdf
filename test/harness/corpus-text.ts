/**
 * Texts as long and as varied as people's: lengths are log-normal, words follow Zipf's law over a few that everybody
 * uses and many that hardly anybody does, so that an index over them grows as one over real posts does.
 */
import type { SeededChoice } from './seeded-random.ts'

export type CorpusLanguage = 'en' | 'fr' | 'es' | 'de' | 'pt' | 'ja'

const MEDIAN_LENGTH = 140
/** Of the logarithm: two thirds of all posts have between half and twice the median. */
const SPREAD = 0.65
const MIN_LENGTH = 2
const MAX_LENGTH = 1_400
const RARE_WORDS = 30_000
const EMOJI = [
  '😀',
  '😂',
  '🥲',
  '❤️',
  '🔥',
  '🙏',
  '👍',
  '🌿',
  '🎉',
  '🐈',
  '🚲',
  '☕',
  '🌧️',
  '📚',
  '👩‍💻',
  '🏳️‍🌈',
  '🇫🇷',
  '✊🏽',
]

interface Voice {
  readonly common: readonly string[]
  readonly syllables: readonly string[]
  readonly space: string
  readonly stop: string
  /** How much one character says, beside one of a European language. */
  readonly density: number
}

const VOICES: Readonly<Record<CorpusLanguage, Voice>> = {
  en: {
    common:
      words(`the of and to a in is it you that he was for on are with as I his they be at one have this from or had by
      hot but some what there we can out other were all your when up use word how said an each she which do their time if
      will way about many then them would write like so these her long make thing see him two has look more day could go
      come did my sound no most number who over know water than call first people may down side been now find any new work
      part take get place made live where after back little only round man year came show every good me give our under
      neighbour market garden morning rain bicycle library bread window river`),
    syllables: words(
      'ing er a ly ed i es re tion in e con y ter ex al de com o di en an ty ry u ti ri be per to pro ac ad',
    ),
    space: ' ',
    stop: '. ',
    density: 1,
  },
  fr: {
    common:
      words(`de la le et les des en un du une que est pour qui dans a par plus pas au sur ne se ce il sont avec son
      mais comme ou si leur y être deux même aussi été tout nous sa fait bien où sans peut tous après ans peu encore elle
      était avant année très ça voilà déjà là-bas aujourd’hui quelqu’un c’est l’été j’ai n’est d’accord cœur forêt élève
      garçon français hôpital goût naïf façon hier demain maison jardin marché fenêtre pluie vélo pain rivière voisine
      matin soirée chanson théâtre mémoire liberté`),
    syllables: words(
      'ment é re tion er i le de con ou an en ai è que la eu on te ri ma ve sé ré pa so ci ta vo ché œu gnon',
    ),
    space: ' ',
    stop: '. ',
    density: 1,
  },
  es: {
    common:
      words(`de la que el en y a los se del las un por con no una su para es al lo como más o pero sus le ha me si sin
      sobre este ya entre cuando todo esta ser son dos también fue había era muy años hasta desde está mi porque qué sólo
      señora mañana niño corazón lluvia ventana jardín pan río canción`),
    syllables: words('ción mente ado ido a e o ra re ta to ca co de di ma mo na no pa per ri sa se ti va ña ño ll'),
    space: ' ',
    stop: '. ',
    density: 1,
  },
  de: {
    common:
      words(`der die und in den von zu das mit sich des auf für ist im dem nicht ein eine als auch es an werden aus er
      hat dass sie nach wird bei einer um am sind noch wie einem über einen so zum war haben nur oder aber vor zur bis mehr
      durch man schön größer Straße Fenster Regen Garten Brot Fluss Nachbarin Morgen heute gestern`),
    syllables: words(
      'en er ung ge be ver ein keit lich heit schaft an auf ab aus vor zu mit stein land berg haus feld',
    ),
    space: ' ',
    stop: '. ',
    density: 1,
  },
  pt: {
    common:
      words(`de a o que e do da em um para é com não uma os no se na por mais as dos como mas foi ao ele das tem à seu
      sua ou ser quando muito há nos já está eu também só pelo pela até isso ela coração manhã chuva janela jardim pão rio`),
    syllables: words('ção mente ado ido a e o ra re ta to ca co de di ma mo nha lho pa per ri sa se ti va ões'),
    space: ' ',
    stop: '. ',
    density: 1,
  },
  ja: {
    common: [...'今日は雨ですね朝の市場で友達と会った窓から川が見える本を読む静かな夜だったありがとう明日また'],
    syllables: [
      ...'あいうえおかきくけこさしすせそたちつてとなにぬねのはひふへほまみむめもやゆよらりるれろわをん日月山川',
    ],
    space: '',
    stop: '。',
    density: 2.5,
  },
}

/** What a person writes in most: English and French in four of five. */
export function pickLanguage(choice: SeededChoice): CorpusLanguage {
  const at = choice.below(100)
  return at < 45 ? 'en' : at < 80 ? 'fr' : at < 88 ? 'es' : at < 94 ? 'de' : at < 98 ? 'pt' : 'ja'
}

/** A text of a log-normal length, one of seven with an emoji, one of twelve with a hashtag. */
export function makeText(choice: SeededChoice, language: CorpusLanguage, longest = MAX_LENGTH): string {
  const voice = VOICES[language]
  const length = Math.min(longest, pickLength(choice)) / voice.density
  let text = ''
  let isNew = true
  while (text.length < length) {
    const word = pickWord(choice, voice)
    text += isNew ? word.charAt(0).toUpperCase() + word.slice(1) : word
    isNew = choice.below(11) === 0
    text += isNew ? voice.stop : voice.space
  }
  text = text.trimEnd()
  if (choice.below(7) === 0) text += ` ${choice.pick(EMOJI)}`
  if (choice.below(12) === 0) text += ` #${pickWord(choice, voice)}`
  return text
}

export function pickEmoji(choice: SeededChoice): string {
  return choice.pick(EMOJI)
}

function pickLength(choice: SeededChoice): number {
  // Box and Muller: two even draws make a normal one.
  const normal = Math.sqrt(-2 * Math.log(1 - unit(choice))) * Math.cos(2 * Math.PI * unit(choice))
  return Math.min(MAX_LENGTH, Math.max(MIN_LENGTH, Math.round(MEDIAN_LENGTH * Math.exp(SPREAD * normal))))
}

/** Half of all words are common ones; the rest is made of syllables, by rank. */
function pickWord(choice: SeededChoice, voice: Voice): string {
  if (choice.below(2) === 0) return voice.common[Math.floor(voice.common.length * unit(choice) ** 2)] as string
  let rank = Math.floor(RARE_WORDS ** unit(choice))
  let word = ''
  do {
    word += voice.syllables[rank % voice.syllables.length] as string
    rank = Math.floor(rank / voice.syllables.length)
  } while (rank > 0)
  return word
}

/** 0 to 1, 1 left out. */
export function unit(choice: SeededChoice): number {
  return choice.below(2 ** 32) / 2 ** 32
}

function words(text: string): string[] {
  return text.trim().split(/\s+/)
}
