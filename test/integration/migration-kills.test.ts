import { spawnSync } from 'node:child_process'
import { cpSync, existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { TestAuthor } from '../harness/authors.ts'
import { FUZZ_IS_LONG, fuzzSeed, SeededChoice } from '../harness/seeded-random.ts'
import { watchSteps } from '../harness/sqlite-steps.ts'
import { makeTempDir } from '../harness/temp-dir.ts'
import { TestSquare } from '../harness/test-square.ts'

const VERSIONS = ['v1', 'v3', 'v4']
const VICTIM = new URL('../harness/migration-victim.ts', import.meta.url).pathname
/** Moments that are looked at, of each version; all of them in the long tier. */
const MOMENTS = FUZZ_IS_LONG ? Number.POSITIVE_INFINITY : 8
const KILLS = FUZZ_IS_LONG ? 40 : 2
const CONTROL_MOMENTS = 8
const TIMEOUT_MS = 1_800_000

const seed = fuzzSeed('migration kills')

function copyFixture(version: string): string {
  const dataDir = makeTempDir()
  cpSync(new URL(`../fixtures/databases/${version}`, import.meta.url).pathname, dataDir, { recursive: true })
  return dataDir
}

/** Some of the numbers from 1 to `count`, in order. */
function pickMoments(count: number, limit: number, choice: SeededChoice): number[] {
  const all = Array.from({ length: count }, (_, i) => i + 1)
  while (all.length > limit) all.splice(choice.below(all.length), 1)
  return all
}

function countSteps(version: string): number {
  const dataDir = copyFixture(version)
  return watchSteps({ onStep: () => {} }, () => new TestSquare({ dataDir, me: new TestAuthor('Ada') }))
}

/**
 * What lies on the disk at these moments of opening a store of this version: what a process leaves that is killed there,
 * because what SQLite has written is in the files as others see them.
 */
function copiesAt(version: string, moments: readonly number[], isWithoutTransactions: boolean): string[] {
  const dataDir = copyFixture(version)
  const copies: string[] = []
  const onStep = (step: number) => {
    if (!moments.includes(step)) return
    const copy = makeTempDir()
    cpSync(dataDir, copy, { recursive: true })
    copies.push(copy)
  }
  const open = () => new TestSquare({ dataDir, me: new TestAuthor('Ada') }).close()
  watchSteps({ onStep, isWithoutTransactions }, open)
  return copies
}

/** Everything that was in the databases of old, in a store that was opened as if nothing had happened. */
function expectEverything(dataDir: string): void {
  const ben = new TestAuthor('Ben')
  const test = new TestSquare({ dataDir, me: new TestAuthor('Ada') })
  const { square } = test
  expect(existsSync(join(dataDir, 'damaged'))).toBe(false)
  expect(square.integrityCheck()).toEqual([])
  const home = square.home({ limit: 10 }).items
  expect(home.map(({ text, state }) => [text, state])).toEqual([
    ['under the tree', 'shown'],
    ['', 'deleted'],
    ['bonjour la place', 'shown'],
  ])
  expect(home[0]?.media).toMatchObject([{ alt: 'two dots', state: 'here' }])
  expect(home[2]).toMatchObject({ author: ben.profile, name: 'Ben', mine: { reaction: '❤' } })
  expect(square.search('place', { limit: 10 }).items).toHaveLength(1)
  expect(square.follows()).toMatchObject([{ state: 'pending' }, { state: 'following', name: 'Ben' }])
  expect(square.getState('settings')).toEqual({ theme: 'dark' })
  expect(square.stats()).toMatchObject({ ownRecords: 4, ownUnheld: 2, records: 8 })
  test.close()
}

describe.each(VERSIONS)('databases of %s, opened by a process that ends at any moment', (version) => {
  it(
    `open afterwards with everything that was in them (seed ${seed})`,
    () => {
      const moments = pickMoments(countSteps(version), MOMENTS, new SeededChoice(seed))
      const copies = copiesAt(version, moments, false)
      expect(copies).toHaveLength(moments.length)
      for (const copy of copies) expectEverything(copy)
    },
    TIMEOUT_MS,
  )

  it(
    `open afterwards, whoever killed the process (seed ${seed})`,
    () => {
      const steps = pickMoments(countSteps(version), KILLS, new SeededChoice(seed + 1))
      for (const step of steps) {
        const dataDir = copyFixture(version)
        const victim = spawnSync(process.execPath, ['--no-warnings', VICTIM, dataDir, String(step)], {
          encoding: 'utf8',
        })
        expect(victim.signal, victim.stderr).toBe('SIGKILL')
        expectEverything(dataDir)
      }
    },
    TIMEOUT_MS,
  )
})

describe('a migration whose statements stand alone', () => {
  it(
    'leaves what does not open as if nothing had happened: the control',
    () => {
      const open = () => new TestSquare({ dataDir: copyFixture('v1'), me: new TestAuthor('Ada') })
      const count = watchSteps({ onStep: () => {}, isWithoutTransactions: true }, open)
      const copies = copiesAt('v1', pickMoments(count, CONTROL_MOMENTS, new SeededChoice(seed)), true)
      const fails = copies.filter((copy) => {
        try {
          expectEverything(copy)
          return false
        } catch {
          return true
        }
      })
      expect(fails.length).toBeGreaterThan(0)
    },
    TIMEOUT_MS,
  )
})
