import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { describe, expect, it } from 'vitest'
import type { ImportView } from '../../core/contract/archive.ts'
import { writeSmallArchive } from '../harness/archives.ts'
import { programFile } from '../harness/programs.ts'
import { makeTempDir } from '../harness/temp-dir.ts'

const PROCESS = programFile('import-process')

interface Said {
  readonly standsAt?: number
  readonly resumedAt?: number | null
  readonly end?: ImportView
  readonly stats?: { readonly records: number }
}

/** Starts it and kills it with -9 where it stands still, or waits for its end. What it said. */
async function run(...args: readonly string[]): Promise<Said> {
  const child = spawn(process.execPath, [PROCESS, ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
  const closed = once(child, 'close')
  let said: Said = {}
  for await (const line of createInterface({ input: child.stdout })) {
    said = { ...said, ...(JSON.parse(line) as Said) }
    if (said.standsAt !== undefined) child.kill('SIGKILL')
  }
  await closed
  return said
}

describe('an import whose process is killed', () => {
  it('goes on from the last place that was committed, and ends with the same records', async () => {
    const { path, records } = await writeSmallArchive(makeTempDir(), { authors: 6, posts: 1_400, seed: 5 })
    const dataDir = makeTempDir()
    const killed = await run(dataDir, path, '3')
    expect(killed).toMatchObject({ standsAt: 3, resumedAt: null })
    const { resumedAt, end, stats } = await run(dataDir, path)
    expect(resumedAt).toBeGreaterThan(1_000)
    expect(end).toMatchObject({ step: 'done', refused: [] })
    expect(stats?.records).toBe(records.length)
    // Once it is in, the same file is read from its beginning again.
    const again = await run(dataDir, path)
    expect(again).toMatchObject({ resumedAt: null, end: { records: { added: 0, known: records.length } } })
  })

  it('would lose records if the place were written down before they are committed: the control', async () => {
    const { path, records } = await writeSmallArchive(makeTempDir(), { authors: 6, posts: 1_400, seed: 5 })
    const dataDir = makeTempDir()
    expect(await run(dataDir, path, '3', 'early')).toMatchObject({ standsAt: 3 })
    const { resumedAt, stats } = await run(dataDir, path)
    expect(resumedAt).toBeGreaterThan(1_000)
    expect(stats?.records).toBeLessThan(records.length)
  })
})
