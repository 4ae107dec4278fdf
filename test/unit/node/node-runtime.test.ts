import { describe, expect, it } from 'vitest'
import { NodeRuntime } from '../../../core/node/node-runtime.ts'
import type { NodeRuntimeComponents } from '../../../core/node/node-runtime-components.ts'
import { PalabreError } from '../../../core/util/errors.ts'
import { silentLogger } from '../../../core/util/logger.ts'

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
})
