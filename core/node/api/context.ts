import { implement } from '@orpc/server'
import { contract } from '../../contract/contract.ts'
import { PalabreError } from '../../util/errors.ts'
import type { Logger } from '../../util/logger.ts'
import { toApiError } from './errors.ts'

/** Where a call came in: some methods are for the local socket only, some never for it. */
export interface ApiContext {
  readonly carrier: 'local' | 'web' | 'desktop'
}

/** Whether the node still takes calls. */
export interface ApiGate {
  readonly isStopping: boolean
}

/**
 * The implementer that every handler file starts from: calls after the stop are refused, and whatever a handler throws
 * leaves as an error with a stable code.
 */
export function createImplementer(components: { readonly logger: Logger; readonly gate: ApiGate }) {
  const { logger, gate } = components
  return implement(contract)
    .$context<ApiContext>()
    .use(async ({ next, path, signal }) => {
      try {
        if (gate.isStopping) throw new PalabreError('stopping', 'the node is stopping')
        return await next()
      } catch (error) {
        throw toApiError(error, { method: path.join('.'), isAborted: signal?.aborted === true, logger })
      }
    })
}

export type ApiImplementer = ReturnType<typeof createImplementer>
