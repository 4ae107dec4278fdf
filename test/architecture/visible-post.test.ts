import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

const CORE = new URL('../../core/', import.meta.url)

/** Tables that hold posts or lead to their text; whoever reads them past the view shows what was hidden. */
const POST_TABLES = /\b(?:FROM|JOIN)\s+(?:record|post|post_search|post_gram|post_tag|search_place|home)\b/gi
const QUERIES = [
  'store/post-queries.ts',
  'store/search-queries.ts',
  'store/filtered-search.ts',
  'store/thread-queries.ts',
]

/** Statements of a source file: its template and string literals that begin like SQL. */
function statements(source: string): string[] {
  return [...source.matchAll(/[`'"]\s*((?:SELECT|INSERT|UPDATE|DELETE|CREATE|WITH|PRAGMA)\b[^`]*?)[`'"]/g)].map(
    ([, sql]) => sql as string,
  )
}

function read(path: string): string {
  return readFileSync(new URL(path, CORE), 'utf8')
}

describe('the read side', () => {
  it('selects posts from visible_post only', () => {
    const sql = QUERIES.flatMap((path) => statements(read(path)))
    expect(sql.length).toBeGreaterThan(5)
    for (const statement of sql) {
      const tables = statement.match(POST_TABLES) ?? []
      const isListed = tables.length === 0 || /\b(?:FROM|JOIN)\s+visible_post\b/.test(statement)
      expect(isListed, statement).toBe(true)
      expect(statement).not.toMatch(/\b(?:FROM|JOIN)\s+(?:record|post)\b/i)
    }
  })

  it('reads posts of who is silenced for threads and for one person alone', () => {
    const placed = QUERIES.flatMap((path) => statements(read(path))).filter((sql) => /\bplaced_post\b/.test(sql))
    const from = placed.map((sql) =>
      sql
        .slice(Math.max(sql.lastIndexOf('FROM placed_post'), sql.lastIndexOf('JOIN placed_post')))
        .replace(/\s+/g, ' ')
        .replace(/\$\{\w+\}/, 'PLACE'),
    )
    expect(from.map((sql) => sql.split(' ORDER')[0])).toEqual([
      'FROM placed_post WHERE id = ?',
      'FROM placed_post WHERE author_id = ? AND state IN (0, 1) AND (sort_ms, id) < (?, ?)',
      'JOIN placed_post ON placed_post.parent_id = branch.id PLACE',
      'FROM placed_post WHERE root_id = ? AND parent_id IS NOT NULL',
    ])
  })

  it('has no SQL of its own, and reads posts through the queries of the store', () => {
    for (const name of readdirSync(new URL('timeline/', CORE))) {
      const source = read(`timeline/${name}`)
      expect(statements(source), name).toEqual([])
      expect(source, name).not.toMatch(/node:sqlite|\.records\b/)
    }
  })

  it('fails on a query past the view (control)', () => {
    const [bad] = statements("db.prepare('SELECT body FROM record JOIN post USING (record_key) WHERE id = ?')")
    expect(bad).toMatch(/\b(?:FROM|JOIN)\s+(?:record|post)\b/i)
  })
})
