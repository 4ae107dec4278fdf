import { describe, expect, it } from 'vitest'
import {
  findCycles,
  findOwnerBreaks,
  findRankBreaks,
  findSchemasInWindow,
  findShapeBreaks,
  listImports,
  projectRoot,
  readTree,
} from './house-rules.ts'

const tree = readTree(projectRoot)

describe('the house', () => {
  it('is read as a whole', () => {
    expect(tree.has('core/ingest/door.ts')).toBe(true)
    expect(tree.size).toBeGreaterThan(20)
  })

  it('imports strictly downwards', () => {
    expect(findRankBreaks(tree)).toEqual([])
  })

  it('imports a package only in its owner, and no platform in the pure zone', () => {
    expect(findOwnerBreaks(tree)).toEqual([])
  })

  it('lets no schema into the window', () => {
    expect(findSchemasInWindow(tree)).toEqual([])
  })

  it('has no import cycles', () => {
    expect(findCycles(tree)).toEqual([])
  })

  it('has no long files and no barrels', () => {
    expect(findShapeBreaks(tree)).toEqual([])
  })
})

describe('the rules themselves', () => {
  const sources = (files: Record<string, string>) => new Map(Object.entries(files))

  it('catch an upward import', () => {
    const broken = sources({ 'core/store/rows.ts': `import { listen } from '../gossip/listen.ts'` })
    expect(findRankBreaks(broken)).toEqual([
      'core/store/rows.ts (core/store, rank 4) imports core/gossip/listen.ts (rank 8)',
    ])
  })

  it('catch a sideways import, of types too', () => {
    const broken = sources({ 'core/gossip/listen.ts': `import type { Session } from '../sync/session.ts'` })
    expect(findRankBreaks(broken)).toHaveLength(1)
  })

  it('catch hosts that import one another, and a dynamic import upwards', () => {
    const broken = sources({
      'cli/main.ts': `export { x } from '../electron/main.ts'`,
      'core/timeline/reader.ts': `const late = await import('../node/create-node.ts')`,
    })
    expect(findRankBreaks(broken)).toHaveLength(2)
  })

  it('catch a schema in the window, however far away, but not its type', () => {
    const broken = sources({
      'core/contract/storage.ts': `import { z } from 'zod'\nexport const MOST = 1`,
      'core/contract/limits.ts': `export { MOST } from './storage.ts'`,
      'renderer/form.tsx': `import { MOST } from '../core/contract/limits.ts'`,
      'renderer/line.tsx': `import type { Storage } from '../core/contract/storage.ts'`,
    })
    expect(findSchemasInWindow(broken)).toEqual(['renderer/form.tsx'])
  })

  it('catch a layer that reaches into tests or scripts', () => {
    const broken = sources({ 'core/util/x.ts': `import { fake } from '../../test/harness/fake.ts'` })
    expect(findRankBreaks(broken)).toHaveLength(1)
  })

  it('allow a downward import', () => {
    const fine = sources({ 'core/gossip/listen.ts': `import type { IngestDoor } from '../ingest/door.ts'` })
    expect(findRankBreaks(fine)).toEqual([])
  })

  it('catch a package outside of its owner', () => {
    const broken = sources({
      'core/sync/session.ts': `import { gossipsub } from '@libp2p/gossipsub'`,
      'core/node/store.ts': `import { DatabaseSync } from 'node:sqlite'`,
      'renderer/app/app.tsx': `import { createLibp2p } from 'libp2p'`,
    })
    expect(findOwnerBreaks(broken)).toHaveLength(3)
  })

  it('catch Node.js in the pure zone', () => {
    const broken = sources({ 'core/record/limits.ts': `import { readFileSync } from 'node:fs'` })
    expect(findOwnerBreaks(broken)).toEqual(['core/record/limits.ts is in the pure zone and imports node:fs'])
  })

  it('catch a cycle', () => {
    const broken = sources({
      'core/net/a.ts': `import './b.ts'`,
      'core/net/b.ts': `import { c } from './c.ts'`,
      'core/net/c.ts': `import { a } from './a.ts'`,
    })
    expect(findCycles(broken)).toEqual(['core/net/a.ts → core/net/b.ts → core/net/c.ts → core/net/a.ts'])
  })

  it('catch long files and barrels', () => {
    const broken = sources({
      'core/net/long.ts': 'const x = 1\n'.repeat(401),
      'core/net/index.ts': `export { a } from './a.ts'`,
    })
    expect(findShapeBreaks(broken)).toHaveLength(2)
  })

  it('see imports over several lines and not those in comments', () => {
    const source = `import {\n  a,\n  b,\n} from './a.ts'\n// import './no.ts'\n/* import './no.ts' */\nawait import('./late.ts')`
    expect(listImports(source)).toEqual(['./a.ts', './late.ts'])
  })
})
