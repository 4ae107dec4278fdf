import { CID } from 'multiformats/cid'
import { describe, expect, it } from 'vitest'
import { encodeCbor } from '../../../core/codec/dag-cbor.ts'
import {
  decodeBody,
  encodeBlock,
  encodeBody,
  encodeEdit,
  encodeLabel,
  encodeList,
  encodeListMember,
  encodePin,
  encodePost,
  encodePrivate,
  encodeProfile,
  encodeReaction,
  KIND,
} from '../../../core/record/kinds/kind-table.ts'
import { BadRequestError } from '../../../core/util/errors.ts'
import { BODIES } from '../../../scripts/vectors/body-vectors.ts'

const salt = new Uint8Array(8)
const cid = CID.parse('bafkreibm6jg3ux5qumhcn2b3flc3tyu6dmlb4xa7u5bf44yegnrjhc4yeq')
const subject = { author: new Uint8Array(32).fill(1), id: new Uint8Array(32).fill(2) }
const person = { address: subject.author, genesis: new Uint8Array(8).fill(3) }
const list = new Uint8Array(16).fill(4)
const image = { cid, type: 'image/png', size: 10, width: 4, height: 3, alt: '' }

describe('decodeBody', () => {
  it.each(Object.entries(BODIES))('reads %s, and writes it again the same (REC8)', (name, value) => {
    const kind = name.replace(/ .*/, '') as 'post'
    const bytes = encodeCbor(value)
    const outcome = decodeBody(KIND[kind], bytes)
    expect(outcome).toMatchObject({ ok: true, kind })
    if (outcome.ok && outcome.kind !== 'unknown') expect(encodeBody(kind, outcome.body as never)).toEqual(bytes)
  })

  it('keeps what it does not know, apart from what it knows (REC8)', () => {
    const outcome = decodeBody(KIND.post, encodeCbor({ salt, text: 'x', poll: [1], media: [{ ...image, focus: 2 }] }))
    expect(outcome).toMatchObject({
      body: { text: 'x', extras: { poll: [1] }, media: [{ alt: '', extras: { focus: 2 } }] },
    })
  })

  it('looks at no body of a kind that it does not know (REC3)', () => {
    expect(decodeBody(14, new Uint8Array())).toEqual({ ok: true, kind: 'unknown', body: null })
    expect(decodeBody(60_000, Uint8Array.of(0xff))).toEqual({ ok: true, kind: 'unknown', body: null })
  })

  it('takes no field from the prototype of an object', () => {
    expect(decodeBody(KIND.post, encodeCbor({ salt }))).toMatchObject({ ok: false, reason: 'body-schema' })
    const outcome = decodeBody(KIND.post, encodeCbor({ salt, text: 'x', ['__proto__']: { lang: 'fr' } }))
    expect(outcome).toMatchObject({ ok: true, body: { text: 'x' } })
    expect(outcome.ok && outcome.kind === 'post' && outcome.body.lang).toBeUndefined()
  })
})

describe('encodeBody', () => {
  it('says which field breaks which limit', () => {
    expect(() => encodePost({ salt, text: 'é'.repeat(3_006) })).toThrow('post text is 6,012 bytes, limit 3,000')
    expect(() => encodePost({ salt, text: '', media: new Array(9).fill(image) })).toThrow(BadRequestError)
    expect(() => encodeProfile({ salt, name: '' })).toThrow('profile name is 0 bytes, at least 1 expected')
    expect(() => encodeReaction({ salt: new Uint8Array(7), subject: { author: salt, id: salt }, emoji: null })).toThrow(
      'reaction salt is 7 bytes, expected 8',
    )
  })

  it('refuses a body of more than 8,192 bytes', () => {
    const extras = { fill: new Uint8Array(8_192) }
    expect(() => encodePost({ salt, text: 'x', extras })).toThrow(/post is 8,\d+ bytes, limit 8,192/)
  })

  it('leaves empty lists out', () => {
    const bytes = encodePost({ salt, text: 'x', media: [], mentions: [], tags: [] })
    expect(bytes).toEqual(encodePost({ salt, text: 'x' }))
    expect(encodeProfile({ salt, name: 'n', seeds: [] })).toEqual(encodeProfile({ salt, name: 'n' }))
  })

  it('lets no extra key stand for one that it knows', () => {
    const bytes = encodePost({ salt, text: 'mine', extras: { text: 'theirs' } })
    expect(decodeBody(KIND.post, bytes)).toMatchObject({ body: { text: 'mine' } })
  })
})

/** The body as it is read back. */
function readBack(kind: keyof typeof KIND, bytes: Uint8Array): unknown {
  const outcome = decodeBody(KIND[kind], bytes)
  return outcome.ok ? outcome.body : outcome.detail
}

describe('an edit', () => {
  it('has the content of a post, under its own name (REC14)', () => {
    const content = { text: 'Anaïs #banc', lang: 'fr', media: [image], warn: 'soleil', tags: [{ start: 7, end: 12 }] }
    const mentions = [{ start: 0, end: 6, ...person }]
    const edit = { salt, subject, ...content, mentions }
    expect(readBack('edit', encodeEdit(edit))).toEqual(edit)
    expect(() => encodeEdit({ ...edit, text: 'é'.repeat(1_501) })).toThrow('edit text is 3,002 bytes, limit 3,000')
    expect(() => encodeEdit({ ...edit, lang: '?' })).toThrow('edit lang is "?", not a language tag')
    expect(() => encodeEdit({ ...edit, tags: [{ start: 7, end: 13 }] })).toThrow('edit tags')
    expect(() => encodeEdit({ ...edit, mentions: [{ start: 0, end: 4, ...person }] })).toThrow('cut a character')
  })

  it('is empty only with media: a quote is none of its own (REC14)', () => {
    expect(readBack('edit', encodeEdit({ salt, subject, text: '', media: [image] }))).toMatchObject({ text: '' })
    expect(() => encodeEdit({ salt, subject, text: '' })).toThrow('edit text is empty, and there is no media')
    const quoting = { salt, subject: [subject.author, subject.id], text: '', quote: [subject.author, subject.id] }
    expect(readBack('edit', encodeCbor(quoting))).toBe('edit text is empty, and there is no media')
    expect(readBack('edit', encodeCbor({ ...quoting, text: 'x' }))).toMatchObject({ extras: { quote: quoting.quote } })
  })

  it('lets no extra key stand for content that it leaves out', () => {
    const bytes = encodeEdit({ salt, subject, text: 'mine', extras: { lang: 'fr', warn: 'theirs', media: [] } })
    expect(bytes).toEqual(encodeEdit({ salt, subject, text: 'mine' }))
  })
})

describe('a label', () => {
  it('knows what it is about by its shape (REC15)', () => {
    const label = { salt, label: 'spam', on: true }
    for (const about of [
      { type: 'record', record: subject },
      { type: 'person', person },
      { type: 'media', cid },
    ] as const) {
      const body = { ...label, subject: about, until: 5, note: 'n' }
      expect(readBack('label', encodeLabel(body))).toEqual(body)
    }
  })

  it('says which field breaks which limit (REC15)', () => {
    const label = { salt, subject: { type: 'person', person } as const, label: 'spam', on: true }
    const short = { type: 'person', person: { ...person, genesis: salt.slice(1) } } as const
    expect(() => encodeLabel({ ...label, label: '' })).toThrow('label label is 0 bytes, at least 1 expected')
    expect(() => encodeLabel({ ...label, until: 0 })).toThrow('label until is 0, expected 1 …')
    expect(() => encodeLabel({ ...label, note: 'n'.repeat(257) })).toThrow('label note is 257 bytes, limit 256')
    expect(() => encodeLabel({ ...label, subject: short })).toThrow('label subject genesis is 7 bytes, expected 8')
    const record = CID.createV1(0x71, cid.multihash)
    expect(() => encodeLabel({ ...label, subject: { type: 'media', cid: record } })).toThrow(
      'label subject is neither raw nor dag-pb with sha2-256',
    )
  })
})

describe('edges', () => {
  it('are read as they were written (REC9, REC16)', () => {
    for (const on of [true, false]) {
      expect(readBack('block', encodeBlock({ salt, subject: person, on }))).toEqual({ salt, subject: person, on })
      expect(readBack('pin', encodePin({ salt, subject, on }))).toEqual({ salt, subject, on })
      const member = { salt, list, subject: person, on }
      expect(readBack('listMember', encodeListMember(member))).toEqual(member)
      const named = { salt, list, name: 'Voisins', about: 'Rue des Lilas', purpose: 'read', on }
      expect(readBack('list', encodeList(named))).toEqual(named)
    }
  })

  it('say which field breaks which limit (REC16)', () => {
    expect(() => encodeList({ salt, list, name: '', purpose: 'read', on: true })).toThrow('list name is 0 bytes')
    expect(() => encodeList({ salt, list, name: 'n', about: '', purpose: 'read', on: true })).toThrow('list about')
    const short = { salt, list: list.slice(1), subject: person, on: true }
    expect(() => encodeListMember(short)).toThrow('list member list is 15 bytes, expected 16')
  })
})

describe('a private record', () => {
  const grant = { recipient: salt, once: new Uint8Array(32), wrapped: new Uint8Array(48) }
  const sealed = { salt, key: salt, box: new Uint8Array(256) }

  it('is read as it was written, and has no empty list of grants (REC18)', () => {
    expect(readBack('private', encodePrivate({ ...sealed, grants: [grant] }))).toEqual({ ...sealed, grants: [grant] })
    expect(readBack('private', encodePrivate({ ...sealed, grants: [] }))).toEqual(sealed)
  })

  it('says which field breaks which limit (REC18)', () => {
    const box = new Uint8Array(255)
    const odd = { ...grant, wrapped: new Uint8Array(47) }
    expect(() => encodePrivate({ ...sealed, box })).toThrow('private box is 255 bytes, expected 256, 1024, 4096, 7680')
    expect(() => encodePrivate({ ...sealed, grants: [grant, odd] })).toThrow('private grant 2 key is 47 bytes')
    expect(() => encodePrivate({ ...sealed, grants: new Array(33).fill(grant) })).toThrow(
      '33 elements, expected 1 … 32',
    )
  })

  it('does not fit with more than four grants beside the largest box (REC5)', () => {
    const largest = { ...sealed, box: new Uint8Array(7_680) }
    expect(encodePrivate({ ...largest, grants: new Array(4).fill(grant) })).toHaveLength(8_099)
    expect(() => encodePrivate({ ...largest, grants: new Array(5).fill(grant) })).toThrow(/private is 8,193 bytes/)
  })
})
