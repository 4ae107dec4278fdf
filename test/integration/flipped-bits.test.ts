import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openSquare, type Square } from '../../core/node/square.ts'
import type { SquareInit } from '../../core/node/square-calls.ts'
import { ManualClock } from '../../core/util/clock.ts'
import { PalabreError } from '../../core/util/errors.ts'
import { silentLogger } from '../../core/util/logger.ts'
import { TEST_EPOCH_MS, TestAuthor } from '../harness/authors.ts'
import {
  contentsOf,
  copyWithDamage,
  DATABASES,
  type DatabaseName,
  fetchMedia,
  fillStore,
  scrubAll,
  seenIn,
  shownTexts,
  signedTexts,
  type Town,
} from '../harness/damaged-store.ts'
import { FUZZ_IS_LONG, fuzzSeed, SeededChoice } from '../harness/seeded-random.ts'
import { syncAll } from '../harness/square-sync.ts'

const FILES = FUZZ_IS_LONG ? 300 : 12
/** Turned over in each file. */
const MIN_BITS = 4
const MAX_BITS = 12
const CONTROL_FILES = 4
const TIMEOUT_MS = FUZZ_IS_LONG ? 3_600_000 : 600_000
const DATABASE_HEADER_BYTES = 100

/** The fast tier looks at the same files each time. */
const seed = FUZZ_IS_LONG ? fuzzSeed('flipped bits') : 11

describe('a store with bits turned over on its disk', () => {
  const clock = new ManualClock(TEST_EPOCH_MS + 86_400_000)
  let folder: string
  let pristine: string
  let town: Town
  let peer: Square
  let contents: readonly string[]
  let seen: readonly string[]

  function open(dataDir: string, change: Partial<SquareInit> = {}): Square {
    const components = { clock, logger: silentLogger, onIngested: () => {} }
    const init = { domain: 'palabre', role: 'peer', admit: 'all', pins: [], account: null } as const
    return openSquare(components, { ...init, dataDir, ...change })
  }

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'palabre-bits-'))
    pristine = join(folder, 'pristine')
    const whole = open(pristine, { account: new TestAuthor('Nour').account })
    town = fillStore(whole)
    peer = open(join(folder, 'peer'), { role: 'seed' })
    await syncAll({ square: whole, clock }, { square: peer, clock })
    fetchMedia(peer, whole)
    seen = seenIn(whole, town)
    whole.checkpoint()
    whole.close()
    contents = contentsOf(pristine)
  })
  afterAll(() => {
    peer.close()
    rmSync(folder, { recursive: true, force: true })
  })

  /** Opens a damaged copy; null where it is refused because it looks like somebody else's or a later one. */
  function openDamaged(dataDir: string, lowest: number): Square | null {
    try {
      return open(dataDir, { account: town.me.account })
    } catch (error) {
      if (lowest < DATABASE_HEADER_BYTES && error instanceof PalabreError) return null
      throw error
    }
  }

  async function repair(dataDir: string, square: Square): Promise<Square> {
    const { broken } = scrubAll(square)
    let whole = square
    if (broken.length > 0) {
      square.close()
      whole = open(dataDir, { account: town.me.account, rebuild: broken })
    }
    while (whole.care.salvage());
    return whole
  }

  it.each(DATABASES)(
    `is found and made whole again from a peer: %s, ${FILES / 3} files, seed ${seed}`,
    async (name) => {
      const choice = new SeededChoice(seed + DATABASES.indexOf(name))
      const signed = signedTexts(town)
      let damagedFiles = 0
      for (let file = 0; file < FILES / DATABASES.length; file++) {
        const dataDir = join(folder, `${name}-${file}`)
        const lowest = copyWithDamage(pristine, dataDir, {
          name,
          bits: MIN_BITS + choice.below(MAX_BITS - MIN_BITS + 1),
          choice,
        })
        const isDamaged = !isSame(contentsOf(dataDir), contents)
        const opened = openDamaged(dataDir, lowest)
        if (opened === null) continue
        if (isDamaged) damagedFiles++
        const square = await repair(dataDir, opened)
        // Before anybody was asked: what can't be proven isn't shown.
        const wrong = shownTexts(square, town).filter((text) => !signed.has(text))
        expect(wrong, `file ${file}`).toEqual([])
        await syncAll({ square, clock }, { square: peer, clock })
        fetchMedia(square, peer)
        expect(square.integrityCheck(), `file ${file}`).toEqual([])
        expect(scrubAll(square), `file ${file}`).toMatchObject({
          damaged: { records: 0, operations: 0, blocks: 0 },
          broken: [],
        })
        expect(seenIn(square, town), `file ${file}`).toEqual(seen)
        square.checkpoint()
        square.close()
        expect(contentsOf(dataDir), `file ${file}`).toEqual(contents)
        rmSync(dataDir, { recursive: true })
      }
      expect(damagedFiles).toBeGreaterThan(0)
    },
    TIMEOUT_MS,
  )

  it('is mended where an own text is said not to be here', () => {
    const dataDir = join(folder, 'own')
    cpSync(pristine, dataDir, { recursive: true })
    const db = new DatabaseSync(join(dataDir, 'own.db'))
    db.exec('UPDATE own_record SET body = NULL WHERE seq = 7')
    db.close()
    const square = open(dataDir, { account: town.me.account })
    expect(scrubAll(square).damaged.records).toBeGreaterThan(0)
    expect(scrubAll(square).damaged.records).toBe(0)
    square.checkpoint()
    square.close()
    expect(contentsOf(dataDir)).toEqual(contents)
    rmSync(dataDir, { recursive: true })
  })

  it('stays damaged where nobody looks through it: the control', async () => {
    const choice = new SeededChoice(seed)
    let damaged = 0
    for (let file = 0; file < CONTROL_FILES; file++) {
      const dataDir = join(folder, `control-${file}`)
      const name: DatabaseName = file % 2 === 0 ? 'square.db' : 'media.db'
      const lowest = copyWithDamage(pristine, dataDir, { name, bits: MAX_BITS, choice })
      const square = openDamaged(dataDir, lowest)
      if (square === null) continue
      try {
        await syncAll({ square, clock }, { square: peer, clock })
        fetchMedia(square, peer)
      } catch {
        // What it met can't even be read.
      }
      square.close()
      if (!isSame(contentsOf(dataDir), contents)) damaged++
      rmSync(dataDir, { recursive: true })
    }
    expect(damaged).toBeGreaterThan(0)
  })
})

function isSame(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((line, i) => line === other[i])
}
