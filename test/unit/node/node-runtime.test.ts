import { describe, expect, it } from 'vitest'
import { NodeRuntime } from '../../../core/node/node-runtime.ts'
import type { NodeRuntimeComponents } from '../../../core/node/node-runtime-components.ts'
import { PalabreError } from '../../../core/util/errors.ts'
import { silentLogger } from '../../../core/util/logger.ts'
import { eventually } from '../../harness/wait.ts'

function runtimeOver(stopped: Promise<PalabreError | null>): NodeRuntime {
  const components = { square: { stopped }, logger: silentLogger } as unknown as NodeRuntimeComponents
  return new NodeRuntime(components, {} as ConstructorParameters<typeof NodeRuntime>[1])
}

describe('NodeRuntime', () => {
  it('says why it cannot go on when the store dies', async () => {
    const reason = new PalabreError('store-stopped', 'the store’s thread ended with code 1')
    expect(await runtimeOver(Promise.resolve(reason)).failed).toBe(reason)
  })

  it('says nothing when the store was closed', async () => {
    const { promise, resolve } = Promise.withResolvers<null>()
    const runtime = runtimeOver(promise)
    resolve(null)
    const first = await Promise.race([runtime.failed, new Promise((done) => setImmediate(() => done('nothing')))])
    expect(first).toBe('nothing')
  })

  it('closes the store when the files of other parts are written, not before', async () => {
    const written = Promise.withResolvers<void>()
    const steps: string[] = []
    const asked = <T>(answer: T): T => {
      steps.push('asked')
      return answer
    }
    const part = { stop: () => {}, flush: () => {}, detach: () => {} }
    const saved = [{ flush: () => Promise.resolve() }, { flush: () => asked(written.promise) }]
    const square = { stopped: new Promise(() => {}), close: async () => void steps.push('closed') }
    const [beats, catchUps, collector, events, fetcher] = [part, part, part, part, part]
    const [headCheck, homeSeeds, linker, network] = [part, part, part, part]
    const components = {
      ...{ beats, catchUps, collector, events, fetcher, headCheck, homeSeeds, linker, network, saved, square },
      parts: [],
      logger: silentLogger,
    } as unknown as NodeRuntimeComponents
    const stopped = new NodeRuntime(components, {} as ConstructorParameters<typeof NodeRuntime>[1]).stop()
    await eventually('the files are waited for', () => steps.includes('asked'))
    steps.push('written')
    written.resolve()
    await stopped
    expect(steps).toEqual(['asked', 'written', 'closed'])
  })
})
