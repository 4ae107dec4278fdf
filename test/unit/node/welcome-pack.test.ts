import { describe, expect, it } from 'vitest'
import { formatPeerId } from '../../../core/identity/peer-id.ts'
import type { IngestBatch, IngestSource } from '../../../core/ingest/door.ts'
import { WELCOME_MADE_AT, WELCOME_PACK, WELCOME_VOICES } from '../../../core/node/welcome/pack-data.ts'
import { WelcomePack } from '../../../core/node/welcome/welcome-pack.ts'
import { decodeRecord } from '../../../core/record/decode-record.ts'
import { decodeBody } from '../../../core/record/kinds/kind-table.ts'
import { silentLogger } from '../../../core/util/logger.ts'
import { type MadeWelcome, makeWelcomePack } from '../../../scripts/welcome/make-pack.ts'
import { packModule } from '../../../scripts/welcome/pack-module.ts'
import { WELCOME_TEXTS } from '../../../scripts/welcome/texts.ts'
import { readBytes } from '../../harness/archives.ts'
import { seededRandom } from '../../harness/seeded-random.ts'

const shipped = () => readBytes(new Uint8Array(Buffer.from(WELCOME_PACK, 'base64')))

/** Who says what, in the order of the pack. */
async function said(bytes: Uint8Array) {
  const { records, error } = await readBytes(bytes)
  expect(error).toBeNull()
  return records.map((wire) => {
    const decoded = decodeRecord(wire)
    if (!decoded.ok || decoded.record.body === null) throw new Error('a record of the pack does not decode')
    const { header, body } = decoded.record
    const outcome = decodeBody(header.kind, body)
    const read: { text?: string; lang?: string; name?: string } =
      outcome.ok && (outcome.kind === 'post' || outcome.kind === 'profile') ? outcome.body : {}
    return { profile: formatPeerId(header.author), ts: header.ts, ...read, salt: undefined }
  })
}

describe('the welcome pack that is in the program', () => {
  it('is what the script makes of the texts, but for its keys', async () => {
    const made = makeWelcomePack({ random: seededRandom('any'), madeAt: WELCOME_MADE_AT })
    const names = (voices: MadeWelcome['voices']) => Object.values(voices).flat()
    const nameless = (all: Awaited<ReturnType<typeof said>>, voices: MadeWelcome['voices']) =>
      all.map(({ profile, ...rest }) => ({ ...rest, voice: names(voices).indexOf(profile) }))
    const bytes = new Uint8Array(Buffer.from(WELCOME_PACK, 'base64'))
    const { voices } = made
    expect(nameless(await said(bytes), WELCOME_VOICES)).toEqual(nameless(await said(made.bytes), voices))
    expect(names(WELCOME_VOICES)).not.toContain(names(voices)[0])
  })

  it('has as much in both languages, and nothing younger than it says', async () => {
    const all = await said(new Uint8Array(Buffer.from(WELCOME_PACK, 'base64')))
    expect(Math.max(...all.map(({ ts }) => ts))).toBe(WELCOME_MADE_AT)
    for (const lang of ['en', 'fr'] as const) {
      const posts = all.filter((one) => one.lang === lang)
      expect(posts).toHaveLength(25)
      expect(new Set(posts.map(({ profile }) => profile))).toEqual(new Set(WELCOME_VOICES[lang]))
      expect(WELCOME_TEXTS[lang].voices.map(({ posts: { length } }) => length)).toEqual([5, 5, 5, 5, 5])
    }
  })

  it('comes out the same from the same randomness', () => {
    const make = () => makeWelcomePack({ random: seededRandom('again'), madeAt: 1_767_225_600_000 })
    const text = packModule(make(), 1)
    expect(packModule(make(), 1)).toBe(text)
    expect(text).toContain('export const WELCOME_MADE_AT = 1\n')
  })
})

describe('WelcomePack', () => {
  const page = { items: [], cursor: null }

  it('goes through the door once, by a source of its own, and only when it is to be shown', async () => {
    const { operations, records } = await shipped()
    const taken: unknown[] = []
    const door = {
      ingest: async (batch: IngestBatch, source: IngestSource) => {
        taken.push({
          operations: batch.operations.map((wire) => Uint8Array.from(wire)),
          records: batch.records.map((wire) => Uint8Array.from(wire)),
          source,
        })
        return { operations: [], records: [] }
      },
    }
    const asked: unknown[] = []
    const reader = {
      beyond: async (query: unknown) => {
        asked.push(query)
        return page
      },
    }
    const pack = new WelcomePack({ door, reader, logger: silentLogger }, { network: 'palabre', isTaken: true })
    const others = await pack.beyond({ rung: 'others', language: 'en', limit: 9 })
    expect([taken, others.madeAt]).toEqual([[], null])
    const both = ['en', 'fr'] as const
    await Promise.all(both.map((language) => pack.beyond({ rung: 'welcome', language, limit: 9 })))
    const plain = (all: readonly Uint8Array[]) => all.map((wire) => Uint8Array.from(wire))
    expect(taken).toEqual([{ operations: plain(operations), records: plain(records), source: { kind: 'welcome' } }])
    expect(asked[2]).toMatchObject({ rung: 'welcome', spoken: WELCOME_VOICES.fr })
  })

  it('says nothing on a seed and on another network, and tries again after the disk refused', async () => {
    let calls = 0
    const door = {
      ingest: async () => {
        calls++
        throw new Error('disk full')
      },
    }
    const open = (network: string, isTaken: boolean) =>
      new WelcomePack({ door, reader: { beyond: async () => page }, logger: silentLogger }, { network, isTaken })
    const ask = (pack: WelcomePack) => pack.beyond({ rung: 'welcome', language: 'en', limit: 1 })
    await Promise.all([ask(open('palabre', false)), ask(open('elsewhere', true))])
    expect(calls).toBe(0)
    const full = open('palabre', true)
    await ask(full)
    await ask(full)
    expect(calls).toBe(2)
  })
})
