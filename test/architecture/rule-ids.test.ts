import { basename } from 'node:path'
import { describe, expect, it } from 'vitest'
import { projectRoot, readTree } from './house-rules.ts'
import {
  definedRules,
  findRuleGaps,
  findUnknownIds,
  findUnknownTitles,
  findUnknownVectorRules,
  listIds,
  listTitles,
  provedRules,
  readTexts,
} from './rule-ids.ts'

const docs = readTexts(projectRoot, 'docs/protocol/*.md')
const tests = new Map([...readTree(projectRoot)].filter(([path]) => path.startsWith('test/')))
const vectors = new Map(
  [...readTexts(projectRoot, 'test/vectors/*.json')].map(([path, text]) => [basename(path), text]),
)

describe('the rules of docs/protocol', () => {
  it('are read as a whole', () => {
    const families = new Set([...definedRules(docs).keys()].map((id) => id.slice(0, 3)))
    expect([...families]).toEqual(
      expect.arrayContaining(['CBR', 'GOS', 'IDN', 'LOG', 'MED', 'REC', 'SIG', 'SYN', 'VLT']),
    )
    expect(definedRules(docs).size).toBeGreaterThan(90)
    expect(tests.size).toBeGreaterThan(100)
  })

  it('are defined once and proved by a test or a vector each', () => {
    expect(findRuleGaps(docs, provedRules(tests, vectors))).toEqual([])
  })

  it('are all that is quoted', () => {
    const folders = '{docs,core,cli,electron,renderer,scripts,bench}/**/*.{md,ts,tsx}'
    const texts = new Map([
      ...readTexts(projectRoot, folders),
      ...readTexts(projectRoot, '*.md'),
      ...readTexts(projectRoot, 'test/vectors/*'),
      ...[...tests].filter(([path]) => !path.startsWith('test/architecture/rule-ids')),
    ])
    expect(findUnknownIds(docs, texts)).toEqual([])
    expect(findUnknownTitles(docs, tests)).toEqual([])
    expect(findUnknownVectorRules(docs, vectors)).toEqual([])
  })
})

describe('the look at the rules', () => {
  const one = new Map([['docs/protocol/x.md', '- **XYZ1** The first.\n- **XYZ2** The second, see XYZ1.\n']])
  const proved = (source: string, json = new Map<string, string>(), path = 'test/unit/x.test.ts') =>
    provedRules(new Map([[path, source]]), json)

  it('notices a rule that nothing quotes', () => {
    expect(findRuleGaps(one, proved(`it('does it (XYZ1)', () => {})`))).toEqual([
      'XYZ2 (docs/protocol/x.md) is quoted by no test and by no vector',
    ])
  })

  it('takes titles of tables, templates, suites and ranges', () => {
    const source = `
      describe.each(rows)('on %s (ABC1)', () => {
        it.each<[string, number]>([['a', 1]])('of %s (ABC2)', async (_, value) => { expect(value).toBe(1) })
        it(\`runs \${count} times (ABC3, ABC4 … ABC6)\`, { timeout: 5 }, () => {})
        it.skipIf(isMissing)('if it can (ABC7)', () => {})
      })`
    expect([...proved(source)]).toEqual(['ABC1', 'ABC2', 'ABC3', 'ABC4', 'ABC5', 'ABC6', 'ABC7'])
    expect(listIds('SIG1 … SIG3 and CBR12 to CBR13')).toEqual(['SIG1', 'SIG2', 'SIG3', 'CBR12', 'CBR13'])
  })

  it('takes no comment, no other string, no other file, and no test that does not run', () => {
    const source = `
      // it('does it (XYZ1)', () => {})
      /* XYZ1 */
      const text = "it('XYZ1')"
      verify('XYZ1', () => {})
      it('does it', () => { expect('XYZ1').toBe(text) })
      it.todo('XYZ1')
      it('XYZ1')
      it.skip('does it (XYZ1)', () => {})
      describe.skip('all of it', () => { it('does it (XYZ1)', () => {}) })`
    expect([...proved(source)]).toEqual([])
    expect([...proved(`it('does it (XYZ1)', () => {})`, new Map(), 'test/harness/x.ts')]).toEqual([])
    expect(listTitles('test/x.test.tsx', `it('draws', () => render(<p title="XYZ1">XYZ2</p>))`)).toEqual(['draws'])
  })

  it('takes the rules of vectors that a conformance test names, and of no others', () => {
    const json = new Map([['x.json', JSON.stringify({ cases: [{ rule: 'XYZ1' }, { other: 'XYZ2' }] })]])
    const source = `const cases = load('x.json')`
    expect([...proved(source, json, 'test/conformance/suite.ts')]).toEqual(['XYZ1'])
    expect([...proved(`// x.json\nconst cases = load('y.json')`, json, 'test/conformance/suite.ts')]).toEqual([])
    expect([...proved(source, json, 'test/unit/suite.ts')]).toEqual([])
  })

  it('notices a rule that is defined twice', () => {
    const twice = new Map([...one, ['docs/protocol/y.md', '**XYZ1 Again.** Otherwise.']])
    expect(findRuleGaps(twice, new Set(['XYZ1', 'XYZ2']))).toEqual([
      'XYZ1 is defined 2 times: docs/protocol/x.md, docs/protocol/y.md',
    ])
  })

  it('notices ids of a known family that no document defines, wherever they stand', () => {
    const texts = new Map([
      ['core/x.ts', '/** By XYZ2 … XYZ4. */'],
      ['docs/y.md', 'FTS5, SHA256 and XYZ1'],
    ])
    expect(findUnknownIds(one, texts)).toEqual([
      'core/x.ts quotes XYZ3, which docs/protocol does not define',
      'core/x.ts quotes XYZ4, which docs/protocol does not define',
    ])
  })

  it('notices a vector whose rule no document defines', () => {
    const json = new Map([['x.json', JSON.stringify({ cases: [{ rule: 'XYZ1' }, { rule: 'NEW1' }] })]])
    expect(findUnknownVectorRules(one, json)).toEqual(['x.json names NEW1, which docs/protocol does not define'])
  })

  it('notices ids of any family in the title of a test', () => {
    const source = `it('does it (NEW1, XYZ1)', () => {})\nit('searches with FTS5 (SQLite)', () => {})`
    expect(findUnknownTitles(one, new Map([['test/x.test.ts', source]]))).toEqual([
      'test/x.test.ts: “does it (NEW1, XYZ1)” quotes NEW1',
    ])
  })
})
