import { type CborMap, encodeCbor } from '../../core/codec/dag-cbor.ts'
import { image, person, salt, stranger, subject, type UnreadableBody, video } from './body-samples.ts'

const EDIT = { salt, subject, text: 'Bonsoir la grande place.' }

/** `count` ranges of a byte each, from the start of a text of ASCII. */
function ranges(count: number, ...more: readonly Uint8Array[]) {
  return Array.from({ length: count }, (_, i) => [i, i + 1, ...more])
}

export const EDIT_BODIES: Record<string, CborMap> = {
  edit: EDIT,
  'edit with everything': {
    salt,
    subject,
    text: 'Bonsoir Anaïs, deux bancs au soleil #marché',
    lang: 'fr',
    media: [{ ...image, thumb: new Uint8Array(32).fill(9), kind: 'image' }, image],
    warn: 'soleil',
    mentions: [[8, 14, ...person]],
    tags: [[37, 45]],
  },
  'edit of 3,000 bytes': { ...EDIT, text: 'é'.repeat(1_500) },
  'edit with nothing but a picture': { ...EDIT, text: '', media: [image] },
  'edit with eight pictures': { ...EDIT, media: new Array(8).fill(image) },
  'edit with a video': { ...EDIT, text: '', media: [video] },
  'edit with a language of 35 bytes': { ...EDIT, lang: 'abcdefgh-abcdefgh-abcdefgh-abcdefgh' },
  'edit with a warning of 256 bytes': { ...EDIT, warn: 'w'.repeat(256) },
  'edit with 32 mentions': {
    ...EDIT,
    text: 'a'.repeat(32),
    mentions: ranges(32, ...person),
  },
  'edit with 32 tags': { ...EDIT, text: 'a'.repeat(32), tags: ranges(32) },
  'edit with keys that only a post knows': { ...EDIT, reply: null, quote: 1, gate: '' },
}

const edit = (change: CborMap): Uint8Array => encodeCbor({ ...EDIT, ...change })

export function editFaults(): UnreadableBody[] {
  const bodies: readonly (readonly [name: string, body: Uint8Array])[] = [
    ['no salt', encodeCbor({ subject, text: 'x' })],
    ['no subject', encodeCbor({ salt, text: 'x' })],
    ['a person instead of a record', edit({ subject: person })],
    ['no text', encodeCbor({ salt, subject, media: [image] })],
    ['text of 3,001 bytes', edit({ text: `a${'é'.repeat(1_500)}` })],
    ['no text and no media', edit({ text: '' })],
    ['no text, and a quote, which an edit does not know', edit({ text: '', quote: subject })],
    ['an empty language', edit({ lang: '' })],
    ['a language of 36 bytes', edit({ lang: 'abcdefgh-abcdefgh-abcdefgh-abcdefg-a' })],
    ['an empty list of media', edit({ media: [] })],
    ['nine pictures', edit({ media: new Array(9).fill(image) })],
    ['a picture and a video', edit({ media: [image, video] })],
    ['an empty warning', edit({ warn: '' })],
    ['a warning of 257 bytes', edit({ warn: 'w'.repeat(257) })],
    ['no mentions in a list', edit({ mentions: [] })],
    ['33 mentions', edit({ text: 'a'.repeat(33), mentions: ranges(33, ...person) })],
    ['a mention that cuts a character', edit({ text: 'é!', mentions: [[1, 2, ...person]] })],
    ['a mention without the genesis', edit({ mentions: [[0, 5, stranger]] })],
    ['33 tags', edit({ text: 'a'.repeat(33), tags: ranges(33) })],
    ['a tag past the end of the text', edit({ text: 'x', tags: [[0, 2]] })],
    ['null for something that is left out', edit({ media: null })],
  ]
  return bodies.map(([name, body]) => [name, 'body-schema', 'edit', body])
}
