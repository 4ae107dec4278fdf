import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { opening } from '../../scripts/demo/community.ts'

const root = join(import.meta.dirname, '..', '..')

describe('npm run demo', () => {
  it('tells its whole opening over five real nodes, serves the window, and leaves nothing behind', async () => {
    const temp = mkdtempSync(join(tmpdir(), 'palabre-demo-test-'))
    const demo = spawn(process.execPath, [join(root, 'scripts', 'demo.ts'), '--no-open', '--minutes', '3'], {
      env: { ...process.env, TMPDIR: temp, TEMP: temp, TMP: temp },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const ended = once(demo, 'exit')
    onTestFinished(async () => {
      demo.kill('SIGTERM')
      await ended
      rmSync(temp, { recursive: true, force: true })
    })
    let said = ''
    demo.stdout.on('data', (part: Buffer) => {
      said += part.toString()
    })
    const heard = (pattern: RegExp) =>
      expect.poll(() => said, { timeout: 300_000, interval: 100 }).toMatch(pattern) as Promise<void>

    await heard(/http:\/\/127\.0\.0\.1:\d+\/open\?token=\S+/)
    const link = /http:\/\/127\.0\.0\.1:\d+\/open\?token=\S+/.exec(said)?.[0] as string
    // Every step waits for what it answers to have travelled to whoever answers.
    await heard(new RegExp(`${opening.length} things have happened`))

    const opened = await fetch(link, { redirect: 'manual' })
    expect(opened.status).toBe(303)
    const cookie = (opened.headers.get('set-cookie') ?? '').split(';')[0] as string
    const page = await fetch(new URL('/', link), { headers: { cookie } })
    expect(page.status).toBe(200)
    expect(await page.text()).toContain('<title>Palabre</title>')

    demo.kill('SIGTERM')
    expect(await ended).toEqual([0, null])
    expect(readdirSync(temp).filter((name) => name.startsWith('palabre-demo-'))).toEqual([])
  }, 400_000)
})
