import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { ImportView } from '../../core/contract/archive.ts'
import { writeSmallArchive } from '../harness/archives.ts'
import { HostProcess, runPalabre } from '../harness/cli-process.ts'
import { makeTempDir } from '../harness/temp-dir.ts'

const viewsOf = (stdout: string) =>
  stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as ImportView & { error?: { code: string } })

describe('palabre import', () => {
  it('starts a node without a network where none runs, and says what came of it', async () => {
    const { path, records } = await writeSmallArchive(makeTempDir())
    const data = join(makeTempDir(), 'data')
    const run = await runPalabre(['import', path, '--data', data])
    expect(run).toMatchObject({ code: 0, stderr: '' })
    expect(run.stdout.split('\n')).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^small\.car: .+ KiB in \d+ s$/),
        `${records.length} records new, 0 here already`,
        '3 operations of identity chains new, 0 here already',
      ]),
    )
  })

  it('has the running node do it, whatever that keeps of strangers else', async () => {
    const { path, records } = await writeSmallArchive(makeTempDir())
    const node = await HostProcess.start(['start', '--data', join(makeTempDir(), 'data'), '--name', 'Ada'])
    const data = node.ready.dataDir
    const run = await runPalabre(['import', path, '--data', data, '--json'])
    expect(run.code).toBe(0)
    expect(viewsOf(run.stdout).at(-1)).toMatchObject({ file: 'small.car', step: 'done', refused: [] })
    const status = await runPalabre(['call', 'archive.status', '--data', data])
    expect(JSON.parse(status.stdout)).toMatchObject({ import: { step: 'done', records: { added: records.length } } })
    const network = await runPalabre(['status', '--data', data, '--json'])
    expect(JSON.parse(network.stdout)).toMatchObject({ import: null, storage: { authors: 4 } })
    expect(await node.stop()).toBe(0)
  })

  it('fails with a code that says what is wrong with the file, and keeps what stands before (ARC6)', async () => {
    const folder = makeTempDir()
    const { path } = await writeSmallArchive(folder)
    const data = join(makeTempDir(), 'data')
    const cut = join(folder, 'cut.car')
    await writeFile(cut, (await readFile(path)).subarray(0, 9_000))
    const run = await runPalabre(['import', cut, '--data', data, '--json'])
    expect(run.code).toBe(1)
    const [before, last] = viewsOf(run.stdout).slice(-2)
    expect(last).toEqual({
      error: { code: 'archive-cut', message: expect.stringMatching(/^the archive is cut off at byte/) },
    })
    expect(before).toMatchObject({ step: 'failed', failure: { code: 'archive-cut' } })
    expect(before?.records.added).toBeGreaterThan(3)
    const missing = await runPalabre(['import', join(folder, 'nothing.car'), '--data', data])
    expect(missing).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('there is no such file') })
    expect((await runPalabre(['import'])).code).toBe(2)
  })
})
