import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseAst } from 'vite'
import type { SourceTree } from './house-rules.ts'

/**
 * The promise that rules are proved, as pure functions over texts by path. A rule is defined by its id in bold at the
 * head of its text in docs/protocol. It counts as proved when the title of a test that runs quotes it, or the `rule` of
 * a vector in a file that test/conformance names. Ids in comments and in other strings prove nothing.
 */

/** `**SYN4** …`, `**MED1 One shape.** …` */
const DEFINITION = /\*\*([A-Z]{3}[1-9]\d?)\b/g
const ID = /\b([A-Z]{3})([1-9]\d?)(?:\s(?:…|to)\s\1([1-9]\d?))?\b/g
const TITLED = new Set(['describe', 'it', 'test'])
/** Marks of tests that don't run. */
const IDLE = new Set(['skip', 'todo'])

/** Rule → the documents that define it. */
export function definedRules(docs: SourceTree): Map<string, string[]> {
  const rules = new Map<string, string[]>()
  for (const [path, text] of docs) {
    for (const [, id] of text.matchAll(DEFINITION)) rules.set(id as string, [...(rules.get(id as string) ?? []), path])
  }
  return rules
}

/** Ids in a text, `SIG1 … SIG4` as all four. */
export function listIds(text: string): string[] {
  return [...text.matchAll(ID)].flatMap(([, family, first, last]) => {
    const from = Number(first)
    return Array.from({ length: Math.max(1, Number(last ?? from) - from + 1) }, (_, i) => `${family}${from + i}`)
  })
}

interface Node {
  readonly type: string
  readonly [key: string]: unknown
}

/** Titles of the suites and tests of a source that run, table tests and templates included. */
export function listTitles(path: string, source: string): string[] {
  const titles: string[] = []
  walk(parse(path, source), (node) => {
    if (node.type !== 'CallExpression') return true
    const names = calleeNames(node.callee as Node)
    if (!TITLED.has(names[0] ?? '')) return true
    if (names.some((name) => IDLE.has(name))) return false
    const [title, body] = node.arguments as Node[]
    if (title !== undefined && body !== undefined) titles.push(...listStrings(title))
    return true
  })
  return titles
}

/** Names of the files in test/vectors that a source speaks of outside of its comments. */
export function listVectorFiles(path: string, source: string): string[] {
  return listStrings(parse(path, source)).flatMap((text) => text.match(/^[\w-]+\.json$/) ?? [])
}

/** What a set of tests and vectors proves. `vectors` is file name → JSON text. */
export function provedRules(tests: SourceTree, vectors: SourceTree): Set<string> {
  const proved = new Set<string>()
  const run = new Set<string>()
  for (const [path, source] of tests) {
    if (/\.test\.tsx?$/.test(path)) for (const title of listTitles(path, source)) addAll(proved, listIds(title))
    if (path.startsWith('test/conformance/')) addAll(run, listVectorFiles(path, source))
  }
  for (const [name, text] of vectors) if (run.has(name)) addAll(proved, vectorRules(text))
  return proved
}

function vectorRules(text: string): string[] {
  const { cases } = JSON.parse(text) as { cases: readonly { rule?: string }[] }
  return cases.flatMap(({ rule }) => rule ?? [])
}

/** Rules of vectors that no document defines, whatever their family. */
export function findUnknownVectorRules(docs: SourceTree, vectors: SourceTree): string[] {
  const rules = definedRules(docs)
  return [...vectors].flatMap(([name, text]) => {
    const unknown = new Set(vectorRules(text).filter((rule) => !rules.has(rule)))
    return [...unknown].map((rule) => `${name} names ${rule}, which docs/protocol does not define`)
  })
}

/** Rules that nothing proves, and rules that are defined more than once. */
export function findRuleGaps(docs: SourceTree, proved: ReadonlySet<string>): string[] {
  const gaps: string[] = []
  for (const [id, places] of definedRules(docs)) {
    if (places.length > 1) gaps.push(`${id} is defined ${places.length} times: ${places.join(', ')}`)
    if (!proved.has(id)) gaps.push(`${id} (${places[0]}) is quoted by no test and by no vector`)
  }
  return gaps
}

/** Ids of a known family that no document defines; a family is known by its first definition. */
export function findUnknownIds(docs: SourceTree, texts: SourceTree): string[] {
  const rules = definedRules(docs)
  const families = new Set([...rules.keys()].map((id) => id.slice(0, 3)))
  const unknown: string[] = []
  for (const [path, text] of texts) {
    const ids = new Set(listIds(text).filter((id) => families.has(id.slice(0, 3)) && !rules.has(id)))
    for (const id of ids) unknown.push(`${path} quotes ${id}, which docs/protocol does not define`)
  }
  return unknown
}

/** Ids of any family in the titles of tests that no document defines: `(LOG1)` before there is a LOG chapter. */
export function findUnknownTitles(docs: SourceTree, tests: SourceTree): string[] {
  const rules = definedRules(docs)
  const unknown: string[] = []
  for (const [path, source] of tests) {
    if (!/\.test\.tsx?$/.test(path)) continue
    for (const title of listTitles(path, source)) {
      const quoted = [...title.matchAll(/\(([A-Z]{3}\d.*?)\)/g)].flatMap(([, inside]) => listIds(inside as string))
      for (const id of quoted) if (!rules.has(id)) unknown.push(`${path}: “${title}” quotes ${id}`)
    }
  }
  return unknown
}

/** Texts below `root` by path with forward slashes. */
export function readTexts(root: string, pattern: string): Map<string, string> {
  const files = globSync(pattern, { cwd: root }).map((file) => file.replaceAll('\\', '/'))
  return new Map(files.sort().map((file) => [file, readFileSync(join(root, file), 'utf8')]))
}

function parse(path: string, source: string): Node {
  return parseAst(source, { lang: path.endsWith('x') ? 'tsx' : 'ts' }, path) as unknown as Node
}

/** `it.skipIf(x).each(table)` → it, skipIf, each */
function calleeNames(callee: Node): string[] {
  if (callee.type === 'Identifier') return [callee.name as string]
  if (callee.type === 'CallExpression') return calleeNames(callee.callee as Node)
  if (callee.type === 'TaggedTemplateExpression') return calleeNames(callee.tag as Node)
  if (callee.type !== 'MemberExpression') return []
  return [...calleeNames(callee.object as Node), ...calleeNames(callee.property as Node)]
}

/** Text of every string and template in a syntax tree; what a template puts in is left out. */
function listStrings(root: Node): string[] {
  const strings: string[] = []
  walk(root, (node) => {
    if (node.type === 'Literal' && typeof node.value === 'string') strings.push(node.value)
    if (node.type === 'TemplateElement') strings.push((node.value as { cooked: string }).cooked)
    return true
  })
  return strings
}

/** Calls `visit` with every node, and goes below those for which it says true. */
function walk(node: Node, visit: (node: Node) => boolean): void {
  if (!visit(node)) return
  for (const value of Object.values(node)) {
    for (const child of Array.isArray(value) ? value : [value]) {
      if (typeof child === 'object' && child !== null && typeof (child as Node).type === 'string') walk(child, visit)
    }
  }
}

function addAll<T>(set: Set<T>, items: readonly T[]): void {
  for (const item of items) set.add(item)
}
