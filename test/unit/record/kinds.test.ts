import { CID } from 'multiformats/cid'
import { describe, expect, it } from 'vitest'
import { encodeCbor } from '../../../core/codec/dag-cbor.ts'
import {
  decodeBody,
  encodeBody,
  encodePost,
  encodeProfile,
  encodeReaction,
  KIND,
} from '../../../core/record/kinds/kind-table.ts'
import { BadRequestError } from '../../../core/util/errors.ts'
import { BODIES } from '../../../scripts/vectors/body-vectors.ts'

const salt = new Uint8Array(8)
const cid = CID.parse('bafkreibm6jg3ux5qumhcn2b3flc3tyu6dmlb4xa7u5bf44yegnrjhc4yeq')
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
    expect(decodeBody(KIND.block, new Uint8Array())).toEqual({ ok: true, kind: 'unknown', body: null })
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
