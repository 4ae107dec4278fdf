import { resolveDataDir } from '../core/node/data-dir.ts'
import { connectLocal, type LocalConnection, NoNodeError } from '../core/node/local-client.ts'
import { type OptionValues, textOf } from './command.ts'
import { parseHostOptions } from './host-options.ts'

/** The node that runs on the data directory, else one without a network for as long as the work takes. */
export async function withAnyNode<T>(
  values: OptionValues,
  work: (client: LocalConnection['client']) => Promise<T>,
): Promise<T> {
  const dataDir = resolveDataDir(textOf(values, 'data'))
  const running = await connectLocal(dataDir).catch((error: unknown) => {
    if (error instanceof NoNodeError) return null
    throw error
  })
  if (running === null) {
    const { withOfflineNode } = await import('./offline-node.ts')
    return withOfflineNode(parseHostOptions(values), work)
  }
  try {
    return await work(running.client)
  } finally {
    await running.close()
  }
}
