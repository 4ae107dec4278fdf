import { access, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { ExportView } from '../../core/contract/archive.ts'
import { HostProcess, runPalabre } from '../harness/cli-process.ts'
import { makeTempDir } from '../harness/temp-dir.ts'

const TIMEOUT_MS = 240_000

const lastOf = (stdout: string) =>
  JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as ExportView & { error?: { code: string; message: string } }
const exists = (path: string) =>
  access(path).then(
    () => true,
    () => false,
  )

describe('palabre export', () => {
  it(
    'writes the account of a running node into a file that another one reads, and never over one that is there',
    async () => {
      const folder = makeTempDir()
      const node = await HostProcess.start(['start', '--data', join(folder, 'data'), '--name', 'Ada'])
      const data = node.ready.dataDir
      for (const text of ['first light', 'second thought']) await runPalabre(['post', text, '--data', data])
      const path = join(folder, 'ada.car')
      const run = await runPalabre(['export', path, '--data', data, '--json'])
      expect(run).toMatchObject({ code: 0, stderr: '' })
      expect(lastOf(run.stdout)).toMatchObject({
        file: 'ada.car',
        scope: 'own',
        step: 'done',
        authors: 1,
        operations: 1,
      })
      expect(await exists(`${path}.part`)).toBe(false)

      const again = await runPalabre(['export', path, '--data', data, '--json'])
      expect(again.code).toBe(1)
      expect(lastOf(again.stdout).error?.code).toBe('archive-exists')
      const nowhere = await runPalabre(['export', join(folder, 'none', 'ada.car'), '--data', data])
      expect(nowhere).toMatchObject({ code: 1, stderr: expect.stringContaining('there is no such folder') })
      const { profile } = JSON.parse((await runPalabre(['call', 'account.get', '--data', data])).stdout) as {
        profile: string
      }
      expect(await node.stop()).toBe(0)

      const other = join(folder, 'other')
      expect(await runPalabre(['import', path, '--data', other])).toMatchObject({ code: 0 })
      const reader = await HostProcess.start(['start', '--data', other, '--name', 'Ben'])
      const read = await runPalabre(['timeline', '--profile', profile, '--data', other])
      expect(read.stdout).toContain('first light')
      expect(read.stdout).toContain('second thought')
      expect(await reader.stop()).toBe(0)

      // Without a node: everything, of both.
      const all = join(folder, 'all.car')
      const whole = await runPalabre(['export', all, '--all', '--data', other, '--json'])
      expect(lastOf(whole.stdout)).toMatchObject({ scope: 'all', step: 'done', authors: 2, operations: 2 })
      expect((await readFile(all)).length).toBeGreaterThan((await readFile(path)).length)
    },
    TIMEOUT_MS,
  )

  it('says that there is no account to write', async () => {
    const folder = makeTempDir()
    const run = await runPalabre(['export', join(folder, 'none.car'), '--data', join(folder, 'data')])
    expect(run).toMatchObject({ code: 1, stderr: expect.stringContaining('no account') })
  })
})
