import { resolveDataDir } from '../core/node/data-dir.ts'
import { connectLocal, type LocalConnection } from '../core/node/local-client.ts'
import { type OptionValues, textOf } from './command.ts'

/** Calls the running node of `--data` and hangs up afterwards. @throws NoNodeError where none is running */
export async function withNode<T>(
  values: OptionValues,
  work: (client: LocalConnection['client'], connection: LocalConnection) => Promise<T>,
): Promise<T> {
  const connection = await connectLocal(resolveDataDir(textOf(values, 'data')))
  try {
    return await work(connection.client, connection)
  } finally {
    await connection.close()
  }
}
