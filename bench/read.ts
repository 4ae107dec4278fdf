/**
 * Reading in the store's thread, from a square.db of many records: home (first page, deep, among follows of whom many are
 * quiet), profile, thread, tag, list, notifications and search, a page of 50 each. The floor is the least that a page can
 * cost: an indexed join of the same rows, five columns, on the same file, in turns with it. Then the same home page with
 * 100,000 labels and a list of 50,000 people: what deciding costs. No network.
 *
 *     node bench/read.ts [--records 100000] [--rounds 200] [--data FOLDER]
 *
 * Filling takes minutes for a million records; a folder given with --data is filled once and used again.
 */
import { existsSync, mkdirSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { formatPeerId } from '../core/identity/peer-id.ts'
import { openSquare } from '../core/node/square.ts'
import { DecisionTable } from '../core/store/decision-table.ts'
import { FilteredSearch, type PostFilter } from '../core/store/filtered-search.ts'
import { type PageKey, PostQueries } from '../core/store/post-queries.ts'
import { SearchQueries } from '../core/store/search-queries.ts'
import { toSearchExpressions } from '../core/store/search-text.ts'
import { SquareDatabase } from '../core/store/square-database.ts'
import { systemClock } from '../core/util/clock.ts'
import { silentLogger } from '../core/util/logger.ts'
import { SeededChoice } from '../test/harness/seeded-random.ts'
import { AUTHORS, authorAddress, COMMON_WORD, FOLLOWS, fillSquare, RARE_WORD, RAREST_WORD } from './filled-square.ts'
import { percentile, printFigure, printMachine, readNumber, readRounds } from './harness.ts'

const PAGE = 50
const MONTH_MS = 30 * 86_400_000
const LABELS = 100_000
const LIST = 50_000
const MUTED = 300
const ME = new Uint8Array(32).fill(9)
const START: PageKey = { sortMs: Number.MAX_SAFE_INTEGER, id: new Uint8Array(33).fill(255) }

const records = readNumber('--records', 100_000, { least: 1_000, most: 10_000_000 })
const rounds = readRounds(200)
const given = process.argv.indexOf('--data')
const folder = given < 0 ? await mkdtemp(join(tmpdir(), 'palabre-bench-')) : (process.argv[given + 1] as string)
const path = join(folder, 'square.db')

interface Candidate {
  readonly name: string
  readonly floor: string | null
  readonly read: (round: number) => unknown
}

/** Every candidate once a round; the first tenth warms up. */
function measure(candidates: readonly Candidate[]): void {
  const samples = new Map(candidates.map(({ name }) => [name, [] as number[]]))
  const warm = Math.ceil(rounds / 10)
  for (let round = -warm; round < rounds; round++) {
    for (const { name, read } of candidates) {
      const startedAt = performance.now()
      read(Math.max(0, round))
      if (round >= 0) samples.get(name)?.push(performance.now() - startedAt)
    }
  }
  for (const { name, floor } of candidates) {
    const taken = samples.get(name) ?? []
    const least = floor === null ? undefined : samples.get(floor)
    for (const [share, suffix] of [
      [0.5, 'p50'],
      [0.99, 'p99'],
    ] as const) {
      const beside = least === undefined ? {} : { floor: { name: floor as string, value: percentile(least, share) } }
      const value = percentile(taken, share)
      printFigure({ figure: `read.${name}.${suffix}`, unit: 'ms', value, samples: rounds, ...beside })
    }
  }
}

function measureStore(square: SquareDatabase, suffix: string): void {
  const { db } = square
  const posts = new PostQueries(square)
  const searches = new SearchQueries(square)
  const filtered = new FilteredSearch(square)
  const choice = new SeededChoice(11)
  const bare = db.prepare(
    `SELECT record.record_key, record.id, record.author_id, record.sort_ms, record.body
     FROM home JOIN record ON record.record_key = home.post_key
     WHERE (home.sort_ms, home.entry_id) < (?, ?) ORDER BY home.sort_ms DESC, home.entry_id DESC LIMIT ${PAGE}`,
  )
  const ends = db.prepare('SELECT min(sort_ms) AS first, max(sort_ms) AS last FROM home').get()
  const [first, last] = [ends?.first as number, ends?.last as number]
  const deep = Array.from({ length: rounds }, () => ({ sortMs: first + choice.below(last - first), id: START.id }))
  const home: Candidate[] = [
    { name: `bare${suffix}`, floor: null, read: () => bare.all(START.sortMs, START.id) },
    { name: `home${suffix}`, floor: `bare${suffix}`, read: () => posts.home(null, PAGE) },
    {
      name: `bare-deep${suffix}`,
      floor: null,
      read: (i) => bare.all((deep[i] as PageKey).sortMs, START.id),
    },
    { name: `home-deep${suffix}`, floor: `bare-deep${suffix}`, read: (i) => posts.home(deep[i] as PageKey, PAGE) },
  ]
  if (suffix !== '') {
    measure(home)
    return
  }
  const authorIds = db.prepare('SELECT author_id FROM author WHERE post_count > 0 ORDER BY author_id').all()
  const author = () => choice.pick(authorIds).author_id as number
  const tags = db.prepare('SELECT tag FROM post_tag LIMIT 200').all()
  const followed = Array.from({ length: FOLLOWS }, author)
  const search = (name: string, text: string): Candidate => {
    const sought = toSearchExpressions(text) ?? { words: null, grams: null }
    return { name: `search.${name}`, floor: null, read: () => searches.search(sought, null, PAGE) }
  }
  const filter = (name: string, text: string, next: () => Partial<PostFilter>): Candidate => {
    const sought = text === '' ? null : toSearchExpressions(text)
    return {
      name: `search.${name}`,
      floor: null,
      read: () => filtered.search(sought, { hasMedia: false, ...next() }, null, PAGE),
    }
  }
  const month = () => {
    const sinceMs = first + choice.below(last - first)
    return { sinceMs, untilMs: sinceMs + MONTH_MS }
  }
  measure([
    ...home,
    filter('author', '', () => ({ authorId: author() })),
    filter('author-common', COMMON_WORD, () => ({ authorId: author() })),
    filter('author-rarest', RAREST_WORD, () => ({ authorId: author() })),
    filter('month-common', COMMON_WORD, month),
    filter('media', '', () => ({ hasMedia: true })),
    filter('media-common', COMMON_WORD, () => ({ hasMedia: true })),
    { name: 'profile', floor: null, read: () => posts.ofAuthor(author(), null, PAGE) },
    { name: 'tag', floor: null, read: () => posts.tagged(choice.pick(tags).tag as string, null, PAGE) },
    { name: 'list', floor: null, read: () => posts.ofAuthors(followed, null, PAGE) },
    search('common', COMMON_WORD),
    search('beginning', COMMON_WORD.slice(0, 3)),
    search('rare', RARE_WORD),
    search('rarest', RAREST_WORD),
    search('two', `${COMMON_WORD} ${RARE_WORD}`),
    search('grams', '天气'),
  ])
}

/** Pages as they cross to the main thread: people, my reactions and pictures looked up. */
function measurePages(): void {
  const square = openSquare(
    { clock: systemClock, logger: silentLogger, onIngested: () => {} },
    { dataDir: folder, domain: 'palabre', role: 'peer', admit: 'all', pins: [], account: readOnlyAccount() },
  )
  try {
    const choice = new SeededChoice(12)
    const homePage = square.home({ limit: 500 }).items
    // The file may be of another version, and then a new one stands in its place.
    if (homePage.length === 0) throw new Error(`${path} isn't one that this bench filled: give another folder`)
    const profile = () => formatPeerId(authorAddress(choice.below(AUTHORS)))
    measure([
      { name: 'page.home', floor: null, read: () => square.home({ limit: PAGE }) },
      { name: 'page.profile', floor: null, read: () => square.profilePosts(profile(), { limit: PAGE }) },
      { name: 'page.person', floor: null, read: () => square.profile(profile()) },
      { name: 'page.thread', floor: null, read: () => square.thread(choice.pick(homePage).id) },
      { name: 'page.search', floor: null, read: () => square.search(COMMON_WORD, { limit: PAGE }) },
      { name: 'page.notifications', floor: null, read: () => square.notifications({ limit: PAGE }) },
    ])
  } finally {
    square.close()
  }
}

function readOnlyAccount() {
  const none = new Uint8Array(32)
  return { author: ME, device: none, secretKey: none, operations: [] }
}

/** The first page of home without a muted word, then with 300 of which posts have two, then with one that many posts have. */
function measureWords(): void {
  const square = openSquare(
    { clock: systemClock, logger: silentLogger, onIngested: () => {} },
    { dataDir: folder, domain: 'palabre', role: 'peer', admit: 'all', pins: [], account: readOnlyAccount() },
  )
  const settle = (words: readonly string[]) => {
    const muted = words.map((word, i) => ({ word, level: 'hide' as const, exceptFollowed: false, sinceMs: i + 1 }))
    while (square.settleWords(muted).isMore);
  }
  try {
    const read = () => square.home({ limit: PAGE })
    settle([])
    measure([{ name: 'page.home.no-words', floor: null, read }])
    const startedAt = performance.now()
    settle([RARE_WORD, RAREST_WORD, ...Array.from({ length: MUTED - 2 }, (_, i) => `muted${i}`)])
    printFigure({ figure: 'read.mute', unit: 'ms', value: performance.now() - startedAt, samples: 1 })
    measure([{ name: 'page.home.words', floor: null, read }])
    settle([COMMON_WORD])
    measure([{ name: 'page.home.common-word', floor: null, read }])
    settle([])
  } finally {
    square.close()
  }
}

/** As labelers and a list would: most of what is named is nowhere to be seen, some of it is. */
function decide(square: SquareDatabase): void {
  const decisions = new DecisionTable(square.db)
  const choice = new SeededChoice(13)
  const held = square.db.prepare('SELECT id FROM record WHERE kind = 1 ORDER BY record_key DESC LIMIT 1000').all()
  const about = { source: 'bench', reason: 'measured', decidedMs: 1 } as const
  square.transaction(() => {
    for (let i = 0; i < LABELS; i++) {
      const subject = i % 1_000 === 0 ? (choice.pick(held).id as Uint8Array) : choice.bytes(32)
      decisions.put({ ...about, scope: 'record', subject, effect: i % 2 === 0 ? 'warn' : 'hide' })
    }
  })
  const startedAt = performance.now()
  square.transaction(() => {
    for (let i = 0; i < LIST; i++) {
      const subject = i % 100 === 0 ? authorAddress(choice.below(AUTHORS)) : choice.bytes(32)
      decisions.put({ ...about, scope: 'author', subject, effect: 'hide' })
    }
  })
  printFigure({ figure: 'read.decide', unit: 'ms', value: performance.now() - startedAt, samples: 1 })
}

function withdraw(square: SquareDatabase): void {
  square.transaction(() => square.db.exec("DELETE FROM moderation_decision WHERE source = 'bench'"))
}

printMachine()
try {
  mkdirSync(folder, { recursive: true })
  if (!existsSync(path)) {
    const startedAt = performance.now()
    fillSquare({ path, records, me: ME }, (written) => process.stderr.write(`\r${written} of ${records} records`))
    process.stderr.write('\n')
    const perSecond = records / ((performance.now() - startedAt) / 1_000)
    printFigure({ figure: 'read.filled', unit: 'records/s', value: perSecond, samples: 1 })
  }
  measurePages()
  measureWords()
  const square = new SquareDatabase({ path })
  try {
    withdraw(square)
    measureStore(square, '')
    decide(square)
    measureStore(square, '.decided')
    withdraw(square)
  } finally {
    square.close()
  }
} finally {
  if (given < 0) await rm(folder, { recursive: true, force: true })
}
