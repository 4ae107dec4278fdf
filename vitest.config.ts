import { availableParallelism } from 'node:os'
import { pathToFileURL } from 'node:url'
import react from '@vitejs/plugin-react'
import { playwright } from '@vitest/browser-playwright'
import type { Plugin } from 'vite'
import { defineConfig, type TestProjectConfiguration } from 'vitest/config'
import { buildPrograms } from './scripts/build.ts'
import { COMPILE_CACHE } from './scripts/compile-cache.ts'
import { findChromium } from './test/harness/chromium.ts'
import { LongFirstSequencer } from './test/harness/long-first.ts'
import { PlainSummaryReporter } from './test/harness/plain-summary.ts'

const TEST_TIMEOUT_MS = 180_000
/** How long an expectation about the page waits; a slow machine renders late. */
const POLL_TIMEOUT_MS = 30_000

/** Packages of the window, of its sample node and of the pure zone. What is missing here is found while the tests run. */
const BUNDLED_EARLY = [
  ...['react', 'react-dom', 'react-dom/client', 'react/jsx-runtime', 'react-intl', 'vitest-browser-react'],
  ...['@base-ui/react/dialog', '@base-ui/react/menu', '@base-ui/react/popover', '@base-ui/react/toast'],
  ...['@orpc/client', '@orpc/client/message-port', '@orpc/client/websocket', '@orpc/contract', '@orpc/server'],
  ...['@orpc/server/message-port', '@orpc/tanstack-query', '@tanstack/react-query', '@tanstack/react-virtual'],
  ...['multiformats/bases/base58', 'multiformats/cid', 'multiformats/hashes/digest', 'zod', 'axe-core'],
  ...['@ipld/dag-cbor', '@noble/ed25519', '@noble/hashes/hkdf.js', '@noble/hashes/sha2.js', '@scure/bip39'],
  ...['@noble/ciphers/chacha.js', '@noble/hashes/argon2.js', '@scure/bip39/wordlists/english.js'],
  ...['lucide-react', 'partysocket/ws', 'thumbhash', 'tinykeys', 'uqr', 'wouter', 'wouter/use-hash-location'],
]

const SQUARE_STARTER = 'core/node/square-starter.ts'

/** Nodes in the process of a test start a thread each for their square: the built one is there in a third of the time. */
function builtSquareWorker(): Plugin {
  return {
    name: 'built-square-worker',
    enforce: 'pre',
    async transform(code, id) {
      if (!id.endsWith(SQUARE_STARTER)) return null
      const built = code.replace("'./square-worker.ts'", JSON.stringify(pathToFileURL(await squareWorker()).href))
      if (built === code) throw new Error(`${SQUARE_STARTER} doesn't say which worker it starts`)
      return { code: built, map: null }
    },
  }
}

const squareWorker = async () => (await buildPrograms())('square-worker')

/** Tests of whole nodes wait for one another half of the time, so that there are more of them than processors. */
const WORKERS = Math.ceil(Math.min(availableParallelism(), 4) * 1.5)

const PRODUCTION = { 'process.env.NODE_ENV': JSON.stringify('production') }

/** What measures the memory of its own process, in which nothing else may have been. */
const ALONE = [
  'test/fuzz/record-mutants.test.ts',
  'test/fuzz/sync-served.test.ts',
  'test/unit/sync/slow-streams.test.ts',
]

/**
 * Test files share their process with those before them: modules are loaded once, which is a third of the work. What a
 * file changes of its process (the clock, the environment, a method) it changes back.
 */
function nodeProject(name: string, isAlone: boolean): TestProjectConfiguration {
  return {
    plugins: [builtSquareWorker()],
    test: {
      name,
      environment: 'node',
      pool: 'forks',
      isolate: isAlone,
      include: isAlone ? ALONE : ['test/**/*.test.ts'],
      exclude: ['test/browser/**', ...(isAlone ? [] : ALONE)],
      testTimeout: TEST_TIMEOUT_MS,
      hookTimeout: TEST_TIMEOUT_MS,
      env: { PALABRE_NETWORK: 'local', PALABRE_NO_OPEN: '1', NODE_COMPILE_CACHE: COMPILE_CACHE },
    },
  }
}

/** Components run in a real browser; without one the project is left out and the summary says so. */
async function browserProjects(): Promise<TestProjectConfiguration[]> {
  const chromium = await findChromium()
  if ('missing' in chromium) {
    process.stderr.write(`test/browser is skipped: ${chromium.missing}\n`)
    return []
  }
  const { executablePath, args, env } = chromium
  return [
    {
      plugins: [react()],
      // As people have it: without the checks of a development build, which take half of the time.
      define: PRODUCTION,
      oxc: { jsx: { development: false } },
      // Found while the tests run otherwise, which reloads the page under them.
      optimizeDeps: { include: BUNDLED_EARLY, rolldownOptions: { transform: { define: PRODUCTION } } },
      test: {
        name: 'browser',
        provide: { fuzzSeed: process.env.PALABRE_SEED ?? '' },
        include: ['test/browser/**/*.test.{ts,tsx}'],
        testTimeout: TEST_TIMEOUT_MS,
        expect: { poll: { timeout: POLL_TIMEOUT_MS } },
        browser: {
          enabled: true,
          headless: true,
          screenshotFailures: false,
          provider: playwright({ launchOptions: { executablePath, args, env, chromiumSandbox: true } }),
          instances: [{ browser: 'chromium' }],
        },
      },
    },
  ]
}

export default defineConfig(async () => ({
  test: {
    maxWorkers: Number(process.env.PALABRE_TEST_WORKERS ?? WORKERS),
    projects: [nodeProject('node', false), nodeProject('alone', true), ...(await browserProjects())],
    sequence: { sequencer: LongFirstSequencer },
    reporters: ['default', new PlainSummaryReporter()],
  },
}))
